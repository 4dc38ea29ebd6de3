import { fileURLToPath } from 'node:url';
import { stampOf } from '../files/stamp.ts';
import type { Job } from './job.ts';

/** What changes with the code: what another version has kept is of no use. */
export function codeStamp({ version }: Pick<Job, 'version'>): string {
  // What is built lies in one folder, but for the doors to it.
  const isBuilt = /\.c?js$/.test(import.meta.url);
  stamp ??= stampOf(fileURLToPath(new URL(isBuilt ? '.' : '..', import.meta.url)));
  return `${version} ${stamp}`;
}

/** A process runs the code that it has loaded, whatever happens to the files. */
let stamp: string | undefined;
