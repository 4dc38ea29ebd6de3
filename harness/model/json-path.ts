/** A JSONPath (RFC 9535) that was read: the values it leads to, in order. Nothing of it is evaluated as a program. */
export type JsonPathQuery = (value: unknown, path: string) => readonly unknown[];

/** Loads what queries are answered by; a path that is none is a SyntaxError. */
export async function jsonPaths(): Promise<JsonPathQuery> {
  const { query } = await import('jsonpath-rfc9535');
  return (value, path) => query(value as Parameters<typeof query>[0], path);
}

/** Why a text is no JSONPath; nothing where it is one. */
export function pathFault(query: JsonPathQuery, path: string): string | undefined {
  const bare = path.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''");
  // Their patterns are run with backtracking, on texts that a service chooses.
  if (/\b(?:match|search)\s*\(/.test(bare))
    return 'its functions `match` and `search` are not answered: a pattern may take for ever';
  try {
    query(null, path);
    return undefined;
  } catch (error) {
    // What a parser would have liked to see says nothing to people.
    const { location } = error as { readonly location?: { readonly start?: { readonly column?: number } } };
    return `it cannot be read from character ${location?.start?.column ?? 1} on`;
  }
}

/** The names and indexes of a path that leads to one place (RFC 9535, 2.3.5.1, a singular query); nothing for another one. */
export function placeTokens(path: string): readonly (string | number)[] | undefined {
  const tokens: (string | number)[] = [];
  if (!path.startsWith('$')) return undefined;
  SEGMENT.lastIndex = 1;
  while (SEGMENT.lastIndex < path.length) {
    const [whole, name, single, double, index] = SEGMENT.exec(path) ?? [];
    if (whole === undefined) return undefined;
    if (index !== undefined) tokens.push(Number(index));
    else if (name !== undefined) tokens.push(name);
    else {
      const text = single === undefined ? double! : single.replaceAll("\\'", "'").replaceAll('"', '\\"');
      try {
        tokens.push(JSON.parse(`"${text}"`) as string);
      } catch {
        return undefined;
      }
    }
  }
  return tokens;
}

const SEGMENT =
  /\.([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]/y;

/** Tells why a value cannot be put somewhere. */
export class NoSuchPlace extends Error {
  override readonly name = 'NoSuchPlace';
}

/**
 * The same value with another one at a place, or without what is there where it is undefined. Objects that are missing are made;
 * items of arrays have to be there.
 */
export function withValue(root: unknown, path: string, value: unknown): unknown {
  const tokens = placeTokens(path);
  if (tokens === undefined) throw new NoSuchPlace(`\`${path}\` does not lead to one place`);
  return put(root, tokens, value, path);
}

function put(at: unknown, [token, ...rest]: readonly (string | number)[], value: unknown, path: string): unknown {
  if (token === undefined) return value;
  if (typeof token === 'number') {
    if (!Array.isArray(at) || token >= at.length) throw new NoSuchPlace(`there is no item ${token} for \`${path}\``);
    const items = [...(at as unknown[])];
    if (rest.length === 0 && value === undefined) items.splice(token, 1);
    else items[token] = put(items[token], rest, value, path);
    return items;
  }
  if (at !== undefined && (typeof at !== 'object' || at === null || Array.isArray(at)))
    throw new NoSuchPlace(`there is no object that has \`${token}\` for \`${path}\``);
  const members = Object.entries(at ?? {});
  const known = members.findIndex(([key]) => key === token);
  const before = known < 0 ? undefined : members[known]![1];
  if (value === undefined && before === undefined) return at;
  const next = put(before, rest, value, path);
  if (next === undefined) return Object.fromEntries(members.filter(([key]) => key !== token));
  if (known < 0) return Object.fromEntries([...members, [token, next]]);
  return Object.fromEntries(members.map(([key, each]) => [key, key === token ? next : each]));
}

/** A path of API Doctor as RFC 9535 has it: `$.['a.b']` is `$['a.b']`, `$.a-b` is `$['a-b']`, `$.` is `$`. */
export function fromApiDoctorPath(path: string): string {
  if (path === '$.') return '$';
  return path
    .replace(/\.(?=\[)/g, '')
    .split(/(\[[^\]]*\])/)
    .map((part, odd) =>
      odd % 2 ? part : part.replace(/(?<!\.)\.([^.[\]]+)/g, (whole, name: string) => member(whole, name)),
    )
    .join('');
}

function member(whole: string, name: string): string {
  return /^[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*$|^\*$/.test(name) ? whole : `['${name.replaceAll("'", "\\'")}']`;
}
