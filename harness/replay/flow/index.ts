import type { LinkOptions, Values } from '../../model/config.ts';
import type { PagedExchange } from '../../model/fixture.ts';
import { isWrite, type RequestMessage, type ResponseMessage, type Target } from '../../model/http.ts';
import type { Created, LedgerFile } from '../../model/ledger.ts';
import { isLoopback } from '../gate.ts';
import { dependentsOf } from './dependents.ts';
import { grouped } from '../../model/grouped.ts';
import { linksOf, type Link, type LinkRules } from './links.ts';
import { orderOf } from './order.ts';
import { lastId, route, routeKey } from './paths.ts';
import { pointersOf, shownBy } from './shown.ts';
import { isDone } from './shows.ts';
import { nameOf, supplyOf, type Origin, type Supply } from './supply.ts';
import { thingsOf, type Things } from './things.ts';
import { knownValues, type Known } from './values.ts';
import { isDeletion, isItsOwn, ordered } from './waits.ts';

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
  supplyFrom(exchange: PagedExchange, given: Given, note?: (origin: Origin) => void): Supply;
  /** Keeps of an answer what others wait for. */
  keep(exchange: PagedExchange, sent: RequestMessage, actual: ResponseMessage): void;
  /** What was kept of it, by pointer. */
  kept(exchange: PagedExchange): ReadonlyMap<string, string>;
  /** Puts back what an interrupted run kept of it. */
  restore(exchange: PagedExchange, kept: ReadonlyMap<string, string>): void;
}

/** What a scenario gives to a request: values by name, and those of them that are put in a URL with their slashes. */
export interface Given {
  readonly own: ReadonlyMap<string, Known>;
  readonly asPath: ReadonlySet<string>;
  /** Are they for placeholders alone, and not for what the request says itself? */
  readonly onlyPlaceholders: boolean;
}

/** Placeholders of one supply, what is said itself of another. */
function withWordsOf(placeholders: Supply, { literal, sample, missing }: Supply): Supply {
  return {
    ...placeholders,
    literal,
    sample,
    get missing() {
      return new Set([...placeholders.missing, ...missing]);
    },
  };
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
    supplyFrom(exchange, { own, asPath, onlyPlaceholders }, note = () => undefined) {
      const common = {
        exchange,
        isWrite: isWrite(exchange.request),
        isLoopback: isHere,
        find: () => undefined,
        links: [],
        // Whoever names a request has seen the words of its path.
        isCollection: () => false,
        asPath,
        note,
        live: {
          shown: () => undefined,
          thing: () => undefined,
          show: (value: string, origin: Origin) => (showing ? showing.value(origin) : value),
        },
      };
      const all = supplyOf({ ...common, values: new Map([...values, ...own]), own });
      return onlyPlaceholders ? withWordsOf(all, supplyOf({ ...common, values })) : all;
    },
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
