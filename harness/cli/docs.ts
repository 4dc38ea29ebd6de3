import { setImmediate } from 'node:timers/promises';
import type { CheckOptions } from '../check/index.ts';
import type { CompileOptions, Facts } from '../compile/index.ts';
import { isOfTypes } from '../compile/types.ts';
import { openCache, partedCache, type Cache } from '../files/cache.ts';
import type { Scope } from '../files/fixtures.ts';
import type { Docset } from '../model/docset.ts';
import { UsageError } from '../model/usage.ts';
import { codeStamp } from './code-stamp.ts';
import { cacheFolder } from './cache-folder.ts';
import { findDocs, type Found } from './found.ts';
import { hintAtAnnotations } from './hint.ts';
import { say, type Job } from './job.ts';
import { beside } from './lines.ts';
import { refuseClashes } from './outputs.ts';
import { select, type Selection } from './pages.ts';
import { mayMeanScenarios } from './scenarios.ts';

/** The docs, compiled, and the part of them that a command is to look at. */
export interface Docs {
  readonly docset: Docset;
  readonly selection: Selection;
  /** Is all there is selected? Then nobody has to look at it to know. */
  readonly isAll: boolean;
  /** How many pages are selected. */
  readonly pages: number;
  readonly scope: Scope;
  /** What `check` is to know of the folders beside the pages: links lead to other files, too. */
  readonly known: Pick<CheckOptions, 'files' | 'renamed' | 'lines'>;
}

/** Finds the pages, unless they are given, and compiles them all: what one page promises may be said on another. */
export async function readDocs(job: Job, found?: Found): Promise<Docs> {
  const { settings, cwd } = job;
  const { discovery, readFile, renamed, seen, before } = found ?? (await findDocs(job));
  const { sources, roots, missing, files } = discovery;
  for (const root of missing) say(job, `No page (\`*.md\`) in \`${root}\``);
  if (sources.length === 0 && !settings.passWithNoTests)
    throw new UsageError('Nothing selected: the docs hold no page');
  const { compile } = await import('../compile/index.ts');
  const cache = before ? before.cache : cacheOf(job);
  const phase = job.progress.begin('Reading', sources.length);
  const docset = await compile(sources, {
    readFile,
    heard: () => phase.advance(),
    ...mannerOf(job),
    ...(cache === undefined ? {} : { cache }),
    ...(before === undefined ? {} : { readings: before.readings }),
    ...(before?.crew === undefined ? {} : { crew: before.crew }),
  }).finally(() => phase.end());
  if (before === undefined) cache?.save();
  seen?.save();
  // Compiling keeps the thread: a signal that came meanwhile is heard here.
  await setImmediate();
  const isAll = job.pages.length === 0 && settings.grep === undefined;
  const selection = isAll ? allOf(docset) : select(sources, docset.exchanges, job.pages, settings.grep, cwd);
  const hint = hintAtAnnotations(docset);
  if (hint !== undefined && job.command !== 'init') say(job, hint);
  // `print` shows resources, too, and says itself that nothing fits.
  if (
    settings.grep &&
    job.command !== 'print' &&
    selection.exchanges.length === 0 &&
    !settings.passWithNoTests &&
    !mayMeanScenarios(job, files, docset.coverage.annotations.testparams !== undefined)
  ) {
    throw new UsageError(`Nothing selected: no exchange of the docs fits \`${settings.grep.source}\``);
  }
  if (job.command !== 'check') refuseClashes(job.outputs, settings.fixtures, docset.files?.keys() ?? []);
  const only = selection.files;
  const names = await renamed;
  return {
    docset,
    selection,
    isAll,
    pages: only?.size ?? sources.length,
    scope: { cwd, roots, sources, ...(only === undefined ? {} : { only }) },
    known: { ...beside({ discovery, readFile }), ...(names === undefined ? {} : { renamed: names }) },
  };
}

/** How pages are read. */
export function mannerOf(job: Job): Pick<CompileOptions, 'facts' | 'tags' | 'tables'> {
  const { tags, tables } = job.settings;
  return { facts: factsOf(job), tags, ...(tables === undefined ? {} : { tables }) };
}

/** The exchanges are read when somebody looks at them. */
function allOf(docset: Docset): Selection {
  return {
    get exchanges() {
      return docset.exchanges;
    },
  };
}

/** Links are looked at by `check` alone; to read them takes many times as long as to read the promises. */
function factsOf({ command }: Job): Facts {
  return command === 'run' || command === 'check' ? 'all' : 'promises';
}

/** The readings kept of these docs, read in this way, by this very code; nothing where none are to be kept. */
export function cacheOf(job: Job): Cache | undefined {
  if (!job.settings.cache) return undefined;
  const open = (...kind: readonly string[]): Cache =>
    openCache(cacheFolder(job), [codeStamp(job), factsOf(job), ...kind, ...job.settings.docs]);
  // Whoever looks at few pages needs the types alone.
  return partedCache(open, () => open('types'), isOfTypes);
}
