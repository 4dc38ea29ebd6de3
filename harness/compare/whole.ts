import type { PromisedResponse } from '../model/fixture.ts';
import type { ResourceIndex } from '../model/resource.ts';
import { jsonType, shown, type Difference } from './difference.ts';
import { ITEMS } from './odata.ts';

/**
 * What is wrong with a body as a whole: no error where one is promised, an error where none is, no collection where one is. One such
 * fault is all there is to say: nothing else of the body is judged. `example` is undefined where the body is the documented one.
 */
export function wholeFault(
  by: PromisedResponse,
  example: unknown,
  actual: unknown,
  resources: ResourceIndex,
): Difference | undefined {
  if (isErrorPromised(by, example)) {
    // Where the docs show another body than they say, check tells of it, and an answer that keeps either will do.
    const isKept = isEnvelope(actual) || (example !== undefined && !isEnvelope(example));
    return isKept ? undefined : noEnvelope(actual);
  }
  return unexpectedEnvelope(by, example, actual, resources) ?? noCollection(by, example, actual);
}

/** A collection said to be empty that has items. */
export function notEmpty(by: PromisedResponse, example: unknown, actual: unknown): Difference | undefined {
  if (!by.isEmpty) return undefined;
  const { pointer, list } = itemsOf(by, actual);
  if (list === undefined || list.length === 0) return undefined;
  if (itemsOf(by, example).list?.length !== 0) return undefined;
  return {
    ruleId: 'collection/not-empty',
    reason: `Unexpected ${list.length} item${list.length === 1 ? '' : 's'} of a collection, expected none as \`isEmpty\` says`,
    pointer,
    promised: pointer,
    expected: '[]',
    actual: shown(list),
    note: 'Return an empty collection, or take `isEmpty` out of the annotation.',
  };
}

/** Errors are told in an object `error` with a code and a message (OData JSON Format 4.01, 21.1). */
function isEnvelope(value: unknown): boolean {
  const error = memberOf(value, 'error');
  return typeof memberOf(error, 'code') === 'string' && typeof memberOf(error, 'message') === 'string';
}

function isErrorPromised({ expectError, status }: PromisedResponse, example: unknown): boolean {
  return expectError === true || (status >= 400 && isEnvelope(example));
}

/** The first thing that the body lacks of an error. */
function noEnvelope(actual: unknown): Difference | undefined {
  const error = memberOf(actual, 'error');
  const lacks = ['code', 'message'].find((name) => typeof memberOf(error, name) !== 'string');
  const pointer = jsonType(error) === 'object' ? `/error/${lacks}` : '/error';
  return {
    ruleId: 'body/error-shape',
    reason: 'Unexpected body, expected an object `error` with the strings `code` and `message`',
    pointer,
    promised: pointer,
    expected: '{"error": {"code": "…", "message": "…"}}',
    actual: shown(actual),
    note: 'Tell errors in the documented shape.',
  };
}

/** An error is no resource with everything missing. */
function unexpectedEnvelope(
  { type, status }: PromisedResponse,
  example: unknown,
  actual: unknown,
  resources: ResourceIndex,
): Difference | undefined {
  if (type === undefined || status >= 400 || !isEnvelope(actual) || isEnvelope(example)) return undefined;
  if (resources.properties(type)?.has('error') || memberOf(example, 'error') !== undefined) return undefined;
  if (Object.keys(actual as object).some((name) => name !== 'error' && !name.includes('@'))) return undefined;
  const code = memberOf(memberOf(actual, 'error'), 'code');
  return {
    ruleId: 'body/error-shape',
    reason: `Unexpected error \`${shown(code)}\` with a status of success, expected \`${type}\``,
    pointer: '/error',
    promised: '/error',
    expected: type,
    actual: shown(actual),
    note: 'Answer with a status of 400 or more, or say `"expectError": true`.',
  };
}

function noCollection(by: PromisedResponse, example: unknown, actual: unknown): Difference | undefined {
  if (!by.isCollection) return undefined;
  const isDocs = example === undefined;
  // Docs may show the items by themselves, or a collection cut down to something that is none.
  if (isDocs ? jsonType(actual) !== 'object' : itemsOf(by, example).list === undefined) return undefined;
  const { list, pointer } = itemsOf(by, actual);
  const isRoot = !isDocs && Array.isArray(example);
  if (list !== undefined && isRoot === (pointer === '')) return undefined;
  const at = isRoot || jsonType(actual) !== 'object' ? '' : `/${by.collectionProperty ?? ITEMS}`;
  return {
    ruleId: 'collection/shape',
    reason: isRoot
      ? `Unexpected ${jsonType(actual)}, expected the array of the items`
      : `Missing collection, expected an array \`${by.collectionProperty ?? ITEMS}\` of the items`,
    pointer: at,
    promised: at,
    expected: 'array',
    actual: shown(at === '' ? actual : (memberOf(actual, at.slice(1)) ?? actual)),
    note: 'Return the collection as documented, or name its property with `collectionProperty`.',
  };
}

/** The items of a collection: the body itself, or a property of it. */
function itemsOf(
  { collectionProperty = ITEMS }: PromisedResponse,
  body: unknown,
): { readonly pointer: string; readonly list?: readonly unknown[] } {
  if (Array.isArray(body)) return { pointer: '', list: body as readonly unknown[] };
  const list = memberOf(body, collectionProperty);
  const pointer = `/${collectionProperty}`;
  return Array.isArray(list) ? { pointer, list: list as readonly unknown[] } : { pointer };
}

function memberOf(value: unknown, name: string): unknown {
  return jsonType(value) === 'object' && Object.hasOwn(value as object, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
