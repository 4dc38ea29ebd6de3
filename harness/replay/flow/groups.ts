import type { PagedExchange } from '../../model/fixture.ts';
import { isWrite } from '../../model/http.ts';
import { flowOf, type FlowOptions } from './index.ts';
import { namesIn } from './waits.ts';

/** What decides between which exchanges values flow. */
export type GroupOptions = Pick<FlowOptions, 'values' | 'links' | 'keyOf' | 'all'>;

/**
 * Parts exchanges into groups, each as indexes in order, such that no value flows from one group into another and nobody waits for
 * anybody outside: ids, captures, what is deleted after its last use, and values that a run generates once for all who name them. It holds whatever the target is and may be asked, so that the
 * groups are the same on every machine.
 */
export function groupsOf(exchanges: readonly PagedExchange[], options: GroupOptions = {}): number[][] {
  const index = new Map(exchanges.map((exchange, at) => [exchange, at]));
  const { join, root } = union(exchanges.length);
  for (const circumstances of CIRCUMSTANCES) {
    const { waits, dropped, links } = flowOf(exchanges, circumstances, { ...options, ...circumstances });
    for (const [to, before] of waits) for (const from of before) join(from, to);
    // There was no place for them beside the others; among fewer there may be one.
    for (const { from, to } of dropped) join(index.get(from)!, index.get(to)!);
    // Only what creates counts otherwise where nothing may be changed.
    if (!links.some(({ from }) => isWrite(from.request))) break;
  }
  for (const [name, source] of Object.entries(options.values ?? {})) {
    if (typeof source !== 'object' || !('generate' in source)) continue;
    const naming = exchanges.flatMap((exchange, at) => (namesIn(exchange).has(name) ? [at] : []));
    for (const at of naming) join(naming[0]!, at);
  }
  const groups = new Map<number, number[]>();
  exchanges.forEach((_, at) => {
    const group = groups.get(root(at));
    if (group) group.push(at);
    else groups.set(root(at), [at]);
  });
  return [...groups.values()];
}

/** All that links depend on: where nothing may be changed, what creates brings nothing, or only where nothing else does. */
const CIRCUMSTANCES = [
  { live: true, base: 'http://127.0.0.1', writes: true },
  { live: true, base: 'http://127.0.0.1', writes: false },
  { live: true, base: 'https://api.example.com', writes: false },
] as const;

/** Sets that are joined one by one (Tarjan's forest); the root of a set is its smallest member. */
function union(size: number) {
  const parents = Array.from({ length: size }, (_, at) => at);
  const root = (at: number): number => {
    while (parents[at] !== at) at = parents[at] = parents[parents[at]!]!;
    return at;
  };
  const join = (one: number, other: number): void => {
    const [a, b] = [root(one), root(other)];
    parents[Math.max(a, b)] = Math.min(a, b);
  };
  return { root, join };
}
