import type { Code, RootContent, Table } from 'mdast';
import { toString } from 'mdast-util-to-string';
import type { Point, Position } from 'unist';
import type { Leaf } from './leaf.ts';
import { readInline } from './inline.ts';
import { linesOf, type Lines } from './lines.ts';
import { readPipeTable } from './pipe-table.ts';
import type { Remark } from './remark.ts';

/** Lines that remark is to read: the scan knows where they begin and believes to know where they end. */
export interface Stretch {
  readonly type: 'stretch';
  /** First line, from 1, and how many. */
  readonly line: number;
  readonly lines: number;
  /** Offsets of its first character and of the line after it. */
  readonly start: number;
  readonly end: number;
}

/**
 * Tells the blocks of a text apart by the beginnings of its lines (CommonMark 0.31, GFM tables), line by line, as long as
 * no list, quote, indentation or HTML makes a line mean something else. What it cannot tell is a stretch, up to the next line that
 * closes whatever is open before it. Nothing where it cannot tell the first thing of the text.
 */
export function scan(text: string, remark: Remark): (Leaf | Stretch)[] | undefined {
  // A NUL and a byte order mark are read as something else; remark knows where.
  if (/[\0\ufeff]/.test(text)) return undefined;
  const scanned: Scan = { text, lines: linesOf(text), remark, pieces: [], definitions: [] };
  const { lines, pieces } = scanned;
  let line = 0;
  if (text.startsWith('---')) {
    const end = frontMatterEnd(scanned);
    if (end === undefined) return undefined;
    pieces.push({ type: 'yaml', position: position(lines, 0, end) });
    line = end + 1;
  }
  while (line < lines.count) line = block(scanned, line);
  return scanned.definitions.length > MOST_DEFINITIONS ? undefined : pieces;
}

interface Scan {
  readonly text: string;
  readonly lines: Lines;
  readonly remark: Remark;
  readonly pieces: (Leaf | Stretch)[];
  /** Offsets of stretches that may define references: what is read by itself needs them at its side. */
  readonly definitions: (readonly [start: number, end: number])[];
}

/** A list of items of one line of text each; nothing where an item may hold anything else. */
function list(scan: Scan, first: number): number | undefined {
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
    const { start: from, end } = position(lines, line, line);
    items.push({
      type: 'paragraph',
      position: { start: { ...from, column: 3, offset: inner }, end },
      text: () => toString(readAlone(scan, text.slice(inner, end.offset), from.line)),
    });
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

/** What a line at the root does: `text` may go on a paragraph, `unsure` may be anything, the others begin their block anywhere. */
type Kind = 'blank' | 'heading' | 'fence' | 'comment' | 'text' | 'unsure';

const BREAK = /(?:-{3,}|\*{3,}|_{3,})[ \t]*(?=[\r\n]|$)/y;

/** Reads the block that begins at a line where nothing is open; gives the line after it. */
function block(scan: Scan, line: number): number {
  switch (kindOf(scan, line)) {
    case 'blank':
      return line + 1;
    case 'heading':
      return heading(scan, line);
    case 'fence':
      return fence(scan, line);
    case 'comment':
      return comment(scan, line);
    case 'text':
      return paragraph(scan, line);
    case 'unsure':
      if (matches(BREAK, scan.text, scan.lines.starts[line]!)) return thematicBreak(scan, line);
      return quote(scan, line) ?? list(scan, line) ?? stretch(scan, line, boundary(scan, line + 1));
  }
}

function thematicBreak({ lines, pieces }: Scan, line: number): number {
  pieces.push({ type: 'thematicBreak', position: position(lines, line, line) });
  return line + 1;
}

/** A quote of one paragraph, each line of it marked; nothing where it may hold anything else. */
function quote(scan: Scan, first: number): number | undefined {
  const { text, lines, pieces } = scan;
  let line = first;
  let offset = 0;
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
    if (line === first) offset = inner;
  }
  if (line === first || (line < lines.count && kindOf({ text, lines }, line) !== 'blank')) return undefined;
  const { start, end } = position(lines, first, line - 1);
  const source = text.slice(start.offset, end.offset);
  if (text[offset] === '[' && source.includes(']:')) return undefined;
  pieces.push({
    type: 'paragraph',
    position: { start: { ...start, column: offset - start.offset! + 1, offset }, end },
    text: () => toString(readAlone(scan, source, first + 1)),
  });
  return line;
}

const HEADING = /#{1,6}(?=[ \t\r\n]|$)/y;
const FENCE = /(`{3,}(?=[^`\r\n]*(?:[\r\n]|$))|~{3,})/y;
const LIST = /(?:[-+*]|\d{1,9}[.)])(?=[ \t\r\n]|$)/y;
/** Underlines of headings, thematic breaks. */
const RULE = /(?:=+|[-_* \t]+)(?=[\r\n]|$)/y;
const UNDERLINE = /=+[ \t]*(?=[\r\n]|$)/y;

function kindOf({ text, lines }: Pick<Scan, 'text' | 'lines'>, line: number, start = lines.starts[line]!): Kind {
  const end = lines.ends[line]!;
  if (start === end) return 'blank';
  switch (text[start]) {
    case ' ':
    case '\t':
      return indentedKind(text, start, end);
    case '#':
      return matches(HEADING, text, start) ? 'heading' : 'text';
    case '`':
    case '~':
      return matches(FENCE, text, start) ? 'fence' : 'text';
    case '<':
      return text.startsWith('<!--', start) ? 'comment' : 'unsure';
    case '>':
      return 'unsure';
    case '=':
      return matches(UNDERLINE, text, start) ? 'unsure' : 'text';
    case '-':
    case '+':
    case '*':
    case '_':
      return matches(LIST, text, start) || matches(RULE, text, start) ? 'unsure' : 'text';
    default:
      return isDigit(text.charCodeAt(start)) && matches(LIST, text, start) ? 'unsure' : 'text';
  }
}

function indentedKind(text: string, start: number, end: number): Kind {
  for (let at = start; at < end; at++) if (text[at] !== ' ' && text[at] !== '\t') return 'unsure';
  return 'blank';
}

function isDigit(char: number): boolean {
  return char >= 48 && char <= 57;
}

function matches(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

/** Index of the line that ends the front matter; nothing where the first line opens none for sure. */
function frontMatterEnd({ text, lines }: Scan): number | undefined {
  if (lines.ends[0] !== 3) return undefined;
  for (let line = 1; line < lines.count; line++) {
    if (!text.startsWith('---', lines.starts[line])) continue;
    const rest = text.slice(lines.starts[line]! + 3, lines.ends[line]);
    if (rest === '') return line;
    if (rest.trim() === '') return undefined;
  }
  return undefined;
}

function heading(scan: Scan, line: number): number {
  const { text, lines, pieces } = scan;
  HEADING.lastIndex = lines.starts[line]!;
  const marks = HEADING.exec(text)![0].length;
  let start = lines.starts[line]! + marks;
  let end = lines.ends[line]!;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  // A closing run of marks, escaped or not, is for remark to judge.
  const inline = text[end - 1] === '#' ? undefined : readInline(text, start, end, pointsOn(lines, line));
  if (inline === undefined) return stretch(scan, line, line + 1);
  const [only] = inline;
  pieces.push({
    type: 'heading',
    position: position(lines, line, line),
    depth: marks,
    text: toString(inline).trim(),
    tab: inline.length === 1 && only!.type === 'link' && /^#tab\//.test(only!.url),
  });
  return line + 1;
}

function fence(scan: Scan, line: number): number {
  const { text, lines, pieces } = scan;
  const start = lines.starts[line]!;
  FENCE.lastIndex = start;
  const marks = FENCE.exec(text)![0];
  const info = text.slice(start + marks.length, lines.ends[line]).replace(/^[ \t]+/, '');
  const last = closingLine(scan, line, marks);
  // Escapes and character references in an info string are resolved, an open fence ends where remark says.
  if (last === undefined || /[\\&]/.test(info)) return stretch(scan, line, last === undefined ? lines.count : last + 1);
  const [, lang, meta] = /^([^ \t]*)[ \t]*([^]*)$/.exec(info)!;
  const node: Code = {
    type: 'code',
    lang: lang === '' ? null : lang!,
    meta: meta === '' ? null : meta!,
    value: last === line + 1 ? '' : text.slice(lines.starts[line + 1], lines.ends[last - 1]),
    position: position(lines, line, last),
  };
  pieces.push({ type: 'code', position: node.position!, node });
  return last + 1;
}

/** Index of the line that closes a fence: as many of its marks or more, indented by less than four, and nothing else. */
function closingLine({ text, lines }: Scan, opening: number, marks: string): number | undefined {
  for (let line = opening + 1; line < lines.count; line++) {
    let start = lines.starts[line]!;
    for (const most = start + 3; start < most && text[start] === ' ';) start++;
    if (text[start] !== marks[0] || !text.startsWith(marks, start)) continue;
    let end = lines.ends[line]!;
    while (isBlank(text.charCodeAt(end - 1))) end--;
    while (text[end - 1] === marks[0]) end--;
    if (end === start) return line;
  }
  return undefined;
}

/** An HTML block of the second kind: up to the end of the line on which the comment ends. */
function comment(scan: Scan, line: number): number {
  const { text, lines, pieces } = scan;
  const start = lines.starts[line]!;
  // `<!-->` is a whole comment.
  const close = text.indexOf('-->', start + 2);
  if (close < 0) return stretch(scan, line, lines.count);
  let last = line;
  while (lines.ends[last]! < close) last++;
  pieces.push({
    type: 'html',
    position: position(lines, line, last),
    value: text.slice(start, lines.ends[last]),
  });
  return last + 1;
}

/** A paragraph, a table, or a paragraph that a table ends: lines up to one that is blank or begins another block. */
function paragraph(scan: Scan, first: number): number {
  const { lines } = scan;
  let line = first;
  for (; line < lines.count; line++) {
    const kind = line === first ? 'text' : goingOn(scan, line);
    if (kind === 'unsure') return stretch(scan, first, boundary(scan, line + 1));
    if (kind !== 'text') break;
    // A footnote may begin here.
    if (opensDefinition(scan, line, line)) return stretch(scan, first, boundary(scan, line + 1));
    if (line > first && isDelimiterRow(scan, line)) return table(scan, first, line - 1);
  }
  // The label of a definition may go over several lines.
  if (opensDefinition(scan, first, line - 1)) return stretch(scan, first, boundary(scan, line));
  pushParagraph(scan, first, line - 1);
  return line;
}

function opensDefinition({ text, lines }: Scan, first: number, last: number): boolean {
  return text[lines.starts[first]!] === '[' && text.slice(lines.starts[first], lines.ends[last]).includes(']:');
}

function pushParagraph(scan: Scan, first: number, last: number): void {
  const { text, lines, pieces } = scan;
  const source = () => text.slice(lines.starts[first], lines.ends[last]);
  pieces.push({
    type: 'paragraph',
    position: position(lines, first, last),
    text: () => toString(readAlone(scan, source(), first + 1)),
  });
}

/** What a line does below the text of a paragraph or the row of a table: indentation does not matter to plain words. */
function goingOn(scan: Scan, line: number): Kind {
  const { text, lines } = scan;
  const start = lines.starts[line]!;
  const kind = kindOf(scan, line);
  if (kind !== 'unsure') return kind;
  if (text[start] === '<') return /^<[a-z/!?]/i.test(text.slice(start, start + 2)) ? 'unsure' : 'text';
  return 'unsure';
}

const DELIMITERS = /\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*(?=[\r\n]|$)/y;

/** Could this line, below another, make a table of both? */
function isDelimiterRow({ text, lines }: Scan, line: number): boolean {
  const char = text[lines.starts[line]!];
  return (char === '|' || char === ':' || char === '-') && matches(DELIMITERS, text, lines.starts[line]!);
}

/** A table whose head is line `first`, and the paragraph above it that it ends. */
function table(scan: Scan, above: number, first: number): number {
  const { text, lines, pieces } = scan;
  let line = first + 2;
  for (; line < lines.count; line++) {
    const kind = kindOf(scan, line);
    if (kind === 'unsure') return stretch(scan, above, boundary(scan, line + 1));
    if (kind !== 'text') break;
    // A footnote may begin where a row is expected.
    if (text[lines.starts[line]!] === '[') return stretch(scan, above, boundary(scan, line + 1));
  }
  const read = readPipeTable(text, lines, first, line - 1, (source) => readAlone(scan, source, first + 1) as Table);
  if (read === undefined) return stretch(scan, above, boundary(scan, line));
  if (first > above) pushParagraph(scan, above, first - 1);
  pieces.push({ type: 'table', position: position(lines, first, line - 1), table: read });
  return line;
}

/** Hands lines to remark. */
function stretch({ text, lines, pieces, definitions }: Scan, first: number, next: number): number {
  const start = lines.starts[first]!;
  const end = next < lines.count ? lines.starts[next]! : text.length;
  pieces.push({ type: 'stretch', line: first + 1, lines: next - first, start, end });
  if (text.slice(start, end).includes(']:')) definitions.push([start, end]);
  return next;
}

/** More than this, and a page is better read as a whole. */
const MOST_DEFINITIONS = 50;

/** Reads a block by itself, with the definitions of the page below it. */
function readAlone({ text, remark, definitions }: Scan, source: string, line: number): RootContent {
  const all = [source, ...definitions.map(([start, end]) => text.slice(start, end))].join('\n\n');
  return remark.parseStretch(all, line).children[0]!;
}

/** The next line from `line` on that begins a block at the root whatever list, quote or paragraph is open before it. */
function boundary(scan: Scan, line: number): number {
  const { text, lines } = scan;
  let wasBlank = false;
  for (; line < lines.count; line++) {
    const kind = kindOf(scan, line);
    if (
      kind === 'heading' ||
      kind === 'fence' ||
      kind === 'comment' ||
      (kind === 'text' && wasBlank && text[lines.starts[line]!] !== '[')
    )
      return line;
    wasBlank = kind === 'blank';
  }
  return line;
}

function isBlank(char: number): boolean {
  return char === 32 || char === 9;
}

function position(lines: Lines, first: number, last: number): Position {
  const column = lines.ends[last]! - lines.starts[last]! + 1;
  return { start: pointAt(lines, first), end: { line: last + 1, column, offset: lines.ends[last]! } };
}

function pointAt(lines: Lines, line: number): Point {
  return { line: line + 1, column: 1, offset: lines.starts[line]! };
}

function pointsOn(lines: Lines, line: number): (offset: number) => Point {
  return (offset) => ({ line: line + 1, column: offset - lines.starts[line]! + 1, offset });
}
