import { deliver } from '../deliver.ts';
import type { Job } from '../job.ts';
import { send } from '../send.ts';
import { readPromises } from '../stored.ts';

/** `docwright replay`: fixtures, or docs where they are named, against a target. */
export async function replayCommand(job: Job): Promise<number> {
  const promises = await readPromises(job);
  const sent = await send(job, promises);
  return deliver(job, {
    target: sent.target,
    coverage: promises.coverage,
    exchanges: sent.results,
    findings: [...promises.findings, ...sent.findings],
    details: sent.details,
    unseen: sent.unseen,
    selected: promises.exchanges.length,
  });
}
