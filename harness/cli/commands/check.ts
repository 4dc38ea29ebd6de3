import { findDocs, type Found } from '../found.ts';
import { changesSince } from '../git.ts';
import type { Job } from '../job.ts';

/** `docwright check`: docs against themselves, no network. */
export async function checkCommand(job: Job): Promise<number> {
  const looking = foundWith(job);
  // It is told where it is waited for.
  looking.catch(() => undefined);
  // What does the rest is loaded meanwhile.
  const { checking } = await import('../checking.ts');
  return checking(job, await looking);
}

/** The pages; what has changed is asked while they are looked for. */
async function foundWith(job: Job): Promise<Found> {
  const { onlyChanged, watch } = job.settings;
  if (onlyChanged === undefined || watch) return findDocs(job);
  const changes = changesSince(onlyChanged, job);
  changes.catch(() => undefined);
  return { ...(await findDocs(job)), changes };
}
