import type { Crew, Readings } from '../compile/index.ts';
import { openCache, type Cache } from '../files/cache.ts';
import { discover, type Discovery } from '../files/discover.ts';
import { listingIn } from '../files/listing.ts';
import { includeReader } from '../files/read.ts';
import { seenIn, type Seen } from '../files/seen.ts';
import { cacheFolder } from './cache-folder.ts';
import { codeStamp } from './code-stamp.ts';
import type { Changes } from './git.ts';
import type { Job } from './job.ts';

/** The pages, found and not yet compiled. */
export interface Found {
  readonly discovery: Omit<Discovery, 'stamp'>;
  /** What changes with any name that was found. */
  readonly names?: string;
  /** Reads what pages include. */
  readonly readFile: (file: string) => string | undefined;
  /** How pages are looked at; saved by whoever has looked at all of them. */
  readonly seen?: Seen;
  /** What has changed since the ref of `--only-changed`, where that was asked already. */
  readonly changes?: Promise<Changes>;
  /** What files were called that have another name now; nothing where nobody mends by it. */
  readonly renamed?: Promise<ReadonlyMap<string, string>>;
  /** What is known of the docs by somebody who has them compiled again and again. */
  readonly before?: Before;
}

/** What one compile of the docs leaves to the next. */
export interface Before {
  readonly readings: Readings;
  /** In the place of the one in the folder; saved by whoever opened it. */
  readonly cache: Cache | undefined;
  /** Threads that wait for the next. */
  readonly crew?: Crew;
}

/** Finds the pages. */
export async function findDocs(job: Job): Promise<Found> {
  const { settings, cwd } = job;
  // Who holds the docs against what they are later on is to have them as they are now.
  const isLater = settings.watch || settings.fix !== undefined;
  const isKept = settings.cache && !isLater;
  const cacheFor = (...what: readonly string[]) => openCache(cacheFolder(job), [...what, cwd, ...settings.docs]);
  const seen = isKept ? seenIn(() => cacheFor('seen')) : undefined;
  const listing = isKept ? { listing: listingIn(cacheFor('listing', codeStamp(job))) } : {};
  const { stamp, ...discovery } = await discover(settings.docs, cwd, { ...(seen && { seen }), ...listing });
  const names = stamp === undefined ? {} : { names: stamp };
  return { discovery, ...names, readFile: includeReader(cwd), ...(seen === undefined ? {} : { seen }) };
}
