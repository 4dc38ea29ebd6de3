import { statSync } from 'node:fs';
import type { Cache } from './cache.ts';
import { isSettled, stateOf } from './seen.ts';

/** A page by its names. */
export interface Named {
  readonly absolute: string;
  readonly file: string;
  readonly page: string;
  /** Is it an ordinary file, and no link to one? */
  readonly isPlain?: true;
  /** Why it, or the folder that it stands for, cannot be looked into. */
  readonly failure?: Error;
}

/** What lies below the roots of docs; see `Discovery`. */
export interface Layout {
  readonly pages: readonly Named[];
  readonly roots: readonly string[];
  readonly missing: readonly string[];
  readonly files?: ReadonlySet<string>;
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
      const [head, pages, files] = text.split(APART);
      const { roots, missing, folders } = JSON.parse(head!) as Head;
      if (!folders.every(([folder, state]) => state === stateIn(folder))) return undefined;
      return { pages: pagesIn(namesIn(pages!)), roots, missing, ...(files && { files: new Set(namesIn(files)) }) };
    },
    keep({ pages, roots, missing, files }, folders, since) {
      const states = folders.flatMap((folder) => stateIn(folder, since) ?? []);
      // What has changed just now may change again before the clock of the file system moves on.
      if (states.length < folders.length) return;
      const head: Head = { roots, missing, folders: states.map((state, at) => [folders[at]!, state]) };
      const names = pages.flatMap(({ absolute, file, page }) => [absolute, file, page]);
      cache.set(KEY, [JSON.stringify(head), names.join('\0'), ...(files ? [[...files].join('\0')] : [])].join(APART));
      cache.save();
    },
  };
}

/** The first part; then names of pages, three for each, and of files. */
interface Head extends Pick<Layout, 'roots' | 'missing'> {
  /** With what changes whenever something in them comes or goes. */
  readonly folders: readonly (readonly [folder: string, state: string])[];
}

const KEY = 'listing';

/** No name has NUL in it, and none is empty. */
const APART = '\0\0';

function namesIn(text: string): string[] {
  return text === '' ? [] : text.split('\0');
}

function pagesIn(names: readonly string[]): Named[] {
  const pages: Named[] = [];
  for (let at = 0; at < names.length; at += 3)
    pages.push({ absolute: names[at]!, file: names[at + 1]!, page: names[at + 2]!, isPlain: true });
  return pages;
}

/** Nothing of a folder that is not there, or may have changed since. */
function stateIn(folder: string, since = Infinity): string | undefined {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats?.isDirectory() && isSettled(stats, since) ? stateOf(stats).join(' ') : undefined;
}
