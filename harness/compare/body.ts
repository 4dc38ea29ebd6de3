import type { Match } from '../model/config.ts';
import type { Fact } from '../model/finding.ts';
import type { PagedExchange, PromisedResponse } from '../model/fixture.ts';
import { hasNoContent, headerValue, isJsonType, type ResponseMessage } from '../model/http.ts';
import type { JsonText } from '../model/json.ts';
import type { ResourceIndex } from '../model/resource.ts';
import { jsonType, type Difference } from './difference.ts';
import { ITEMS } from './odata.ts';
import { bodyPlace, promisedJson, propertyPlace } from './place.ts';
import { compareShape, type Shape } from './shape.ts';
import { notEmpty, wholeFault } from './whole.ts';

/** Compares the body of an answer with the documented one: whether there is one, whether it parses, and its shape. */
export function compareBody(
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
export function shapeOf(by: PromisedResponse, promised: JsonText, resources: ResourceIndex): Shape {
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

/** A difference as a fact about an exchange, at its place in the page. */
export function placed(
  exchange: PagedExchange,
  by: PromisedResponse,
  { pointer, promised, ...difference }: Difference,
): Fact {
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
