import { deliver } from '../deliver.ts';
import { readDocs } from '../docs.ts';
import type { Job } from '../job.ts';
import { findingsOf } from '../pages.ts';
import { send } from '../send.ts';
import { store } from './compile.ts';

/** `docwright run`, the main job: compile, check, replay, compare, report. */
export async function runCommand(job: Job): Promise<number> {
  const docs = await readDocs(job);
  const { docset, selection, scope } = docs;
  await store(job, docs);
  const { examine } = await import('../../examine.ts');
  const found = findingsOf(
    [...docset.findings, ...examine(docset, job.settings)],
    scope.sources,
    docset.exchanges,
    selection,
  );
  const { exchanges } = selection;
  const sent = await send(job, { exchanges, all: docset.exchanges, resources: docset.resources });
  return deliver(job, {
    target: sent.target,
    coverage: docset.coverage,
    exchanges: sent.results,
    findings: [...found, ...sent.findings],
    details: sent.details,
    unseen: sent.unseen,
    selected: exchanges.length,
    sources: scope.sources,
  });
}
