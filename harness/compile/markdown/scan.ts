import { list, quote } from './containers.ts';
import { fence } from './fence.ts';
import { kindOf } from './kind.ts';
import { linesOf } from './lines.ts';
import { paragraph } from './paragraph.ts';
import type { Remark } from './remark.ts';
import { boundary, position, stretch, type Scan } from './scanned.ts';
import { comment, heading, thematicBreak } from './simple.ts';

/**
 * Tells the blocks of a text apart by the beginnings of its lines (CommonMark 0.31, GFM tables), line by line, as long as
 * no list, quote, indentation or HTML makes a line mean something else. What it cannot tell is a stretch, up to the next line that
 * closes whatever is open before it. Nothing where it cannot tell the first thing of the text.
 */
export function scan(text: string, remark: Remark): Scanned | undefined {
  // A NUL and a byte order mark are read as something else; remark knows where.
  if (/[\0\ufeff]/.test(text)) return undefined;
  const scanned: Scan = { text, lines: linesOf(text), remark, pieces: [], definitions: [], labels: new Set() };
  const { lines, pieces } = scanned;
  let line = 0;
  if (text.startsWith('---')) {
    const end = frontMatterEnd(scanned);
    if (end === undefined) return undefined;
    pieces.push({ type: 'yaml', position: position(lines, 0, end) });
    line = end + 1;
  }
  while (line < lines.count) line = block(scanned, line);
  const defined = scanned.definitions.reduce((sum, [start, end]) => sum + end - start, 0);
  return defined * lines.count > MOST_READ_AGAIN ? undefined : scanned;
}

/** What a scan found: the blocks, and where definitions stand that stretches may refer to. */
export type Scanned = Pick<Scan, 'pieces' | 'definitions'>;

/** Characters of definitions times lines that may refer to them: of more, a page is better read as a whole. */
const MOST_READ_AGAIN = 5_000_000;

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
      return (
        thematicBreak(scan, line) ??
        quote(scan, line) ??
        list(scan, line) ??
        stretch(scan, line, boundary(scan, line + 1))
      );
  }
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
