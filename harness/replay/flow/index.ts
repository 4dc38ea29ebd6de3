import type { LinkOptions, Values } from '../../model/config.ts';
import type { PagedExchange } from '../../model/fixture.ts';
import { headerValue, isWrite, type RequestMessage, type ResponseMessage, type Target } from '../../model/http.ts';
import { pointerTokens } from '../../model/json.ts';
import type { Created, LedgerFile } from '../../model/ledger.ts';
import { isLoopback } from '../gate.ts';
import { linksOf, type Link, type LinkRules } from './links.ts';
import { orderOf, type Wait } from './order.ts';
import { lastId, route, routeKey } from './paths.ts';
import { isDone } from './shows.ts';
import { nameOf, supplyOf, type Origin, type Supply } from './supply.ts';
import { thingsOf, type Things } from './things.ts';
import { knownValues, type Known } from './values.ts';

export type { Link } from './links.ts';
export type { Origin, Supply } from './supply.ts';
export type { Things } from './things.ts';

/** What values may flow from. */
export interface FlowOptions {
  /** May anything be changed? It may where nothing is said. */
  readonly writes?: boolean;
  readonly values?: Values;
  /** What values of the environment are read from. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Links between documented exchanges; on where nothing is said. */
  readonly links?: boolean | LinkOptions;
  /** Every exchange of the docs, for the ways to delete what is created; those of the run where nothing is said. */
  readonly all?: readonly PagedExchange[];
  /** The documented key property of a type. */
  readonly keyOf?: (type: string) => string | undefined;
  /** Where creations are written down as they happen. */
  readonly ledger?: LedgerFile;
  /** Values generated before, by name, which are kept; new ones are put there. */
  readonly generated?: Map<string, string>;
  /** What an interrupted run created, which is gone on with. */
  readonly created?: readonly Created[];
}

/** How values flow between the exchanges of one run, and in which order these are sent. */
export interface Flow {
  /** Indexes of the exchanges in the order of their sending. */
  readonly order: readonly number[];
  /** Whom each waits for, by index. */
  readonly waits: ReadonlyMap<number, ReadonlySet<number>>;
  /** Every link, and those that would have closed a circle. */
  readonly links: readonly Link[];
  readonly dropped: readonly Link[];
  readonly things: Things;
  /** Every exchange of the docs, as far as it is known. */
  readonly documented: readonly PagedExchange[];
  /** Documented deletions of what this exchange creates. */
  deletions(exchange: PagedExchange): readonly PagedExchange[];
  /** By the number of a thing, those that were made with its help, as far as values flowed. */
  dependents(): (number: number) => readonly number[];
  /** What the request of an exchange is made of. */
  supply(exchange: PagedExchange, note?: (origin: Origin) => void): Supply;
  /** What a request is made of that is no part of the flow: values of its own before those of the config, and no links. */
  supplyFrom(
    exchange: PagedExchange,
    own: ReadonlyMap<string, Known>,
    asPath: ReadonlySet<string>,
    note?: (origin: Origin) => void,
  ): Supply;
  /** Keeps of an answer what others wait for. */
  keep(exchange: PagedExchange, sent: RequestMessage, actual: ResponseMessage): void;
  /** What was kept of it, by pointer. */
  kept(exchange: PagedExchange): ReadonlyMap<string, string>;
  /** Puts back what an interrupted run kept of it. */
  restore(exchange: PagedExchange, kept: ReadonlyMap<string, string>): void;
}

/** For a plan: nothing is sent, and a name stands for what a live answer would bring. */
export interface Showing {
  value(origin: Origin): string;
  isSent(exchange: PagedExchange): boolean;
}

/** Works out the flow. */
export function flowOf(
  exchanges: readonly PagedExchange[],
  { live, base }: Pick<Target, 'live' | 'base'>,
  options: FlowOptions,
  showing?: Showing,
): Flow {
  const values = live
    ? knownValues(options.values ?? {}, options.environment ?? {}, options.generated)
    : new Map<string, Known>();
  const isHere = base !== undefined && isLoopback(base);
  const found = live && options.links !== false ? linksOf(exchanges, rulesOf(options, isHere)) : [];
  let byName: ReadonlyMap<string, PagedExchange> | undefined;
  const find = (name: string): PagedExchange | undefined => (byName ??= namesOf(exchanges)).get(name);

  const used = found.filter(({ intoWrite }) => intoWrite !== 'refused');
  const { order, waits, droppedLinks } = live
    ? ordered(exchanges, used, values, find)
    : { ...orderOf(exchanges.length, []), droppedLinks: [] };
  const isOut = new Set(droppedLinks);
  const links = found.filter((link) => !isOut.has(link));
  const into = grouped(links, ({ to }) => to);

  const ownDeletions = links.filter((link) => link.intoWrite === 'created' && isDeletion(link) && isItsOwn(link));
  const deletions = new Map(
    [...grouped(ownDeletions, ({ from }) => from)].map(([from, of]) => [from, of.map(({ to }) => to)]),
  );

  const wanted = pointersOf(links, values, find);
  const kept = new Map<PagedExchange, ReadonlyMap<string, string>>();
  const things = thingsOf(options.all ?? exchanges, options.keyOf, options.ledger, options.created);
  const isCollection = (key: string): boolean => routesOf(options.all ?? exchanges).has(key);
  return {
    order,
    waits,
    links,
    dropped: droppedLinks,
    things,
    documented: options.all ?? exchanges,
    deletions: (exchange) => deletions.get(exchange) ?? [],
    dependents: () => dependentsOf(things, exchanges, waits),
    supply: (exchange, note = () => undefined) =>
      supplyOf({
        exchange,
        isWrite: isWrite(exchange.request),
        isLoopback: isHere,
        values,
        find,
        links: into.get(exchange) ?? [],
        isCollection,
        note,
        live: {
          shown(from, pointer, isId) {
            if (showing)
              return showing.isSent(from)
                ? showing.value({ for: pointer, kind: 'link', from: nameOf(from) })
                : undefined;
            const value = kept.get(from)?.get(pointer);
            return isId && value !== undefined && /^\/headers\/location$/i.test(pointer) ? lastId(value) : value;
          },
          thing: (exchangeId) => (showing ? 'any' : things.of(exchangeId)),
          show: (value, origin) => (showing ? showing.value(origin) : value),
        },
      }),
    supplyFrom: (exchange, own, asPath, note = () => undefined) =>
      supplyOf({
        exchange,
        isWrite: isWrite(exchange.request),
        isLoopback: isHere,
        values: new Map([...values, ...own]),
        own,
        find: () => undefined,
        links: [],
        isCollection,
        asPath,
        note,
        live: {
          shown: () => undefined,
          thing: () => undefined,
          show: (value, origin) => (showing ? showing.value(origin) : value),
        },
      }),
    keep(exchange, { url }, actual) {
      const pointers = wanted.get(exchange);
      if (pointers === undefined || !isDone(actual.status)) return;
      kept.set(exchange, shownBy(actual, url, pointers));
    },
    kept: (exchange) => kept.get(exchange) ?? NOTHING,
    restore: (exchange, values) => void kept.set(exchange, values),
  };
}

const NOTHING: ReadonlyMap<string, string> = new Map();

/** The routes that anybody asks for; of the same list only once, which may be asked part by part. */
function routesOf(exchanges: readonly PagedExchange[]): ReadonlySet<string> {
  let routes = ROUTES.get(exchanges);
  if (routes === undefined) {
    routes = new Set(exchanges.map(({ request }) => routeKey(route(request.readAs ?? request.url))));
    ROUTES.set(exchanges, routes);
  }
  return routes;
}

const ROUTES = new WeakMap<readonly PagedExchange[], ReadonlySet<string>>();

/** The order in which exchanges are sent, and the links for which there is no place in it. What it takes to find that out is not kept. */
function ordered(
  exchanges: readonly PagedExchange[],
  used: readonly Link[],
  values: ReadonlyMap<string, Known>,
  find: (name: string) => PagedExchange | undefined,
): Pick<Flow, 'order' | 'waits'> & { readonly droppedLinks: readonly Link[] } {
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

/** Exchanges by id and by name; the first of a name counts, and an id before any name. */
function namesOf(exchanges: readonly PagedExchange[]): ReadonlyMap<string, PagedExchange> {
  const byName = new Map<string, PagedExchange>();
  for (const exchange of [...exchanges].reverse()) {
    if (exchange.name !== undefined) byName.set(exchange.name, exchange);
  }
  for (const exchange of exchanges) byName.set(exchange.id, exchange);
  return byName;
}

function rulesOf({ links, keyOf, writes = true }: FlowOptions, isHere: boolean): LinkRules {
  return {
    ...(typeof links === 'object' ? links : {}),
    ...(keyOf === undefined ? {} : { keyOf }),
    // A service on this machine knows the ids of the docs more often than not.
    ...(writes ? {} : { creators: isHere ? 'none' : 'last' }),
  };
}

/** What an answer shows at these pointers, as text; a `Location` as an absolute URL. */
function shownBy(
  { status, headers, body }: ResponseMessage,
  url: string,
  pointers: ReadonlySet<string>,
): Map<string, string> {
  const shown = new Map<string, string>();
  let value: unknown;
  let isRead = false;
  for (const pointer of pointers) {
    const [part, ...tokens] = pointerTokens(pointer);
    let found: unknown;
    if (part === 'status') found = status;
    else if (part === 'headers') {
      const text = headerValue(headers, tokens.join('/'));
      found =
        text !== undefined && /^location$/i.test(tokens[0]!) && URL.canParse(text, url)
          ? new URL(text, url).href
          : text;
    } else {
      if (!isRead) value = jsonOf(body);
      isRead = true;
      found = tokens.reduce<unknown>(
        (at, token) =>
          typeof at === 'object' && at !== null && Object.hasOwn(at, token)
            ? (at as Record<string, unknown>)[token]
            : undefined,
        value,
      );
    }
    if (typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean')
      shown.set(pointer, String(found));
  }
  return shown;
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

/** What is wanted of whose answer. */
function pointersOf(
  links: readonly Link[],
  values: ReadonlyMap<string, Known>,
  find: (name: string) => PagedExchange | undefined,
): ReadonlyMap<PagedExchange, ReadonlySet<string>> {
  const wanted = new Map<PagedExchange, Set<string>>();
  const want = (from: PagedExchange, pointer: string): void => {
    const known = wanted.get(from);
    if (known) known.add(pointer);
    else wanted.set(from, new Set([pointer]));
  };
  for (const { from, pointer, intoWrite } of links) if (intoWrite !== 'refused') want(from, pointer);
  for (const known of values.values()) {
    const from = known.kind === 'capture' ? find(known.from) : undefined;
    if (from !== undefined && known.kind === 'capture') want(from, known.pointer);
  }
  return wanted;
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

function dependentsOf(
  things: Things,
  exchanges: readonly PagedExchange[],
  waits: ReadonlyMap<number, ReadonlySet<number>>,
): (number: number) => readonly number[] {
  const byId = new Map(exchanges.map(({ id }, at) => [id, at]));
  const numbers = grouped([...things.all], ([, { exchangeId }]) => byId.get(exchangeId));
  const dependents = new Map<number, number[]>();
  for (const [number, { exchangeId }] of things.all) {
    const seen = new Set<number>();
    const open = [...(waits.get(byId.get(exchangeId)!) ?? [])];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      for (const [other] of numbers.get(at) ?? []) {
        const known = dependents.get(other);
        if (known) known.push(number);
        else dependents.set(other, [number]);
      }
      // What the creator of another thing waited for, that thing waits for in turn.
      if (!numbers.has(at)) open.push(...(waits.get(at) ?? []));
    }
  }
  return (number) => dependents.get(number) ?? [];
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

function isDeletion({ to }: Link): boolean {
  return to.request.method.toUpperCase() === 'DELETE';
}

/** Does a DELETE of this link remove the linked thing itself, and not something below it? */
function isItsOwn({ to, literal, isWhole }: Link): boolean {
  return isWhole === true || route(to.request.readAs ?? to.request.url).at(-1) === literal;
}

function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
