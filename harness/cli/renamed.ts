import path from 'node:path';
import { kindOf } from '../files/read.ts';
import { grouped } from '../model/grouped.ts';
import { pageNamer } from './changed.ts';
import { blobName } from './blobs.ts';
import type { Found } from './found.ts';
import { changesSince, type Changes } from './git.ts';
import type { Job } from './job.ts';

/**
 * What files of the docs were called that have another name now, by paths like those of pages: since the branch left the default one, or
 * not committed yet, as far as git knows. Where there is no git, nothing was.
 */
export async function renamedIn(job: Job, found: Found): Promise<ReadonlyMap<string, string>> {
  if (!isInRepository(job.cwd) && job.environment.GIT_DIR === undefined) return new Map();
  const ask = (ref: string): Promise<Changes | undefined> => changesSince(ref, job).catch(() => undefined);
  const changes = (await ask('')) ?? (await ask('HEAD'));
  const pageOf = pageNamer(found.discovery, job.cwd);
  const names = [...renames(changes), ...movedAlike(changes, found)].map(
    ([before, file]) => [pageOf(before), pageOf(file)] as const,
  );
  return new Map(
    names.flatMap(([before, now]) => (before === undefined || now === undefined ? [] : [[before, now] as const])),
  );
}

/** By what git leaves at the root of one: to ask it where there is none takes as long as where there is one. */
function isInRepository(folder: string): boolean {
  if (kindOf(path.join(folder, '.git')) !== 'nothing') return true;
  const parent = path.dirname(folder);
  return parent !== folder && isInRepository(parent);
}

function renames(changes: Changes | undefined): (readonly [before: string, file: string])[] {
  return (changes?.changed ?? []).flatMap(({ before, file }) =>
    before !== undefined && file !== undefined && before !== file ? [[before, file] as const] : [],
  );
}

/** Pages that git has not been told of, and that say to the byte what one that is gone has said. */
function movedAlike(changes: Changes | undefined, { discovery }: Found): (readonly [before: string, file: string])[] {
  const gone = grouped(
    (changes?.changed ?? []).filter(({ file }) => file === undefined),
    ({ blob }) => blob ?? '',
  );
  if (gone.size === 0) return [];
  const [anyName = ''] = gone.keys();
  const fresh = new Set(changes!.changed.flatMap(({ file, before }) => (before === undefined ? [file] : [])));
  return discovery.sources.flatMap(({ file, content }) => {
    if (!fresh.has(file) || content instanceof Error) return [];
    const [one, ...others] = gone.get(blobName(content, anyName)) ?? [];
    return one?.before === undefined || others.length > 0 ? [] : [[one.before, file] as const];
  });
}
