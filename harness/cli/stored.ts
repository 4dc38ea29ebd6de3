import { staleFixtures } from '../files/fixtures.ts';
import { fileName } from '../files/names.ts';
import { includeReader } from '../files/read.ts';
import { readFixtures } from '../files/stored.ts';
import { disablesIn, type Disable } from '../model/disable.ts';
import type { Finding } from '../model/finding.ts';
import type { Coverage } from '../model/report.ts';
import { UsageError } from '../model/usage.ts';
import { around } from './around.ts';
import { changedIn } from './changed-blocks.ts';
import { readDocs, type Docs } from './docs.ts';
import type { Job } from './job.ts';
import { spareMemory } from './memory.ts';
import { select } from './pages.ts';
import { mayMeanScenarios, type Surroundings } from './scenarios.ts';
import type { Sending } from './send.ts';
import { staleFinding } from './stale.ts';

/** What `replay` and `mock` work on. */
export interface Promises extends Omit<Sending, 'scenarios'> {
  /** Where scenarios may lie. */
  readonly around: Surroundings;
  readonly coverage: Coverage;
  readonly findings: readonly Finding[];
  readonly disables: readonly Disable[];
  readonly pages: readonly { readonly file: string; readonly page: string }[];
  /** What changes with any of them; of docs that were compiled nothing. */
  readonly stamp?: string;
}

/** Reads the promises from the fixtures; where the docs are named, compiles those in memory and tells which fixtures are stale. */
export async function readPromises(job: Job): Promise<Promises> {
  if (job.settings.docsNamed) return fromDocs(job, await readDocs(job));
  const { settings, cwd, pages } = job;
  const {
    exchanges: all,
    resources,
    findings,
    stamp,
  } = await readFixtures(settings.fixtures, cwd, (files) => {
    if (files > MANY_FILES) spareMemory();
  });
  const known = [...new Map(all.map(({ file, id }) => [file, { file, page: `${id.split('#', 1)[0]}.md` }])).values()];
  const chosen = all.length === 0 ? [] : select(known, all, pages, settings.grep, cwd).exchanges;
  const exchanges = await changedIn(chosen, job, includeReader(cwd));
  if (exchanges.length === 0 && findings.length === 0 && !settings.passWithNoTests && !mayMeanScenarios(job)) {
    const folder = fileName(settings.fixtures, cwd);
    const reason =
      all.length === 0 ? `no fixture in \`${folder}\`; run \`docwright compile\` first` : 'no exchange fits';
    throw new UsageError(`Nothing selected: ${reason}`);
  }
  const coverage = { files: 0, annotations: {} };
  return { around: {}, exchanges, all, resources, coverage, findings, disables: disablesIn(all), pages: known, stamp };
}

/** Fixtures from which on memory counts more than a little time. */
const MANY_FILES = 1000;

async function fromDocs(job: Job, docs: Docs): Promise<Promises> {
  const { docset, selection, scope } = docs;
  // Schemas are for others; nothing is replayed from them.
  const stale = (await staleFixtures(job.settings.fixtures, docset, scope)).filter(({ isSchema }) => !isSchema);
  const differing = stale.filter(({ kind }) => kind !== 'moved');
  // Where no page has a fixture, nobody keeps any here.
  const kept = stale.filter(({ kind }) => kind === 'missing').length < (scope.only?.size ?? docset.fixtures.size);
  return {
    around: around(docs),
    exchanges: await changedIn(selection.exchanges, job, includeReader(job.cwd)),
    all: docset.exchanges,
    resources: docset.resources,
    coverage: docset.coverage,
    disables: docset.disables ?? [],
    pages: scope.sources,
    findings: kept ? differing.map((fixture) => staleFinding(job, 'replay/stale', fixture)) : [],
  };
}
