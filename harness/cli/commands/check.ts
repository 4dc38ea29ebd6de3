import { deliver } from '../deliver.ts';
import { readDocs } from '../docs.ts';
import { findDocs, type Found } from '../found.ts';
import type { Job } from '../job.ts';
import { unlessUnchanged } from '../kept.ts';
import { findingsOf } from '../pages.ts';
import { unmetMatchers } from '../unmet.ts';

/** `docwright check`: docs against themselves, no network. */
export async function checkCommand(job: Job): Promise<number> {
  return unlessUnchanged(job, await findDocs(job), 'reports', checkFound);
}

async function checkFound(job: Job, found: Found): Promise<number> {
  const { docset, selection, pages, scope, known } = await readDocs(job, found);
  const { examine } = await import('../../examine.ts');
  const { skipped } = await import('../../conform.ts');
  const findings = [
    ...docset.findings,
    ...examine(docset, { ...job.settings, ...known }),
    ...unmetMatchers(job, docset.exchanges, docset.resources),
  ];
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
