import { editOf, type Edit } from '../model/fix.ts';
import type { Place } from '../model/place.ts';
import type { LinesOf } from './lines.ts';

/**
 * Puts the row of a property before or after another row of a table of GFM, in its style: marks of quotes, outer pipes, widths,
 * alignment, emphasis of names. Only name and type are written. `beside` is the name in that other row; nothing where the table has no column of types.
 */
export function rowEdit(
  lines: LinesOf,
  beside: Place,
  where: 'before' | 'after',
  name: string,
  type: string,
): Edit | undefined {
  const { line, column } = beside.position.start;
  const table = lines(beside.file);
  const row = table?.[line - 1];
  // A name in underscores would be read as emphasis.
  if (table === undefined || row === undefined || !/^[\p{L}$][\p{L}\p{N}_.$-]*(?<!_)$/u.test(name)) return undefined;
  const delimiterAt = delimiterAbove(table, line - 1);
  if (delimiterAt === undefined) return undefined;
  const [header, delimiter, model] = [table[delimiterAt - 1] ?? '', table[delimiterAt]!, row].map(cellsOf);
  const nameAt = model!.findIndex(({ start, text }) => start < column && column <= start + text.length + 1);
  const typeAt = header!.findIndex(({ text }) => /^[\s*_`]*(?:(?:property|data|value)\s+)?type\b/i.test(text));
  if (nameAt < 0 || typeAt < 0 || nameAt === typeAt || model!.length < header!.length) return undefined;
  const marks = /^\s*(\*\*|__|`|\*|_)[^*_`]+\1\s*$/.exec(model![nameAt]!.text)?.[1] ?? '';
  const words = header!.map((_, at) => (at === nameAt ? marks + name + marks : at === typeAt ? type : ''));
  const cells = words.map((word, at) => cell(word, model![at]!.text, delimiter![at]?.text ?? ''));
  const [first, last] = [model![0]!.start, model!.at(-1)!];
  const text =
    `${row.slice(0, first)}${cells.join('|')}${row.slice(last.start + last.text.length).trimEnd()}`.trimEnd();
  const point = where === 'before' ? { line, column: 1 } : { line, column: row.length + 1 };
  const place = { file: beside.file, position: { start: point, end: point } };
  return editOf(place, '', where === 'before' ? `${text}\n` : `\n${text}`);
}

interface Cell {
  /** Offset in its line. */
  readonly start: number;
  /** As written, with the blanks around it. */
  readonly text: string;
}

/** The cells of a row; a pipe after a backslash parts none. */
function cellsOf(line: string): Cell[] {
  const body = /^[ \t>]*\|?/.exec(line)![0].length;
  const end = /(?<!\\)\|\s*$/.exec(line)?.index ?? line.length;
  const cells: Cell[] = [];
  let start = body;
  for (let at = body; at <= end; at++) {
    if (at < end && (line[at] !== '|' || line[at - 1] === '\\')) continue;
    cells.push({ start, text: line.slice(start, at) });
    start = at + 1;
  }
  return cells;
}

function delimiterAbove(lines: readonly string[], row: number): number | undefined {
  for (let at = row - 1; at > 0 && lines[at]!.includes('|'); at--)
    if (/^[ \t>]*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[at]!)) return at;
  return undefined;
}

/** A cell with the blanks of the one above it, as wide as the column where that has one width, on the side it is aligned to. */
function cell(word: string, model: string, delimiter: string): string {
  const [left, right] = [/^\s*/.exec(model)![0], /\s*$/.exec(model)![0]];
  if (model.trim() === '') return word === '' ? model : ` ${word} `;
  if (model.length !== delimiter.length)
    return word === '' && left !== '' ? ' ' : `${left}${word}${right === '' ? '' : ' '}`;
  if (/^\s*-+:\s*$/.test(delimiter)) return `${word}${right}`.padStart(model.length);
  const text = `${left}${word}`;
  return text.length < model.length ? text.padEnd(model.length) : `${text}${right === '' ? '' : ' '}`;
}
