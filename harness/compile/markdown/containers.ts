import { kindOf, matches, RULE, type Kind } from './kind.ts';
import type { Leaf } from './leaf.ts';
import type { Scan } from './scanned.ts';
import { words } from './words.ts';

/** A list of items of one line of text each; nothing where an item may hold anything else. */
export function list(scan: Scan, first: number): number | undefined {
  const { text, lines, pieces } = scan;
  const items: Leaf[] = [];
  let line = first;
  for (; line < lines.count; line++) {
    const start = lines.starts[line]!;
    const marker = text[start];
    if (marker !== '-' && marker !== '*' && marker !== '+') break;
    if (text[start + 1] !== ' ' || matches(RULE, text, start)) return undefined;
    const inner = start + 2;
    // A box before a task is no text.
    if (text[inner] === '[' && !PLAIN_LINK.test(text.slice(inner, lines.ends[line]))) return undefined;
    if (/[|:]/.test(text[inner] ?? '|') || kindOf(scan, line, inner) !== 'text') return undefined;
    items.push(words(scan, { first: line, last: line, offsets: [inner], from: inner }));
  }
  let next = line;
  while (next < lines.count && kindOf(scan, next) === 'blank') next++;
  // What is indented goes on the last item, and so does text without a blank line before it.
  const isOver = next === lines.count || (next > line && !/[ \t]/.test(text[lines.starts[next]!]!));
  if (items.length === 0 || !isOver) return undefined;
  pieces.push(...items);
  return line;
}

const PLAIN_LINK = /^\[[^[\]]+\]\((?!.*\]:)/;

/** A quote of one paragraph, each line of it marked; nothing where it may hold anything else. */
export function quote(scan: Scan, first: number): number | undefined {
  const { text, lines, pieces } = scan;
  let line = first;
  const offsets: number[] = [];
  for (; line < lines.count && text[lines.starts[line]!] === '>'; line++) {
    let inner = lines.starts[line]! + 1;
    if (text[inner] === ' ') inner++;
    if (kindOf({ text, lines }, line, inner) !== 'text') return undefined;
    if (
      text[inner] === '|' ||
      text[inner] === ':' ||
      (text[inner] === '[' && text.slice(inner, lines.ends[line]).includes(']:'))
    )
      return undefined;
    offsets.push(inner);
  }
  if (line === first || (line < lines.count && !CLOSING.has(kindOf({ text, lines }, line)))) return undefined;
  const source = text.slice(lines.starts[first], lines.ends[line - 1]);
  if (text[offsets[0]!] === '[' && source.includes(']:')) return undefined;
  pieces.push(words(scan, { first, last: line - 1, offsets }));
  return line;
}

/** What closes a quote that holds a paragraph; text goes on with it, marked or not. */
const CLOSING: ReadonlySet<Kind> = new Set(['blank', 'heading', 'fence', 'comment']);
