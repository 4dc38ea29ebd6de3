import type { PluggableList } from 'unified';
import type { Source } from '../model/docset.ts';
import type { TableConfig } from '../model/tables.ts';
import type { ReadFile } from './markdown/assemble.ts';
import { HardText } from './markdown/hard.ts';
import { refused, refusesSize } from './markdown/refused.ts';
import type { Remark } from './markdown/remark.ts';
import { readPage, type Facts, type PageReading, type Reading } from './page.ts';
import { tableReader } from './resources/table-kinds.ts';

/** What a reading depends on beside the page and what it includes: plain data, so that it can cross a thread. */
export interface Manner {
  readonly facts: Facts;
  readonly tags: readonly string[];
  readonly tables: TableConfig | undefined;
}

/** Reads a page. */
export type PageReader = (source: Source, readFile: ReadFile) => Promise<PageReading>;

/** A way to read pages; remark, which takes longer to load than many a page to be read, is loaded with the first that asks for it. */
export function pageReader({ facts, tags, tables }: Manner, plugins: PluggableList = []): PageReader {
  const how = { facts, readTable: tableReader(tables), tags: new Set(tags.map((tag) => tag.trim().toLowerCase())) };
  let loaded = plugins.length === 0 ? NOT_LOADED : undefined;
  return async (source, readFile) => {
    if (loaded === NOT_LOADED && isSmall(source)) {
      const reading = await readSafely(source, { ...how, remark: NOT_LOADED, readFile }).catch(unlessNotLoaded);
      if (reading !== undefined) return reading;
    }
    if (loaded === undefined || loaded === NOT_LOADED) loaded = (await import('./markdown/remark.ts')).remark(plugins);
    return readSafely(source, { ...how, remark: loaded, readFile });
  };
}

/** A page that is read twice in no time, should the scan not prove all of it. */
function isSmall({ content }: Source): boolean {
  return content instanceof Error || content.length < 100_000;
}

/** In the place of remark, for a page of which the scan may prove every block. */
const NOT_LOADED: Remark = {
  parse: () => {
    throw new NotLoaded();
  },
  parseStretch: () => {
    throw new NotLoaded();
  },
};

class NotLoaded extends Error {}

function unlessNotLoaded(error: unknown): undefined {
  if (!(error instanceof NotLoaded)) throw error;
}

/** A plugin that throws, or a fault of ours, costs one page, not the run. */
async function readSafely(source: Source, how: Reading): Promise<PageReading> {
  try {
    const tooLarge = refusesSize(source);
    return tooLarge ? refused(source, tooLarge, how) : await readPage(source, how);
  } catch (error) {
    if (error instanceof HardText) return refused(source, error, how);
    if (error instanceof Unforeseen || error instanceof NotLoaded) throw error;
    return readPage({ ...source, content: error instanceof Error ? error : new Error(String(error)) }, how);
  }
}

/** Somebody who cannot read files is asked for one that was not handed over. */
export class Unforeseen extends Error {}
