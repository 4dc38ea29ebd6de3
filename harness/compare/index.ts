import type { Match } from '../model/config.ts';
import type { Fact } from '../model/finding.ts';
import type { PagedExchange, PromisedResponse } from '../model/fixture.ts';
import { pointerTokens, type JsonText } from '../model/json.ts';
import { headerValue, isJsonType, mediaType, type ResponseMessage } from '../model/http.ts';
import { indexResources, type Resource, type ResourceIndex } from '../model/resource.ts';
import { rules } from '../model/rules.ts';
import { ITEMS, ownType } from './odata.ts';
import { bodyPlace, linePlace, promisedJson, propertyPlace, statusPlace } from './place.ts';
import { jsonType, type Difference } from './difference.ts';
import { compareExample, compareShape, type Shape } from './shape.ts';
import { notEmpty, wholeFault } from './whole.ts';

/** How an answer compares with the promise. */
export interface Comparison {
  /** The documented response it was judged by; nothing where its status is not documented. */
  readonly by?: PromisedResponse;
  readonly facts: readonly Fact[];
}

/** Compares an answer with the responses documented for its status; of several the one with the fewest errors counts. Pure. */
export function compare(
  exchange: PagedExchange,
  actual: ResponseMessage,
  resources: ResourceIndex,
  match: Match = 'shape',
): Comparison {
  const candidates = exchange.responses.filter(({ status }) => status === actual.status);
  if (candidates.length === 0) return { facts: [undocumentedStatus(exchange, actual)] };
  let best: { by: PromisedResponse; facts: Fact[]; errors: number } | undefined;
  for (const by of candidates) {
    const facts = [...compareHeaders(exchange, by, actual), ...compareBody(exchange, by, actual, resources, match)];
    const errors = facts.filter(({ ruleId }) => rules[ruleId].severity === 'error').length;
    if (best === undefined || errors < best.errors) best = { by, facts, errors };
    if (errors === 0) break;
  }
  return { by: best!.by, facts: best!.facts };
}

/**
 * Judges the documented responses of an exchange by the resources they name, with the rules that judge answers. One said not to be
 * truncated shows all of its type, unless the request selects properties.
 */
export function compareDocumented(exchange: PagedExchange, resources: ResourceIndex): Fact[] {
  const selects = /[?&](\$|%24)(select|count)\b/i.test(exchange.request.url);
  return exchange.responses.flatMap((response) => {
    const promised = promisedJson(response.body);
    if (promised === undefined) return [];
    const whole = promised.elided.has('') ? undefined : wholeFault(response, undefined, promised.value, resources);
    // Annotations that the example contradicts are told of by check, on the annotation.
    if (whole) return saysOtherwise(response, promised.value) ? [] : [placed(exchange, response, whole)];
    // An error is told in the shape of errors, whatever type a success has.
    if (response.type === undefined || response.expectError || response.status >= 400) return [];
    // A list where one object is promised is told at the annotation, once.
    if (isUnsaidList(response, promised, resources)) return [];
    const complete = !response.truncated && !selects;
    const differences = compareExample(promised.value, shapeOf(response, promised, resources), complete);
    return differences.map((difference) => placed(exchange, response, difference));
  });
}

/** Does the annotation promise a collection or an error where the example shows neither? */
function saysOtherwise({ isCollection, expectError, status }: PromisedResponse, example: unknown): boolean {
  const isError = jsonType(example) === 'object' && Object.hasOwn(example as object, 'error');
  return isError ? false : expectError ? status < 400 : isCollection === true;
}

function isUnsaidList(
  { type, isCollection }: PromisedResponse,
  { value }: JsonText,
  resources: ResourceIndex,
): boolean {
  if (type === undefined || isCollection || jsonType(value) !== 'object' || resources.isOpen(type)) return false;
  const properties = resources.properties(type);
  return (
    properties !== undefined &&
    !properties.has(ITEMS) &&
    jsonType((value as Readonly<Record<string, unknown>>)[ITEMS]) === 'array'
  );
}

/**
 * Judges the body of a documented request for form and types, never for completeness: by the type that its annotation names, else the
 * body itself (`@odata.type`), else `fallbackType`. Without a documented one of these nothing is judged.
 */
export function compareRequest(exchange: PagedExchange, resources: ResourceIndex, fallbackType?: string): Fact[] {
  const { request, id, file } = exchange;
  const promised = promisedJson(request.body);
  if (promised === undefined || jsonType(promised.value) !== 'object') return [];
  const type = request.type ?? ownType(promised.value as Readonly<Record<string, unknown>>) ?? fallbackType;
  if (type === undefined || resources.find(type) === undefined) return [];
  const shape = {
    resources,
    elided: promised.elided,
    truncated: true,
    optional: NONE,
    nullable: undefined,
    typed: '',
    type,
  };
  // Null in a request takes a value away, and says nothing of what may be null.
  const differences = compareExample(promised.value, shape, false).filter(
    ({ ruleId, actual }) => ruleId !== 'property/null' && !(ruleId === 'property/type' && actual === 'null'),
  );
  return differences
    .filter(({ ruleId, pointer }) => ruleId !== 'property/undocumented' || isOfItsType(pointer, promised, differences))
    .map(({ pointer, promised: at, ...difference }) => ({
      ...difference,
      place: propertyPlace(file, request, at),
      exchangeId: id,
      subject: `request body ${pointer}`,
      note:
        difference.ruleId === 'property/undocumented'
          ? 'Document the property, or take it out of the request.'
          : 'Mend the request, or the documented type.',
    }));
}

/** An object that shows no documented property at all, or says that it is of another type, does not tell what its type takes. */
function isOfItsType(pointer: string, { value }: JsonText, differences: readonly Difference[]): boolean {
  const above = pointer.slice(0, pointer.lastIndexOf('/'));
  if (above === '') return true;
  const isBelow = (each: Difference): boolean => each.pointer.slice(0, each.pointer.lastIndexOf('/')) === above;
  const told = differences.filter(isBelow);
  if (told.some(({ ruleId }) => ruleId === 'property/foreign-type')) return false;
  let object: unknown = value;
  for (const token of pointerTokens(above)) object = (object as Readonly<Record<string, unknown>>)[token];
  const shown = Object.keys(object as object).filter((name) => !name.includes('@'));
  return told.filter(({ ruleId }) => ruleId === 'property/undocumented').length < shown.length;
}

/**
 * The types of a docset as requests are held to them: a type that others derive from takes what any of them has, since requests seldom say
 * which one they mean, and so does a type without documented properties, whose members are the caller's own.
 */
export function requestResources(resources: readonly Resource[]): ResourceIndex {
  const index = indexResources(resources);
  const bases = new Set(resources.map(({ baseType }) => baseType?.toLowerCase()));
  return {
    ...index,
    isOpen: (name) => index.isOpen(name) || bases.has(name.toLowerCase()) || index.properties(name)?.size === 0,
  };
}

const NONE: ReadonlySet<string> = new Set();

function undocumentedStatus(exchange: PagedExchange, { status }: ResponseMessage): Fact {
  const first = exchange.responses[0]!;
  const statuses = [...new Set(exchange.responses.map((response) => response.status))];
  return {
    ruleId: 'status/undocumented',
    reason: `Unexpected status code \`${status}\`, expected ${statuses.map((each) => `\`${each}\``).join(' or ')}`,
    place: statusPlace(exchange.file, first),
    exchangeId: exchange.id,
    pointer: '/status',
    expected: statuses.join(' or '),
    actual: String(status),
    note: 'Document a response with this status, or mend the service.',
  };
}

/** Statuses whose answers never have content, whatever the docs show (RFC 9110, 6.4.1): check tells of the docs. */
function hasNoContent(status: number): boolean {
  return status < 200 || status === 204 || status === 205 || status === 304;
}

/** Headers that say how a message travelled, not what was answered (RFC 9110, 7 and 8.6). */
const FRAMING = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'trailer',
  'upgrade',
  'content-encoding',
  'date',
  'via',
]);

function compareHeaders(exchange: PagedExchange, by: PromisedResponse, actual: ResponseMessage): Fact[] {
  return by.headers.flatMap(({ name, value, at }): Fact[] => {
    const lower = name.toLowerCase();
    const found = headerValue(actual.headers, name);
    if (FRAMING.has(lower)) return [];
    const place = linePlace(exchange.file, by.block, at, name.length);
    const pointer = `/headers/${lower}`;
    // Whether a body came is judged on the body; without one, its media type says nothing.
    if (lower === 'content-type' && actual.body.length === 0 && (by.body.kind !== 'empty' || found === undefined))
      return [];
    if (found === undefined)
      return [
        {
          ruleId: 'header/missing',
          reason: `Missing header \`${name}\`, expected \`${value}\``,
          place,
          exchangeId: exchange.id,
          pointer,
          expected: value,
          note: 'Send the header, or take it out of the documented response.',
        },
      ];
    if (lower === 'content-type' && mediaType(found) !== mediaType(value))
      return [
        {
          ruleId: 'header/media-type',
          reason: `Unexpected media type \`${mediaType(found)}\`, expected \`${mediaType(value)}\``,
          place,
          exchangeId: exchange.id,
          pointer,
          expected: mediaType(value),
          actual: mediaType(found),
          note: 'Send the documented media type, or mend the documented response.',
        },
      ];
    return [];
  });
}

function compareBody(
  exchange: PagedExchange,
  by: PromisedResponse,
  actual: ResponseMessage,
  resources: ResourceIndex,
  match: Match,
): Fact[] {
  const { body } = by;
  if (exchange.request.method === 'HEAD' || (hasNoContent(by.status) && body.kind !== 'empty')) return [];
  const isEmpty = actual.body.length === 0;
  const about = { exchangeId: exchange.id, pointer: '/body' };
  if (body.kind === 'empty') {
    if (isEmpty || (by.type !== undefined && !hasNoContent(by.status))) return [];
    return [
      {
        ruleId: 'body/undocumented',
        reason: `Unexpected body of ${actual.body.length} bytes, expected none`,
        place: bodyPlace(exchange.file, by),
        ...about,
        note: 'Document the body in the response.',
      },
    ];
  }
  if (isEmpty)
    return [
      {
        ruleId: 'body/missing',
        reason: 'Missing body, expected the documented one',
        place: bodyPlace(exchange.file, by),
        ...about,
        note: 'Return the body, or take it out of the documented response.',
      },
    ];
  const promised = promisedJson(body);
  if (promised === undefined) return [];
  const parsed = parse(actual.body);
  const contentType = headerValue(actual.headers, 'content-type');
  if ('error' in parsed) {
    // A wrong media type is told of at its header; then a body that is something else is no second fault.
    if (contentType !== undefined && !isJsonType(contentType)) return [];
    return [
      {
        ruleId: 'body/unreadable',
        reason: `Unexpected body that is not JSON: ${parsed.error}`,
        place: bodyPlace(exchange.file, by),
        ...about,
        actual: parsed.start,
        note: 'Return JSON that parses.',
      },
    ];
  }
  const whole = wholeFault(by, promised.value, parsed.value, resources);
  if (whole) return [placed(exchange, by, whole)];
  const items = notEmpty(by, promised.value, parsed.value);
  const shape = { ...shapeOf(by, promised, resources), match };
  const differences = compareShape(promised.value, parsed.value, shape);
  return [...(items === undefined ? [] : [items]), ...differences].map((difference) =>
    placed(exchange, by, difference),
  );
}

/** What a documented response promises beyond its example. */
function shapeOf(by: PromisedResponse, promised: JsonText, resources: ResourceIndex): Shape {
  const { type, collectionProperty = ITEMS } = by;
  return {
    resources,
    elided: promised.elided,
    truncated: by.truncated ?? false,
    optional: new Set(by.optionalProperties),
    nullable: by.nullableProperties && new Set(by.nullableProperties),
    typed: by.isCollection && jsonType(promised.value) !== 'array' ? `/${collectionProperty}` : '',
    ...(type === undefined ? {} : { type }),
  };
}

function placed(exchange: PagedExchange, by: PromisedResponse, { pointer, promised, ...difference }: Difference): Fact {
  const place = propertyPlace(exchange.file, by, promised);
  return { ...difference, place, exchangeId: exchange.id, pointer: `/body${pointer}` };
}

function parse(bytes: Uint8Array): { readonly value: unknown } | { readonly error: string; readonly start: string } {
  const text = decoder.decode(bytes);
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), start: text.slice(0, 200) };
  }
}

const decoder = new TextDecoder();
