import type { AnnotationTally } from '../model/annotation.ts';
import type { Docset, Source } from '../model/docset.ts';
import { byPlace, compareText, finding, type Fact } from '../model/finding.ts';
import { FIXTURE_VERSION, type Fixture, type PagedExchange } from '../model/fixture.ts';
import type { Coverage } from '../model/report.ts';
import type { PluggableList, Processor } from 'unified';
import type { ReadFile } from './assemble.ts';
import { markdown, readPage, type PageReading } from './page.ts';

export interface CompileOptions {
  /** Reads a file that a page includes, by its path relative to the working directory. */
  readonly readFile: ReadFile;
  /** remark plugins that run on each page before it is read. */
  readonly plugins?: PluggableList;
}

/** Compiles pages to fixtures and resources. A page that cannot be read becomes a finding; the others go through. */
export async function compile(sources: readonly Source[], { readFile, plugins }: CompileOptions): Promise<Docset> {
  const processor = markdown(plugins);
  const readings: PageReading[] = [];
  for (const source of sources) readings.push(await readSafely(source, readFile, processor));
  return join(sources, readings);
}

/** A plugin that throws, or a fault of ours, costs one page, not the run. */
async function readSafely(source: Source, readFile: ReadFile, processor: Processor): Promise<PageReading> {
  try {
    return await readPage(source, readFile, processor);
  } catch (error) {
    return readPage(
      { ...source, content: error instanceof Error ? error : new Error(String(error)) },
      readFile,
      processor,
    );
  }
}

function join(sources: readonly Source[], readings: readonly PageReading[]): Docset {
  const fixtures = new Map<string, Fixture>();
  const exchanges: PagedExchange[] = [];
  for (const { page, exchanges: found } of readings) {
    if (found.length === 0) continue;
    fixtures.set(page.page.replace(/\.md$/i, '.json'), {
      schemaVersion: FIXTURE_VERSION,
      page: page.file,
      exchanges: found,
    });
    exchanges.push(...found.map((exchange) => ({ ...exchange, file: page.file })));
  }
  const facts = distinct([...readings.flatMap((reading) => reading.facts), ...duplicateNames(readings)]);
  return {
    fixtures,
    exchanges,
    resources: readings.flatMap(({ resources }) => resources),
    findings: facts.map((fact) => finding(fact)).sort(byPlace),
    coverage: cover(sources, readings),
    pages: readings.map(({ page }) => page),
  };
}

/** A file that several pages include says the same of itself each time: once is enough. */
function distinct(facts: readonly Fact[]): Fact[] {
  const seen = new Map<string, Fact>();
  for (const fact of facts) {
    const { file, position } = fact.place;
    const key = JSON.stringify([
      fact.ruleId,
      file,
      position.start.line,
      position.start.column,
      fact.pointer,
      fact.reason,
    ]);
    if (!seen.has(key)) seen.set(key, fact);
  }
  return [...seen.values()];
}

/** A name used again, in path order: each later place names the first. */
function duplicateNames(readings: readonly PageReading[]): Fact[] {
  const first = new Map<string, { file: string; line: number }>();
  const sites = new Set<string>();
  return readings.flatMap(({ names }) =>
    names.flatMap(({ name, place }) => {
      const { line, column } = place.position.start;
      const site = `${place.file}:${line}:${column}`;
      if (sites.has(site)) return [];
      sites.add(site);
      const known = first.get(name);
      if (known === undefined) {
        first.set(name, { file: place.file, line });
        return [];
      }
      return [
        {
          ruleId: 'pairing/duplicate-name',
          reason: `Unexpected name \`${name}\`, used first at ${known.file}:${known.line}`,
          place,
          subject: name,
          group: `pairing/duplicate-name ${name}`,
          note: 'Give each request a name of its own.',
        } as const,
      ];
    }),
  );
}

const BEST: Readonly<Record<'compiled' | 'ignored' | 'reported', number>> = { compiled: 2, ignored: 1, reported: 0 };

/** Counts each written annotation once, in the file where it is written; in an included file the best that became of it. */
function cover(sources: readonly Source[], readings: readonly PageReading[]): Coverage {
  const files = new Set(sources.map(({ file }) => file));
  const written = new Map<string, { word: string; fate: keyof typeof BEST }>();
  for (const { fates } of readings)
    for (const { place, word, fate } of fates) {
      if (!files.has(place.file)) continue;
      const site = `${place.file}:${place.position.start.line}:${place.position.start.column}`;
      const known = written.get(site);
      if (known === undefined || BEST[fate] > BEST[known.fate]) written.set(site, { word, fate });
    }
  const annotations = new Map<string, AnnotationTally>();
  for (const { word, fate } of written.values()) {
    const tally = annotations.get(word) ?? { found: 0, compiled: 0, ignored: 0, reported: 0 };
    annotations.set(word, { ...tally, found: tally.found + 1, [fate]: tally[fate] + 1 });
  }
  return {
    files: sources.length,
    annotations: Object.fromEntries([...annotations].sort(([a], [b]) => compareText(a, b))),
  };
}
