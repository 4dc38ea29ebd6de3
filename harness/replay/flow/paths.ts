import { isPlaceholder, segments, urlParts } from '../../model/url.ts';

/** A version of an API as a segment of a path: `v1.0`, `beta`. */
export function isVersion(segment: string): boolean {
  return /^(v\d+(\.\d+)*|beta)$/i.test(segment);
}

/** The name and the quoted keys of a segment such as `items('7')`; nothing where it has none. */
export function keyed(segment: string): { readonly name: string; readonly keys: readonly string[] } | undefined {
  const open = segment.endsWith(')') ? segment.indexOf('(') : -1;
  if (open < 0) return undefined;
  return {
    name: segment.slice(0, open),
    keys: Array.from(segment.slice(open).matchAll(/'([^']*)'/g), ([, key]) => key!),
  };
}

/**
 * The segments of a documented path in a form in which two spellings of one collection are equal: decoded, without the version and
 * what stands before it, `items('7')` as `items`, `7`.
 */
export function route(url: string): string[] {
  const path = segments(urlParts(url).path).filter((segment) => segment !== '');
  const version = path.slice(0, 3).findIndex(isVersion);
  return path.slice(version + 1).flatMap((segment) => {
    const key = keyed(segment);
    return key?.keys.length === 1 && key.name !== '' ? [key.name, key.keys[0]!] : [segment];
  });
}

/** The route of a collection as one text, to look it up by. */
export function routeKey(route: readonly string[]): string {
  return route.join('\u0000').toLowerCase();
}

/** The last segment of a URL as an id: decoded, the key where it has one; nothing where there is none. */
export function lastId(url: string): string | undefined {
  const last = route(url).at(-1);
  return last === undefined || isPlaceholder(last) ? undefined : last;
}

/** A noun in the form in which `users`, `user`, `userId` and `user_ids` are equal. */
export function kindOf(word: string): string {
  const bare = word
    .replace(/@odata\.(id|bind)$/i, '')
    .replace(/[._-]?(ids?|ID)$/, '')
    .replace(/(Id|Ids)$/, '')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();
  return bare
    .replace(/ies$/, 'y')
    .replace(/(ss|sh|ch|x)es$/, '$1')
    .replace(/(?<!s)s$/, '');
}

/** Does a key hold ids: `id`, `userId`, `user_ids`, `@odata.id`, `members@odata.bind`? */
export function isIdKey(key: string): boolean {
  return /^(id|ids|guid|uuid)$/i.test(key) || /[a-z0-9](Id|ID|Ids|IDs|Guid)$|[_-]ids?$|@odata\.(id|bind)$/.test(key);
}

/** Is this text an id by its looks alone: a GUID, or 12 opaque characters or more with a digit? No date, no version, no address. */
export function isStrong(text: string): boolean {
  if (text.length < 12) return false;
  if (/^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text)) return !/^0[0-]*0$/.test(text);
  if (!/\d/.test(text) || !/^[\w\-=.+!~,:*|]+$/.test(text)) return false;
  return (
    !/^\d{4}-\d\d(-\d\d)?([T ]|$)|^\d\d?[:.]\d\d|^v?\d+(\.\d+)+$|^[a-z]+:|^P(T|\d)[\dA-Z.]*$/i.test(text) &&
    !isWords(text)
  );
}

/** Words with a number in them (`Office365Business`, `windows10Device`) name kinds and are no ids. */
function isWords(text: string): boolean {
  if (text.replace(/\D/g, '').length > 4) return false;
  const words = (text.match(/[A-Z]?[a-z]+|[A-Z]+|\d+/g) ?? []).filter((part) => /^[A-Z]?[a-z]{2,}$/.test(part));
  return words.filter((word) => /[aeiouy]/i.test(word)).join('').length >= text.length * 0.7;
}
