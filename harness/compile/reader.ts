import type { PluggableList } from 'unified';
import type { Source } from '../model/docset.ts';
import type { TableConfig } from '../model/tables.ts';
import type { ReadFile } from './markdown/assemble.ts';
import { HardText } from './markdown/hard.ts';
import { refused, refusesSize } from './markdown/refused.ts';
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

/** A way to read pages; remark, which takes longer to load than everything takes where all pages are known, is loaded with the first. */
export function pageReader({ facts, tags, tables }: Manner, plugins: PluggableList = []): PageReader {
  let how: Omit<Reading, 'readFile'> | undefined;
  return async (source, readFile) => {
    how ??= {
      remark: (await import('./markdown/remark.ts')).remark(plugins),
      facts,
      readTable: tableReader(tables),
      tags: new Set(tags.map((tag) => tag.trim().toLowerCase())),
    };
    return readSafely(source, { ...how, readFile });
  };
}

/** A plugin that throws, or a fault of ours, costs one page, not the run. */
async function readSafely(source: Source, how: Reading): Promise<PageReading> {
  try {
    const tooLarge = refusesSize(source);
    return tooLarge ? refused(source, tooLarge, how) : await readPage(source, how);
  } catch (error) {
    if (error instanceof HardText) return refused(source, error, how);
    if (error instanceof Unforeseen) throw error;
    return readPage({ ...source, content: error instanceof Error ? error : new Error(String(error)) }, how);
  }
}

/** Somebody who cannot read files is asked for one that was not handed over. */
export class Unforeseen extends Error {}
