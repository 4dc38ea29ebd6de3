import { openCache, type Cache } from '../files/cache.ts';
import type { Finding } from '../model/finding.ts';
import { grouped } from '../model/grouped.ts';
import { hashOf } from '../model/hash.ts';
import { fewOrIndexed } from '../model/once.ts';
import { codeStamp } from './code-stamp.ts';
import { cacheFolder } from './cache-folder.ts';
import type { Found } from './found.ts';
import type { Change } from './git.ts';
import type { Job } from './job.ts';

/** How often each finding was there before a change. */
export interface Before {
  /** Counts by fingerprint, of a file as it was called then. */
  in(file: string): ReadonlyMap<string, number>;
  /** The same of a file as it is called now. */
  of(file: string): ReadonlyMap<string, number>;
}

type Counts = readonly (readonly [fingerprint: string, count: number])[];

/** What changes with the docs as they were at a commit, and with how they are held to themselves. */
export function keyBefore({ settings, ...job }: Job, base: string, { discovery }: Found): string {
  const { docs, tags, tables, outline, requiredFrontMatter, config } = settings;
  const circumstances = [docs, tags, tables, outline && [...outline], requiredFrontMatter, config, discovery.roots];
  return hashOf(JSON.stringify([codeStamp(job), base, job.cwd, ...circumstances]));
}

/** Counts what was there, or finds what is kept of it from one run to the next, for a branch changes more often than what it left. */
export async function findingsBefore(
  job: Job,
  key: string,
  changed: readonly Change[],
  was: () => Promise<readonly Finding[]>,
): Promise<Before> {
  const kept = job.settings.cache ? counts(job).get(`base ${key}`) : undefined;
  if (kept !== undefined) return beforeOf(countsFrom(kept), changed);
  const found = await was();
  keepBefore(job, key, found);
  const known = countsOf(found);
  return beforeOf((file) => known.get(file) ?? [], changed);
}

/** Keeps how often each finding is there, for who changes something next. */
export function keepBefore(job: Job, key: string, found: readonly Finding[]): void {
  if (!job.settings.cache) return;
  const cache = counts(job);
  if (cache.keep(`base ${key}`)) return;
  cache.set(`base ${key}`, textOf(countsOf(found)));
  cache.save();
}

function counts(job: Job): Cache {
  return openCache(cacheFolder(job), ['base', ...job.settings.docs]);
}

function countsOf(findings: readonly Finding[]): ReadonlyMap<string, Counts> {
  const byFile = [...grouped(findings, ({ file }) => file)].map(([file, each]) => {
    const byPrint = grouped(each, ({ fingerprint }) => fingerprint);
    return [file, [...byPrint].map(([print, same]) => [print, same.length] as const)] as const;
  });
  return new Map(byFile);
}

/** A line for each file: its name, and what was found in it. Of most of them nobody asks. */
function textOf(byFile: ReadonlyMap<string, Counts>): string {
  return [...byFile].map(([file, counts]) => `\n${JSON.stringify(file)} ${JSON.stringify(counts)}`).join('');
}

function countsFrom(text: string): (file: string) => Counts {
  const lines = (): string[] => text.slice(1).split('\n');
  const lineOf = fewOrIndexed(
    (name) => lineIn(text, name),
    () => new Map(lines().map((line) => [line.slice(0, line.lastIndexOf('" ') + 1), line])),
  );
  return (file) => {
    const name = JSON.stringify(file);
    const line = lineOf(name);
    return line === undefined ? [] : (JSON.parse(line.slice(name.length)) as Counts);
  };
}

function lineIn(text: string, name: string): string | undefined {
  const at = text.indexOf(`\n${name} `) + 1;
  const end = text.indexOf('\n', at);
  return at === 0 ? undefined : text.slice(at, end < 0 ? undefined : end);
}

function beforeOf(countsIn: (file: string) => Counts, changed: readonly Change[]): Before {
  const renamed = changed.filter(({ file, before }) => file !== undefined && before !== undefined && file !== before);
  const before = new Map(renamed.map((change) => [change.file, change.before!]));
  const gone = new Set(renamed.map((change) => change.before));
  const known = new Map<string, ReadonlyMap<string, number>>();
  const within = (file: string): ReadonlyMap<string, number> => {
    let own = known.get(file);
    if (own === undefined) known.set(file, (own = new Map(countsIn(file))));
    return own;
  };
  return {
    in: within,
    of: (file) => {
      const then = before.get(file) ?? (gone.has(file) ? undefined : file);
      return then === undefined ? NONE : within(then);
    },
  };
}

const NONE: ReadonlyMap<string, number> = new Map();
