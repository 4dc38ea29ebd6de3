import type { EdgeName } from '../../model/config.ts';
import type { PagedExchange } from '../../model/fixture.ts';
import { isWrite } from '../../model/http.ts';
import { isIdKey, isStrong, kindOf, route, routeKey } from './paths.ts';
import { isDone, LOCATION, showsOf, type Show } from './shows.ts';
import { usesOf, type Use } from './uses.ts';

/** An edge between two exchanges: what the live answer to one shows takes the place of a documented literal in another. */
export interface Link {
  readonly from: PagedExchange;
  readonly to: PagedExchange;
  readonly literal: string;
  /** Where the live answer shows it: RFC 6901 into `{status, headers, body}`. */
  readonly pointer: string;
  /** Does it take the place of the whole URL? */
  readonly isWhole?: true;
  /** Into a write: is it the id of what `from` creates, or did the config name this edge? Otherwise it is told and not used. */
  readonly intoWrite?: 'created' | 'config' | 'refused';
}

/** How links are made. */
export interface LinkRules {
  readonly off?: readonly EdgeName[];
  readonly intoWrites?: readonly EdgeName[];
  /** Where nothing may be changed, what creates brings nothing: it is the last choice, or none. */
  readonly creators?: 'last' | 'none';
  /** The documented key property of a type. */
  readonly keyOf?: (type: string) => string | undefined;
}

/** Does an edge of the config, by names or ids, speak of these two? */
export function names({ from, to }: EdgeName, one: PagedExchange, other: PagedExchange): boolean {
  return [one.id, one.name].includes(from) && [other.id, other.name].includes(to);
}

/** The best link for each literal of each exchange, in document order; at most one a literal, none where there is no evidence. */
export function linksOf(exchanges: readonly PagedExchange[], rules: LinkRules = {}): Link[] {
  const uses = exchanges.map((exchange) => usesOf(exchange));
  const producers = producersOf(exchanges, uses, rules);
  return exchanges.flatMap((exchange, at) => linksInto(exchange, at, uses[at]!, producers, rules));
}

/** An answer's showing of a literal, whose it is, and what is known of that whoever asks. */
interface Candidate {
  readonly show: Show;
  readonly from: PagedExchange;
  readonly at: number;
  /** The route that the request asks for. */
  readonly key: string;
  /** The kind of thing that the literal names, as far as path and key tell. */
  readonly kind: string;
  /** Is it, as documented, the id of what the exchange creates? */
  readonly isCreated: boolean;
}

interface Producers {
  /** Those that show an id of its own looks, or a URL that somebody asks for. */
  readonly byLiteral: ReadonlyMap<string, Bucket>;
  /** Those whose own request asks for a collection, by its route and the literal. */
  readonly byRoute: ReadonlyMap<string, Bucket>;
}

/** Candidates for one literal. Docs show some ids on every page: of those that tell the same, the first are enough. */
interface Bucket {
  readonly all: Candidate[];
  readonly byFile: Map<string, Candidate[]>;
  readonly counts: Map<string, number>;
}

const [MOST_ALIKE, MOST_KINDS, MOST_A_PAGE] = [2, 64, 16];

function producersOf(
  exchanges: readonly PagedExchange[],
  uses: readonly (readonly Use[])[],
  rules: LinkRules,
): Producers {
  const urls = new Set(exchanges.map(({ request }) => request.url).filter((url) => /^https?:/i.test(url)));
  const strong = new Set<string>();
  /** Ids asked for, by the route of their collection. */
  const items = new Map<string, Set<string>>();
  for (const list of uses) {
    for (const { literal, collection } of list) {
      if (isStrong(literal)) strong.add(literal);
      if (collection === undefined || collection.length === 0) continue;
      const key = routeKey(collection);
      const known = items.get(key);
      if (known) known.add(literal);
      else items.set(key, new Set([literal]));
    }
  }
  const byLiteral = new Map<string, Bucket>();
  const byRoute = new Map<string, Bucket>();
  const isNamed = ({ id, name }: PagedExchange): boolean =>
    rules.intoWrites?.some(({ from }) => from === id || from === name) ?? false;
  exchanges.forEach((from, at) => {
    if (!from.responses.some(({ status }) => isDone(status))) return;
    const asked = route(from.request.readAs ?? from.request.url);
    const key = routeKey(asked);
    const ids = items.get(key);
    const isWanted = (text: string): boolean => strong.has(text) || urls.has(text) || ids?.has(text) === true;
    const mayHold = strong.size > 0 || ids !== undefined ? undefined : urls.size > 0 ? mayHoldUrl : () => false;
    const shows = showsOf(from, isWanted, mayHold);
    if (shows.length === 0) return;
    // Literals in its own URL: an answer that echoes them brings nothing new.
    const own = new Set(uses[at]!.filter((use) => use.in !== 'body').map(({ literal }) => literal));
    for (const show of shows) {
      if (own.has(show.literal)) continue;
      const candidate = {
        show,
        from,
        at,
        key,
        kind: givenKind(show, asked),
        isCreated: isCreatedId(from, show, rules),
      };
      if (strong.has(show.literal) || urls.has(show.literal)) put(byLiteral, show.literal, candidate, isNamed(from));
      if (ids?.has(show.literal)) put(byRoute, nearKey(key, show.literal), candidate, isNamed(from));
    }
  });
  return { byLiteral, byRoute };
}

/** A URL in JSON is there as it is, or something in the text is escaped. */
function mayHoldUrl(text: string): boolean {
  return text.includes('\\') || /https?:/i.test(text);
}

function nearKey(route: string, literal: string): string {
  return `${route}\u0000\u0000${literal}`;
}

function put(buckets: Map<string, Bucket>, literal: string, candidate: Candidate, isNamed: boolean): void {
  let bucket = buckets.get(literal);
  if (bucket === undefined) buckets.set(literal, (bucket = { all: [], byFile: new Map(), counts: new Map() }));
  const { from, show, key, isCreated } = candidate;
  const onPage = bucket.byFile.get(from.file);
  if (onPage === undefined) bucket.byFile.set(from.file, [candidate]);
  else if (onPage.length < MOST_A_PAGE) onPage.push(candidate);
  const alike = `${from.request.method} ${key} ${show.owner ?? ''} ${show.key} ${isCreated}`;
  const count = bucket.counts.get(alike) ?? 0;
  const isFull = count >= MOST_ALIKE || (count === 0 && !isCreated && bucket.counts.size >= MOST_KINDS);
  if (isFull && !isNamed) return;
  bucket.counts.set(alike, count + 1);
  bucket.all.push(candidate);
}

/** The candidates of a bucket that a page may choose from. */
function of(bucket: Bucket | undefined, file: string): Candidate[] {
  if (bucket === undefined) return [];
  const onPage = bucket.byFile.get(file) ?? [];
  return onPage.length === 0 ? bucket.all : [...new Set([...onPage, ...bucket.all])];
}

function linksInto(
  to: PagedExchange,
  at: number,
  uses: readonly Use[],
  { byLiteral, byRoute }: Producers,
  rules: LinkRules,
): Link[] {
  const writes = isWrite(to.request);
  const isOff = (from: PagedExchange): boolean =>
    from === to ||
    (rules.creators === 'none' && isWrite(from.request)) ||
    (rules.off?.some((edge) => names(edge, from, to)) ?? false);
  const isNamed = (from: PagedExchange): boolean => rules.intoWrites?.some((edge) => names(edge, from, to)) ?? false;
  const { url } = to.request;
  const wholes = of(byLiteral.get(url), to.file).filter(({ from }) => !isOff(from));
  const whole = wholes.find(({ from, show }) => !writes || bringsUrl(from, show) || isNamed(from));
  if (whole) {
    const intoWrite = !writes ? {} : ({ intoWrite: bringsUrl(whole.from, whole.show) ? 'created' : 'config' } as const);
    return [{ from: whole.from, to, literal: url, pointer: whole.show.pointer, isWhole: true, ...intoWrite }];
  }
  // What a creation shows as its own new id and sends in its own body is a name of its choice, and comes from nowhere.
  const chosen = chosenNames(to, uses, rules);
  const links = new Map<string, Link>();
  for (const use of uses) {
    if (links.has(use.literal) || use.isFixed || (use.in === 'body' && chosen.has(use.literal))) continue;
    const candidates = candidatesFor(use, { byLiteral, byRoute }, to.file).filter(({ from }) => !isOff(from));
    if (candidates.length === 0) continue;
    const ranked = (list: readonly Candidate[]): Candidate | undefined => best(list, use, to, at, rules);
    if (!writes) {
      const { from, show } = ranked(candidates)!;
      links.set(use.literal, { from, to, literal: use.literal, pointer: show.pointer });
      continue;
    }
    const named = ranked(candidates.filter(({ from }) => isNamed(from)));
    const created = ranked(candidates.filter((candidate) => candidate.isCreated && relation(use, candidate) < 3));
    const { from, show } = named ?? created ?? ranked(candidates)!;
    const intoWrite = named ? 'config' : created ? 'created' : 'refused';
    links.set(use.literal, { from, to, literal: use.literal, pointer: show.pointer, intoWrite });
  }
  return [...links.values()];
}

function candidatesFor({ literal, collection }: Use, { byLiteral, byRoute }: Producers, file: string): Candidate[] {
  const found = isStrong(literal) ? of(byLiteral.get(literal), file) : [];
  if (collection === undefined || collection.length === 0) return found;
  const near = of(byRoute.get(nearKey(routeKey(collection), literal)), file);
  const fits = near.filter(({ show }) => show.isText || isIdKey(show.key));
  return found.length === 0 ? fits : [...new Set([...fits, ...found])];
}

/** Only the answer to a POST names an upload or a place of its own that is written to. */
function bringsUrl({ request }: PagedExchange, { pointer, key }: Show): boolean {
  return request.method.toUpperCase() === 'POST' && (pointer === LOCATION || /uploadUrl$/i.test(key));
}

/** Is this, as documented, the id of what the exchange creates: its answer's own `id` or key, or the end of its `Location`? */
function isCreatedId(from: PagedExchange, show: Show, { keyOf }: LinkRules): boolean {
  if (!/^(POST|PUT)$/i.test(from.request.method)) return false;
  const created = from.responses.filter(({ status }) => status === 201);
  if (created.length === 0) return false;
  return show.pointer === LOCATION || created.some(({ type }) => show.isTopLevel && isOwnKey(show.key, type, keyOf));
}

/** Is this top-level key the id of the object itself? */
export function isOwnKey(key: string, type: string | undefined, keyOf: LinkRules['keyOf']): boolean {
  return key === 'id' || (type !== undefined && keyOf?.(type) === key);
}

function chosenNames(exchange: PagedExchange, uses: readonly Use[], rules: LinkRules): ReadonlySet<string> {
  const inBody = new Set(uses.filter((use) => use.in === 'body').map(({ literal }) => literal));
  if (inBody.size === 0 || !/^(POST|PUT)$/i.test(exchange.request.method)) return new Set();
  const shows = showsOf(exchange, (literal) => inBody.has(literal));
  return new Set(shows.filter((show) => isCreatedId(exchange, show, rules)).map(({ literal }) => literal));
}

/** The best by kind of exchange, nearness of path, key, page, and order in the docs. */
function best(
  candidates: readonly Candidate[],
  use: Use,
  to: PagedExchange,
  at: number,
  rules: LinkRules,
): Candidate | undefined {
  let chosen: { readonly candidate: Candidate; readonly rank: readonly number[] } | undefined;
  for (const candidate of candidates) {
    const rank = rankOf(candidate, use, to, at, rules);
    if (chosen === undefined || isLess(rank, chosen.rank)) chosen = { candidate, rank };
  }
  return chosen?.candidate;
}

function rankOf(candidate: Candidate, use: Use, to: PagedExchange, at: number, rules: LinkRules): readonly number[] {
  const { from, show, isCreated, at: place } = candidate;
  const near = relation(use, candidate);
  const creates = isCreated || (from.request.method === 'POST' && show.isTopLevel && show.key === 'id');
  return [
    rules.creators === 'last' && isWrite(from.request) ? 1 : 0,
    near === 3 ? 2 : creates ? 0 : 1,
    near,
    show.key === 'id' || show.pointer === LOCATION ? 0 : isIdKey(show.key) ? 1 : 2,
    from.file === to.file ? 0 : 1,
    // A later page may well show what an earlier one uses; the earlier in the docs is the better known.
    place < at ? 0 : 1,
    place,
  ];
}

/** How near: 0 the very collection, 1 the same kind of thing, 2 nobody knows, 3 another kind. */
function relation({ collection, name, in: place }: Use, { key, kind: given }: Candidate): number {
  if (collection !== undefined && collection.length > 0 && key === routeKey(collection)) return 0;
  const wanted = kindOf(
    (place === 'query' ? undefined : collection?.at(-1)) ??
      (place === 'query' || place === 'body' ? name : undefined) ??
      '',
  );
  if (wanted === '' || given === '') return 2;
  if (wanted === given || wanted.endsWith(given) || given.endsWith(wanted)) return 1;
  return POLYMORPHIC.has(wanted) || POLYMORPHIC.has(given) ? 2 : 3;
}

function givenKind({ key, pointer, owner }: Show, asked: readonly string[]): string {
  if (/^id$/i.test(key) || pointer === LOCATION) return kindOf(owner ?? asked.at(-1) ?? '');
  return isIdKey(key) ? kindOf(key) : '';
}

/** Collections that hold things of any kind. */
const POLYMORPHIC = new Set([
  'directoryobject',
  'object',
  'item',
  'resource',
  'member',
  'owner',
  'value',
  'ref',
  'children',
  'transitivemember',
  'principal',
]);

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at >= 0 && a[at]! < b[at]!;
}
