import path from 'node:path';
import { appendHistory, readHistory } from '../files/history.ts';
import { HISTORY_VERSION, MOST_HISTORY } from '../model/history.ts';
import type { Report, ReportContext } from '../model/report.ts';
import { stoppedBy, type Job } from './job.ts';

/** What reporters are told of earlier runs. */
export type Earlier = Pick<ReportContext, 'baseline' | 'history'>;

/**
 * What reporters are told of earlier runs: how the findings compare with the baseline, and how runs like this one came out. A run that is
 * whole is remembered; one of a part of the docs would only draw a line that jumps.
 */
export async function since(job: Job, report: Report, isWhole: boolean): Promise<Earlier> {
  const { baseline, settings } = job;
  if (baseline === undefined && !settings.history) return {};
  const { baselineOf } = await import('../report/compare.ts');
  return {
    ...(baseline === undefined ? {} : { baseline: baselineOf(baseline, report) }),
    ...(settings.history ? { history: remembered(job, report, isWhole && !isNarrowed(job, report)) } : {}),
  };
}

function remembered({ settings, cwd, redactor }: Job, { command, target, summary }: Report, isWhole: boolean) {
  const file = path.join(cwd, '.docwright', 'history.jsonl');
  const docs = redactor.known(settings.docs);
  const now = { at: new Date().toISOString(), summary };
  const isSame = (entry: { command: string; target: string; docs: readonly string[] }): boolean =>
    entry.command === command && entry.target === target && entry.docs.join('\0') === docs.join('\0');
  const before = readHistory(file)
    .filter(isSame)
    .map(({ at, summary: earlier }) => ({ at, summary: earlier }));
  if (isWhole) appendHistory(file, { schemaVersion: HISTORY_VERSION, ...now, command, target, docs });
  return [...before, now].slice(-MOST_HISTORY);
}

/** Did it look at a part only, or stop before its end? */
function isNarrowed(job: Job, { command, summary }: Report): boolean {
  const { settings, pages } = job;
  const sends = command === 'run' || command === 'replay';
  const words = job.command === 'report' ? [] : pages;
  return (
    words.length > 0 ||
    settings.grep !== undefined ||
    settings.lastFailed ||
    settings.shard !== undefined ||
    stoppedBy(job) !== undefined ||
    (sends && summary.skipped > 0)
  );
}
