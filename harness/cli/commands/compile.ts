import { staleFixtures, writeFixtures } from '../../files/fixtures.ts';
import type { Memory } from '../../files/memory.ts';
import { fileName } from '../../files/names.ts';
import type { Finding } from '../../model/finding.ts';
import { skipped } from '../../model/result.ts';
import { deliver } from '../deliver.ts';
import { readDocs, type Docs } from '../docs.ts';
import { findDocs, type Found } from '../found.ts';
import { unlessUnchanged } from '../kept.ts';
import { say, stoppedBy, type Job } from '../job.ts';
import { findingsOf } from '../pages.ts';
import { staleFinding } from '../stale.ts';

/** `docwright compile`: docs to fixtures; with `--check` only tells which are stale. */
export async function compileCommand(job: Job): Promise<number> {
  return unlessUnchanged(job, await findDocs(job), 'fixtures', (recorded, found, memory) =>
    compileFound(job, recorded, found, memory),
  );
}

/** What is said to `recorded` is said again by a run that finds nothing changed; how many fixtures were written is not. */
async function compileFound(job: Job, recorded: Job, found: Found, memory: Memory | undefined): Promise<number> {
  const docs = await readDocs(recorded, found);
  const { docset, selection, isAll, pages, scope } = docs;
  const stale = job.settings.check ? await staleFindings(job, docs, memory) : [];
  if (!job.settings.check) await store(job, docs, memory);
  const { findings } = docset;
  const own = isAll ? findings : findingsOf(findings, scope.sources, docset.exchanges, selection);
  return deliver(recorded, {
    target: 'none',
    coverage: docset.coverage,
    exchanges: isAll ? docset.skipped : skipped(selection.exchanges),
    findings: [...own, ...stale],
    unseen: 0,
    ...(docset.disables === undefined ? {} : { disables: docset.disables }),
    pages: scope.sources,
    selected: pages,
    sources: scope.sources,
  });
}

/** Writes the fixtures of what is selected, unless a signal came: half of them would be neither the old nor the new. */
export async function store(job: Job, { docset, scope }: Docs, memory?: Memory): Promise<void> {
  if (stoppedBy(job)) return;
  const { settings, cwd } = job;
  const { written, unchanged, removed } = await writeFixtures(settings.fixtures, docset, scope, memory);
  if (written.length + removed.length === 0 && !settings.verbose) return;
  const counts = `${written.length} written, ${unchanged.length} unchanged, ${removed.length} removed`;
  say(job, `Fixtures in ${fileName(settings.fixtures, cwd) || '.'}: ${counts}`);
}

async function staleFindings(job: Job, { docset, scope }: Docs, memory: Memory | undefined): Promise<Finding[]> {
  const stale = await staleFixtures(job.settings.fixtures, docset, scope, memory);
  return stale.map((fixture) =>
    staleFinding(job, fixture.kind === 'moved' ? 'fixture/moved' : 'fixture/stale', fixture),
  );
}
