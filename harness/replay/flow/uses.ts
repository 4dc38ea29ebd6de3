import type { Exchange, PromisedRequest } from '../../model/fixture.ts';
import { queryParameters, segments, urlParts } from '../../model/url.ts';
import { isIdKey, isStrong, isVersion, keyed, lastId, route } from './paths.ts';

/** A literal that a documented request uses where ids stand. */
export interface Use {
  readonly literal: string;
  readonly in: 'segment' | 'key' | 'query' | 'body';
  /** The parameter of the page's template that stands here, the parameter of the query, or the key in the body. */
  readonly name?: string;
  /** The route of what it is an item of: `/users/7` is one of `users`. Only of a URL. */
  readonly collection?: readonly string[];
  /** The index of its segment in the path. */
  readonly segment?: number;
  /** Is it the last of its path? */
  readonly isLast?: boolean;
  /** Does the page's template say that this very word stands here? */
  readonly isFixed?: boolean;
}

/** Every literal of a request that may be an id, in the order of the text: segments, keys in parentheses, values of the query, strings under keys such as `userId`. */
export function usesOf({ request }: Pick<Exchange, 'request'>): readonly Use[] {
  // Asked for when links are made, and again when the request is.
  const present = known.get(request);
  if (present !== undefined) return present;
  if (++held > MOST_HELD) [known, held] = [new WeakMap(), 1];
  const found = read(request);
  known.set(request, found);
  return found;
}

/** Those of so many requests at most: docs of a hundred thousand exchanges would fill the memory. */
let known = new WeakMap<PromisedRequest, readonly Use[]>();
let held = 0;
const MOST_HELD = 3000;

/** Those in the path, each with the index of its segment. */
export function inPath(request: PromisedRequest): readonly PathUse[] {
  return usesOf({ request }).filter((use): use is PathUse => use.segment !== undefined);
}

export type PathUse = Use & { readonly segment: number };

function read(request: PromisedRequest): Use[] {
  const { query } = urlParts(request.readAs ?? request.url);
  const inQuery = queryParameters(query)
    .filter(([, value]) => value !== '' && !hasPlaceholder(value))
    .filter(([name, value]) => !name.startsWith('$') || (request.sampleKeys?.includes(value) ?? false))
    .map(([name, value]): Use => ({ literal: value, in: 'query', name }));
  return [...readPath(request), ...inQuery, ...inBody(request)];
}

function readPath(request: PromisedRequest): PathUse[] {
  const path = urlParts(request.readAs ?? request.url).path;
  const template = request.template?.split('/').slice(1);
  const written = segments(path);
  const raw = path.split('/');
  const isShaped = template?.length === written.filter((segment, at) => segment !== '' || at === 0).length;
  const whole = route(path);
  // Routes leave out versions and what stands before them, and part keys from names: counted from the end they agree.
  let left = whole.length;
  const found: PathUse[] = [];
  for (let at = written.length - 1; at >= 0; at--) {
    const segment = written[at]!;
    if (segment === '') continue;
    const key = keyed(segment);
    const isOneKey = key?.keys.length === 1 && key.name !== '';
    const form = isShaped ? template![at] : undefined;
    const isLast = left === whole.length;
    left -= isOneKey ? 2 : 1;
    if (left < 0) break;
    const isFixed = form !== undefined && form.toLowerCase() === raw[at + 1]?.toLowerCase() && !isStrong(segment);
    const add = (literal: string, place: 'key' | 'segment', collection: readonly string[] | undefined): void => {
      const use: { -readonly [Key in keyof PathUse]: PathUse[Key] } = { literal, in: place, segment: at, isLast };
      const name = nameOf(form);
      if (name !== undefined) use.name = name;
      if (collection !== undefined) use.collection = collection;
      if (isFixed) use.isFixed = true;
      found.push(use);
    };
    if (key !== undefined) {
      const collection = isOneKey ? whole.slice(0, left + 1) : undefined;
      for (const literal of key.keys) if (literal !== '' && !hasPlaceholder(literal)) add(literal, 'key', collection);
    } else if (!hasPlaceholder(segment) && !segment.startsWith('$') && !isVersion(segment))
      add(segment, 'segment', whole.slice(0, left));
  }
  return found.reverse();
}

function inBody({ body, sampleKeys = [] }: PromisedRequest): Use[] {
  if (body.kind !== 'json' || !(sampleKeys.length > 0 || /id|bind/i.test(body.text))) return [];
  const found: Use[] = [];
  for (const [key, value] of bodyStrings(body.text)) {
    if (value === '' || hasPlaceholder(value)) continue;
    if (!isIdKey(key)) {
      if (sampleKeys.includes(value)) found.push({ literal: value, in: 'body', name: key });
      continue;
    }
    const url = /@odata\.(id|bind)$/i.test(key) ? lastId(value) : undefined;
    if (url === undefined) found.push({ literal: value, in: 'body', name: key });
    else found.push({ literal: url, in: 'body', name: key, collection: route(value).slice(0, -1) });
  }
  return found;
}

/** The strings of a JSON text with the key they stand under, the nearest of those around them. */
function bodyStrings(text: string): [key: string, value: string][] {
  const found: [key: string, value: string][] = [];
  const walk = (value: unknown, key: string): void => {
    if (typeof value === 'string') found.push([key, value]);
    else if (Array.isArray(value)) for (const item of value) walk(item, key);
    else if (typeof value === 'object' && value !== null)
      for (const [name, member] of Object.entries(value)) walk(member, name);
  };
  try {
    walk(JSON.parse(text), '');
  } catch {
    // As people write it: good enough for strings and the names before them.
    let key = '';
    for (const [, string, colon] of text.matchAll(/"((?:[^"\\]|\\.)*)"(\s*:)?/gs)) {
      if (colon !== undefined) key = string!;
      else if (!string!.includes('\\')) found.push([key, string!]);
    }
  }
  return found;
}

/** The name of the parameter in a segment of a template. */
function nameOf(form: string | undefined): string | undefined {
  if (form === undefined || !/[{<]/.test(form)) return undefined;
  return /^[{<](.+)[}>]$/.exec(form)?.[1] ?? /\(.*[{<](.+?)[}>].*\)$/.exec(form)?.[1];
}

function hasPlaceholder(text: string): boolean {
  return /[{}<>]/.test(text);
}
