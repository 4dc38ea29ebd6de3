import { keyed } from './flow/paths.ts';
import type { PathWith, Supply } from './flow/supply.ts';
import type { Use } from './flow/uses.ts';

/** Puts values in the place of placeholders, sample keys and ids; what it has none for stays, and the supply knows it as missing. */
export interface Filler {
  /** A segment of a path as written, percent-encoded where filled; `uses` are the ids in it, `pathWith` the live path with a text in its place. */
  segment(raw: string, uses: readonly Use[], pathWith: PathWith): string;
  /** One `name=value` of a query as written. */
  parameter(raw: string): string;
  /** A header value: `{name}` with a name that looks like one. */
  text(text: string): string;
  /** A string in a body, under the nearest key around it. */
  bodyText(key: string, text: string): string;
  /** The value of one placeholder, named as written between its brackets. */
  value(name: string): string | undefined;
}

/** A filler of a request with these ids. `<name>` counts only as a whole segment or parameter value. */
export function filler(supply: Supply, uses: readonly Use[], sampleKeys: readonly string[] = []): Filler {
  const { value, asPath } = supply;
  const spelling = (text: string): string => (asPath?.has(text) ? encodePath(text) : encode(text));
  const inBody = uses.filter((use) => use.in === 'body');
  const inQuery = uses.filter((use) => use.in === 'query');
  const samples = (text: string, spell: (value: string) => string): string => {
    const key = sampleKeys.find((each) => each !== '' && text.includes(each));
    const sample = key === undefined ? undefined : supply.sample(key);
    return sample === undefined ? text : text.replaceAll(key!, () => spell(sample));
  };
  const text = (written: string): string => written.replace(PLACEHOLDER, (whole, name: string) => value(name) ?? whole);
  return {
    value,
    text,
    segment(raw, here, pathWith) {
      const [use] = here;
      if (use?.in === 'segment') {
        const found = supply.literal(use, (each) => pathWith(spelling(each)));
        return found === undefined ? samples(raw, spelling) : spelling(found);
      }
      if (use?.in === 'key') return keys(raw, here, supply, pathWith);
      return samples(placeholders(raw, value, spelling, pathWith), spelling);
    },
    parameter(raw) {
      const equals = raw.indexOf('=');
      const [name, written] = equals < 0 ? [raw, ''] : [raw.slice(0, equals), raw.slice(equals + 1)];
      const use = inQuery.find((each) => each.name === decoded(name) && each.literal === decoded(written));
      const found = use && supply.literal(use);
      if (found !== undefined) return `${name}=${encode(found)}`;
      return samples(placeholders(raw, value, encode), encode);
    },
    bodyText(key, written) {
      const use = inBody.find((each) => each.name === key && written.includes(each.literal));
      const found = use && supply.literal(use);
      if (use === undefined || found === undefined) return samples(text(written), (each) => each);
      if (written === use.literal) return found;
      // A URL that ends in the id.
      const at = written.lastIndexOf(use.literal);
      return written.slice(0, at) + encode(found) + written.slice(at + use.literal.length);
    },
  };
}

/** Not `{"a":1}`, not `{{name}}`, not `{0}`: those belong to the text. */
const PLACEHOLDER = /(?<!\{)\{(\s*[A-Za-z_][\w .|/@-]*)\}(?!\})/g;

function placeholders(
  raw: string,
  value: Supply['value'],
  spelling: (value: string) => string,
  pathWith?: PathWith,
): string {
  // The live path with a value in the place of one placeholder of its segment.
  const within = (whole: string): PathWith | undefined =>
    pathWith && ((each) => pathWith(raw.replace(whole, () => spelling(each))));
  const fill = (whole: string, name: string): string => {
    const found = value(name, within(whole));
    return found === undefined ? whole : spelling(found);
  };
  return raw.replace(/\{\{?([^{}"']*)\}?\}/g, fill).replace(/(?<=[/=]|^)<([^<>/?&=]*)>(?=[/&]|$)/g, fill);
}

/** `items('7')` with the key of a live thing; a quote in a key is written twice (OData URL conventions, 2). */
function keys(raw: string, uses: readonly Use[], supply: Supply, pathWith: PathWith): string {
  const found = new Map(
    uses.map((use) => {
      const spell = (value: string): string => spelled(raw, new Map([[use.literal, value]]));
      return [use.literal, supply.literal(use, (each) => pathWith(spell(each)))] as const;
    }),
  );
  return spelled(raw, found);
}

function spelled(raw: string, found: ReadonlyMap<string, string | undefined>): string {
  if ([...found.values()].every((value) => value === undefined) || keyed(decoded(raw)) === undefined) return raw;
  return decoded(raw)
    .split(/('[^']*')/)
    .map((part, odd) => {
      const value = odd % 2 ? found.get(part.slice(1, -1)) : undefined;
      return value === undefined
        ? encode(part).replace(/%(27|28|29|2C|3D|3A|40|24)/g, (byte) => decodeURIComponent(byte))
        : `'${encode(value.replaceAll("'", "''"))}'`;
    })
    .join('');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** As one segment or parameter value, whatever is in it (RFC 3986, 2.3). */
function encode(value: string): string {
  return Array.from(Buffer.from(value), (byte) =>
    UNRESERVED.test(String.fromCharCode(byte))
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
}

/** As a part of a path, with all that a path may hold (RFC 3986, 3.3). */
function encodePath(value: string): string {
  return encode(value).replace(/%(2F|3A|40|21|24|26|27|28|29|2A|2B|2C|3B|3D)/g, (byte) => decodeURIComponent(byte));
}

const UNRESERVED = /[A-Za-z0-9\-._~]/;
