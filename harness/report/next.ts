import type { Finding } from '../model/finding.ts';
import type { Report, ReportContext } from '../model/report.ts';
import { append, foldByFile, unsuppressed, type Fold } from './fold.ts';
import { capped, harmless, oneLine } from './visible.ts';
import { counted } from './numbers.ts';
import { placeOf } from './words.ts';

/** At most three things to do next, those that mend most first; the last opens the report. Nothing where nothing is wrong. */
export function nextSteps(report: Report, { written, folder }: Pick<ReportContext, 'written' | 'folder'>): string[] {
  const findings = unsuppressed(report.findings).filter(({ severity }) => severity !== 'note');
  if (findings.length === 0) return [];
  const steps = [silent(findings, report), ...values(findings), stale(findings), pruned(findings), ...causes(findings)]
    .flatMap((step) => step ?? [])
    .sort((a, b) => a.rank - b.rank || b.worth - a.worth)
    .map(({ text }) => harmless(oneLine(text)));
  const { html } = written;
  const open =
    html === undefined
      ? []
      : [html.startsWith(`${folder}/`) ? `Open the report: docwright report${named(folder)}` : `Open ${oneLine(html)}`];
  return [...steps.slice(0, MOST - open.length), ...open];
}

const MOST = 3;

/** Something to do: of two of one rank the one that mends more findings goes first. */
interface Step {
  readonly rank: number;
  readonly worth: number;
  readonly text: string;
}

/** Where hardly anything was answered, nothing else counts; where little was not, it is one cause among others. */
function silent(findings: readonly Finding[], { summary, target }: Report): Step | undefined {
  const found = findings.filter(({ ruleId }) => ruleId === 'replay/unanswered');
  const sent = summary.conforming + summary.differing + summary.unanswered;
  if (found.length === 0) return undefined;
  const reasons = new Map<string, Finding[]>();
  for (const finding of found) append(reasons, finding.reason.replace(/^Missing answer: /, ''), finding);
  const [[reason]] = [...reasons].sort(([, a], [, b]) => b.length - a.length) as [[string, Finding[]]];
  const text = `See that ${shown(target)} answers: ${counted(found.length, 'request')} had no answer (${shown(reason)})`;
  return { rank: summary.unanswered * 2 < sent ? 1 : 0, worth: found.length, text };
}

/** What many exchanges wait for, and for nothing else. */
function values(findings: readonly Finding[]): Step[] {
  const waiting = new Map<string, number>();
  for (const { ruleId, reason } of findings) {
    const missing = ruleId === 'replay/blocked' ? /^Missing (.*), expected before/.exec(reason)?.[1] : undefined;
    // What a step of a scenario keeps back waits for what that step lacks.
    if (missing === undefined || /, (?![^()]*\))/.test(missing) || missing.startsWith('step ')) continue;
    waiting.set(missing, (waiting.get(missing) ?? 0) + 1);
  }
  return [...waiting].map(([missing, count]) => ({
    rank: 1,
    worth: count,
    text: `Give the missing ${shown(missing)}: ${counted(count, 'exchange')} ${count === 1 ? 'waits' : 'wait'} for nothing else`,
  }));
}

function stale(findings: readonly Finding[]): Step | undefined {
  const { length } = findings.filter(({ ruleId }) => ruleId === 'fixture/stale' || ruleId === 'replay/stale');
  if (length === 0) return undefined;
  return { rank: 1, worth: length, text: `Compile anew: ${counted(length, 'fixture')} stale; docwright compile` };
}

/** Entries that are for nothing are taken out all at once, when what is wrong has been mended. */
function pruned(findings: readonly Finding[]): Step | undefined {
  const { length } = findings.filter(({ ruleId }) => ruleId === 'suppression/stale');
  if (length === 0) return undefined;
  const text = `Prune ${counted(length, 'suppression')} that ${length === 1 ? 'is' : 'are'} for nothing: docwright check --prune-suppressions`;
  return { rank: 3, worth: length, text };
}

/** Causes, errors first, those with most places before the others. */
function causes(findings: readonly Finding[]): Step[] {
  const others = findings.filter(({ ruleId }) => !ELSEWHERE.has(ruleId));
  const folds = [...foldByFile(others).values()].flat();
  const errors = folds.filter(({ face }) => face.severity === 'error');
  const chosen = errors.length > 0 ? errors : folds;
  return chosen
    .sort((a, b) => b.all.length - a.all.length)
    .slice(0, MOST)
    .map((fold) => ({ rank: fold.face.severity === 'error' ? 1 : 2, worth: fold.all.length, text: causeText(fold) }));
}

const ELSEWHERE = new Set([
  'replay/unanswered',
  'replay/blocked',
  'replay/not-recorded',
  'fixture/stale',
  'replay/stale',
  'suppression/stale',
]);

function causeText({ face, all }: Fold): string {
  const places = all.length === 1 ? '' : `, one cause of ${counted(all.length, 'finding')}`;
  return `Mend ${shown(placeOf(face))}${places}: ${shown(face.reason)}; docwright explain ${face.ruleId}`;
}

function named(folder: string): string {
  return folder === 'reports' ? '' : ` --reports ${/^[\w./-]+$/.test(folder) ? folder : `'${oneLine(folder)}'`}`;
}

function shown(text: string): string {
  return capped(text, 160);
}
