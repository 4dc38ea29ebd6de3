import { deliver } from '../deliver.ts';
import { readDocs } from '../docs.ts';
import type { Job } from '../job.ts';
import { findingsOf } from '../pages.ts';

/** `docwright check`: docs against themselves, no network. */
export async function checkCommand(job: Job): Promise<number> {
  const { docset, selection, pages } = await readDocs(job);
  const { check } = await import('../../check/index.ts');
  const { skipped } = await import('../../conform.ts');
  const findings = [...docset.findings, ...check(docset)];
  return deliver(job, {
    target: 'none',
    coverage: docset.coverage,
    exchanges: skipped(selection.exchanges),
    findings: findingsOf(findings, docset.pages, docset.exchanges, selection),
    unseen: 0,
    selected: pages,
  });
}
