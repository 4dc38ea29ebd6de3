import path from 'node:path';
import { hashOfSource } from '../compile/cached.ts';
import { NotKept, single } from '../compile/single.ts';
import type { Examined } from '../examine/pages.ts';
import { judgeByRoll, rollOf, type Roll } from '../examine/roll.ts';
import { openCache, type Cache } from '../files/cache.ts';
import { stampOfNames } from '../files/listing.ts';
import { isMissing } from '../files/read.ts';
import { sourceIndex, type Docset, type DocsetPage, type Includes, type Page, type Source } from '../model/docset.ts';
import { byPlace, type Finding } from '../model/finding.ts';
import { hashOf } from '../model/hash.ts';
import { packed, unpacked, type PackedFinding } from '../model/packed-finding.ts';
import type { Coverage } from '../model/report.ts';
import { skipped } from '../model/result.ts';
import type { Changed, ChangedFiles } from './changed.ts';
import { keepBefore } from './changed-before.ts';
import type { Outcome } from './deliver.ts';
import { cacheOf, mannerOf } from './docs.ts';
import { cacheFolder } from './cache-folder.ts';
import type { Found } from './found.ts';
import type { Job } from './job.ts';
import { beside } from './lines.ts';
import { suppressionsStamp, unsettledOf } from './ruling.ts';
import { hasScenarios } from './scenarios.ts';

/** The roll of the docs as they were when all of them were looked at. */
interface Kept {
  readonly roll: Roll;
  readonly coverage: Coverage;
  /** Pages that may change though git names none, and the hash of each: those that differed from the commit, and those git does not watch. */
  readonly unsure: readonly (readonly [file: string, hash: string])[];
  /** Every file that a page asked for, but for those in folders that are not there. */
  readonly includes: Includes;
  readonly absent: readonly string[];
  /** The files on which there was something to tell of the change, or of what is suppressed there and not found. */
  readonly told: readonly string[];
  /** Findings that what is suppressed on other pages may be for. */
  readonly strays: readonly PackedFinding[];
}

/** Changed pages from which on all are looked at. */
export const MANY = 30;

/**
 * Looks at the pages that were changed: where they leave all others as they were when all were looked at, nothing has to be told of
 * these, and what `check --only-changed` comes to is known. Nothing where that cannot be said; then all are to be looked at.
 */
export async function lookByRoll(
  job: Job,
  found: Found,
  changed: ChangedFiles,
): Promise<((changed: Changed) => Outcome) | undefined> {
  const key = keyOf(job, found, changed);
  const text = key && rolls(job).get(key);
  if (text === undefined) return undefined;
  const kept = JSON.parse(text) as Kept;
  const at = toLookAt(job, kept, found, changed);
  const cache = at && cacheOf(job);
  if (at === undefined || cache === undefined) return undefined;
  try {
    return await lookAt(job, found, kept, at, cache);
  } catch (thrown) {
    if (thrown instanceof NotKept) return undefined;
    throw thrown;
  } finally {
    cache.close();
  }
}

/** All pages that were looked at, what was found in them, and what of that is to be told. */
interface Whole {
  readonly docset: Docset;
  readonly examined: Examined;
  readonly findings: readonly Finding[];
  readonly outcome: Outcome;
}

/** Keeps the roll of docs that were looked at as a whole; where nothing is changed in them, also what the next change will be held against. */
export async function keepRoll(job: Job, found: Found, changed: ChangedFiles, whole: Whole): Promise<void> {
  const { docset, examined, findings, outcome } = whole;
  const { sources } = found.discovery;
  const key = keyOf(job, found, changed);
  // Docs without annotations are told so each time.
  if (key === undefined || sources.some(isUnreadable) || Object.keys(docset.coverage.annotations).length === 0) return;
  const roll = rollOf(docset, examined);
  const unsettled = roll && unsettledOf(job, outcome);
  if (roll === undefined || unsettled === undefined) return;
  if (changed.isSame) keepBefore(job, changed.since, findings);
  const isAbsent = absentIn(job);
  const includes = [...new Map((docset.readings ?? []).flatMap(({ given }) => given.includes ?? []))];
  const pages = sourceIndex(sources);
  const unsure = [...(await changed.unwatched()), ...changed.files].flatMap((file) => pages.get(file) ?? []);
  const kept: Kept = {
    roll,
    coverage: docset.coverage,
    unsure: unsure.map((source) => [source.file, hashOfSource(source)!]),
    includes: includes.filter(([file]) => !isAbsent(path.posix.dirname(file))),
    absent: [...new Set(includes.map(([file]) => path.posix.dirname(file)))].filter(isAbsent),
    told: [...new Set([...outcome.findings.map(({ file }) => file), ...unsettled.pages])],
    strays: unsettled.strays.map((each) => packed(each, '')),
  };
  const cache = rolls(job);
  cache.set(key, JSON.stringify(kept));
  cache.save();
}

/** Tells whether nothing stands where a folder would; asked once for each. */
function absentIn({ cwd }: Job): (folder: string) => boolean {
  const known = new Map<string, boolean>();
  return (folder) => {
    let isAbsent = known.get(folder);
    if (isAbsent === undefined) known.set(folder, (isAbsent = isMissing(path.resolve(cwd, folder))));
    return isAbsent;
  };
}

function rolls(job: Job): Cache {
  return openCache(cacheFolder(job), ['roll', ...job.settings.docs]);
}

/** Are the docs all that is asked for, and nothing to be known of all exchanges but what the roll tells? */
export function isWhole(job: Job, { discovery: { files } }: Found): boolean {
  const { command, pages, settings } = job;
  const { grep, matchers } = settings;
  const isAll = command === 'check' && pages.length === 0 && grep === undefined;
  return isAll && matchers.length === 0 && !hasScenarios(job, files);
}

/** What changes with whatever all pages depend on; nothing where more has to be known of them than their roll. */
function keyOf(job: Job, found: Found, { since }: ChangedFiles): string | undefined {
  const { sources, missing, files } = found.discovery;
  const { names = stampOfNames(sources, files) } = found;
  const { cache, suppress, prune } = job.settings;
  const isPlain = cache && found.before === undefined && suppress.length === 0 && !prune && missing.length === 0;
  if (!isPlain || !isWhole(job, found)) return undefined;
  return `roll ${hashOf(JSON.stringify([since, suppressionsStamp(job), names]))}`;
}

/** The numbers of the pages that were changed, before or after the roll was made, or of which there was something to tell then. */
function toLookAt(
  job: Job,
  { unsure, includes, absent, told }: Kept,
  { discovery: { sources }, readFile }: Found,
  { files }: ChangedFiles,
): number[] | undefined {
  const known = sourceIndex(sources);
  const others = unsure.flatMap(([file, hash]) => (hashOfSource(known.get(file)!) === hash ? [] : [file]));
  const wanted = [...new Set([...files, ...told, ...others])];
  const at = wanted.flatMap((file) => known.placeOf(file) ?? []).sort((one, other) => one - other);
  const isFew = at.length <= MANY && !at.some((index) => isUnreadable(sources[index]!));
  const areSame = includes.every(([file, hash]) => {
    const text = readFile(file);
    // What is shown on a page and was changed is none of its own.
    return (text === undefined ? null : hashOf(text)) === hash && (hash === null || !files.has(file));
  });
  return isFew && areSame && absent.every(absentIn(job)) && told.every((file) => known.placeOf(file) !== undefined)
    ? at
    : undefined;
}

function isUnreadable(source: Source): boolean {
  return hashOfSource(source) === undefined;
}

async function lookAt(
  job: Job,
  docs: Found,
  { roll, coverage, unsure, strays }: Kept,
  at: readonly number[],
  cache: Cache,
): Promise<((changed: Changed) => Outcome) | undefined> {
  const {
    discovery: { sources },
    readFile,
  } = docs;
  // What is read here is not kept: to write all readings for a few takes longer than to read them again.
  const pages = single({ readFile, ...mannerOf(job) }, { ...cache, set: () => undefined });
  const types = pages.types(roll.types);
  if (types === undefined) return undefined;
  const read = new Map<number, DocsetPage>();
  const before = new Map(unsure);
  for (const index of at) {
    const source = sources[index]!;
    const isAsBefore = before.get(source.file) === hashOfSource(source);
    read.set(index, (isAsBefore ? pages.find(source) : undefined) ?? (await pages.read(source)));
  }
  const documentAt = (index: number): Page => {
    const page = read.get(index) ?? pages.find(sources[index]!);
    if (page === undefined) throw new NotKept();
    return page.document;
  };
  const options = { ...job.settings, ...beside(docs) };
  const found = judgeByRoll(roll, { names: sources, read, documentAt }, types, options);
  if (found === undefined) return undefined;
  const findings = [...found.read, ...found.judged].sort(byPlace);
  const looked = [...read.values()];
  const pagesLooked = new Set(looked.map(({ file }) => file));
  const others = strays.map((each) => unpacked(each, '')).filter(({ file }) => !pagesLooked.has(file));
  const exchanges = looked.flatMap((page) => page.exchanges);
  return (changed) => ({
    target: 'none',
    coverage,
    exchanges: skipped(changed.exchangesOf(exchanges, { resources: [] })),
    findings: changed.findingsOf(findings),
    all: [...findings, ...others],
    looked: pagesLooked,
    pages: sources,
    promised: exchanges,
    complete: { docs: true, answers: false },
    disables: looked.flatMap(({ given }) => given.disables),
    unseen: 0,
    changed,
    selected: changed.pages,
    sources,
  });
}
