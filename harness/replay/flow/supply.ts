import type { PagedExchange } from '../../model/fixture.ts';
import { isIdKey, isStrong, kindOf, routeKey, route } from './paths.ts';
import type { Link } from './links.ts';
import { isUsable, type Thing } from './things.ts';
import type { Use } from './uses.ts';
import type { Known } from './values.ts';

/** Puts values where a documented request has placeholders and ids, and remembers what is missing. */
export interface Supply {
  /** The value of a placeholder, named as written between its brackets. */
  value(written: string, pathWith?: PathWith): string | undefined;
  /** What takes the place of a literal: nothing where it stays as it is. */
  literal(use: Use, pathWith?: PathWith): string | undefined;
  /** What takes the place of a sample key inside a longer text; nothing where no value has its name. */
  sample(key: string): string | undefined;
  /** What takes the place of the whole URL. */
  readonly whole?: { readonly url: string | undefined };
  /** Values that are put in a URL as they are, slashes and all. */
  readonly asPath?: ReadonlySet<string>;
  /** What is missing, as a blocked observation names it, each once. */
  readonly missing: ReadonlySet<string>;
}

/** The live path up to a place, with this value there. */
export type PathWith = (value: string) => string;

/** Where a value of a request comes from, for people. */
export interface Origin {
  /** The placeholder or literal it stands for. */
  readonly for: string;
  readonly kind: 'config' | 'environment' | 'generated' | 'capture' | 'link' | 'literal';
  /** The variable, the type, or `pointer of exchange`. */
  readonly from?: string;
}

/** What live answers have brought so far, or, in a plan, what stands for it. */
export interface Live {
  /** What an exchange's answer shows at a pointer; for a link to a `Location` its last segment. */
  shown(exchange: PagedExchange, pointer: string, isId: boolean): string | undefined;
  /** What the exchange created; `any` in a plan, where nothing is known of it. */
  thing(exchangeId: string): Thing | 'any' | undefined;
  /** How a value that is not told is shown; itself in a replay. */
  show(value: string, origin: Origin): string;
}

/** All that decides what one request is sent. */
export interface Circumstances {
  readonly exchange: PagedExchange;
  readonly isWrite: boolean;
  /** Is the target on this machine? Then documented ids are sent as they are. */
  readonly isLoopback: boolean;
  readonly values: ReadonlyMap<string, Known>;
  /** Names whose values go before every literal, on a target of any kind. */
  readonly own?: { has(name: string): boolean };
  /** The exchange that a capture names. */
  readonly find: (name: string) => PagedExchange | undefined;
  readonly links: readonly Link[];
  /** Does any exchange ask for this route itself? Then what stands below it is an item. */
  readonly isCollection: (routeKey: string) => boolean;
  readonly live: Live;
  readonly asPath?: ReadonlySet<string>;
  readonly note: (origin: Origin) => void;
}

/** A supply for one request. */
export function supplyOf(at: Circumstances): Supply {
  const missing = new Set<string>();
  const { exchange, isWrite, isLoopback, values, links, live, note } = at;
  const byLiteral = new Map(links.filter((link) => !link.isWhole).map((link) => [link.literal, link]));
  const samples = new Set(exchange.request.sampleKeys);
  const whole = links.find((link) => link.isWhole);

  const named = (names: readonly string[], label: string, pathWith?: PathWith): string | undefined => {
    const name = names.find((each) => values.has(each));
    if (name === undefined) return undefined;
    const known = values.get(name)!;
    if (known.kind === 'missing') return lack(`value {${label}} (${known.why})`);
    if (known.kind === 'known') {
      const [kind = 'config', from] = known.origin.split(/ (.*)/s);
      const origin = { for: label, kind: kind as Origin['kind'], ...(from === undefined ? {} : { from }) };
      note(origin);
      return known.isTold ? known.value : live.show(known.value, origin);
    }
    const from = at.find(known.from);
    const what = `value {${label}}: ${known.pointer} of ${known.from}`;
    if (from === undefined) return lack(`${what} (no such exchange in this run)`);
    const value = live.shown(from, known.pointer, false);
    if (value === undefined || !isUsable(value)) return lack(what);
    const thing = live.thing(from.id);
    const isOurs = thing === 'any' || (pathWith ? thing?.isAt(pathWith(value), value) : thing?.isOwn(value)) === true;
    if (isWrite && !known.intoWrites && !isOurs)
      return lack(`${what} (not the id of what this run created there; \`intoWrites: true\` at the value allows it)`);
    const origin = { for: label, kind: 'capture', from: `${known.pointer} of ${known.from}` } as const;
    note(origin);
    return live.show(value, origin);
  };
  const lack = (what: string): undefined => {
    missing.add(what);
    return undefined;
  };
  /** A live value in the place of a literal of a write: only what this very run created, and only where it is that thing. */
  const isOurs = (link: Link, use: Use, value: string, pathWith: PathWith | undefined): boolean => {
    if (!isWrite || link.intoWrite === 'config') return true;
    const thing = live.thing(link.from.id);
    if (thing === 'any') return true;
    if (thing === undefined) return false;
    if (use.in === 'segment' || use.in === 'key') return pathWith !== undefined && thing.isAt(pathWith(value), value);
    const kind = kindOf(use.collection?.at(-1) ?? use.name ?? '');
    const isKind = kind !== '' && kind === kindOf(route(thing.created.url).at(-1) ?? '');
    return thing.isOwn(value) || (isKind && thing.created.ids.includes(value));
  };
  const refusal = (link: Link): string =>
    `value ${link.pointer} of ${nameOf(link.from)} (read from the target, not created by this run; name the edge under links.intoWrites to allow it)`;

  return {
    missing,
    ...(at.asPath === undefined ? {} : { asPath: at.asPath }),
    value(written, pathWith) {
      const label = written.trim();
      const known = [...new Set([label, ...written.split('|').map((name) => name.trim())])];
      if (!known.some((name) => values.has(name))) return lack(`value {${label}}`);
      return named(known, label, pathWith);
    },
    sample: (key) => (values.has(key) ? named([key], key) : undefined),
    literal(use, pathWith) {
      const { literal } = use;
      const ownName = at.own && !use.isFixed && namesOf(use).find((name) => at.own!.has(name));
      if (ownName !== undefined && ownName !== false) return named([ownName], ownName, pathWith);
      if (samples.has(literal) && values.has(literal)) return named([literal], literal, pathWith);
      const link = byLiteral.get(literal);
      if (link !== undefined && !use.isFixed && link.intoWrite !== 'refused') {
        const value = live.shown(link.from, link.pointer, true);
        if (value === undefined || !isUsable(value)) return lack(`value ${link.pointer} of ${nameOf(link.from)}`);
        if (!isOurs(link, use, value, pathWith)) return lack(refusal(link));
        const origin = { for: literal, kind: 'link', from: `${link.pointer} of ${nameOf(link.from)}` } as const;
        note(origin);
        return live.show(value, origin);
      }
      if (isLoopback || !isParameter(use, at, samples, link)) return undefined;
      const names = namesOf(use);
      if (names.some((name) => values.has(name))) return named(names, names[0]!, pathWith);
      if (!isWrite) {
        note({ for: literal, kind: 'literal' });
        return undefined;
      }
      return lack(
        link === undefined
          ? `value ${names[0]!} (a write to this target does not send the documented \`${literal}\`; give it under values)`
          : refusal(link),
      );
    },
    ...(whole === undefined ? {} : { whole: wholeUrl(whole, lack, live, note) }),
  };
}

/** By what a value for this literal may be named: the parameter of the page's template, the key, the literal itself. */
function namesOf({ name = '', literal }: Use): string[] {
  return [...name.split('|').map((each) => each.trim()), literal].filter((each) => each !== '');
}

/** A URL that a live answer showed; only http and https count. */
function wholeUrl(
  link: Link,
  lack: (what: string) => undefined,
  live: Live,
  note: (origin: Origin) => void,
): { readonly url: string | undefined } {
  const url = live.shown(link.from, link.pointer, false);
  if (url === undefined) return { url: lack(`value ${link.pointer} of ${nameOf(link.from)}`) };
  const origin = { for: link.literal, kind: 'link', from: `${link.pointer} of ${nameOf(link.from)}` } as const;
  note(origin);
  return { url: live.show(url, origin) };
}

/** For people: the name of an exchange, or its id where it has none. */
export function nameOf({ name, id }: PagedExchange): string {
  return name ?? id;
}

/** Is this known to be an id and no fixed word of the path? */
function isParameter(
  use: Use,
  { exchange, isCollection }: Circumstances,
  samples: ReadonlySet<string>,
  link: Link | undefined,
): boolean {
  const { literal } = use;
  if (use.isFixed) return false;
  if (samples.has(literal) || isStrong(literal) || link !== undefined) return !isChosenName(use, exchange);
  if (use.in === 'query' || use.in === 'body') return isIdKey(use.name ?? '') && !isChosenName(use, exchange);
  if (use.name !== undefined || use.in === 'key') return true;
  // The page has no template that says more.
  if (literal === 'me') return false;
  if (/\d/.test(literal)) return true;
  const isAction = use.isLast === true && !/^(PATCH|PUT|DELETE)$/i.test(exchange.request.method);
  return !isAction && use.collection !== undefined && isCollection(routeKey(use.collection));
}

/** The `id` that a creation sends of its own choice. */
function isChosenName(use: Use, { request, responses }: PagedExchange): boolean {
  return (
    use.in === 'body' &&
    use.name === 'id' &&
    request.method.toUpperCase() === 'POST' &&
    responses.some(({ status }) => status === 201)
  );
}
