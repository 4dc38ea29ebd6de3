import { setImmediate } from 'node:timers/promises';
import type { AnnotationTally } from '../model/annotation.ts';
import type { Docset, Page, Source } from '../model/docset.ts';
import { byPlace, compareText, finding, type Fact } from '../model/finding.ts';
import { FIXTURE_VERSION, type Fixture, type PagedExchange } from '../model/fixture.ts';
import type { Coverage } from '../model/report.ts';
import type { TableConfig } from '../model/tables.ts';
import type { PluggableList } from 'unified';
import type { ReadFile } from './markdown/assemble.ts';
import { askingOnce, keptReadings, readingFrom, readToText, type ReadingCache } from './cached.ts';
import { apart } from './collisions.ts';
import { MANY, queueOf, readByCrew } from './crew/index.ts';
import type { Facts, PageReading } from './page.ts';
import { pageReader, type Manner } from './reader.ts';
import { judgeResources, resolveResources } from './resources/resolve.ts';
import { resourceSchemas } from './resources/schemas.ts';

export type { Facts } from './page.ts';

export interface CompileOptions {
  /** Reads a file that a page includes, by its path relative to the working directory. */
  readonly readFile: ReadFile;
  /** remark plugins that run on each page before it is read. */
  readonly plugins?: PluggableList;
  /** What is wanted; without it all. `promises` leaves out links, anchors and tables about requests and answers, and is many times as fast. */
  readonly facts?: Facts;
  /** Tags whose blocks (`[TAGS=a,b]` to `[END]`) are read; all others are left out. In any case. */
  readonly tags?: readonly string[];
  /** How tables are known, where the built-in way does not do. */
  readonly tables?: TableConfig;
  /** Where readings of pages lie from one run to the next. */
  readonly cache?: ReadingCache;
}

/** Compiles pages to fixtures and resources. A page that cannot be read becomes a finding; the others go through. */
export async function compile(
  sources: readonly Source[],
  { readFile, plugins = [], facts = 'all', tags = [], tables, cache }: CompileOptions,
): Promise<Docset> {
  const manner: Manner = { facts, tags, tables };
  const askFile = askingOnce(readFile);
  // What a plugin does to a page nobody can tell from the page, nor does it cross to another thread.
  const isPlain = plugins.length === 0;
  const kept = isPlain && cache ? keptReadings(cache, JSON.stringify(manner), askFile) : undefined;
  const readings = new Map<Source, PageReading>();
  for (const source of sources) {
    const reading = kept?.find(source);
    if (reading !== undefined) readings.set(source, reading);
  }
  const reader = pageReader(manner, plugins);
  const read = async (source: Source): Promise<void> => {
    if (kept === undefined) return void readings.set(source, await reader(source, askFile));
    const { reading, text } = await readToText(reader, source, askFile);
    kept.keep(source, text);
    readings.set(source, reading);
  };
  const left = sources.filter((source) => !readings.has(source));
  const queue = queueOf(left);
  const crew = readByCrew(queue, isPlain ? left.length : 0, manner, askFile, (source, text) => {
    kept?.keep(source, text);
    readings.set(source, readingFrom(text));
  });
  for (let source = queue.last(); source !== undefined; source = queue.last()) {
    await read(source);
    // What threads have read is taken in between.
    if (left.length >= MANY) await setImmediate();
  }
  await crew;
  for (const source of left) if (!readings.has(source)) await read(source);
  return join(
    sources,
    sources.map((source) => readings.get(source)!),
  );
}

function join(sources: readonly Source[], read: readonly PageReading[]): Docset {
  const { readings, paths } = apart(read);
  const written = writtenIn(sources, readings);
  const fixtures = new Map<string, Fixture>();
  const exchanges: PagedExchange[] = [];
  for (const { file, path, exchanges: found } of readings) {
    if (found.length === 0) continue;
    fixtures.set(paths.get(path)!, {
      schemaVersion: FIXTURE_VERSION,
      page: file,
      exchanges: found,
    });
    exchanges.push(...found.map((exchange) => ({ ...exchange, file })));
  }
  const resources = resolveResources(
    readings.flatMap((reading) => reading.resources),
    readings.flatMap(({ file, enums }) => enums.map((enumeration) => ({ page: file, enumeration }))),
  );
  const facts = distinct([
    ...readings.flatMap((reading) => reading.facts),
    ...duplicateNames(readings),
    ...judgeResources(resources),
  ]);
  let pages: readonly Page[] | undefined;
  return {
    fixtures,
    exchanges,
    resources,
    schemas: resourceSchemas(resources, fixtures.keys()),
    findings: facts.map((fact) => finding(fact)).sort(byPlace),
    coverage: { files: sources.length, annotations: tallied(written.values()) },
    annotations: tallyByFile(written.values()),
    get pages() {
      return (pages ??= readings.map(({ page }) => page));
    },
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

/** Each written annotation once, in the file where it is written; in an included file the best that became of it. */
function writtenIn(sources: readonly Source[], readings: readonly PageReading[]): ReadonlyMap<string, Written> {
  const files = new Set(sources.map(({ file }) => file));
  const written = new Map<string, Written>();
  for (const { fates } of readings)
    for (const { place, word, fate } of fates) {
      if (!files.has(place.file)) continue;
      const site = `${place.file}:${place.position.start.line}:${place.position.start.column}`;
      const known = written.get(site);
      if (known === undefined || BEST[fate] > BEST[known.fate]) written.set(site, { file: place.file, word, fate });
    }
  return written;
}

interface Written {
  readonly file: string;
  readonly word: string;
  readonly fate: keyof typeof BEST;
}

/** Counts by `blockType`, in its alphabetical order. */
function tallied(written: Iterable<Written>): Coverage['annotations'] {
  const annotations = new Map<string, AnnotationTally>();
  for (const { word, fate } of written) {
    const tally = annotations.get(word) ?? { found: 0, compiled: 0, ignored: 0, reported: 0 };
    annotations.set(word, { ...tally, found: tally.found + 1, [fate]: tally[fate] + 1 });
  }
  return Object.fromEntries([...annotations].sort(([a], [b]) => compareText(a, b)));
}

function tallyByFile(written: Iterable<Written>): Docset['annotations'] {
  const files = new Map<string, Written[]>();
  for (const each of written) {
    const known = files.get(each.file);
    if (known) known.push(each);
    else files.set(each.file, [each]);
  }
  return new Map([...files].map(([file, each]) => [file, tallied(each)]));
}
