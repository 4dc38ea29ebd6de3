import { deliver } from '../deliver.ts';
import { lastFailed } from '../last-failed.ts';
import type { Job } from '../job.ts';
import { isDone } from '../judging.ts';
import { chooseScenarios } from '../scenarios.ts';
import { send } from '../send.ts';
import { ownFindings, shareOf } from '../shard.ts';
import { readPromises } from '../stored.ts';
import { unmetMatchers } from '../unmet.ts';

/** `docwright replay`: fixtures, or docs where they are named, against a target. */
export async function replayCommand(job: Job): Promise<number> {
  const read = await readPromises(job);
  const chosen = await chooseScenarios(job, read.all, read.exchanges, read.around);
  const share = shareOf(job, chosen, read);
  const { shard } = share;
  const promises = { ...read, ...lastFailed(job, share) };
  const sent = await send(job, promises);
  const isWhole = read.exchanges.length === read.all.length && promises.exchanges.length === share.exchanges.length;
  // Fixtures do not tell what types document.
  const unmet = unmetMatchers(job, {
    exchanges: promises.all,
    resources: job.settings.docsNamed ? promises.resources : undefined,
  });
  return deliver(job, {
    target: sent.target,
    ...(shard === undefined ? {} : { shard }),
    coverage: promises.coverage,
    exchanges: sent.results,
    findings: [
      ...ownFindings([...promises.findings, ...unmet, ...chosen.findings], chosen.exchanges, share),
      ...sent.findings,
    ],
    answers: sent.findings,
    disables: promises.disables,
    pages: promises.pages,
    promised: promises.all,
    complete: { docs: false, answers: isWhole && isDone(sent) },
    details: sent.details,
    unseen: sent.unseen,
    seen: sent.seen,
    ...(sent.timedOut === undefined ? {} : { timedOut: sent.timedOut }),
    ...(sent.refused === undefined ? {} : { refused: sent.refused }),
    selected: sent.results.length,
  });
}
