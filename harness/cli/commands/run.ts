import { byPlace } from '../../model/finding.ts';
import { operationsOf } from '../../model/operations.ts';
import { around } from '../around.ts';
import { changedOf } from '../changed.ts';
import { deliver } from '../deliver.ts';
import { lastFailed } from '../last-failed.ts';
import { readDocs } from '../docs.ts';
import { findDocs, type Found } from '../found.ts';
import { chooseScenarios } from '../scenarios.ts';
import type { Job } from '../job.ts';
import { examined } from '../examined.ts';
import { findingsOf } from '../pages.ts';
import { judging } from '../judging.ts';
import { send } from '../send.ts';
import { ownFindings, shareOf } from '../shard.ts';
import { toldOnce, unmetMatchers } from '../unmet.ts';
import { looks, readAndExamine } from '../checking.ts';
import { store } from './compile.ts';

/** `docwright run`, the main job: compile, check, replay, compare, report. */
export async function runCommand(job: Job): Promise<number> {
  const mended = await mendFirst(job);
  const docs = await readDocs(job, mended?.found);
  const { docset, scope } = docs;
  const changed =
    job.settings.onlyChanged === undefined
      ? undefined
      : await changedOf(job, mended?.found ?? (await findDocs(job)), readAndExamine);
  const meant = changed?.exchangesOf(docs.selection.exchanges, docset) ?? docs.selection.exchanges;
  const chosen = await chooseScenarios(job, docset.exchanges, meant, around(docs));
  const share = shareOf(job, chosen, { all: docset.exchanges, resources: docset.resources });
  const { shard } = share;
  const { exchanges, scenarios } = lastFailed(job, share);
  const files = job.settings.lastFailed ? { files: new Set(exchanges.map(({ file }) => file)) } : {};
  // The docs are examined as a whole whatever the shard; only what is said of an exchange belongs to one.
  const selection = { ...docs.selection, ...files, exchanges: shard === undefined ? exchanges : chosen.exchanges };
  await store(job, docs);
  const whole = [
    ...docset.findings,
    ...(await examined(job, docs)).findings,
    ...unmetMatchers(job, docset),
    ...chosen.findings,
  ];
  // What a change has caused may stand on exchanges that it did not touch.
  const told = changed === undefined ? selection : docs.selection;
  const found = ownFindings(
    findingsOf(changed?.findingsOf(whole.toSorted(byPlace)) ?? whole, scope.sources, docset.exchanges, told),
    chosen.exchanges,
    share,
  );
  const sent = await send(job, { exchanges, scenarios, all: docset.exchanges, resources: docset.resources });
  const code = await deliver(job, {
    target: sent.target,
    ...(shard === undefined ? {} : { shard }),
    coverage: docset.coverage,
    exchanges: sent.results,
    findings: [...toldOnce(found, sent.findings), ...sent.findings],
    ...judging({ ...docs, selection }, [...toldOnce(whole, sent.findings), ...sent.findings], sent),
    ...(changed === undefined ? {} : { changed }),
    details: sent.details,
    unseen: sent.unseen,
    seen: sent.seen,
    operations: () => operationsOf(docset.pages, docset.exchanges),
    ...(sent.timedOut === undefined ? {} : { timedOut: sent.timedOut }),
    ...(sent.refused === undefined ? {} : { refused: sent.refused }),
    selected: sent.results.length,
    sources: scope.sources,
  });
  return mended?.failed && code < 2 ? 2 : code;
}

/** With `--fix` what is replayed are the docs after mending. */
async function mendFirst(job: Job): Promise<{ readonly found: Found; readonly failed: boolean } | undefined> {
  if (job.settings.fix === undefined) return undefined;
  const { mend } = await import('../mend.ts');
  return mend(job, await findDocs(job), looks);
}
