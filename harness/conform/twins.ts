import type { PagedExchange } from '../model/fixture.ts';
import { requestKey } from '../model/url.ts';

/** Exchanges whose requests no server can tell from that of this one; itself may be among them. */
export type Twins = (exchange: PagedExchange) => readonly PagedExchange[];

/** The twins among these. Nothing is looked for before somebody asks: only who is at fault does. */
export function twinsIn(exchanges: readonly PagedExchange[]): Twins {
  return ({ request }) => groupsOf(exchanges).get(requestKey(request)) ?? [];
}

/** Groups of more than one, by their key; of the same list only once, which may be asked part by part. */
function groupsOf(exchanges: readonly PagedExchange[]): TwinGroups {
  let groups = TWINS.get(exchanges);
  if (groups === undefined) TWINS.set(exchanges, (groups = grouped(exchanges)));
  return groups;
}

type TwinGroups = ReadonlyMap<string, readonly PagedExchange[]>;

const TWINS = new WeakMap<readonly PagedExchange[], TwinGroups>();

function grouped(exchanges: readonly PagedExchange[]): TwinGroups {
  const firsts = new Map<string, PagedExchange>();
  const twins = new Map<string, PagedExchange[]>();
  for (const exchange of exchanges) {
    const key = requestKey(exchange.request);
    const [group, first] = [twins.get(key), firsts.get(key)];
    if (group) group.push(exchange);
    else if (first) twins.set(key, [first, exchange]);
    else firsts.set(key, exchange);
  }
  return twins;
}
