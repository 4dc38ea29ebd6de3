import { openCache } from '../files/cache.ts';
import type { Finding } from '../model/finding.ts';
import { grouped } from '../model/grouped.ts';
import { hashOf } from '../model/hash.ts';
import { codeStamp } from './code-stamp.ts';
import { cacheFolder, type Found } from './found.ts';
import type { Change, Changes } from './git.ts';
import type { Job } from './job.ts';

/** How often each finding was there before a change. */
export interface Before {
  /** What changes with the docs as they were and with how they are held to themselves. */
  readonly key: string;
  /** Counts by fingerprint, of a file as it was called then. */
  in(file: string): ReadonlyMap<string, number>;
  /** The same of a file as it is called now. */
  of(file: string): ReadonlyMap<string, number>;
}

type Counts = readonly (readonly [fingerprint: string, count: number])[];

/** Counts what was there, or finds what is kept of it from one run to the next, for a branch changes more often than what it left. */
export async function findingsBefore(
  job: Job,
  { base, changed }: Pick<Changes, 'base' | 'changed'>,
  { discovery }: Found,
  was: () => Promise<readonly Finding[]>,
): Promise<Before> {
  const { settings } = job;
  const cache = settings.cache ? openCache(cacheFolder(job), ['base', ...settings.docs]) : undefined;
  const { docs, tags, tables, outline, requiredFrontMatter, config } = settings;
  const circumstances = [docs, tags, tables, outline && [...outline], requiredFrontMatter, config, discovery.roots];
  const key = hashOf(JSON.stringify([codeStamp(job), base, job.cwd, ...circumstances]));
  const kept = cache?.get(`base ${key}`);
  if (kept !== undefined) return beforeOf(key, countsFrom(kept), changed);
  const counts = countsOf(await was());
  cache?.set(`base ${key}`, textOf(counts));
  cache?.save();
  return beforeOf(key, (file) => counts.get(file) ?? [], changed);
}

function countsOf(findings: readonly Finding[]): ReadonlyMap<string, Counts> {
  const counts = [...grouped(findings, ({ file }) => file)].map(([file, each]) => {
    const byPrint = grouped(each, ({ fingerprint }) => fingerprint);
    return [file, [...byPrint].map(([print, same]) => [print, same.length] as const)] as const;
  });
  return new Map(counts);
}

/** The files, and on a line of its own what was found in each: most of them nobody asks for. */
function textOf(counts: ReadonlyMap<string, Counts>): string {
  return [JSON.stringify([...counts.keys()]), ...[...counts.values()].map((each) => JSON.stringify(each))].join('\n');
}

function countsFrom(text: string): (file: string) => Counts {
  const [files, ...lines] = text.split('\n');
  const at = new Map((JSON.parse(files!) as string[]).map((file, line) => [file, lines[line]!]));
  return (file) => JSON.parse(at.get(file) ?? '[]') as Counts;
}

function beforeOf(key: string, countsIn: (file: string) => Counts, changed: readonly Change[]): Before {
  const renamed = changed.filter(({ file, before }) => file !== undefined && before !== undefined && file !== before);
  const before = new Map(renamed.map((change) => [change.file, change.before!]));
  const gone = new Set(renamed.map((change) => change.before));
  const known = new Map<string, ReadonlyMap<string, number>>();
  const within = (file: string): ReadonlyMap<string, number> => {
    let counts = known.get(file);
    if (counts === undefined) known.set(file, (counts = new Map(countsIn(file))));
    return counts;
  };
  return {
    key,
    in: within,
    of: (file) => {
      const then = before.get(file) ?? (gone.has(file) ? undefined : file);
      return then === undefined ? NONE : within(then);
    },
  };
}

const NONE: ReadonlyMap<string, number> = new Map();
