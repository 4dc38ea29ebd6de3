import path from 'node:path';
import { fileName } from '../files/names.ts';
import { hashOfFile } from '../files/memory.ts';
import { kindOf } from '../files/read.ts';
import { readSuppressions, writeSuppressions, type SuppressionsFile } from '../files/suppressions.ts';
import { disableIndex, disablesIn } from '../model/disable.ts';
import { byPlace, type Finding } from '../model/finding.ts';
import type { PagedExchange } from '../model/fixture.ts';
import { once } from '../model/once.ts';
import { hashOf } from '../model/hash.ts';
import { levelledOne, outcomesBy, ruled, unsettledIn, type Ruled, type Rulings } from '../model/ruling.ts';
import type { RuleId } from '../model/rules.ts';
import { levelsOf, meansRule, type LevelOf } from '../model/severities.ts';
import { withTaken, type Standing, type Suppressed } from '../model/suppressions.ts';
import { UsageError } from '../model/usage.ts';
import { stoppedBy, say, type Job } from './job.ts';
import type { Judged } from './judging.ts';
import { isNews, staleFinding, staleOf, unusedFindings } from './needless.ts';

/** Decides how grave findings are and which count, writes the suppressions it is asked to, and tells of those that are for nothing. */
export async function judge(job: Job, judged: Judged): Promise<Pick<Judged, 'findings' | 'exchanges' | 'shard'>> {
  const { settings, cwd } = job;
  const { all = judged.findings } = judged;
  // Those that are asked for are some of all, so that as many are all.
  const asked = all.length === judged.findings.length ? undefined : new Set(judged.findings.map(keyOf));
  const within = (found: Finding): boolean => asked === undefined || asked.has(keyOf(found));
  const shown = fileName(settings.suppressions, cwd);
  if (settings.suppressionsNamed && settings.suppress.length === 0 && kindOf(settings.suppressions) === 'nothing')
    throw new UsageError(
      `No file \`${shown}\` of suppressions; name one that is there, or write it with --suppress-all`,
    );
  const file = readSuppressions(settings.suppressions, shown);
  const rulings = rulingsOf(job, judged, file.entries);
  const sorted = all.toSorted(byPlace);
  const answers = new Set(judged.answers?.map(keyOf));
  const targetOf = (found: Finding) => (answers.size > 0 && answers.has(keyOf(found)) ? judged.target : undefined);
  const before = ruled(sorted, rulings);
  const isWritten = await update(job, judged, { file, shown, rulings, before, within, targetOf });
  const kept = isWritten ? readSuppressions(settings.suppressions, shown) : file;
  const held = isWritten ? { ...rulings, suppressions: kept.entries } : rulings;
  const after = isWritten ? ruled(sorted, held) : before;
  const aside = [
    ...unusedFindings(judged, after, rulings.levelOf),
    ...staleOf(after, held.suppressions, judged, held)
      .filter((at) => isNews(job, judged, kept.entries[at]!, after.matched.used[at]!))
      .map((at) => staleFinding(kept, at, shown, after.matched.used[at]!)),
  ].flatMap((each) => levelledOne(each, rulings.levelOf) ?? []);
  const { shard } = judged;
  // What is for nothing here may be for something in another shard.
  const findings = [...after.findings.filter(within), ...(shard === undefined ? aside : [])];
  const part = shard === undefined || aside.length === 0 ? {} : { shard: { ...shard, pending: aside } };
  if (judged.answers === undefined) return { findings, exchanges: judged.exchanges, ...part };
  const counted = after.findings.filter((found) => answers.has(keyOf(found)));
  return { findings, exchanges: outcomesBy(judged.exchanges, counted), ...part };
}

/** Entries of other pages than those that were looked at are for what they were for: for nothing that was found now. */
function countedOn(
  looked: ReadonlySet<string> | undefined,
  entries: readonly Suppressed[],
  pageOf: (file: string) => string,
): readonly Suppressed[] {
  if (looked === undefined) return entries;
  const pages = new Set([...looked].map(pageOf));
  return entries.map((entry) => (pages.has(entry.page) ? entry : { ...entry, count: 0 }));
}

/** What changes with whatever is suppressed, and how grave what is; nothing where nothing is. */
export function suppressionsStamp({ settings }: Job): string | undefined {
  const hash = hashOfFile(settings.suppressions);
  return hash && hashOf(JSON.stringify([hash, settings.rules, settings.overrides]));
}

/**
 * The pages that are to be looked at whatever is changed, since what is suppressed there is not all found, and findings elsewhere that may
 * be suppressed for it; nothing where the pages cannot be told apart in that.
 */
export function unsettledOf(
  job: Job,
  judged: Judged,
): { readonly pages: readonly string[]; readonly strays: readonly Finding[] } | undefined {
  const { suppressions } = job.settings;
  const { entries } = readSuppressions(suppressions, fileName(suppressions, job.cwd));
  if (entries.length === 0) return { pages: [], strays: [] };
  const { all = judged.findings, pages = [] } = judged;
  const rulings = rulingsOf(job, judged, entries);
  const left = unsettledIn(all.toSorted(byPlace), rulings);
  const fileOf = new Map(Array.from(pages, ({ file }) => [rulings.pageOf(file), file]));
  const files = left && [...left.pages].map((page) => fileOf.get(page));
  return files?.every((file) => file !== undefined) ? { pages: files, strays: left!.strays } : undefined;
}

/** Tells while a run goes on whether what was found makes an exchange differ: as the end will have it, but for entries that are used up. */
export function judgeEarly(job: Job, exchanges: readonly PagedExchange[]): (finding: Finding) => Finding | undefined {
  const { entries } = readSuppressions(job.settings.suppressions, fileName(job.settings.suppressions, job.cwd));
  const known = new Set(entries.map(({ fingerprint }) => fingerprint));
  const pages = new Map(exchanges.map(({ file, id }) => [file, `${id.slice(0, id.lastIndexOf('#'))}.md`]));
  const levelOf = levelOfJob(job, () => pages);
  const disableOf = disableIndex(disablesIn(exchanges));
  return (found) => {
    const levelled = levelledOne(found, levelOf);
    if (levelled === undefined) return undefined;
    const counts = !known.has(levelled.fingerprint) && disableOf(levelled) === undefined;
    return counts ? levelled : { ...levelled, suppressed: true };
  };
}

function rulingsOf(
  job: Job,
  { disables = [], pages = [], included, promised, looked }: Judged,
  entries: readonly Suppressed[],
): Rulings {
  const { settings, cwd } = job;
  const folder = path.dirname(settings.suppressions);
  const pageOf = namer(cwd, folder);
  const known = once(() => new Map(Array.from(pages, (each) => [each.file, each.page])));
  const there = once(() => new Set([...known().keys()].map(pageOf)));
  const shown = once(() => new Set([...(included?.() ?? [])].map(pageOf)));
  const names = once(
    () => new Set(promised?.map(({ file, id }) => `${id.slice(id.lastIndexOf('#') + 1)} ${pageOf(file)}`)),
  );
  const nowhere = new Map<string, boolean>();
  const isNowhere = (page: string): boolean => {
    let answer = nowhere.get(page);
    if (answer === undefined) nowhere.set(page, (answer = kindOf(path.resolve(folder, page)) === 'nothing'));
    return answer;
  };
  const standingOf = ({ rule, page, exchange }: Suppressed): Standing => {
    if (ANYWHERE.has(rule)) return 'gone';
    if (there().has(page)) {
      // What has no name of its own is told by its number, which the next one takes over.
      const isNamed = exchange !== undefined && !/^\d+$/.test(exchange);
      return isNamed && promised !== undefined && !names().has(`${exchange} ${page}`) ? 'gone' : 'here';
    }
    // Another part of the docs may be looked at by another run.
    return isNowhere(page) || shown().has(page) ? 'gone' : 'unseen';
  };
  const suppressions = countedOn(looked, entries, pageOf);
  return { levelOf: levelOfJob(job, known), disables, suppressions, pageOf, standingOf };
}

/** What is told of the docs as a whole stands on whichever page is the first. */
const ANYWHERE: ReadonlySet<string> = new Set(['link/not-judged'] satisfies RuleId[]);

/** `pages` tells the page path of each file. */
function levelOfJob({ settings, cwd }: Job, pages: () => ReadonlyMap<string, string>): LevelOf {
  const nameOf = namer(cwd, settings.rulesFolder);
  const levelOf = levelsOf(settings.rules, settings.overrides, (file) => {
    const page = pages().get(file);
    return [nameOf(file), file, ...(page === undefined ? [] : [page])];
  });
  if (!settings.forbidBlocked) return levelOf;
  // The flag beats the config.
  return (found) => (ABSENT.has(found.ruleId) ? undefined : levelOf(found));
}

/** What --forbid-blocked makes an error. */
const ABSENT: ReadonlySet<RuleId> = new Set<RuleId>(['replay/blocked', 'replay/not-recorded']);

/** Names files, which findings name from the working directory, from another folder. */
function namer(cwd: string, folder: string): (file: string) => string {
  if (path.resolve(cwd) === path.resolve(folder)) return (file) => file;
  const known = new Map<string, string>();
  return (file) => {
    let name = known.get(file);
    if (name === undefined) known.set(file, (name = fileName(path.resolve(cwd, file), folder)));
    return name;
  };
}

interface Update {
  readonly file: SuppressionsFile;
  readonly shown: string;
  readonly rulings: Rulings;
  readonly before: Ruled;
  readonly within: (finding: Finding) => boolean;
  readonly targetOf: (finding: Finding) => string | undefined;
}

/** Writes what is to be taken, without what is to be pruned, and says so; tells whether there was anything to write. */
async function update(
  job: Job,
  judged: Judged,
  { file, shown, rulings, before, within, targetOf }: Update,
): Promise<boolean> {
  const { suppress, prune } = job.settings;
  if ((suppress.length === 0 && !prune) || stoppedBy(job)) return false;
  const stale = new Set(prune ? staleOf(before, file.entries, judged, rulings) : []);
  const { used, moved } = before.matched;
  const kept = file.entries.flatMap((entry, at) => {
    const page = moved.get(at);
    const here = page === undefined ? entry : { ...entry, page };
    if (!stale.has(at)) return [here];
    return used[at]! > 0 ? [{ ...here, count: used[at]! }] : [];
  });
  const taken = before.findings.filter(
    (found) =>
      !found.suppressed &&
      within(found) &&
      !found.ruleId.startsWith('suppression/') &&
      suppress.some((word) => meansRule(word, found.ruleId)),
  );
  const entries = withTaken(kept, taken, rulings.pageOf, targetOf);
  const isChanged = taken.length > 0 || stale.size > 0 || moved.size > 0;
  if (isChanged) await writeSuppressions(job.settings.suppressions, shown, entries);
  // What will not be told again is told now, even with --quiet.
  const aloud: Job = { ...job, settings: { ...job.settings, quiet: false } };
  if (prune) say(aloud, `Pruned ${counted(stale.size, 'entry', 'entries')} of ${shown}`);
  if (suppress.length > 0) sayTaken(aloud, taken, shown);
  return isChanged;
}

function sayTaken(job: Job, taken: readonly Finding[], shown: string): void {
  const byRule = new Map<string, number>();
  for (const { ruleId } of taken) byRule.set(ruleId, (byRule.get(ruleId) ?? 0) + 1);
  const list = [...byRule].sort().map(([rule, count]) => `${count.toLocaleString('en')} ${rule}`);
  const lines = taken
    .slice(0, MOST_SAID)
    .map(({ file, line, column, ruleId, reason }) => `  ${file}:${line}:${column} ${ruleId} ${reason}`);
  const more = taken.length - lines.length;
  say(
    job,
    [
      `Suppressed ${counted(taken.length, 'finding', 'findings')} in ${shown}${list.length > 0 ? `: ${list.join(', ')}` : ''}`,
      ...lines,
      ...(more > 0 ? [`  … and ${more.toLocaleString('en')} more; the file names them all`] : []),
    ].join('\n'),
  );
}

const MOST_SAID = 100;

/** The same finding by another object: who reports may have copied it. */
function keyOf({ fingerprint, file, line, column, exchangeId, reason }: Finding): string {
  return `${fingerprint} ${line}:${column} ${exchangeId ?? ''}\0${file}\0${reason}`;
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
