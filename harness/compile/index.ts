import { setImmediate } from 'node:timers/promises';
import type { Docset, Source } from '../model/docset.ts';
import type { TableConfig } from '../model/tables.ts';
import type { PluggableList } from 'unified';
import type { ReadFile } from './markdown/assemble.ts';
import { askingOnce, keptReadings, readingFrom, readToText, type ReadingCache } from './cached.ts';
import { MANY, queueOf, readByCrew, type Crew } from './crew/index.ts';
import { join } from './join.ts';
import { known, type KnownPage } from './known.ts';
import type { Facts } from './page.ts';
import { pageReader, type Manner } from './reader.ts';

export { dismiss, type Crew } from './crew/index.ts';
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
  /** Is told of each page that is read. */
  readonly heard?: () => void;
  /** Where readings of pages lie from one run to the next. */
  readonly cache?: ReadingCache;
  /** Readings from one compile to the next of the same process; who hands it over sees to it that what the pages include is as it was. */
  readonly readings?: Readings;
  /** Where threads wait from one compile to the next, all in the same manner; who hands it over lets them go. */
  readonly crew?: Crew;
}

/** What was read of sources; one that is read again is another object. */
export type Readings = WeakMap<Source, KnownPage>;

/** Compiles pages to fixtures and resources. A page that cannot be read becomes a finding; the others go through. */
export async function compile(
  sources: readonly Source[],
  {
    readFile,
    plugins = [],
    facts = 'all',
    tags = [],
    tables,
    heard,
    cache,
    readings: earlier,
    crew: waiting,
  }: CompileOptions,
): Promise<Docset> {
  const manner: Manner = { facts, tags, tables };
  const askFile = askingOnce(readFile);
  // What a plugin does to a page nobody can tell from the page, nor does it cross to another thread.
  const isPlain = plugins.length === 0;
  const kept = isPlain && cache ? keptReadings(cache, JSON.stringify(manner), askFile) : undefined;
  const readings = new Map<Source, KnownPage>();
  for (const source of sources) {
    const reading = earlier?.get(source) ?? kept?.find(source);
    if (reading === undefined) continue;
    readings.set(source, reading);
    heard?.();
  }
  const reader = pageReader(manner, plugins);
  const read = async (source: Source): Promise<void> => {
    heard?.();
    if (kept === undefined) return void readings.set(source, known(await reader(source, askFile)));
    const one = await readToText(reader, source, askFile);
    readings.set(source, kept.keep(source, one.text, one));
  };
  const left = sources.filter((source) => !readings.has(source));
  const queue = queueOf(left);
  const show = (source: Source, text: string): void => {
    const one = readingFrom(text);
    readings.set(source, kept?.keep(source, text, one) ?? one.page);
    heard?.();
  };
  // What threads have read is taken in between.
  const pause = left.length >= MANY || (waiting !== undefined && waiting.length > 0) ? setImmediate : undefined;
  const crew = readByCrew(queue, isPlain ? left.length : 0, manner, askFile, show, waiting);
  for (let source = queue.last(); source !== undefined; source = queue.last()) {
    await read(source);
    await pause?.();
  }
  await crew;
  for (const source of left) if (!readings.has(source)) await read(source);
  if (earlier !== undefined) for (const [source, reading] of readings) earlier.set(source, reading);
  return join(
    sources,
    sources.map((source) => readings.get(source)!),
    kept && cache,
  );
}
