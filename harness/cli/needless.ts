import path from 'node:path';
import { fileName } from '../files/names.ts';
import type { SuppressionsFile } from '../files/suppressions.ts';
import { finding, type Finding } from '../model/finding.ts';
import type { Ruled, Rulings } from '../model/ruling.ts';
import { rules, type RuleId } from '../model/rules.ts';
import { meansRule, type LevelOf } from '../model/severities.ts';
import type { Suppressed } from '../model/suppressions.ts';
import type { Job } from './job.ts';
import { INCOMPLETE, type Judged } from './judging.ts';

/** The entries that are for more findings than there are, of those that this run can judge. */
export function staleOf(
  { matched }: Ruled,
  entries: readonly Suppressed[],
  judged: Judged,
  { levelOf, standingOf }: Rulings,
): number[] {
  const { complete = INCOMPLETE, target } = judged;
  return entries.flatMap((entry, at) => {
    const isJudged =
      entry.target === undefined ? looksAt(complete.docs, entry.page) : complete.answers && entry.target === target;
    if (!isJudged || matched.used[at]! >= entry.count || standingOf(entry) === 'unseen') return [];
    // What a rule that is off would find, nobody knows.
    const isKnown = Object.hasOwn(rules, entry.rule);
    return isKnown && levelOf({ ruleId: entry.rule as RuleId, file: entry.page }) === 'off' ? [] : [at];
  });
}

/** Were there more of its findings before the change? What others left is for them to take out. */
export function isNews(
  { settings, cwd }: Job,
  { changed }: Judged,
  { fingerprint, page }: Suppressed,
  used: number,
): boolean {
  if (changed === undefined) return true;
  const file = fileName(path.resolve(path.dirname(settings.suppressions), page), cwd);
  return changed.before({ fingerprint, file }) > used;
}

/** What is told of an entry that is for more findings than there are. */
export function staleFinding(file: SuppressionsFile, at: number, shown: string, used: number): Finding {
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

/** What is told of comments that no finding stands under. */
export function unusedFindings(
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
      const isTold = changed?.files.has(place.file) ?? true;
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
