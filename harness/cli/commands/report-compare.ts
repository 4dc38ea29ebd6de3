import { changesJson, changesMarkdown, changesText, compareReports, hasNewErrors } from '../../report/compare.ts';
import { isColored } from '../terminal.ts';
import type { Job } from '../job.ts';
import { readReport } from '../report-file.ts';

/** `docwright report compare A B`: what appeared, vanished and stayed from A to B, on standard output; 1 where an error appeared. */
export function compareCommand(job: Job, [a = '', b = '']: readonly string[]): number {
  const { settings, streams, environment, cwd } = job;
  const changes = compareReports(readReport(a, cwd), readReport(b, cwd));
  const color = isColored(settings.color, environment, streams.stdout);
  if (settings.json) streams.stdout.write(changesJson(changes));
  else if (settings.markdown) streams.stdout.write(changesMarkdown(changes));
  else streams.stdout.write([...changesText(changes, color)].join(''));
  return hasNewErrors(changes) ? 1 : 0;
}
