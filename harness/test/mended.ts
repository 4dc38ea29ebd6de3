import { examine } from '../examine.ts';
import type { CheckOptions } from '../check/index.ts';
import { edited } from '../files/edited.ts';
import type { Finding } from '../model/finding.ts';
import { compilePages } from './docs.ts';

/** Everything that is found in pages given as text, with fixes. */
export async function findingsIn(
  pages: Readonly<Record<string, string>>,
  options: CheckOptions = {},
): Promise<readonly Finding[]> {
  const docset = await compilePages(pages);
  const lines = (file: string) => pages[file]?.split(/\r\n|\r|\n/);
  return [...docset.findings, ...examine(docset, { lines, ...options })];
}

/** The same pages with every fix made, and what is found in them then. */
export async function mendedPages(
  pages: Readonly<Record<string, string>>,
  options: CheckOptions = {},
): Promise<{ readonly pages: Readonly<Record<string, string>>; readonly findings: readonly Finding[] }> {
  let now = pages;
  for (let pass = 0; ; pass++) {
    const findings = await findingsIn(now, options);
    const fixes = findings.flatMap(({ fix }) => fix ?? []);
    if (fixes.length === 0) return { pages: now, findings };
    if (pass === 10) throw new Error(`No end: ${JSON.stringify(fixes)}`);
    const { texts, verdicts } = edited(fixes, (file) => now[file]);
    if (verdicts.includes('astray')) throw new Error(`Other words stand there: ${JSON.stringify(fixes)}`);
    now = { ...now, ...Object.fromEntries(texts) };
  }
}
