import { deliver } from '../deliver.ts';
import { readDocs } from '../docs.ts';
import type { Job } from '../job.ts';
import { findingsOf } from '../pages.ts';

/** `docwright check`: docs against themselves, no network. */
export async function checkCommand(job: Job): Promise<number> {
  const { docset, selection, pages, scope } = await readDocs(job);
  const { examine } = await import('../../examine.ts');
  const { skipped } = await import('../../conform.ts');
  const findings = [...docset.findings, ...examine(docset, job.settings)];
  return deliver(job, {
    target: 'none',
    coverage: docset.coverage,
    exchanges: skipped(selection.exchanges),
    findings: findingsOf(findings, scope.sources, docset.exchanges, selection),
    unseen: 0,
    selected: pages,
    sources: scope.sources,
  });
}
