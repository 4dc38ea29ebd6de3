import { kindOf, matches, RULE, type Kind } from './kind.ts';
import type { Leaf } from './leaf.ts';
import type { Scan } from './scanned.ts';
import { words } from './words.ts';

/** A list of items that hold one paragraph each; nothing where an item may hold anything else. */
export function list(scan: Scan, first: number): number | undefined {
  const { text, lines, pieces } = scan;
  const items: Leaf[] = [];
  let line = first;
  let kind: string | undefined;
  while (line < lines.count) {
    const start = lines.starts[line]!;
    const [marks, mark] = markOf(text, start) ?? [];
    // Of two kinds below each other, the second may be text of the first.
    if (marks === undefined || (kind !== undefined && mark !== kind)) break;
    kind = mark;
    const inner = start + marks.length;
    // A box before a task is no text.
    if (text[inner] === '[' && !PLAIN_LINK.test(text.slice(inner, lines.ends[line]))) return undefined;
    if (matches(RULE, text, start) || !isText(scan, line, inner)) return undefined;
    const offsets = [inner];
    const begin = line++;
    for (let more = goesOn(scan, line); more !== undefined; more = goesOn(scan, line)) {
      offsets.push(more);
      line++;
    }
    // Code over several lines keeps the blanks that a line has beyond those of the item.
    if (offsets.length > 1 && offsets.some((offset, at) => isCodeOpen(text.slice(offset, lines.ends[begin + at]))))
      return undefined;
    items.push(words(scan, { first: begin, last: line - 1, offsets, from: inner }));
  }
  let next = line;
  while (next < lines.count && kindOf(scan, next) === 'blank') next++;
  // What is indented goes on the last item.
  const isOver = next === lines.count || (isClosed(scan, line) && !/[ \t]/.test(text[lines.starts[next]!]!));
  if (items.length === 0 || !isOver) return undefined;
  for (const item of items) pieces.push(item);
  return line;
}

/** May a line begin or end code that goes on over another line? */
function isCodeOpen(line: string): boolean {
  return line.includes('`') && line.replace(/(?<!`)(`+)(?!`)[^`]*\1(?!`)/g, '').includes('`');
}

/** The mark of a list item with the blanks behind it, and of which kind it is. */
function markOf(text: string, at: number): [marks: string, kind: string] | undefined {
  MARK.lastIndex = at;
  const [marks, bullet, delimiter] = MARK.exec(text) ?? [];
  return marks === undefined ? undefined : [marks, bullet ?? delimiter!];
}

const MARK = /(?:([-*+])|\d{1,9}([.)]))(?: {1,4}|\t)(?![ \t])/y;
const PLAIN_LINK = /^\[[^[\]]+\]\((?!.*\]:)/;

/** Quoted paragraphs; nothing where a quote may hold anything else. */
export function quote(scan: Scan, first: number): number | undefined {
  const { text, lines, pieces } = scan;
  const paragraphs: Leaf[] = [];
  let line = first;
  let begin = first;
  let offsets: number[] = [];
  const close = (): void => {
    if (offsets.length > 0) paragraphs.push(words(scan, { first: begin, last: line - 1, offsets }));
    offsets = [];
  };
  while (line < lines.count) {
    const marked = isMarked(scan, line);
    const inner = marked ? innerOf(scan, line) : offsets.length > 0 ? goesOn(scan, line) : undefined;
    if (inner === undefined) break;
    if (marked && kindOf(scan, line, inner) === 'blank') close();
    else {
      if (!isText(scan, line, inner)) return undefined;
      if (text[inner] === '[' && text.slice(inner, lines.ends[line]).includes(']:')) return undefined;
      if (offsets.length === 0) begin = line;
      offsets.push(inner);
    }
    line++;
  }
  if (!isClosed(scan, line)) return undefined;
  // The label of a definition may go over several lines.
  const source = text.slice(lines.starts[first], lines.ends[line - 1]);
  if (/^>? ?\[/m.test(source) && source.includes(']:')) return undefined;
  close();
  for (const paragraph of paragraphs) pieces.push(paragraph);
  return line;
}

function isMarked({ text, lines }: Scan, line: number): boolean {
  return text[lines.starts[line]!] === '>';
}

function innerOf({ text, lines }: Scan, line: number): number {
  const after = lines.starts[line]! + 1;
  return text[after] === ' ' ? after + 1 : after;
}

/** Where the words of a line begin that goes on the paragraph above it, whatever that stands in; nothing where it may be anything else. */
function goesOn(scan: Scan, line: number): number | undefined {
  const { text, lines } = scan;
  if (line >= lines.count) return undefined;
  let start = lines.starts[line]!;
  while (text[start] === ' ') start++;
  return text[start] !== '[' && isText(scan, line, start) ? start : undefined;
}

/** Do the words of a line begin a paragraph, or go on one, and no table? */
function isText(scan: Scan, line: number, start: number): boolean {
  return !/[|:-]/.test(scan.text[start] ?? '|') && kindOf(scan, line, start) === 'text';
}

/** Does a line close whatever paragraph stands above it? */
function isClosed(scan: Scan, line: number): boolean {
  return line >= scan.lines.count || CLOSING.has(kindOf(scan, line));
}

const CLOSING: ReadonlySet<Kind> = new Set(['blank', 'heading', 'fence', 'comment']);
