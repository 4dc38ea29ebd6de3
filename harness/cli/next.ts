import type { Report, ReportContext } from '../model/report.ts';
import { nextSteps } from '../report/next.ts';
import { say, type Job } from './job.ts';

/** Says what has changed since the baseline, and what to do next, where people read the findings on the terminal. */
export function sayNext(job: Job, report: Report, context: ReportContext): void {
  const { settings, outputs } = job;
  if (settings.quiet || !outputs.some(({ name, to }) => name === 'list' && to === 'stderr')) return;
  const { baseline } = context;
  if (baseline !== undefined) {
    const { name, appeared, vanished } = baseline;
    say(job, `since ${name}: ${appeared.length} appeared, ${vanished.length} vanished`);
  }
  const steps = nextSteps(report, context);
  if (steps.length > 0) say(job, ['Next:', ...steps.map((step, at) => `  ${at + 1}. ${step}`)].join('\n'));
}
