import { setImmediate } from 'node:timers/promises';
import { discover } from '../files/discover.ts';
import type { Scope } from '../files/fixtures.ts';
import { includeReader } from '../files/read.ts';
import type { Docset } from '../model/docset.ts';
import { UsageError } from '../model/usage.ts';
import { hintAtAnnotations } from './hint.ts';
import { say, type Job } from './job.ts';
import { refuseClashes } from './outputs.ts';
import { select, type Selection } from './pages.ts';

/** The docs, compiled, and the part of them that a command is to look at. */
export interface Docs {
  readonly docset: Docset;
  readonly selection: Selection;
  /** How many pages are selected. */
  readonly pages: number;
  readonly scope: Scope;
}

/** Finds the pages and compiles them all: what one page promises may be said on another. */
export async function readDocs(job: Job): Promise<Docs> {
  const { settings, cwd } = job;
  const { sources, roots, missing } = await discover(settings.docs, cwd);
  for (const root of missing) await say(job, `No page (\`*.md\`) in \`${root}\``);
  if (sources.length === 0 && !settings.passWithNoTests)
    throw new UsageError('Nothing selected: the docs hold no page');
  const { compile } = await import('../compile/index.ts');
  const docset = await compile(sources, { readFile: includeReader(cwd) });
  // Compiling keeps the thread: a signal that came meanwhile is heard here.
  await setImmediate();
  const selection = select(sources, docset.exchanges, job.pages, settings.grep, cwd);
  const hint = hintAtAnnotations(docset);
  if (hint !== undefined) await say(job, hint);
  if (settings.grep && selection.exchanges.length === 0 && !settings.passWithNoTests) {
    throw new UsageError(`Nothing selected: no exchange of the docs fits \`${settings.grep.source}\``);
  }
  if (job.command !== 'check') refuseClashes(job.outputs, settings.fixtures, docset.fixtures.keys());
  const only = selection.files;
  return {
    docset,
    selection,
    pages: only?.size ?? sources.length,
    scope: { cwd, roots, sources, ...(only === undefined ? {} : { only }) },
  };
}
