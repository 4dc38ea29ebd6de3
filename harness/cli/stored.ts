import { staleFixtures } from '../files/fixtures.ts';
import { fileName } from '../files/names.ts';
import { readFixtures } from '../files/stored.ts';
import type { Finding } from '../model/finding.ts';
import type { Coverage } from '../model/report.ts';
import { UsageError } from '../model/usage.ts';
import { readDocs, type Docs } from './docs.ts';
import type { Job } from './job.ts';
import { select } from './pages.ts';
import type { Sending } from './send.ts';
import { staleFinding } from './stale.ts';

/** What `replay` and `mock` work on. */
export interface Promises extends Sending {
  readonly coverage: Coverage;
  readonly findings: readonly Finding[];
}

/** Reads the promises from the fixtures; where the docs are named, compiles those in memory and tells which fixtures are stale. */
export async function readPromises(job: Job): Promise<Promises> {
  if (job.settings.docsNamed) return fromDocs(job, await readDocs(job));
  const { settings, cwd, pages } = job;
  const { exchanges: all, resources, findings } = await readFixtures(settings.fixtures, cwd);
  const known = [...new Map(all.map(({ file, id }) => [file, { file, page: `${id.split('#', 1)[0]}.md` }])).values()];
  const { exchanges } = all.length === 0 ? { exchanges: [] } : select(known, all, pages, settings.grep, cwd);
  if (exchanges.length === 0 && findings.length === 0 && !settings.passWithNoTests) {
    const folder = fileName(settings.fixtures, cwd);
    const reason =
      all.length === 0 ? `no fixture in \`${folder}\`; run \`docwright compile\` first` : 'no exchange fits';
    throw new UsageError(`Nothing selected: ${reason}`);
  }
  return { exchanges, all, resources, coverage: { files: 0, annotations: {} }, findings };
}

async function fromDocs(job: Job, { docset, selection, scope }: Docs): Promise<Promises> {
  // Schemas are for others; nothing is replayed from them.
  const stale = (await staleFixtures(job.settings.fixtures, docset, scope)).filter(({ isSchema }) => !isSchema);
  const differing = stale.filter(({ kind }) => kind !== 'moved');
  // Where no page has a fixture, nobody keeps any here.
  const kept = stale.filter(({ kind }) => kind === 'missing').length < (scope.only?.size ?? docset.fixtures.size);
  return {
    exchanges: selection.exchanges,
    all: docset.exchanges,
    resources: docset.resources,
    coverage: docset.coverage,
    findings: kept ? differing.map((fixture) => staleFinding(job, 'replay/stale', fixture)) : [],
  };
}
