import type { Fact } from '../model/finding.ts';
import type { PagedExchange, PromisedResponse } from '../model/fixture.ts';
import { pointerTokens, type JsonText } from '../model/json.ts';
import type { ResourceIndex } from '../model/resource.ts';
import { documentedName, placed, shapeOf } from './body.ts';
import { jsonType, type Difference } from './difference.ts';
import { pinsBelow, pinsOf } from './matchers.ts';
import { ITEMS, ownType } from './odata.ts';
import { promisedJson, propertyPlace } from './place.ts';
import { compareExample } from './shape.ts';
import { wholeFault } from './whole.ts';

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
    // An error is told in the shape of errors, whatever type a success has; a list where one object is promised at the annotation, once.
    const isTyped =
      response.type !== undefined &&
      !response.expectError &&
      response.status < 400 &&
      !isUnsaidList(response, promised, resources);
    const pins = pinsBelow(pinsOf(exchange, response), 'body');
    if (!isTyped && pins === undefined) return [];
    const { type, ...rest } = shapeOf(response, promised, resources);
    const shape = { ...rest, ...(isTyped && type !== undefined ? { type } : {}), pins };
    const differences = compareExample(promised.value, shape, isTyped && !response.truncated && !selects);
    return differences.filter(isOwn(response)).map((difference) => placed(exchange, response, difference));
  });
}

/** Of several answers in one, each may be an error (RFC 4918, 13). */
function isOwn({ status }: PromisedResponse): (difference: Difference) => boolean {
  return ({ ruleId, pointer }) => status !== 207 || ruleId !== 'property/undocumented' || !pointer.endsWith('/error');
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
  const type =
    documentedName(request, resources) ?? ownType(promised.value as Readonly<Record<string, unknown>>) ?? fallbackType;
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
 * The types of a docset as requests are held to them; `bases` are those that others derive from, in lower case: a type that others derive from takes what any of them has, since requests seldom say
 * which one they mean, and so does a type without documented properties, whose members are the caller's own.
 */
export function requestResources(index: ResourceIndex, bases: ReadonlySet<string | undefined>): ResourceIndex {
  return {
    ...index,
    isOpen: (name) => index.isOpen(name) || bases.has(name.toLowerCase()) || index.properties(name)?.size === 0,
  };
}

const NONE: ReadonlySet<string> = new Set();
