import type { AlignType, Table, TableCell, TableRow } from 'mdast';
import type { Point } from 'unist';
import { readInline } from './inline.ts';
import type { Lines } from './lines.ts';
import { moved } from './move.ts';
import { readAlone, type Scan } from './scanned.ts';

/**
 * A way to read the pipe table whose head is line `first` and whose last row is line `last` (from 0), none of them indented;
 * nothing where head and delimiters do not make a table. Rows are read when they are asked for, those with much markup by remark.
 */
export function readPipeTable(scan: Scan, first: number, last: number): (() => Table) | undefined {
  const { text, lines } = scan;
  const head = cellsOf(text, lines, first);
  const delimiters = cellsOf(text, lines, first + 1);
  // A pipe alone is no head.
  if (
    head === undefined ||
    head.length !== delimiters?.length ||
    text.slice(head[0]!.start, head[0]!.end).trim() === '|'
  )
    return undefined;
  let table: Table | undefined;
  return () => (table ??= tableOf(scan, first, last, delimiters));
}

/** Where a cell stands, pipes included, and its words without them. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

function tableOf(scan: Scan, first: number, last: number, delimiters: readonly Span[]): Table {
  const { text, lines } = scan;
  const rows: (TableRow | undefined)[] = [];
  for (let line = first; line <= last; line++) if (line !== first + 1) rows.push(rowOf(scan, line));
  const left = rows.flatMap((row, index) => (row === undefined ? [index] : []));
  if (left.length > 0) {
    const numbers = left.map((index) => (index === 0 ? first : first + 1 + index));
    const read = rowsByRemark(scan, first, numbers);
    left.forEach((index, at) => (rows[index] = read[at]!));
  }
  return {
    type: 'table',
    align: delimiters.map(({ from, to }) => alignOf(text.slice(from, to))),
    children: rows as TableRow[],
    position: { start: pointAt(lines, first, lines.starts[first]!), end: pointAt(lines, last, lines.ends[last]!) },
  };
}

/** A row of cells that hold little markup or none. */
function rowOf({ text, lines, labels }: Scan, line: number): TableRow | undefined {
  const spans = cellsOf(text, lines, line);
  if (spans === undefined) return undefined;
  const point = (offset: number) => pointAt(lines, line, offset);
  const cells: TableCell[] = [];
  for (const { start, end, from, to } of spans) {
    const children = readInline(text, from, to, point, labels);
    if (children === undefined) return undefined;
    cells.push({ type: 'tableCell', children, position: { start: point(start), end: point(end) } });
  }
  return {
    type: 'tableRow',
    children: cells,
    position: { start: point(lines.starts[line]!), end: point(lines.ends[line]!) },
  };
}

/** The cells of a row, told apart by pipes that no backslash stands before; nothing for a row without a pipe. */
function cellsOf(text: string, lines: Lines, line: number): Span[] | undefined {
  const start = lines.starts[line]!;
  const end = lines.ends[line]!;
  const pipes: number[] = [];
  for (let at = start; at < end; at++) {
    const char = text.charCodeAt(at);
    if (char === BACKSLASH) at++;
    else if (char === PIPE) pipes.push(at);
  }
  if (pipes.length === 0) return undefined;
  const starts = pipes[0] === start ? pipes : [start, ...pipes];
  // A pipe with nothing behind it closes the last cell.
  const last = starts.at(-1)!;
  const closed = starts.length > 1 && isBlank(text, last + 1, end);
  return (closed ? starts.slice(0, -1) : starts).map((from, index) => ({
    start: from,
    end: index + 1 < starts.length - (closed ? 1 : 0) ? starts[index + 1]! : end,
    ...trimmed(text, from === pipes[0] || index > 0 ? from + 1 : from, starts[index + 1] ?? end),
  }));
}

const [BACKSLASH, PIPE] = [92, 124];

/** Has remark read rows by themselves, below the head that makes them a table. */
function rowsByRemark(scan: Scan, first: number, numbers: readonly number[]): TableRow[] {
  const { text, lines } = scan;
  const sourceOf = (line: number) => text.slice(lines.starts[line], lines.ends[line]);
  const body = numbers.filter((line) => line !== first);
  const sources = [first, first + 1, ...body];
  const offsets: number[] = [];
  let source = '';
  for (const line of sources) {
    offsets.push(source.length);
    source += `${sourceOf(line)}\n`;
  }
  const { children } = readAlone(scan, source, first + 1) as Table;
  const [head, ...rows] = children;
  const rest = rows.map((row, at) => moved(row, body[at]! - at - 2, lines.starts[body[at]!]! - offsets[at + 2]!));
  return numbers[0] === first ? [moved(head!, first, lines.starts[first]!), ...rest] : rest;
}

function alignOf(delimiter: string): AlignType {
  const left = delimiter.startsWith(':');
  const right = delimiter.endsWith(':');
  return left && right ? 'center' : left ? 'left' : right ? 'right' : null;
}

function trimmed(text: string, start: number, end: number): { readonly from: number; readonly to: number } {
  let from = start;
  let to = end;
  while (from < to && isBlank(text, from, from + 1)) from++;
  while (to > from && isBlank(text, to - 1, to)) to--;
  return { from, to };
}

function isBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (text[at] !== ' ' && text[at] !== '\t') return false;
  return true;
}

function pointAt(lines: Lines, line: number, offset: number): Point {
  return { line: line + 1, column: offset - lines.starts[line]! + 1, offset };
}
