import type { Source } from '../model/docset.ts';
import { hashOf } from '../model/hash.ts';
import { knownFrom, knownText, type Includes, type KnownPage, type Stamps } from './known.ts';
import type { ReadFile } from './markdown/assemble.ts';
import type { PageReading } from './page.ts';
import type { PageReader } from './reader.ts';

/** Where readings lie from one run to the next, as texts by keys. */
export interface ReadingCache {
  /** The lines of a text by their number; they are asked for one at a time. */
  lines(key: string): ((number: number) => string) | undefined;
  set(key: string, text: string): void;
}

/** The readings of a cache, by page. */
export interface KeptReadings {
  /** The reading of a page that has not changed, nor any file that it includes, since it was kept. */
  find(source: Source): KnownPage | undefined;
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
  const manner = hashOf(JSON.stringify([READING, how]));
  const keyOf = ({ file, page }: Source, content: Uint8Array): string =>
    `${manner} ${hashOf(content)} ${file}\0${page}`;
  return {
    find(source) {
      if (source.content instanceof Error) return undefined;
      const lines = cache.lines(keyOf(source, source.content));
      if (lines === undefined) return undefined;
      const { page, includes } = knownFrom(lines);
      return includes.every(([file, hash]) => hashOfFile(file) === hash) ? page : undefined;
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
): Promise<{ readonly reading: PageReading; readonly text: string; readonly stamps: Stamps }> {
  const includes = new Map<string, string | null>();
  const reading = await read(source, (file) => {
    const text = readFile(file);
    includes.set(file, hashOfText(text));
    return text;
  });
  return { reading, ...knownText(reading, [...includes] satisfies Includes) };
}

/** The reading that `readToText` made a text of. */
export function readingFrom(text: string): KnownPage {
  const lines = text.split('\n');
  return knownFrom((number) => lines[number]!).page;
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
const READING = 2;

function hashOfText(text: string | undefined): string | null {
  return text === undefined ? null : hashOf(text);
}
