import type { Job } from '../job.ts';

/** `docwright report [open|merge|compare]`: each loads what it needs alone. */
export async function reportCommand(job: Job): Promise<number> {
  const [what = 'open', ...words] = job.pages;
  switch (what) {
    case 'merge':
      return (await import('./report-merge.ts')).mergeCommand(job, words);
    case 'compare':
      return (await import('./report-compare.ts')).compareCommand(job, words);
    default:
      return (await import('./report-open.ts')).openCommand(job);
  }
}
