import { unifiedDiff } from '../files/diff.ts';
import { replaceBytes } from '../files/edit.ts';
import { edited } from '../files/edited.ts';
import { kindOf } from '../files/read.ts';
import { byPlace, type Finding } from '../model/finding.ts';
import { UsageError } from '../model/usage.ts';
import type { RuleId } from '../model/rules.ts';
import type { Crew } from '../compile/index.ts';
import type { Outcome } from './deliver.ts';
import { cacheOf } from './docs.ts';
import type { Before, Found } from './found.ts';
import { forTerminal, say, stoppedBy, type Job } from './job.ts';
import { filesOf, type Change, type Files } from './mend-files.ts';
import { renamedIn } from './renamed.ts';
import { judge } from './ruling.ts';

/** The docs after mending. */
export interface Mended {
  /** What is found in the docs as they now are. */
  readonly seen: Outcome;
  /** The docs as they now are. */
  readonly found: Found;
  /** Could a page not be written? */
  readonly failed: boolean;
}

/** One mending may make room for the next, and a wrong one may call for itself for ever. */
const MOST_PASSES = 10;

/**
 * Mends the docs, in memory and pass by pass, until no fix is left; then writes the files, each whole or not at all, or prints the patch.
 */
export async function mend(job: Job, found: Found, looks: Looks): Promise<Mended> {
  const crew: Crew = [];
  try {
    return await mendWith(job, found, looks, crew);
  } finally {
    if (crew.length > 0) (await import('../compile/index.ts')).dismiss(crew);
  }
}

/** What is found in the docs, and in some of their pages without a look at the others. */
export interface Looks {
  readonly whole: Look;
  /** At what can be mended alone. */
  readonly mendable: Look;
  readonly alone: Look;
}

type Look = (job: Job, found: Found) => Promise<Outcome>;

/** What was mended is read again by the threads that have read it before. */
async function mendWith(job: Job, before: Found, { whole: look, mendable, alone }: Looks, crew: Crew): Promise<Mended> {
  const isShown = job.settings.fix === 'show';
  if (isShown && job.outputs.some(({ to }) => to === 'stdout'))
    throw new UsageError('`--fix-dry-run` prints its patch on standard output; give the reporter a FILE instead of -');
  const cache = cacheOf(job);
  const known: Before = { readings: new WeakMap(), cache, crew };
  const found: Found = { ...before, renamed: renamedIn(job, before) };
  const files = filesOf(job, { ...found, before: known });
  // Whatever is said of the docs besides was said the first time.
  const quiet: Job = { ...job, settings: { ...job.settings, quiet: true } };
  // What is kept of all pages is not to be lost to a look at a few.
  const apart: Job = { ...quiet, settings: { ...quiet.settings, cache: false } };
  const { grep, onlyChanged } = job.settings;
  const isWhole = job.pages.length === 0 && grep === undefined && onlyChanged === undefined;
  // What is to be reported is found in the docs as they will be. Entries of the suppressions may be for other findings, too.
  const isShort = isWhole && !isShown && kindOf(job.settings.suppressions) === 'nothing';
  const first = await (isShort ? mendable : look)(job, files.applied());
  let seen = isShort ? undefined : first;
  let [now, count] = [found, 0];
  let waiting = await fixable(job, first);
  const take = (findings: readonly Finding[]): boolean => {
    const { texts, verdicts } = edited(
      ripe(findings).map(({ fix }) => fix!),
      (file) => files.textOf(file),
    );
    count += verdicts.filter((verdict) => verdict === 'done').length;
    for (const [file, text] of texts) files.change(file, text);
    return texts.size > 0;
  };
  for (let pass = 1; pass <= MOST_PASSES && !stoppedBy(job) && take(waiting); pass++) {
    // What pages say of themselves needs no other page: so the whole is looked at again only once.
    while (isWhole && pass < MOST_PASSES) {
      const changed = files.alone();
      if (changed.discovery.sources.length === 0) break;
      if (!take((await fixable(job, await alone(apart, changed))).filter(({ ruleId }) => LOCAL.has(ruleId)))) break;
      pass++;
    }
    now = files.applied();
    seen = await look(quiet, now);
    waiting = await fixable(job, seen);
  }
  cache?.save();
  tellLeft(job, waiting, files);
  const changed = files.changed();
  if (isShown) {
    show(job, changed, count);
    return { seen: first, found, failed: false };
  }
  if (stoppedBy(job))
    return { seen: isShort ? await look(quiet, { ...found, before: known }) : first, found, failed: false };
  seen ??= await look(quiet, now);
  const failures = write(changed);
  const written = changed.length - failures.size;
  say(job, count === 0 ? 'Nothing to fix' : `Fixed ${counted(count, 'finding')} in ${counted(written, 'file')}`);
  if (failures.size === 0) return { seen, found: now, failed: false };
  for (const [{ file }, reason] of failures) {
    job.streams.stderr.write(`docwright: ${forTerminal(`Cannot write \`${file}\`: ${reason}`)}\n`);
    files.forget(file);
  }
  now = files.applied();
  return { seen: await look(quiet, now), found: now, failed: true };
}

/** Rules that judge a page by itself. */
const LOCAL: ReadonlySet<RuleId> = new Set([
  'annotation/leniency',
  'annotation/block-type',
  'json/leniency',
  'http/recovered',
  'http/content-length',
]);

/** Without lengths on pages where anything else is mended: that may be in the body that was counted. */
function ripe(findings: readonly Finding[]): readonly Finding[] {
  const isLength = ({ ruleId }: Finding): boolean => ruleId === 'http/content-length';
  const filesOf = ({ fix }: Finding): string[] => fix!.edits.map(({ file }) => file);
  const mended = new Set(findings.filter((found) => !isLength(found)).flatMap(filesOf));
  return findings.filter((found) => !isLength(found) || !filesOf(found).some((file) => mended.has(file)));
}

/** What is switched off or suppressed is not mended either. */
async function fixable(job: Job, seen: Outcome): Promise<Finding[]> {
  const settings = { ...job.settings, suppress: [], prune: false };
  const { findings } = await judge({ ...job, settings }, seen);
  return findings.filter(({ fix, suppressed }) => fix !== undefined && !suppressed).toSorted(byPlace);
}

/** What was not mended though it could be: fixes in files that are not edited, and those that call for each other. */
function tellLeft(job: Job, waiting: readonly Finding[], { refused }: Files): void {
  for (const [file, reason] of refused) say(job, `Not fixed: ${file}: ${reason}`);
  const left = waiting.filter(({ fix }) => !fix!.edits.some(({ file }) => refused.has(file)));
  for (const { file, line, column, ruleId } of left.slice(0, MOST_TOLD))
    say(job, `Not fixed: ${file}:${line}:${column} ${ruleId}: its fix leads to no end`);
  if (left.length > MOST_TOLD) say(job, `Not fixed: ${left.length - MOST_TOLD} more`);
}

const MOST_TOLD = 10;

/** Prints the patch; git takes no other encoding than one in which a line feed is one byte. */
function show(job: Job, changed: readonly Change[], count: number): void {
  for (const { file, before, kind, text } of changed) {
    if (kind.encoding === 'utf-8') job.streams.stdout.write(unifiedDiff(file, utf8(before), utf8(kind.encode(text))));
    else say(job, `Not in the patch: ${file}: it is ${kind.encoding.toUpperCase()}; --fix mends it`);
  }
  say(
    job,
    count === 0
      ? 'Nothing to fix'
      : `The patch fixes ${counted(count, 'finding')} in ${counted(changed.length, 'file')}\nNext: git apply, or --fix`,
  );
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

function write(changed: readonly Change[]): Map<Change, string> {
  const failures = new Map<Change, string>();
  for (const change of changed) {
    const { real, before, kind, text } = change;
    try {
      replaceBytes(real, before, kind.encode(text));
    } catch (cause) {
      failures.set(change, (cause as Error).message);
    }
  }
  return failures;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
