import { createHash } from 'node:crypto';
import type { Page, Source } from '../model/docset.ts';
import type { ReadFile } from './markdown/assemble.ts';
import type { PageReading } from './page.ts';
import type { PageReader } from './reader.ts';

/** Where readings lie from one run to the next, as texts by keys of one line. */
export interface ReadingCache {
  get(key: string): string | undefined;
  set(key: string, text: string): void;
}

/** The readings of a cache, by page. */
export interface KeptReadings {
  /** The reading of a page that has not changed, nor any file that it includes, since it was kept. */
  find(source: Source): PageReading | undefined;
  /** Keeps what `readToText` gave for a page. */
  keep(source: Source, text: string): void;
}

/** Opens a cache for readings; `how` names whatever else they depend on. */
export function keptReadings(cache: ReadingCache, how: string, readFile: ReadFile): KeptReadings {
  const known = new Map<string, string | null>();
  const hashOfFile = (file: string): string | null => {
    let hash = known.get(file);
    if (hash === undefined) known.set(file, (hash = hashOfText(readFile(file))));
    return hash;
  };
  const keyOf = ({ file, page }: Source, content: Uint8Array): string =>
    createHash('sha1')
      .update(JSON.stringify([READING, how, file, page]))
      .update(content)
      .digest('hex');
  return {
    find(source) {
      if (source.content instanceof Error) return undefined;
      const entry = entryOf(cache.get(keyOf(source, source.content)));
      return entry?.includes.every(([file, hash]) => hashOfFile(file) === hash) ? readingOf(entry) : undefined;
    },
    keep(source, text) {
      if (!(source.content instanceof Error)) cache.set(keyOf(source, source.content), text);
    },
  };
}

/** Reads a page to a text that `readingFrom` understands: to be kept, or to be sent to another thread. */
export async function readToText(
  read: PageReader,
  source: Source,
  readFile: ReadFile,
): Promise<{ readonly reading: PageReading; readonly text: string }> {
  const includes = new Map<string, string | null>();
  const reading = await read(source, (file) => {
    const text = readFile(file);
    includes.set(file, hashOfText(text));
    return text;
  });
  const { page, ...rest } = reading;
  const entry: Entry = { includes: [...includes], reading: rest, page: JSON.stringify(page) };
  return { reading, text: JSON.stringify(entry) };
}

/** The reading that `readToText` made a text of. */
export function readingFrom(text: string): PageReading {
  return readingOf(JSON.parse(text) as Entry);
}

/** The same as a function that asks only once for each file. */
export function askingOnce(readFile: ReadFile): ReadFile {
  const known = new Map<string, string | undefined>();
  return (file) => {
    if (!known.has(file)) known.set(file, readFile(file));
    return known.get(file);
  };
}

/** Raised by hand where the same code reads a page otherwise, such as with another remark. */
const READING = 1;

/** What lies in the cache: the reading, and what each file it asked for said (nothing where there was none). */
interface Entry {
  readonly includes: readonly (readonly [file: string, hash: string | null])[];
  readonly reading: Omit<PageReading, 'page'>;
  /** The page as a text of its own: nobody but `check` and `print` looks at most of them. */
  readonly page: string;
}

function readingOf({ reading, page }: Entry): PageReading {
  let read: Page | undefined;
  return {
    ...reading,
    get page() {
      return (read ??= JSON.parse(page) as Page);
    },
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
