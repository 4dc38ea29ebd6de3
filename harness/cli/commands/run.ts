import { deliver } from '../deliver.ts';
import { lastFailed } from '../last-failed.ts';
import { readDocs } from '../docs.ts';
import type { Job } from '../job.ts';
import { findingsOf } from '../pages.ts';
import { send } from '../send.ts';
import { toldOnce, unmetMatchers } from '../unmet.ts';
import { store } from './compile.ts';

/** `docwright run`, the main job: compile, check, replay, compare, report. */
export async function runCommand(job: Job): Promise<number> {
  const docs = await readDocs(job);
  const { docset, scope } = docs;
  const exchanges = lastFailed(job, docs.selection.exchanges);
  const files = job.settings.lastFailed ? { files: new Set(exchanges.map(({ file }) => file)) } : {};
  const selection = { ...docs.selection, ...files, exchanges };
  await store(job, docs);
  const { examine } = await import('../../examine.ts');
  const found = findingsOf(
    [
      ...docset.findings,
      ...examine(docset, { ...job.settings, ...docs.known }),
      ...unmetMatchers(job, docset.exchanges, docset.resources),
    ],
    scope.sources,
    docset.exchanges,
    selection,
  );
  const sent = await send(job, { exchanges, all: docset.exchanges, resources: docset.resources });
  return deliver(job, {
    target: sent.target,
    coverage: docset.coverage,
    exchanges: sent.results,
    findings: [...toldOnce(found, sent.findings), ...sent.findings],
    details: sent.details,
    unseen: sent.unseen,
    ...(sent.timedOut === undefined ? {} : { timedOut: sent.timedOut }),
    selected: exchanges.length,
    sources: scope.sources,
  });
}
