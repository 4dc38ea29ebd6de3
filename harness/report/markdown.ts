import type { Finding, Severity } from '../model/finding.ts';
import type { Report, ReportContext, Reporter } from '../model/report.ts';
import { foldByFile, unsuppressed, type Fold } from './fold.ts';
import { capped, harmless, oneLine } from './visible.ts';
import { counted, grouped } from './numbers.ts';
import { OUTCOMES, placeOf } from './words.ts';

/** `summary.md`: for a comment on a pull request, which may hold 65,536 characters; the gravest first, then a count. */
export const markdown: Reporter = {
  name: 'markdown',
  file: 'summary.md',
  *render(report, context) {
    yield markdownWithin(report, context, 65_000);
  },
};

/** A summary in GitHub's markdown of at most `bytes` bytes (UTF-8); what has no room is counted. Empty where not even that fits. */
export function markdownWithin(report: Report, context: Pick<ReportContext, 'verbose'>, bytes: number): string {
  const pieces = [`## docwright ${code(report.command)}\n\n`, ...outline(report, context.verbose)].map(harmless);
  const tail = (left: number) =>
    left === 0 ? '' : `\n${counted(left, 'finding')} more ${left === 1 ? 'has' : 'have'} no room here.\n`;
  const folds = told(report, context.verbose);
  const items = folds.map((fold, at) => harmless(`${heading(folds, at)}${item(fold)}`));
  let room = bytes - length(pieces.join('')) - length(tail(items.length));
  const fitting = items.findIndex((text) => (room -= length(text)) < 0);
  const kept = fitting < 0 ? items.length : fitting;
  const left = folds.slice(kept).reduce((sum, { all }) => sum + all.length, 0);
  const text = [...pieces, ...items.slice(0, kept), tail(left)].join('');
  return length(text) <= bytes ? text : '';
}

function* outline({ command, summary, target }: Report, verbose: boolean): Iterable<string> {
  const { error, warning, note } = summary.findings;
  if (target !== 'none') yield `Target: ${code(target)}\n\n`;
  const outcomes = OUTCOMES.filter(({ count }) => summary[count] > 0).map(
    ({ count }) => `${grouped(summary[count])} ${count}`,
  );
  const asides = [
    ...(summary.flaky > 0 ? [`${grouped(summary.flaky)} flaky`] : []),
    ...(summary.unseen > 0 ? [`${counted(summary.unseen, 'documented response')} unseen`] : []),
  ];
  // Where nothing is asked there is nothing to say of it.
  if (command !== 'check') yield `- ${sentence(counted(summary.exchanges, 'exchange'), outcomes, asides)}\n`;
  const severities = [
    ...(error > 0 ? [counted(error, 'error')] : []),
    ...(warning > 0 ? [counted(warning, 'warning')] : []),
    ...(note > 0 ? [`${counted(note, 'note')}${verbose ? '' : ' not shown'}`] : []),
  ];
  const suppressed = summary.suppressed > 0 ? [`${grouped(summary.suppressed)} suppressed`] : [];
  yield `- ${sentence(counted(error + warning + note, 'finding'), severities, suppressed)}\n`;
}

function sentence(head: string, parts: readonly string[], asides: readonly string[]): string {
  return [[`**${head}**`, ...(parts.length > 0 ? [parts.join(', ')] : [])].join(': '), ...asides].join('; ');
}

function told({ findings }: Report, verbose: boolean): readonly Fold[] {
  const shown = unsuppressed(findings).filter(({ severity }) => verbose || severity !== 'note');
  const folds = [...foldByFile(shown).values()].flat();
  return SEVERITIES.flatMap((severity) => folds.filter(({ face }) => face.severity === severity));
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

function heading(folds: readonly Fold[], at: number): string {
  const { severity } = folds[at]!.face;
  return folds[at - 1]?.face.severity === severity ? '' : `\n### ${TITLES[severity]}\n\n`;
}

const TITLES: Readonly<Record<Severity, string>> = { error: 'Errors', warning: 'Warnings', note: 'Notes' };

function item({ face, all }: Fold): string {
  const others = all.filter((finding) => finding !== face);
  const more = others.length > 3 ? `, and at ${counted(others.length - 3, 'more place')}` : '';
  const also = others.length === 0 ? '' : `  \n  also ${others.slice(0, 3).map(place).join(', ')}${more}`;
  return `- ${place(face)} ${code(face.ruleId)}  \n  ${code(face.reason)}${also}\n`;
}

function place(finding: Finding): string {
  return code(placeOf(finding));
}

/**
 * A code span (CommonMark, 6.1), the one place where GitHub and GitLab make nothing of what they are told: no HTML, no mention, no
 * link, no reference to an issue. It is longer than any run of backticks in it.
 */
export function code(text: string): string {
  const shown = oneLine(capped(text, 600)).trim() || '␠';
  const runs = shown.match(/`+/g) ?? [];
  const mark = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  const pad = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${mark}${pad}${shown}${pad}${mark}`;
}

function length(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
