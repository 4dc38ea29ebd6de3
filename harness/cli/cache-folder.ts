import path from 'node:path';
import type { Job } from './job.ts';

/** Where what is kept from one run to the next lies. */
export function cacheFolder({ cwd }: Pick<Job, 'cwd'>): string {
  return path.join(cwd, '.docwright', 'cache');
}
