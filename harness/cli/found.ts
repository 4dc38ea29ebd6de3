import { discover, type Discovery } from '../files/discover.ts';
import { includeReader } from '../files/read.ts';
import type { Job } from './job.ts';

/** The pages, found and not yet compiled. */
export interface Found {
  readonly discovery: Discovery;
  /** Reads what pages include. */
  readonly readFile: (file: string) => string | undefined;
}

/** Finds the pages. */
export async function findDocs({ settings, cwd }: Job): Promise<Found> {
  return { discovery: await discover(settings.docs, cwd), readFile: includeReader(cwd) };
}
