import type { PromisedResponse } from './fixture.ts';
import { pointerToken, readJson, type JsonText } from './json.ts';
import { readMatcherPointer, type Matcher, type PointerToken } from './matcher.ts';
import type { Property, ResourceIndex } from './resource.ts';

/** Tells whether a matcher has something to speak of in a documented response. */
export type Meets = (pointer: string, matcher: Matcher) => boolean;

/**
 * Looks pointers of matchers up in a documented response: in its body, else in what its type documents. Without `resources` the types are
 * not known, and a type may have anything. Headers need not be documented, nor what may be absent, where the object around it is.
 */
export function meetsIn(response: PromisedResponse, resources: ResourceIndex | undefined): Meets {
  let json: JsonText | undefined;
  return (pointer, { absent, ignore, optional }) => {
    const tokens = readMatcherPointer(pointer);
    if (typeof tokens === 'string') return true;
    const [root, ...below] = tokens;
    if (root === 'each' || root?.name !== 'body') return true;
    const { body, type, isCollection, collectionProperty = 'value' } = response;
    if (absent ?? ignore ?? optional) below.pop();
    if (below.length === 0) return true;
    if (body.kind !== 'json') return false;
    json ??= readJson(body.text);
    if (json.error) return true;
    const promise = type === undefined ? undefined : { type };
    const isWrapped = isCollection === true && !Array.isArray(json.value);
    const search = { resources, elided: json.elided, isCut: response.truncated === true && type === undefined };
    return isWrapped
      ? finds(search, json.value, undefined, below, '', { name: collectionProperty, promise })
      : finds(search, json.value, isCollection ? promise && { ...promise, isCollection } : promise, below, '');
  };
}

interface Search {
  readonly resources: ResourceIndex | undefined;
  readonly elided: ReadonlySet<string>;
  /** Does the example leave out what no type documents? */
  readonly isCut: boolean;
}

type Promise = Partial<Pick<Property, 'type' | 'isCollection' | 'properties'>>;

/** A value as the example shows it (undefined where it does not) and as its type documents it. */
function finds(
  search: Search,
  value: unknown,
  promise: Promise | undefined,
  tokens: readonly PointerToken[],
  pointer: string,
  items?: { readonly name: string; readonly promise: Promise | undefined },
): boolean {
  const [token, ...rest] = tokens;
  if (token === undefined || search.isCut || search.elided.has(pointer)) return true;
  if (Array.isArray(value) || promise?.isCollection) {
    if (token !== 'each' && !/^\d+$/.test(token.name)) return false;
    const shown: readonly unknown[] = Array.isArray(value) && value.length > 0 ? value : [undefined];
    const of = promise && { ...promise, isCollection: false };
    return shown.some((item, index) => finds(search, item, of, rest, `${pointer}/${index}`));
  }
  const type = promise?.type;
  const known = type === undefined ? undefined : search.resources?.properties(type);
  if (type !== undefined && known === undefined && value === undefined) return true;
  if (type !== undefined && (search.resources === undefined || search.resources.isOpen(type))) return true;
  const object = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  const promiseOf = (name: string): Promise | undefined =>
    items?.name === name
      ? items.promise && { ...items.promise, isCollection: true }
      : (known?.get(name) ?? promise?.properties?.find((member) => member.name === name));
  const names = token === 'each' ? [...Object.keys(object), ...(known?.keys() ?? [])] : [token.name];
  return names.some((name) => {
    // Control information belongs to no documented type.
    if (name.includes('@')) return true;
    const below = Object.hasOwn(object, name) ? object[name] : undefined;
    const said = promiseOf(name);
    return (
      (below !== undefined || said !== undefined) &&
      finds(search, below, said, rest, `${pointer}/${pointerToken(name)}`)
    );
  });
}
