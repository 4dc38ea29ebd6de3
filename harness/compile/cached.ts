import type { Source } from '../model/docset.ts';
import { hashOf } from '../model/hash.ts';
import { knownFrom, knownText, type KnownPage, type Read } from './known.ts';
import type { ReadFile } from './markdown/assemble.ts';
import type { PageReader } from './reader.ts';

/** Where readings lie from one run to the next, as texts by keys. */
export interface ReadingCache {
  /** The lines of a text by their number; they are asked for one at a time. */
  lines(key: string): ((number: number) => string) | undefined;
  set(key: string, text: string): void;
  /** Keeps a text for the next run without looking at it; tells whether it is there. */
  keep(key: string): boolean;
}

/** The readings of a cache, by page. */
export interface KeptReadings {
  /** The reading of a page that has not changed, nor any file that it includes, since it was kept. */
  find(source: Source): KnownPage | undefined;
  /** Keeps what `readToText` gave for a page, and gives the page its stamp. */
  keep(source: Source, text: string, read: Read): KnownPage;
}

/** Opens a cache for readings; `how` names whatever else they depend on. */
export function keptReadings(cache: ReadingCache, how: string, readFile: ReadFile): KeptReadings {
  const known = new Map<string, string | null>();
  const hashOfFile = (file: string): string | null => {
    let hash = known.get(file);
    if (hash === undefined) known.set(file, (hash = hashOfText(readFile(file))));
    return hash;
  };
  const manner = mannerOf(how);
  const keyOf = ({ file, page }: Source, hash: string): string => `${manner} ${hash} ${file}\0${page}`;
  return {
    find(source) {
      const hash = hashOfSource(source);
      const lines = hash === undefined ? undefined : cache.lines(keyOf(source, hash));
      if (lines === undefined) return undefined;
      const read = knownFrom(lines);
      if (!read.includes.every(([file, each]) => hashOfFile(file) === each)) return undefined;
      return stamped(read, manner, hash!);
    },
    keep(source, text, read) {
      const hash = hashOfSource(source);
      if (hash === undefined) return read.page;
      cache.set(keyOf(source, hash), text);
      return stamped(read, manner, hash);
    },
  };
}

/** Reads a page, and to a text that `readingFrom` understands: to be kept, or to be sent to another thread. */
export async function readToText(
  read: PageReader,
  source: Source,
  readFile: ReadFile,
): Promise<ReturnType<typeof knownText>> {
  const includes = new Map<string, string | null>();
  const reading = await read(source, (file) => {
    const text = readFile(file);
    includes.set(file, hashOfText(text));
    return text;
  });
  return knownText(reading, [...includes]);
}

/** The reading that `readToText` made a text of. */
export function readingFrom(text: string): Read {
  const lines = text.split('\n');
  return knownFrom((number) => lines[number]!);
}

/** What changes with anything that a reading depends on. */
function stampOfPage(manner: string, hash: string, asked: string): string {
  return `${manner.slice(0, 8)} ${hash}${asked === '' ? '' : ` ${asked}`}`;
}

/** How pages are read, as a hash; `how` names whatever readings depend on beside pages. */
export function mannerOf(how: string): string {
  return hashOf(JSON.stringify([READING, how]));
}

/** The lines stay as lazy as they are: not by a copy. */
function stamped({ page, includes, asked }: Read, manner: string, hash: string): KnownPage {
  const stamp = stampOfPage(manner, hash, asked);
  return Object.defineProperties(page, {
    stamp: { value: stamp, enumerable: true },
    includes: { value: includes, enumerable: true },
  });
}

/** Content is not looked at where its hash is known: it may not have been read. */
export function hashOfSource(source: Source): string | undefined {
  if (source.hash !== undefined) return source.hash;
  return source.content instanceof Error ? undefined : hashOf(source.content);
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
const READING = 4;

function hashOfText(text: string | undefined): string | null {
  return text === undefined ? null : hashOf(text);
}
