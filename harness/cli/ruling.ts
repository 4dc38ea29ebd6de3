import path from 'node:path';
import { fileName } from '../files/names.ts';
import { readSuppressions, writeSuppressions, type SuppressionsFile } from '../files/suppressions.ts';
import { disableIndex, disablesIn, type Disable } from '../model/disable.ts';
import { byPlace, finding, type Finding } from '../model/finding.ts';
import type { PagedExchange } from '../model/fixture.ts';
import { levelledOne, outcomesBy, ruled, type Ruled, type Rulings } from '../model/ruling.ts';
import type { ExchangeResult } from '../model/report.ts';
import { rules, type RuleId } from '../model/rules.ts';
import { levelsOf, meansRule, type LevelOf } from '../model/severities.ts';
import { withTaken, type Suppressed } from '../model/suppressions.ts';
import type { Changed } from './changed.ts';
import type { Docs } from './docs.ts';
import { stoppedBy, say, type Job } from './job.ts';

/** What it takes to decide which findings count. */
export interface Judging {
  /** Every finding there is, where `findings` are only those that are asked for. */
  readonly all?: readonly Finding[];
  /** Those that are about answers. */
  readonly answers?: readonly Finding[];
  readonly disables?: readonly Disable[];
  /** Every page there is, whether it was asked for or not: entries of other pages have moved. */
  readonly pages?: Iterable<{ readonly file: string; readonly page: string }>;
  /** Every exchange there is; the same goes for entries of others. */
  readonly promised?: readonly Pick<PagedExchange, 'file' | 'id'>[];
  /** Where only what a change has caused is told: the same goes for comments and entries that are for nothing. */
  readonly changed?: Pick<Changed, 'before' | 'isChanged' | 'isTouched'>;
  /** What was looked for: all that the docs say of themselves (on these pages), every exchange. What was not is neither unused nor stale. */
  readonly complete?: { readonly docs: boolean | ReadonlySet<string>; readonly answers: boolean };
}

/** The same of docs that were read as a whole, and everything that was found in them. */
export function judging({ docset, selection, scope }: Docs, all: readonly Finding[], sent?: SentAndJudged): Judging {
  const isWhole = selection.exchanges.length === docset.exchanges.length;
  return {
    all,
    pages: scope.sources,
    promised: docset.exchanges,
    complete: { docs: selection.files ?? isWhole, answers: isWhole && sent !== undefined && isDone(sent) },
    ...(sent === undefined ? {} : { answers: sent.findings }),
    ...(docset.disables === undefined ? {} : { disables: docset.disables }),
  };
}

interface SentAndJudged {
  readonly results: readonly ExchangeResult[];
  readonly findings: readonly Finding[];
}

/** Was everything asked for, and nothing left out for a signal, a time limit or too many failures? */
export function isDone({ results }: Pick<SentAndJudged, 'results'>): boolean {
  return results.every(({ outcome }) => outcome !== 'skipped');
}

interface Judged extends Judging {
  readonly findings: readonly Finding[];
  readonly exchanges: readonly ExchangeResult[];
  readonly target: string;
}

const INCOMPLETE = { docs: false, answers: false };

/** Decides how grave findings are and which count, writes the suppressions it is asked to, and tells of those that are for nothing. */
export async function judge(job: Job, judged: Judged): Promise<Pick<Judged, 'findings' | 'exchanges'>> {
  const { settings, cwd } = job;
  const { all = judged.findings } = judged;
  // Those that are asked for are some of all, so that as many are all.
  const asked = all.length === judged.findings.length ? undefined : new Set(judged.findings.map(keyOf));
  const within = (found: Finding): boolean => asked === undefined || asked.has(keyOf(found));
  const shown = fileName(settings.suppressions, cwd);
  const file = readSuppressions(settings.suppressions, shown);
  const rulings = rulingsOf(job, judged, file.entries);
  const sorted = all.toSorted(byPlace);
  const answers = new Set(judged.answers?.map(keyOf));
  const targetOf = (found: Finding) => (answers.size > 0 && answers.has(keyOf(found)) ? judged.target : undefined);
  const before = ruled(sorted, rulings);
  const isWritten = await update(job, judged, { file, shown, rulings, before, within, targetOf });
  const kept = isWritten ? readSuppressions(settings.suppressions, shown) : file;
  const after = isWritten ? ruled(sorted, { ...rulings, suppressions: kept.entries }) : before;
  const aside = [
    ...unusedFindings(judged, after, rulings.levelOf),
    ...staleOf(after, kept.entries, judged, rulings)
      .filter((at) => isNews(job, judged, kept.entries[at]!, after.matched.used[at]!))
      .map((at) => staleFinding(kept, at, shown, after.matched.used[at]!)),
  ].flatMap((each) => levelledOne(each, rulings.levelOf) ?? []);
  const findings = [...after.findings.filter(within), ...aside];
  if (judged.answers === undefined) return { findings, exchanges: judged.exchanges };
  const counted = after.findings.filter((found) => answers.has(keyOf(found)));
  return { findings, exchanges: outcomesBy(judged.exchanges, counted) };
}

/** Tells while a run goes on whether what was found makes an exchange differ: as the end will have it, but for entries that are used up. */
export function judgeEarly(job: Job, exchanges: readonly PagedExchange[]): (finding: Finding) => Finding | undefined {
  const { entries } = readSuppressions(job.settings.suppressions, fileName(job.settings.suppressions, job.cwd));
  const known = new Set(entries.map(({ fingerprint }) => fingerprint));
  const pages = new Map(
    exchanges.map(({ file, id }) => [file, { file, page: `${id.slice(0, id.lastIndexOf('#'))}.md` }]),
  );
  const levelOf = levelOfJob(job, [...pages.values()]);
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
  { disables = [], pages = [], promised }: Judged,
  suppressions: readonly Suppressed[],
): Rulings {
  const { settings, cwd } = job;
  const folder = path.dirname(settings.suppressions);
  const pageOf = namer(cwd, folder);
  const known = [...pages];
  const there = new Set(known.map(({ file }) => pageOf(file)));
  let names: ReadonlySet<string> | undefined;
  const isPromised = (page: string, exchange: string): boolean => {
    if (promised === undefined) return true;
    names ??= new Set(promised.map(({ file, id }) => `${id.slice(id.lastIndexOf('#') + 1)} ${pageOf(file)}`));
    return names.has(`${exchange} ${page}`);
  };
  const isThere = ({ rule, page, exchange }: Suppressed): boolean =>
    !ANYWHERE.has(rule) &&
    there.has(page) &&
    // What has no name of its own is told by its number, which the next one takes over.
    (exchange === undefined || /^\d+$/.test(exchange) || isPromised(page, exchange));
  return { levelOf: levelOfJob(job, known), disables, suppressions, pageOf, isThere };
}

/** What is told of the docs as a whole stands on whichever page is the first. */
const ANYWHERE: ReadonlySet<string> = new Set(['link/not-judged'] satisfies RuleId[]);

function levelOfJob(
  { settings, cwd }: Job,
  pages: readonly { readonly file: string; readonly page: string }[],
): LevelOf {
  const byFile = new Map(pages.map(({ file, page }) => [file, page]));
  const nameOf = namer(cwd, settings.rulesFolder);
  const levelOf = levelsOf(settings.rules, settings.overrides, (file) => {
    const page = byFile.get(file);
    return [nameOf(file), file, ...(page === undefined ? [] : [page])];
  });
  if (!settings.forbidBlocked) return levelOf;
  // The flag beats the config.
  return (found) => (found.ruleId === 'replay/blocked' ? undefined : levelOf(found));
}

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
  if (prune) await say(job, `Pruned ${counted(stale.size, 'entry', 'entries')} of ${shown}`);
  if (suppress.length > 0) await sayTaken(job, taken, shown);
  return isChanged;
}

async function sayTaken(job: Job, taken: readonly Finding[], shown: string): Promise<void> {
  const byRule = new Map<string, number>();
  for (const { ruleId } of taken) byRule.set(ruleId, (byRule.get(ruleId) ?? 0) + 1);
  const list = [...byRule].sort().map(([rule, count]) => `${count} ${rule}`);
  const lines = taken
    .slice(0, MOST_SAID)
    .map(({ file, line, column, ruleId, reason }) => `  ${file}:${line}:${column} ${ruleId} ${reason}`);
  const more = taken.length - lines.length;
  await say(
    job,
    [
      `Suppressed ${counted(taken.length, 'finding', 'findings')} in ${shown}${list.length > 0 ? `: ${list.join(', ')}` : ''}`,
      ...lines,
      ...(more > 0 ? [`  … and ${more} more; the file names them all`] : []),
    ].join('\n'),
  );
}

const MOST_SAID = 100;

/** The entries that are for more findings than there are, of those that this run can judge. */
function staleOf({ matched }: Ruled, entries: readonly Suppressed[], judged: Judged, { levelOf }: Rulings): number[] {
  const { complete = INCOMPLETE, target } = judged;
  return entries.flatMap((entry, at) => {
    const isJudged =
      entry.target === undefined ? looksAt(complete.docs, entry.page) : complete.answers && entry.target === target;
    if (!isJudged || matched.used[at]! >= entry.count) return [];
    // What a rule that is off would find, nobody knows.
    const isKnown = Object.hasOwn(rules, entry.rule);
    return isKnown && levelOf({ ruleId: entry.rule as RuleId, file: entry.page }) === 'off' ? [] : [at];
  });
}

/** Were there more of its findings before the change? What others left is for them to take out. */
function isNews({ settings, cwd }: Job, { changed }: Judged, { fingerprint, page }: Suppressed, used: number): boolean {
  if (changed === undefined) return true;
  const file = fileName(path.resolve(path.dirname(settings.suppressions), page), cwd);
  return changed.before({ fingerprint, file }) > used;
}

function staleFinding(file: SuppressionsFile, at: number, shown: string, used: number): Finding {
  const { rule, page, exchange, pointer, fingerprint, count } = file.entries[at]!;
  const what = [`\`${rule}\``, exchange && `of \`${exchange}\``, pointer && `at \`${pointer}\``, `on \`${page}\``];
  const point = { line: file.lineOf(at), column: 1 };
  return finding({
    ruleId: 'suppression/stale',
    reason:
      used === 0
        ? `Unexpected suppression of ${what.filter(Boolean).join(' ')}, expected a finding that it is for`
        : `Unexpected count \`${count}\` of the suppression of ${what.filter(Boolean).join(' ')}, expected \`${used}\``,
    place: { file: shown, position: { start: point, end: point } },
    subject: fingerprint,
    // What was mended on a page is one thing to do.
    group: `suppression/stale ${page}`,
    note: '`--prune-suppressions` takes out what is no longer found.',
  });
}

function unusedFindings(
  { complete = INCOMPLETE, changed }: Judged,
  { unused }: Pick<Ruled, 'unused'>,
  levelOf: LevelOf,
): Finding[] {
  const findable = (word: string): boolean =>
    (Object.keys(rules) as RuleId[]).some(
      (rule) => meansRule(word, rule) && (complete.answers || !ANSWERED.test(rule)),
    );
  return unused
    .filter(({ rule, place }) => {
      const isOff = Object.hasOwn(rules, rule) && levelOf({ ruleId: rule as RuleId, file: place.file }) === 'off';
      const isTold = changed?.isChanged(place.file) ?? true;
      return isTold && !isOff && findable(rule) && looksAt(complete.docs, place.file);
    })
    .map(({ rule, place }) =>
      finding({
        ruleId: 'disable/unused',
        reason: `Unexpected comment that disables ${rule === '*' ? 'all rules' : `\`${rule}\``}, expected a finding that it is for`,
        place,
        subject: `disable ${rule}`,
        note: 'Take it out.',
      }),
    );
}

function looksAt(docs: boolean | ReadonlySet<string>, file: string): boolean {
  return typeof docs === 'boolean' ? docs : docs.has(file);
}

/** Rules that only an answer can break. */
const ANSWERED = /^(?:replay|fixture|status)\/|^header\/(?:missing|value|media-type)$/;

/** The same finding by another object: who reports may have copied it. */
function keyOf({ fingerprint, file, line, column, exchangeId, reason }: Finding): string {
  return `${fingerprint} ${line}:${column} ${exchangeId ?? ''}\0${file}\0${reason}`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
