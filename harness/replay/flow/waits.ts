import type { PagedExchange } from '../../model/fixture.ts';
import { grouped } from '../../model/grouped.ts';
import type { Link } from './links.ts';
import { orderOf, type Order, type Wait } from './order.ts';
import { route } from './paths.ts';
import type { Known } from './values.ts';

/** The order in which exchanges are sent, and the links for which there is no place in it. What it takes to find that out is not kept. */
export function ordered(
  exchanges: readonly PagedExchange[],
  used: readonly Link[],
  values: ReadonlyMap<string, Known>,
  find: (name: string) => PagedExchange | undefined,
): Pick<Order, 'order' | 'waits'> & { readonly droppedLinks: readonly Link[] } {
  const index = new Map(exchanges.map((exchange, at) => [exchange, at]));
  const edges = used.map(({ from, to }): Wait => ({ from: index.get(from)!, to: index.get(to)! }));
  const { order, waits, dropped } = orderOf(exchanges.length, [
    ...edges,
    ...captureWaits(exchanges, values, find, index),
    ...deletionWaits(exchanges, used, index),
  ]);
  const isDropped = new Set(dropped);
  return { order, waits, droppedLinks: used.filter((_, at) => isDropped.has(edges[at]!)) };
}

/** Whoever has a placeholder or sample key of a captured value waits for the exchange that brings it. */
function captureWaits(
  exchanges: readonly PagedExchange[],
  values: ReadonlyMap<string, Known>,
  find: (name: string) => PagedExchange | undefined,
  index: ReadonlyMap<PagedExchange, number>,
): Wait[] {
  const captures = [...values].flatMap(([name, known]) => {
    const from = known.kind === 'capture' ? find(known.from) : undefined;
    return from === undefined ? [] : [{ name, from: index.get(from)! }];
  });
  if (captures.length === 0) return [];
  return exchanges.flatMap((exchange, to) => {
    const named = namesIn(exchange);
    return captures.filter(({ name, from }) => from !== to && named.has(name)).map(({ from }) => ({ from, to }));
  });
}

/** Every name that a request may ask a value by. */
export function namesIn({
  request: { url, readAs, template, headers, body, sampleKeys = [] },
}: PagedExchange): ReadonlySet<string> {
  const texts = [
    readAs ?? url,
    template ?? '',
    ...headers.map(({ value }) => value),
    body.kind === 'empty' ? '' : body.text,
  ];
  const names = texts.flatMap((text) => Array.from(text.matchAll(/[{<]([^{}<>]*)[}>]/g), ([, name]) => name!));
  const whole = body.kind === 'placeholder' ? ['body'] : [];
  return new Set([
    ...names.flatMap((name) => [name.trim(), ...name.split('|').map((part) => part.trim())]),
    ...sampleKeys,
    ...whole,
  ]);
}

/** Whoever deletes a thing waits for all others that use it, but those whose answer is promised to say that it is gone. */
function deletionWaits(
  exchanges: readonly PagedExchange[],
  links: readonly Link[],
  index: ReadonlyMap<PagedExchange, number>,
): Wait[] {
  const linked = [...grouped(links, ({ from, literal }) => `${index.get(from)} ${literal}`).values()].map((group) => ({
    users: group.map(({ to }) => to),
    deletions: group.filter((link) => isDeletion(link) && isItsOwn(link)).map(({ to }) => to),
  }));
  return [...linked, ...deletedPaths(exchanges)].flatMap(({ users, deletions }) =>
    deletions.flatMap((deletion) =>
      users
        .filter((user) => !deletions.includes(user))
        .map((user): Wait => {
          const [one, other] = [index.get(user)!, index.get(deletion)!];
          return one > other && saysGone(user) ? { from: other, to: one } : { from: one, to: other };
        }),
    ),
  );
}

/** By each documented path that is deleted, whoever asks for it or for something below. */
function deletedPaths(exchanges: readonly PagedExchange[]) {
  const isDelete = ({ request }: PagedExchange): boolean => request.method.toUpperCase() === 'DELETE';
  const paths = new Map<string, { users: PagedExchange[]; deletions: PagedExchange[] }>();
  for (const deletion of exchanges.filter(isDelete)) {
    const key = prefixesOf(deletion).at(-1) ?? '';
    const known = paths.get(key);
    if (known) known.deletions.push(deletion);
    else paths.set(key, { users: [], deletions: [deletion] });
  }
  if (paths.size === 0) return [];
  for (const exchange of exchanges) for (const prefix of prefixesOf(exchange)) paths.get(prefix)?.users.push(exchange);
  return [...paths.values()];
}

/** The keys of a path and of all above it, the shortest first. */
function prefixesOf({ request }: PagedExchange): string[] {
  let key = '';
  return route(request.readAs ?? request.url).map((part) => (key += `${part.toLowerCase()}\u0000`));
}

function saysGone({ responses }: PagedExchange): boolean {
  return responses.length > 0 && responses.every(({ status }) => status === 404 || status === 410);
}

/** Does this link lead into a DELETE? */
export function isDeletion({ to }: Link): boolean {
  return to.request.method.toUpperCase() === 'DELETE';
}

/** Does a DELETE of this link remove the linked thing itself, and not something below it? */
export function isItsOwn({ to, literal, isWhole }: Link): boolean {
  return isWhole === true || route(to.request.readAs ?? to.request.url).at(-1) === literal;
}
