import { setImmediate } from 'node:timers/promises';
import type { Docset, Source } from '../model/docset.ts';
import type { TableConfig } from '../model/tables.ts';
import type { PluggableList } from 'unified';
import type { ReadFile } from './markdown/assemble.ts';
import { askingOnce, keptReadings, readingFrom, readToText, type ReadingCache } from './cached.ts';
import { MANY, queueOf, readByCrew } from './crew/index.ts';
import { join } from './join.ts';
import { known, type KnownPage } from './known.ts';
import type { Facts } from './page.ts';
import { pageReader, type Manner } from './reader.ts';

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
  const readings = new Map<Source, KnownPage>();
  for (const source of sources) {
    const reading = kept?.find(source);
    if (reading !== undefined) readings.set(source, reading);
  }
  const reader = pageReader(manner, plugins);
  const read = async (source: Source): Promise<void> => {
    if (kept === undefined) return void readings.set(source, known(await reader(source, askFile)));
    const { reading, text, stamps } = await readToText(reader, source, askFile);
    kept.keep(source, text);
    readings.set(source, known(reading, stamps));
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
    kept && cache,
  );
}
