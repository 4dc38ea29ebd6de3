import { list, quote } from './containers.ts';
import { definitions } from './definitions.ts';
import { kindOf, matches, type Kind } from './kind.ts';
import { mayLink } from './links.ts';
import { readPipeTable } from './pipe-table.ts';
import { boundary, position, stretch, type Scan } from './scanned.ts';
import { words } from './words.ts';

/** A paragraph, a table, or a paragraph that a table ends: lines up to one that is blank or begins another block. */
export function paragraph(scan: Scan, first: number): number {
  const { lines } = scan;
  let line = first;
  for (; line < lines.count; line++) {
    const kind = line === first ? 'text' : goingOn(scan, line);
    if (kind === 'unsure') return interrupted(scan, first, line) ?? stretch(scan, first, boundary(scan, line + 1));
    if (kind !== 'text') break;
    // A footnote may begin here.
    if (opensDefinition(scan, line, line))
      return (line === first ? definitions(scan, first) : undefined) ?? stretch(scan, first, boundary(scan, line + 1));
    if (line > first && isDelimiterRow(scan, line)) return table(scan, first, line - 1);
  }
  // The label of a definition may go over several lines.
  if (opensDefinition(scan, first, line - 1)) return stretch(scan, first, boundary(scan, line));
  pushParagraph(scan, first, line - 1);
  return line;
}

/** A paragraph that ends where a quote or a list begins; nothing where it may go on. */
function interrupted(scan: Scan, first: number, line: number): number | undefined {
  const { text, lines, pieces } = scan;
  if (!matches(INTERRUPTING, text, lines.starts[line]!) || opensDefinition(scan, first, line - 1)) return undefined;
  const before = pieces.length;
  pushParagraph(scan, first, line - 1);
  const next = quote(scan, line) ?? list(scan, line);
  if (next === undefined) pieces.length = before;
  return next;
}

/** A numbered list interrupts a paragraph only if it begins with 1 (CommonMark 5.2). */
const INTERRUPTING = />|(?:[-+*]|1[.)])[ \t]+[^ \t\r\n]/y;

function opensDefinition({ text, lines }: Scan, first: number, last: number): boolean {
  return text[lines.starts[first]!] === '[' && text.slice(lines.starts[first], lines.ends[last]).includes(']:');
}

function pushParagraph(scan: Scan, first: number, last: number): void {
  scan.pieces.push(words(scan, { first, last, offsets: scan.lines.starts.slice(first, last + 1) }));
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
  const read = readPipeTable(scan, first, line - 1);
  if (read === undefined) return stretch(scan, above, boundary(scan, line));
  if (first > above) pushParagraph(scan, above, first - 1);
  const end = lines.ends[line - 1];
  pieces.push({
    type: 'table',
    position: position(lines, first, line - 1),
    table: read,
    content: () => (mayLink(text.slice(lines.starts[first], end)) ? read() : undefined),
  });
  return line;
}

const DELIMITERS = /\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*(?=[\r\n]|$)/y;

/** Could this line, below another, make a table of both? */
function isDelimiterRow({ text, lines }: Scan, line: number): boolean {
  const char = text[lines.starts[line]!];
  return (char === '|' || char === ':' || char === '-') && matches(DELIMITERS, text, lines.starts[line]!);
}
