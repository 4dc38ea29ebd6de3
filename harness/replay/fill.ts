/** Fills placeholders from named values and remembers which values are missing. */
export interface Filler {
  /** A path or query, its values percent-encoded. `<name>` counts only as a whole segment or parameter value. */
  url(text: string): string;
  /** A header value, or a string in a body: `{name}` with a name that looks like one. */
  text(text: string): string;
  /** The value of one placeholder, named as written between its brackets. */
  value(name: string): string | undefined;
  /** As a blocked observation names them: `value {id}`, each once. */
  readonly missing: ReadonlySet<string>;
}

/** A filler over these values; of `{id | userPrincipalName}` the first name that has a value counts. */
export function filler(values: Readonly<Record<string, string>>): Filler {
  const missing = new Set<string>();
  const value = (written: string): string | undefined => {
    const names = written.split('|').map((name) => name.trim());
    const known = [written.trim(), ...names].find((name) => Object.hasOwn(values, name));
    if (known !== undefined) return values[known];
    missing.add(`value {${written.trim()}}`);
    return undefined;
  };
  return {
    missing,
    value,
    url: (text) =>
      text
        .replace(/\{\{?([^{}"']*)\}?\}/g, (whole, name: string) => encode(value(name) ?? whole))
        .replace(/(?<=[/=]|^)<([^<>/?&=]*)>(?=[/&]|$)/g, (whole, name: string) => encode(value(name) ?? whole)),
    text: (text) => text.replace(PLACEHOLDER, (whole, name: string) => value(name) ?? whole),
  };
}

/** Not `{"a":1}`, not `{{name}}`, not `{0}`: those belong to the text. */
const PLACEHOLDER = /(?<!\{)\{(\s*[A-Za-z_][\w .|/@-]*)\}(?!\})/g;

/** As one segment or parameter value, whatever is in it (RFC 3986, 2.3). */
function encode(value: string): string {
  return Array.from(Buffer.from(value), (byte) =>
    UNRESERVED.test(String.fromCharCode(byte))
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
}

const UNRESERVED = /[A-Za-z0-9\-._~]/;
