import { openCache, type Cache } from '../files/cache.ts';
import type { Examination } from '../examine.ts';
import type { Kept } from '../examine/kept.ts';
import type { Examined } from '../examine/pages.ts';
import type { Finding } from '../model/finding.ts';
import type { Docs } from './docs.ts';
import type { Job } from './job.ts';
import { cacheFolder } from './cache-folder.ts';
import { codeStamp } from './code-stamp.ts';

/** Docs that were looked at, and what was found in them. */
export interface Looked {
  readonly docs: Docs;
  readonly findings: readonly Finding[];
  readonly examined: Examined | undefined;
}

/** What the docs break when they are held to themselves; how far that is, is told. */
export async function examined(job: Job, { docset, known }: Docs, last?: Examined): Promise<Examination> {
  const { examineAll } = await import('../examine.ts');
  const phase = job.progress.begin('Checking', docset.exchanges.length);
  try {
    const cache = job.settings.cache && last === undefined ? checksOf(job) : undefined;
    const kept = last === undefined ? cache : NOTHING;
    const all = examineAll(docset, { ...job.settings, ...known, heard: () => phase.advance() }, kept, last);
    cache?.save();
    return all;
  } finally {
    phase.end();
  }
}

/** Who knows the last look asks for nothing else. */
const NOTHING: Kept = { get: () => undefined, keep: () => false, set: () => undefined };

/** What is kept of pages that were judged, by this very code. */
export function checksOf(job: Job): Cache {
  return openCache(cacheFolder(job), [codeStamp(job), 'checks', ...job.settings.docs]);
}
