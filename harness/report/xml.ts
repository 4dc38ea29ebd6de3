import { MARK_COMMAND, visible } from './visible.ts';

/** An element of XML 1.0 with everything escaped; attributes without a value are left out. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  content: readonly Xml[] = [],
): Xml {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeAttribute(String(value))}"`)
    .join('');
  const inner = content.map(({ xml }) => xml).join('');
  return { xml: inner === '' ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>` };
}

/** Character data, escaped. */
export function text(content: string): Xml {
  return { xml: escapeText(content) };
}

/** A line end between elements, for people who read the file. */
export const BREAK: Xml = { xml: '\n' };

/** Well-formed XML. */
export interface Xml {
  readonly xml: string;
}

/** What XML 1.0 cannot hold even escaped (section 2.2) has been spelled out by `visible`. A build log obeys neither form. */
function escapeText(content: string): string {
  if (PLAIN.test(content) && !content.includes('::')) return content;
  return visible(content)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(MARK_COMMAND, '#&#35;')
    .replace(/^([^\S\n]*)::/gm, '$1&#58;:');
}

/** Most text has nothing to escape: printable ASCII without `"`, `#`, `&`, `<` and `>`. */
const PLAIN = /^[ !$%'-;=?-~]*$/;

/** Line ends and tabs are escaped, or a reader would make blanks of them (XML 1.0, 3.3.3). */
function escapeAttribute(value: string): string {
  return escapeText(value).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}
