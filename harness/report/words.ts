import { posix } from 'node:path';
import type { Finding } from '../model/finding.ts';
import type { Outcome, ReportContext, Summary } from '../model/report.ts';

/** The outcomes in the order they are told, each with its count in a summary and a sign that needs no colour. */
export const OUTCOMES: readonly {
  readonly outcome: Outcome;
  readonly count: Exclude<keyof Summary, 'findings'>;
  readonly sign: string;
}[] = [
  { outcome: 'conforms', count: 'conforming', sign: '✓' },
  { outcome: 'differs', count: 'differing', sign: '✗' },
  { outcome: 'unanswered', count: 'unanswered', sign: '?' },
  { outcome: 'blocked', count: 'blocked', sign: '!' },
  { outcome: 'skipped', count: 'skipped', sign: '–' },
];

/** Where a finding stands, as editors take it: `docs/a.md:12:3`. */
export function placeOf({ file, line, column }: Finding): string {
  return `${file}:${line}:${column}`;
}

/** The file of a finding below the root of the repository, which is what the host of a CI counts paths from. */
export function rootPath({ file }: Pick<Finding, 'file'>, { base = '' }: ReportContext): string {
  return base === '' ? file : posix.normalize(`${base}/${file}`);
}
