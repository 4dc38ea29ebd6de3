import type { Finding } from '../model/finding.ts';
import type { ReportContext } from '../model/report.ts';
import { oneLine } from './visible.ts';
import { clipEnd, clipStart, displayWidth } from './width.ts';

/** A line of a page in three parts, the columns in question in the middle; safe to show, `…` where it is clipped. */
export interface Excerpt {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

/** The line a finding stands on, clipped around its columns to `width` terminal columns; nothing where the page cannot be read. */
export function excerptOf(finding: Finding, context: Pick<ReportContext, 'lines'>, width: number): Excerpt | undefined {
  const line = context.lines(finding.file)?.[finding.line - 1];
  if (line === undefined) return undefined;
  return excerpt(line, finding.column, finding.endLine > finding.line ? Infinity : finding.endColumn, width);
}

/** Cuts a line at two columns (UTF-16 units from 1, `end` exclusive) and clips it around them to `width` terminal columns. */
export function excerpt(line: string, start: number, end: number, width: number): Excerpt {
  const room = Math.max(width, 12);
  const from = wholeCharacter(line, Math.min(Math.max(start - 1, 0), line.length), -1);
  const to = wholeCharacter(line, Math.min(Math.max(end - 1, from), line.length), 1);
  const marked = head(line.slice(from, to), Math.ceil(room * 0.6));
  const rest = room - displayWidth(marked);
  const [left, right] = [line.slice(0, from), line.slice(to)];
  const before = tail(left, rest - Math.min(displayWidth(head(right, rest)), Math.floor(rest / 2)));
  return { before, marked, after: head(right, rest - displayWidth(before)) };
}

/** Only so much is looked at, or a line of a megabyte would be taken apart for eighty columns. */
function head(text: string, width: number): string {
  const near = shown(text.slice(0, width * 8));
  return text.length > width * 8 ? clipEnd(`${near}…`, width) : clipEnd(near, width);
}

function tail(text: string, width: number): string {
  const near = shown(width === 0 ? text.slice(-1) : text.slice(-width * 8));
  return text.length > width * 8 ? clipStart(`…${near}`, width) : clipStart(near, width);
}

/** A tab takes four columns wherever it stands, so that marks under the line need not know where it began. */
function shown(text: string): string {
  return oneLine(text.replaceAll('\t', '    '));
}

/** Moves an index off the middle of a surrogate pair. */
function wholeCharacter(text: string, index: number, step: 1 | -1): number {
  const split = /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(index - 1, index + 1));
  return index > 0 && split ? index + step : index;
}
