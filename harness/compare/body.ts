import type { Match } from '../model/config.ts';
import type { Fact } from '../model/finding.ts';
import type { PagedExchange, PromisedResponse } from '../model/fixture.ts';
import { hasNoContent, headerValue, isJsonType, type ResponseMessage } from '../model/http.ts';
import { pointerTokens, type JsonText } from '../model/json.ts';
import type { Matcher } from '../model/matcher.ts';
import type { ResourceIndex } from '../model/resource.ts';
import { primitive } from '../model/type.ts';
import { answerJson, decoded, duplicates } from './answer-json.ts';
import { jsonType, lacking, notMatched, type Difference } from './difference.ts';
import { goesOn, holds, matcherOf, pinsBelow, type Pins } from './matchers.ts';
import { ITEMS } from './odata.ts';
import { bodyPlace, promisedJson, propertyPlace } from './place.ts';
import { compareShape } from './shape.ts';
import type { Shape } from './walk.ts';
import { notEmpty, wholeFault } from './whole.ts';

/** Compares the body of an answer with the documented one: whether there is one, whether it parses, and its shape. */
export function compareBody(
  exchange: PagedExchange,
  by: PromisedResponse,
  actual: ResponseMessage,
  resources: ResourceIndex,
  match: Match,
  pins?: Pins,
): Fact[] {
  const { body } = by;
  if (exchange.request.method === 'HEAD' || (hasNoContent(by.status) && body.kind !== 'empty')) return [];
  const isEmpty = actual.body.length === 0;
  // A status that a matcher lets pass may be one without a body.
  if (isEmpty && actual.status !== by.status && hasNoContent(actual.status)) return [];
  const matcher = matcherOf(pins);
  if (matcher && !matcher.present) {
    const told = matchWhole(matcher, actual);
    if (told !== 'goes on') return told === undefined ? [] : [placed(exchange, by, told)];
  }
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
  const parsed = answerJson(actual.body);
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
  if (whole && !isMatched(whole.pointer, pins)) return [placed(exchange, by, whole)];
  const counted = notEmpty(by, promised.value, parsed.value);
  const items = counted && isMatched(counted.pointer, pins) ? undefined : counted;
  const shape = { ...shapeOf(by, promised, resources), match, pins };
  const differences = compareShape(promised.value, parsed.value, shape);
  const twice = duplicates(parsed.text, parsed.value).filter((pointer) => !isMatched(pointer, pins));
  return [...(items === undefined ? [] : [items]), ...differences, ...twice.map(duplicate)].map((difference) =>
    placed(exchange, by, difference),
  );
}

/** A name that an object of an answer has twice. */
function duplicate(pointer: string): Difference {
  const name = pointerTokens(pointer).at(-1)!.slice(0, 200);
  return {
    ruleId: 'json/duplicate',
    reason: `Unexpected second property \`${name}\`, expected one`,
    pointer,
    promised: pointer,
    note: 'Return each property once: every reader takes another of the two.',
    group: `json/duplicate ${name}`,
  };
}

/** Judges a body as one value: JSON where it parses, else text; `goes on` where what is below it is still to be judged. */
function matchWhole(matcher: Matcher, { body }: ResponseMessage): Difference | 'goes on' | undefined {
  const spot = { pointer: '', promised: '', owner: undefined };
  if (body.length === 0)
    return matcher.absent || matcher.ignore || matcher.optional ? undefined : lacking(spot, 'body', matcher);
  const parsed = answerJson(body);
  const value = 'error' in parsed ? decoded(body) : parsed.value;
  if (!holds(matcher, value)) return notMatched(spot, matcher, value);
  return goesOn(matcher) && typeof value === 'object' && value !== null ? 'goes on' : undefined;
}

/** Does a matcher speak of a value of the body, or of one that it is in? */
function isMatched(pointer: string, pins: Pins | undefined): boolean {
  let at = pins;
  for (const token of [undefined, ...pointerTokens(pointer)]) {
    if (token !== undefined) at = pinsBelow(at, token);
    if (at === undefined) return false;
    const matcher = matcherOf(at);
    if (matcher && !matcher.present && (!goesOn(matcher) || matcher.type !== undefined)) return true;
  }
  return false;
}

/** What a documented response promises beyond its example. */
export function shapeOf(by: PromisedResponse, promised: JsonText, resources: ResourceIndex): Shape {
  const { collectionProperty = ITEMS } = by;
  const named = documentedName(by, resources);
  // A value of a primitive type comes in an object around it (OData JSON Format 4.01, 11): that says nothing of the object.
  const isWrapped = named !== undefined && primitive(named) !== undefined && jsonType(promised.value) === 'object';
  const type = isWrapped ? undefined : named;
  const isArray = jsonType(promised.value) === 'array';
  return {
    resources,
    elided: promised.elided,
    truncated: by.truncated ?? false,
    optional: new Set(by.optionalProperties),
    nullable: by.nullableProperties && new Set(by.nullableProperties),
    typed: by.isCollection && !isArray ? `/${collectionProperty}` : '',
    ...(by.isCollection && isArray ? { isList: true } : {}),
    ...(type === undefined ? {} : { type }),
    ...(named === by.type ? {} : { alias: by.type! }),
  };
}

/** The type that an annotation names, or where only that is documented, the other name it gives (`@type.aka`). */
export function documentedName(
  { type, typeAka }: Pick<PromisedResponse, 'type' | 'typeAka'>,
  resources: ResourceIndex,
): string | undefined {
  return typeAka !== undefined && type !== undefined && !resources.find(type) && resources.find(typeAka)
    ? typeAka
    : type;
}

/** A difference as a fact about an exchange, at its place in the page. */
export function placed(exchange: PagedExchange, by: PromisedResponse, difference: Difference): Fact {
  const { ruleId, reason, pointer, promised, expected, actual, note, group } = difference;
  const fact: { -readonly [Key in keyof Fact]: Fact[Key] } = {
    ruleId,
    reason,
    place: propertyPlace(exchange.file, by, promised),
    exchangeId: exchange.id,
    pointer: `/body${pointer}`,
  };
  // Written out: there may be ten thousand of them, and to copy what is left over takes several times as long.
  if (expected !== undefined) fact.expected = expected;
  if (actual !== undefined) fact.actual = actual;
  if (note !== undefined) fact.note = note;
  if (group !== undefined) fact.group = group;
  return fact;
}
