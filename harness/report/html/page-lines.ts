import type { Finding } from '../../model/finding.ts';
import type { ReportContext } from '../../model/report.ts';
import { excerpt } from '../excerpt.ts';
import { capped } from '../visible.ts';
import type { PageLine, PageLines } from './wire.ts';

/** The lines of the page around a finding, its columns marked; nothing where the page cannot be read. */
export function pageLines(finding: Finding, context: ReportContext): PageLines | undefined {
  const lines = context.lines(finding.file);
  if (lines?.[finding.line - 1] === undefined) return undefined;
  const first = Math.max(1, finding.line - AROUND);
  const last = Math.min(lines.length, Math.max(finding.line, Math.min(finding.endLine, finding.line + MOST)) + AROUND);
  return Array.from({ length: last - first + 1 }, (_, at) => pageLine(lines[first + at - 1]!, first + at, finding));
}

/** Lines before and after, and how many a finding may run over. */
const [AROUND, MOST] = [4, 12];

function pageLine(text: string, number: number, finding: Finding): PageLine {
  if (number < finding.line || number > finding.endLine) return { number, text: capped(text, LONGEST) };
  const start = number === finding.line ? finding.column : 1;
  const end = number === finding.endLine ? finding.endColumn : text.length + 1;
  if (text.length <= LONGEST) {
    const from = Math.min(start - 1, text.length);
    return { number, text, mark: [from, Math.min(Math.max(end - 1, from), text.length)] };
  }
  const { before, marked, after } = excerpt(text, start, end, LONGEST);
  return { number, text: before + marked + after, mark: [before.length, before.length + marked.length] };
}

const LONGEST = 300;
