import type { LinkReference, PhrasingContent, Text } from 'mdast';
import type { Point, Position } from 'unist';

/**
 * Reads the words of one line with plain links, references to `labels`, code, emphasis and bare HTML tags, as remark would; nothing
 * where the text holds anything else, or anything of these that it takes a second look to understand.
 */
export function readInline(
  text: string,
  start: number,
  end: number,
  pointAt: (offset: number) => Point,
  labels: ReadonlySet<string> = NO_LABELS,
): PhrasingContent[] | undefined {
  const line = text.slice(start, end);
  if (line !== '' && !MARKED_UP.test(line))
    return [{ type: 'text', value: line, position: { start: pointAt(start), end: pointAt(end) } }];
  const found: PhrasingContent[] = [];
  for (let at = 0; at < line.length;) {
    TOKEN.lastIndex = at;
    const { groups } = TOKEN.exec(line) ?? {};
    if (groups === undefined) return undefined;
    const next = TOKEN.lastIndex;
    const position: Position = { start: pointAt(start + at), end: pointAt(start + next) };
    const { words, label, url, reference, code, stars, starred, lows, lowered } = groups;
    const inner = (within: string, from: number): PhrasingContent[] | undefined =>
      readInline(text, start + at + from, start + at + from + within.length, pointAt);
    if (words !== undefined) {
      if (ADDRESS.test(words)) return undefined;
      found.push({ type: 'text', value: decoded(words), position });
    } else if (code !== undefined) found.push({ type: 'inlineCode', value: code, position });
    else if (label !== undefined) {
      const children = inner(label, 1);
      if (children === undefined) return undefined;
      if (url === undefined) {
        const to = referenceTo(label, reference, labels);
        if (to === undefined) return undefined;
        found.push({ type: 'linkReference', children: children as Text[], position, ...to });
      } else found.push({ type: 'link', title: null, url, children: children as Text[], position });
    } else if (stars !== undefined || lows !== undefined) {
      const marks = stars ?? lows!;
      const children = inner(starred ?? lowered!, marks.length);
      if (children === undefined) return undefined;
      found.push({ type: marks.length === 2 ? 'strong' : 'emphasis', children, position });
    } else found.push({ type: 'html', value: line.slice(at, next), position });
    at = next;
  }
  return found;
}

const NO_LABELS: ReadonlySet<string> = new Set();

/** What `[label][reference]`, `[label][]` or `[label]` refers to; nothing where that is not among `labels`. */
function referenceTo(
  label: string,
  reference: string | undefined,
  labels: ReadonlySet<string>,
): Pick<LinkReference, 'label' | 'identifier' | 'referenceType'> | undefined {
  const named = reference || label;
  const identifier = named.toLowerCase();
  if (!labels.has(identifier)) return undefined;
  const referenceType = reference === undefined ? 'shortcut' : reference === '' ? 'collapsed' : 'full';
  return { label: named, identifier, referenceType };
}

/** Reads words that go over several lines, each given by its offsets; nothing where a line alone is not understood. What docs markup such as `[!INCLUDE [x](y)]` names is left out. */
export function readLines(
  text: string,
  lines: readonly (readonly [start: number, end: number, pointAt: (offset: number) => Point])[],
  labels: ReadonlySet<string>,
): PhrasingContent[] | undefined {
  const found: PhrasingContent[] = [];
  for (const [start, end, pointAt] of lines) {
    const { label } = INCLUDE.exec(text.slice(start, end))?.groups ?? {};
    if (label !== undefined && !ADDRESS.test(label)) continue;
    const inline = readInline(text, start, end, pointAt, labels);
    if (inline === undefined) return undefined;
    found.push(...inline);
  }
  return found;
}

/** What may be an address; GFM makes a link of it. */
const ADDRESS = /[\w.+-]@|www\.|https?:\/\//i;

/** What may be anything but words. */
const MARKED_UP = /[`*_[\]<&\\~!|@]|www\.|:\/\//i;

// A character that marks nothing up: an underscore does not between letters or digits, nor does a mark that begins no reference or tag.
const PLAIN = String.raw`(?:[^\`*_[\]<&\\~!|]|(?<=[A-Za-z0-9])_+(?=[A-Za-z0-9])|!(?!\[)|&(?![#\w]*;)|<(?=[ \t=]))`;
const WORDS = String.raw`(?<words>(?:${PLAIN}|&(?:lt|gt|amp|quot);)+)`;
const MARKED = String.raw`(?:[^[\]<&\\~!|]|!(?!\[)|&(?![#\w]*;))`;
const LABELLED = String.raw`\[(?<label>(?!\^)${MARKED}+)\]`;
const URL = String.raw`\((?<url>(?:[^\s()<>\\&"'|\`]|&(?![#\w]*;))+)\)`;
const REFERENCE = String.raw`\[(?<reference>[\w .-]*)\](?![[(:])`;
const LINK = String.raw`${LABELLED}(?:${URL}|${REFERENCE}|(?![[(:]))`;
const INCLUDE = new RegExp(String.raw`^\[!\w+[ \t]*${LABELLED}${URL}\][ \t]*$`);
const CODE = String.raw`(?<!\`)\`(?<code>[^\`\\|\s](?:[^\`\\|]*[^\`\\|\s])?)\`(?!\`)`;
// Between letters or digits, whatever stands around them, marks open and close; after a full stop or the like they close before a blank.
const STARRED = String.raw`(?<!\*)(?<stars>\*{1,2})(?<starred>[A-Za-z0-9](?:${PLAIN}*(?:[A-Za-z0-9]|[.,:;?!)](?=\k<stars>(?:[ \t]|$))))?)\k<stars>(?!\*)`;
const LOWERED = String.raw`(?<=^|[ \t(])(?<lows>_{1,2})(?<lowered>[A-Za-z0-9](?:${PLAIN}*[A-Za-z0-9])?)\k<lows>(?=[ \t.,:;)]|$)`;
const TAG = String.raw`<[A-Za-z][A-Za-z0-9-]*[ \t]*\/?>|<\/[A-Za-z][A-Za-z0-9-]*[ \t]*>`;
const TOKEN = new RegExp(`${WORDS}|${LINK}|${CODE}|${STARRED}|${LOWERED}|${TAG}`, 'y');

const REFERENCES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"' };

function decoded(words: string): string {
  return words.includes('&') ? words.replace(/&\w+;/g, (reference) => REFERENCES[reference]!) : words;
}
