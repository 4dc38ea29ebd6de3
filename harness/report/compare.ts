import { styleText } from 'node:util';
import type { Finding, Severity } from '../model/finding.ts';
import type { Baseline, Report, Summary } from '../model/report.ts';
import { code } from './markdown.ts';
import { foldByFile, type Fold } from './fold.ts';
import { pairUp, type Pairs } from './pairs.ts';
import { tameJson } from './tame.ts';
import { capped, harmless, oneLine } from './visible.ts';
import { counted, grouped } from './numbers.ts';
import { OUTCOMES, placeOf } from './words.ts';

/** A report, and what people call it. */
export interface NamedReport {
  readonly name: string;
  readonly report: Report;
}

/** What is different between two reports. */
export interface Changes extends Pairs {
  readonly before: NamedReport;
  readonly after: NamedReport;
}

/** Holds a report against an earlier one, finding by finding. */
export function compareReports(before: NamedReport, after: NamedReport): Changes {
  return { before, after, ...pairUp(before.report.findings, after.report.findings) };
}

/** What reporters are told of an earlier report. */
export function baselineOf(before: NamedReport, report: Report): Baseline {
  const { appeared, vanished } = pairUp(before.report.findings, report.findings);
  const { name } = before;
  const { summary } = before.report;
  return {
    name,
    summary,
    appeared: appeared.map(({ fingerprint }) => fingerprint),
    news: new Set(appeared),
    vanished,
  };
}

/** Does the later report have errors that the earlier one did not have? */
export function hasNewErrors({ appeared }: Pairs): boolean {
  return appeared.some(({ severity }) => severity === 'error');
}

/** The changes as JSON, for scripts. */
export function changesJson({ before, after, appeared, vanished, stayed }: Changes): string {
  const side = ({ name, report: { tool, command, target, summary } }: NamedReport): object => ({
    name,
    tool,
    command,
    target,
    summary,
  });
  const value = { schemaVersion: 1, before: side(before), after: side(after), appeared, vanished, stayed };
  return `${tameJson(value, 2)}\n`;
}

/** The changes for a terminal: what appeared and vanished, the gravest first, and how many stayed. */
export function* changesText(changes: Changes, color: boolean): Iterable<string> {
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    color ? styleText(style, text, { validateStream: false }) : text;
  for (const [title, findings] of [
    ['Appeared', changes.appeared],
    ['Vanished', changes.vanished],
  ] as const) {
    if (findings.length === 0) continue;
    yield `${paint('bold', title)}\n`;
    for (const fold of gravest(findings)) {
      const { severity, ruleId, reason } = fold.face;
      const line = `  ${shown(placeOf(fold.face))}  ${paint(STYLES[severity], severity)}  ${shown(reason)}${also(fold)}  ${paint('dim', ruleId)}`;
      yield `${harmless(line)}\n`;
    }
    yield '\n';
  }
  for (const line of outline(changes, shown)) yield `${harmless(line)}\n`;
}

/** The changes in GitHub's markdown, for a comment: at most 65,000 bytes, the gravest first, then a count. */
export function changesMarkdown(changes: Changes): string {
  const pieces = ['## docwright: what changed\n\n', ...outline(changes, code).map((line) => `- ${line}\n`)];
  let room = MOST_BYTES - Buffer.byteLength(pieces.join(''));
  let left = 0;
  for (const [title, findings] of [
    ['Appeared', changes.appeared],
    ['Vanished', changes.vanished],
  ] as const) {
    for (const [at, fold] of gravest(findings).entries()) {
      const { face } = fold;
      const heading = at === 0 ? `\n### ${title}\n\n` : '';
      const piece = `${heading}- ${face.severity} ${code(placeOf(face))} ${code(face.ruleId)}  \n  ${code(face.reason)}${also(fold)}\n`;
      room -= Buffer.byteLength(piece);
      if (room < 0) left += fold.all.length;
      else pieces.push(piece);
    }
  }
  if (left > 0) pieces.push(`\n${counted(left, 'finding')} more ${left === 1 ? 'has' : 'have'} no room here.\n`);
  return harmless(pieces.join(''));
}

/** A comment holds 65,536 characters; the last line is to fit, too. */
const MOST_BYTES = 64_800;

function outline({ before, after, appeared, vanished, stayed }: Changes, quoted: (text: string) => string): string[] {
  const of = ({ name, report: { command, target, tool } }: NamedReport): string =>
    `${quoted(name)} (${[command, ...(target === 'none' ? [] : [target]), tool.version].map(quoted).join(', ')})`;
  return [
    `${of(before)} → ${of(after)}`,
    `${grouped(appeared.length)} appeared${severities(appeared)}, ${grouped(vanished.length)} vanished${severities(vanished)}, ${grouped(stayed.length)} stayed`,
    ...outcomes(before.report.summary, after.report.summary),
  ];
}

function severities(findings: readonly Finding[]): string {
  const counts = SEVERITIES.map((severity) => [severity, findings.filter((each) => each.severity === severity).length]);
  const parts = counts
    .filter(([, count]) => count !== 0)
    .map(([severity, count]) => counted(Number(count), String(severity)));
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** `conforming 10 → 12`, where an outcome has another count. */
function outcomes(before: Summary, after: Summary): string[] {
  const changed = OUTCOMES.filter(({ count }) => before[count] !== after[count]).map(
    ({ count }) => `${count} ${grouped(before[count])} → ${grouped(after[count])}`,
  );
  return changed.length === 0 ? [] : [`exchanges: ${changed.join(', ')}`];
}

function gravest(findings: readonly Finding[]): Fold[] {
  const folds = [...foldByFile(findings).values()].flat();
  return SEVERITIES.flatMap((severity) => folds.filter(({ face }) => face.severity === severity));
}

function also({ all }: Fold): string {
  return all.length === 1 ? '' : ` (and at ${counted(all.length - 1, 'more place')})`;
}

/** What comes from docs and answers: nothing that acts, nothing endless. */
function shown(text: string): string {
  return oneLine(capped(text, 1000));
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

const STYLES = { error: 'red', warning: 'yellow', note: 'blue' } as const;
