import path from 'node:path';
import { hashOf } from '../model/hash.ts';
import type { Cache } from './cache.ts';
import { isSettled, stateOf, statsOf, type Named } from './seen.ts';

/** What lies below the roots of docs. */
export interface Layout {
  readonly pages: readonly Named[];
  /** The folders that page paths count from, absolute. */
  readonly roots: readonly string[];
  /** Roots in which no page was found, as the caller wrote them. */
  readonly missing: readonly string[];
  /** Files that are no pages, as paths like those of pages; nothing where a root is no folder, and not all there is was looked at. */
  readonly files?: ReadonlySet<string>;
  /** What changes with any of these names (`stampOfNames`), where that was kept. */
  readonly stamp?: string;
}

/** What changes with any name of pages and other files. */
export function stampOfNames(pages: readonly Pick<Named, 'file' | 'page'>[], files: Iterable<string> = []): string {
  return hashOf([...pages.map(({ file, page }) => `${file}\0${page}`), ...[...files].sort()].join('\n'));
}

/** What was found below roots before: it is there still while no folder is another. */
export interface Listing {
  find(): Layout | undefined;
  /** Keeps what was found from a time on (milliseconds) in these folders, where ordinary files are all there is. */
  keep(layout: Layout, folders: readonly string[], since: number): void;
}

/** The listing in a cache that is for one set of roots. */
export function listingIn(cache: Cache): Listing {
  return {
    find() {
      const text = cache.get(KEY);
      if (text === undefined) return undefined;
      const [head, files, ...stretches] = text.split(APART);
      const { roots, missing, folders, isWhole, stamp } = JSON.parse(head!) as Head;
      if (!folders.every(([folder, state]) => state === stateIn(folder))) return undefined;
      const pages = stretches.flatMap(pagesIn);
      return { pages, roots, missing, stamp, ...(isWhole && { files: new Set(namesIn(files!)) }) };
    },
    keep({ pages, roots, missing, files }, folders, since) {
      // There a folder may stay as it is whatever comes into it (FAT, exFAT).
      if (path.sep === '\\') return;
      const states = folders.flatMap((folder) => stateIn(folder, since) ?? []);
      // What has changed just now may change again before the clock of the file system moves on.
      if (states.length < folders.length) return;
      const head: Head = {
        roots,
        missing,
        folders: states.map((state, at) => [folders[at]!, state]),
        isWhole: files !== undefined,
        stamp: stampOfNames(pages, files),
      };
      cache.set(KEY, [JSON.stringify(head), [...(files ?? [])].join('\0'), ...stretchesOf(pages)].join(APART));
      cache.save();
    },
  };
}

/** The first part; files are the next, then comes a part for each stretch of pages in one folder. */
interface Head extends Pick<Layout, 'roots' | 'missing'> {
  /** With what changes whenever something in them comes or goes. */
  readonly folders: readonly (readonly [folder: string, state: string])[];
  /** Are all files told? */
  readonly isWhole: boolean;
  readonly stamp: string;
}

const KEY = 'listing';

/** No name has NUL in it, and none is empty but that of the files where there are none. */
const APART = '\0\0';

function namesIn(text: string): string[] {
  return text === '' ? [] : text.split('\0');
}

/** Pages of one folder behind each other: what their three names begin with, and the page paths, which are looked through most. */
function stretchesOf(pages: readonly Named[]): string[] {
  const stretches: string[][] = [];
  let last = '';
  for (const { absolute, file, page } of pages) {
    const own = page.length - page.lastIndexOf('/') - 1;
    const begins = [absolute, file, page].map((name) => `/${name.slice(0, name.length - own)}`);
    const folder = begins.join('\0');
    if (folder !== last) stretches.push(begins);
    last = folder;
    stretches.at(-1)!.push(page);
  }
  return stretches.map((stretch) => stretch.join('\0'));
}

function pagesIn(stretch: string): Named[] {
  const [absolute, file, ofPage, ...pages] = stretch.split('\0');
  const [ofAbsolute, ofFile, start] = [absolute!.slice(1), file!.slice(1), ofPage!.length - 1];
  return pages.map((page) => {
    const name = page.slice(start);
    return { absolute: ofAbsolute + name, file: ofFile + name, page, isPlain: true };
  });
}

/** Nothing of a folder that is not there, or may have changed since. */
function stateIn(folder: string, since = Infinity): string | undefined {
  const stats = statsOf(folder);
  return stats?.isDirectory() && isSettled(stats, since) ? stateOf(stats).join(' ') : undefined;
}
