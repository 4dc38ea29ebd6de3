import type { PhrasingContent, Text } from 'mdast';
import type { Point, Position } from 'unist';

/**
 * Reads the words of one line with plain links, code, emphasis and `<br>`, as remark would; nothing where the text holds anything
 * else, or anything of these that it takes a second look to understand.
 */
export function readInline(
  text: string,
  start: number,
  end: number,
  pointAt: (offset: number) => Point,
): PhrasingContent[] | undefined {
  const line = text.slice(start, end);
  const found: PhrasingContent[] = [];
  const span = (from: number, length: number): Position => ({
    start: pointAt(start + from),
    end: pointAt(start + from + length),
  });
  for (let at = 0; at < line.length;) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(line);
    if (match === null) return undefined;
    const [all, words, label, url, code, marks, marked] = match;
    const inner = words ?? label ?? marked;
    if (inner !== undefined && ADDRESS.test(inner)) return undefined;
    const position = span(at, all.length);
    const child = (value: string, from: number): [Text] => [
      { type: 'text', value, position: span(at + from, value.length) },
    ];
    if (words !== undefined) found.push({ type: 'text', value: decoded(words), position });
    else if (code !== undefined) found.push({ type: 'inlineCode', value: code, position });
    else if (label !== undefined)
      found.push({ type: 'link', title: null, url: url!, children: child(label, 1), position });
    else if (marks === undefined) found.push({ type: 'html', value: all, position });
    else {
      const type = marks.length === 2 ? 'strong' : 'emphasis';
      found.push({ type, children: child(marked!, marks.length), position });
    }
    at += all.length;
  }
  return found;
}

/** Reads words that go over several lines, each given by its offsets; nothing where a line alone is not understood. What docs markup such as `[!INCLUDE [x](y)]` names is left out. */
export function readLines(
  text: string,
  lines: readonly (readonly [start: number, end: number, pointAt: (offset: number) => Point])[],
): PhrasingContent[] | undefined {
  const found: PhrasingContent[] = [];
  for (const [start, end, pointAt] of lines) {
    const [, label] = INCLUDE.exec(text.slice(start, end)) ?? [];
    if (label !== undefined && !ADDRESS.test(label)) continue;
    const inline = readInline(text, start, end, pointAt);
    if (inline === undefined) return undefined;
    found.push(...inline);
  }
  return found;
}

/** What may be an address; GFM makes a link of it. */
const ADDRESS = /@|www\.|https?:\/\//i;

// A character that marks nothing up; an underscore does not between letters or digits.
const PLAIN = String.raw`(?:[^\`*_[\]<&\\~!|]|(?<=[A-Za-z0-9])_+(?=[A-Za-z0-9])|!(?!\[))`;
const WORDS = String.raw`(?:${PLAIN}|&(?:lt|gt|amp|quot);)+`;
const LABELLED = String.raw`\[((?!\^)${PLAIN}+)\]`;
const URL = String.raw`\(([^\s()<>\\&"'|\`]+)\)`;
const LINK = LABELLED + URL;
const INCLUDE = new RegExp(String.raw`^\[!\w+[ \t]*${LINK}\][ \t]*$`);
const CODE = String.raw`(?<!\`)\`([^\`\\|\s](?:[^\`\\|]*[^\`\\|\s])?)\`(?!\`)`;
// Between letters or digits, whatever stands around them, marks open and close.
const EMPHASIS = String.raw`(?<!\*)(\*{1,2})([A-Za-z0-9](?:${PLAIN}*[A-Za-z0-9])?)\5(?!\*)`;
const TOKEN = new RegExp(`(${WORDS})|${LINK}|${CODE}|${EMPHASIS}|<br ?/?>`, 'y');

const REFERENCES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"' };

function decoded(words: string): string {
  return words.includes('&') ? words.replace(/&\w+;/g, (reference) => REFERENCES[reference]!) : words;
}
