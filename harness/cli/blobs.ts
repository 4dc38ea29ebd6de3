import { createHash } from 'node:crypto';
import { openCache } from '../files/cache.ts';
import { cacheFolder } from './cache-folder.ts';
import type { Job } from './job.ts';

/** What blobs of git hold, by their names; of one that cannot be had, nothing. */
export type Blobs = ReadonlyMap<string, Buffer>;

/** The name that git has for these bytes, where names are as long as this one: of SHA-1, or of SHA-256. */
export function blobName(bytes: Uint8Array, { length }: string): string {
  const hash = createHash(length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/**
 * What blobs hold. A page that is being written is held against the same one again and again: a few are kept from one run to the next,
 * and `ask` is asked for the others alone. Their names tell whether they are whole.
 */
export async function blobsOf(
  job: Pick<Job, 'cwd' | 'settings'>,
  names: readonly string[],
  ask: (names: readonly string[]) => Promise<Blobs>,
): Promise<Blobs> {
  if (!job.settings.cache || names.length > FEW) return ask(names);
  const cache = openCache(cacheFolder(job), ['blobs', ...job.settings.docs]);
  try {
    const kept = new Map<string, Buffer>();
    for (const name of names) {
      const bytes = Buffer.from(cache.get(name) ?? '', 'latin1');
      if (blobName(bytes, name) === name) kept.set(name, bytes);
    }
    const others = names.filter((name) => !kept.has(name));
    if (others.length === 0) return kept;
    const told = await ask(others);
    for (const [name, bytes] of told) cache.set(name, bytes.toString('latin1'));
    cache.save();
    return new Map([...kept, ...told]);
  } finally {
    cache.close();
  }
}

/** Pages, as somebody changes them by hand. */
const FEW = 30;
