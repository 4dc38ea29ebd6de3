import { chosenFor } from '../model/chosen.ts';
import type { ExchangeMatchers } from '../model/config.ts';
import type { Exchange, PromisedResponse } from '../model/fixture.ts';
import { readMatcherPointer, type Matcher, type Matchers, type PointerToken } from '../model/matcher.ts';
import { matchesPattern } from '../model/pattern.ts';
import { jsonType } from './difference.ts';
import { FORMATS, isEntityTag, URL_FORMAT } from './formats.ts';

/** The matchers that speak of a value or of what is below it; those that count most come first. */
export type Pins = readonly PinNode[];

/** What the matchers of one source say at a pointer and below it. */
interface PinNode {
  matcher?: Matcher;
  /** Is something below it asked for by name? */
  asks?: true;
  readonly named: Map<string, PinNode>;
  each?: PinNode;
}

/**
 * The matchers of a documented response, from the root of the answer: the config's for the id of the exchange, for its name, for a glob,
 * then those of the response, then those of the request. Nothing where there are none.
 */
export function pinsOf(
  exchange: Exchange,
  response: PromisedResponse,
  config: readonly ExchangeMatchers[] = NONE,
): Pins | undefined {
  const chosen = config.length === 0 ? config : chosenFor(exchange, config);
  const documented = [response.matchers, exchange.request.matchers].filter((each) => each !== undefined);
  if (chosen.length === 0 && documented.length === 0) return undefined;
  return [...chosen.map(({ matchers }) => matchers), ...documented].map(nodeOf);
}

const NONE: readonly ExchangeMatchers[] = [];

/** What matchers say below a value. */
export function pinsBelow(pins: Pins | undefined, token: string | number): Pins | undefined {
  if (pins === undefined) return undefined;
  const name = String(token);
  const below = pins.flatMap(({ named, each }) => [named.get(name), each].filter((node) => node !== undefined));
  return below.length === 0 ? undefined : below;
}

/** The matcher of a value: of several the one that counts most. */
export function matcherOf(pins: Pins | undefined): Matcher | undefined {
  return pins?.find(({ matcher }) => matcher !== undefined)?.matcher;
}

/** The names below a value that matchers speak of in so many words. */
export function namedBelow(pins: Pins): ReadonlySet<string> {
  return new Set(pins.flatMap(({ named }) => [...named.keys()]));
}

/** Is a value asked for that is not there? Nothing where no matcher says; what is named below a value asks for it, too. */
export function isAskedFor(pins: Pins | undefined): boolean | undefined {
  const matcher = matcherOf(pins);
  if (matcher) return isNeeded(matcher);
  return pins?.some(({ asks }) => asks) ? true : undefined;
}

function isNeeded({ absent, ignore, optional }: Matcher): boolean {
  return !absent && !ignore && !optional;
}

/** Does a value do? Whatever it is, this tells, and never throws. */
export function holds(matcher: Matcher, actual: unknown): boolean {
  if (actual === null && matcher.nullable) return true;
  for (const word in matcher)
    if (HOLDS[word as keyof Matcher]?.(matcher[word as keyof Matcher] as never, actual) === false) return false;
  return true;
}

/** The value of a header is text; a matcher of numbers reads the number in it. */
export function holdsText(matcher: Matcher, text: string): boolean {
  return holds(matcher, text) || (/^-?\d{1,15}(\.\d{1,15})?$/.test(text) && holds(matcher, Number(text)));
}

/** Is what is below a value that a matcher takes still judged as it is documented? */
export function goesOn({ equals, oneOf, any, ignore }: Matcher): boolean {
  return equals === undefined && oneOf === undefined && any === undefined && ignore === undefined;
}

/** How each word of a matcher is judged. */
const HOLDS: { readonly [Word in keyof Required<Matcher>]: (argument: never, actual: unknown) => boolean } = {
  equals: isEqual,
  oneOf: (values: readonly unknown[], actual) => values.some((value) => isEqual(value, actual)),
  type: (types: string | readonly string[], actual) =>
    [types].flat().some((type) => type === jsonType(actual) || (type === 'integer' && Number.isInteger(actual))),
  format: (format: NonNullable<Matcher['format']>, actual) => typeof actual === 'string' && FORMS[format](actual),
  regex: (pattern: string, actual) => typeof actual === 'string' && matchesPattern(pattern, actual),
  min: (least: number, actual) => typeof actual === 'number' && actual >= least,
  max: (most: number, actual) => typeof actual === 'number' && actual <= most,
  length: (length: number, actual) => lengthOf(actual) === length,
  minLength: (least: number, actual) => lengthOf(actual) >= least,
  maxLength: (most: number, actual) => lengthOf(actual) <= most,
  any: () => true,
  present: () => true,
  absent: () => false,
  ignore: () => true,
  optional: () => true,
  nullable: () => true,
};

const FORMS: Readonly<Record<NonNullable<Matcher['format']>, (text: string) => boolean>> = {
  guid: FORMATS.Guid!.is,
  uuid: FORMATS.Guid!.is,
  'date-time': FORMATS.DateTimeOffset!.is,
  date: FORMATS.Date!.is,
  time: FORMATS.TimeOfDay!.is,
  duration: FORMATS.Duration!.is,
  url: URL_FORMAT.is,
  uri: URL_FORMAT.is,
  base64: FORMATS.Binary!.is,
  etag: isEntityTag,
};

/** Characters of a string, items of a list; of anything else it is nothing that a number compares with. */
function lengthOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (typeof value !== 'string') return NaN;
  let length = 0;
  for (let at = 0; at < value.length; at += value.codePointAt(at)! > 0xffff ? 2 : 1) length++;
  return length;
}

/** Equal as JSON: keys in any order, 1 and 1.0 the same. As deep as what is expected, whatever the answer. */
function isEqual(expected: unknown, actual: unknown): boolean {
  if (typeof expected !== 'object' || expected === null || typeof actual !== 'object' || actual === null)
    return expected === actual;
  if (Array.isArray(expected) !== Array.isArray(actual)) return false;
  const names = Object.keys(expected);
  return (
    names.length === Object.keys(actual).length &&
    names.every(
      (name) => Object.hasOwn(actual, name) && isEqual((expected as JsonObject)[name], (actual as JsonObject)[name]),
    )
  );
}

type JsonObject = Readonly<Record<string, unknown>>;

function nodeOf(matchers: Matchers): PinNode {
  let root = nodes.get(matchers);
  if (root !== undefined) return root;
  nodes.set(matchers, (root = { named: new Map() }));
  for (const [pointer, matcher] of Object.entries(matchers)) {
    const tokens = readMatcherPointer(pointer);
    // What cannot be read was told of where it is written.
    if (typeof tokens === 'string') continue;
    const isAsked = isNeeded(matcher);
    const named = tokens.findLastIndex((token) => token === 'each');
    tokens.reduce((node, token, index) => {
      // Behind the last `*` every name is asked for; before it there may be nothing.
      if (isAsked && index > named) node.asks = true;
      return child(node, token);
    }, root).matcher = matcher;
  }
  return root;
}

const nodes = new WeakMap<Matchers, PinNode>();

function child(node: PinNode, token: PointerToken): PinNode {
  if (token === 'each') return (node.each ??= { named: new Map() });
  let below = node.named.get(token.name);
  if (below === undefined) node.named.set(token.name, (below = { named: new Map() }));
  return below;
}
