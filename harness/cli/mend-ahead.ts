import type { CheckOptions } from '../check/index.ts';
import type { Docset } from '../model/docset.ts';
import { byPlace } from '../model/finding.ts';
import { mannerOf } from './docs.ts';
import type { Before } from './found.ts';
import type { Job } from './job.ts';
import type { Files } from './mend-files.ts';
import { ripe } from './ripe.ts';

/** Pages that threads read while this one does something else. */
export interface Ahead {
  /** Begins with what fixes will most likely make of docs that were read. */
  begin(docset: Docset, known: CheckOptions): Promise<void>;
  /** Waits for all that was begun. */
  end(): Promise<void>;
}

/**
 * While the docs are looked at for the first time, threads that wait read pages as they will be when they are mended, as far as that can be
 * told by a short look. A page that is mended otherwise in the end is read once more.
 */
export function aheadBy(job: Job, files: Files, { readings, cache, crew = [] }: Before): Ahead {
  let reading: Promise<void> | undefined;
  return {
    async begin(docset, known) {
      if (crew.length === 0) return;
      const { checkMendable } = await import('../check/index.ts');
      const { readAhead } = await import('../compile/index.ts');
      const met = docset.findings.filter(({ fix }) => fix !== undefined);
      const mendable = [...met, ...checkMendable(docset, known)].sort(byPlace);
      const { discovery, readFile } = files.ahead(ripe(mendable).map(({ fix }) => fix!));
      const kept = cache === undefined ? {} : { cache };
      reading = readAhead(discovery.sources, { readFile, ...mannerOf(job), readings, crew, ...kept });
    },
    async end() {
      await reading;
    },
  };
}
