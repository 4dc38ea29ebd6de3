import { deliver } from '../deliver.ts';
import { lastFailed } from '../last-failed.ts';
import type { Job } from '../job.ts';
import { isDone } from '../judging.ts';
import { send } from '../send.ts';
import { readPromises } from '../stored.ts';
import { unmetMatchers } from '../unmet.ts';

/** `docwright replay`: fixtures, or docs where they are named, against a target. */
export async function replayCommand(job: Job): Promise<number> {
  const read = await readPromises(job);
  const promises = { ...read, exchanges: lastFailed(job, read.exchanges) };
  const sent = await send(job, promises);
  // Fixtures do not tell what types document.
  const unmet = unmetMatchers(job, {
    exchanges: promises.all,
    resources: job.settings.docsNamed ? promises.resources : undefined,
  });
  return deliver(job, {
    target: sent.target,
    coverage: promises.coverage,
    exchanges: sent.results,
    findings: [...promises.findings, ...unmet, ...sent.findings],
    answers: sent.findings,
    disables: promises.disables,
    pages: promises.pages,
    promised: promises.all,
    complete: { docs: false, answers: promises.exchanges.length === promises.all.length && isDone(sent) },
    details: sent.details,
    unseen: sent.unseen,
    seen: sent.seen,
    ...(sent.timedOut === undefined ? {} : { timedOut: sent.timedOut }),
    ...(sent.isRefused ? { isRefused: true } : {}),
    selected: promises.exchanges.length,
  });
}
