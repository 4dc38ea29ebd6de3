import { createHash } from 'node:crypto';
import type { Source } from '../model/docset.ts';
import type { ReadFile } from './markdown/assemble.ts';
import type { PageReading } from './page.ts';

/** Where readings lie from one run to the next, as texts by keys of one line. */
export interface ReadingCache {
  get(key: string): string | undefined;
  set(key: string, text: string): void;
}

/** What lies in the cache: the reading, and what each file it asked for said (nothing where there was none). */
interface Entry {
  readonly includes: readonly (readonly [file: string, hash: string | null])[];
  readonly reading: PageReading;
}

/**
 * Gives the reading of a page that has not changed, nor any file that it includes, since it was kept; else reads it and keeps
 * that. `how` names whatever else a reading depends on.
 */
export function cachedReader(
  cache: ReadingCache,
  how: string,
  readFile: ReadFile,
  read: (source: Source, readFile: ReadFile) => Promise<PageReading>,
): (source: Source) => Promise<PageReading> {
  const known = new Map<string, string | null>();
  const hashOfFile = (file: string): string | null => {
    let hash = known.get(file);
    if (hash === undefined) known.set(file, (hash = hashOfText(readFile(file))));
    return hash;
  };
  return async (source) => {
    if (source.content instanceof Error) return read(source, readFile);
    const key = createHash('sha1')
      .update(JSON.stringify([how, source.file, source.page]))
      .update(source.content)
      .digest('hex');
    const kept = entryOf(cache.get(key));
    if (kept?.includes.every(([file, hash]) => hashOfFile(file) === hash)) return kept.reading;
    const includes = new Map<string, string | null>();
    const reading = await read(source, (file) => {
      const text = readFile(file);
      includes.set(file, hashOfText(text));
      return text;
    });
    cache.set(key, JSON.stringify({ includes: [...includes], reading } satisfies Entry));
    return reading;
  };
}

/** The same as a function that asks only once for each file. */
export function askingOnce(readFile: ReadFile): ReadFile {
  const known = new Map<string, string | undefined>();
  return (file) => {
    if (!known.has(file)) known.set(file, readFile(file));
    return known.get(file);
  };
}

function entryOf(text: string | undefined): Entry | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Entry;
  } catch {
    return undefined;
  }
}

function hashOfText(text: string | undefined): string | null {
  return text === undefined ? null : createHash('sha1').update(text).digest('hex');
}
