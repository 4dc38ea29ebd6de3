import type { RootContent } from 'mdast';
import type { Point, Position } from 'unist';
import { kindOf } from './kind.ts';
import type { Leaf } from './leaf.ts';
import type { Lines } from './lines.ts';
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

/** A text as far as it is scanned. */
export interface Scan {
  readonly text: string;
  readonly lines: Lines;
  readonly remark: Remark;
  readonly pieces: (Leaf | Stretch)[];
  /** Offsets of stretches that may define references: what is read by itself needs them at its side. */
  readonly definitions: (readonly [start: number, end: number])[];
  /** Labels that are defined for sure, in lower case; others may be. */
  readonly labels: Set<string>;
}

/** Hands lines to remark; gives the line after them. */
export function stretch({ text, lines, pieces, definitions }: Scan, first: number, next: number): number {
  const start = lines.starts[first]!;
  const end = next < lines.count ? lines.starts[next]! : text.length;
  pieces.push({ type: 'stretch', line: first + 1, lines: next - first, start, end });
  if (text.slice(start, end).includes(']:')) definitions.push([start, end]);
  return next;
}

/** Reads a block by itself, with the definitions of the page below it. */
export function readAlone({ text, remark, definitions }: Scan, source: string, line: number): RootContent {
  // Without a bracket nothing refers to them.
  const needed = source.includes('[') ? definitions : [];
  const all = [source, ...needed.map(([start, end]) => text.slice(start, end))].join('\n\n');
  return remark.parseStretch(all, line).children[0]!;
}

/** The next line from `line` on that begins a block at the root whatever list, quote or paragraph is open before it. */
export function boundary(scan: Scan, line: number): number {
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

/** Is it a blank or a tab? */
export function isBlank(char: number): boolean {
  return char === 32 || char === 9;
}

/** The position of whole lines, counted from 0. */
export function position(lines: Lines, first: number, last: number): Position {
  const column = lines.ends[last]! - lines.starts[last]! + 1;
  return { start: pointAt(lines, first), end: { line: last + 1, column, offset: lines.ends[last]! } };
}

function pointAt(lines: Lines, line: number): Point {
  return { line: line + 1, column: 1, offset: lines.starts[line]! };
}

/** Tells the point of an offset on a line. */
export function pointsOn(lines: Lines, line: number): (offset: number) => Point {
  return (offset) => ({ line: line + 1, column: offset - lines.starts[line]! + 1, offset });
}
