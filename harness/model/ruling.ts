import { disableIndex, type Disable } from './disable.ts';
import type { Finding } from './finding.ts';
import type { ExchangeResult } from './report.ts';
import type { LevelOf } from './severities.ts';
import {
  matchSuppressions,
  unsettled,
  type Matched,
  type Standing,
  type Suppressed,
  type Unsettled,
} from './suppressions.ts';

/** What decides how grave a finding is, and whether it counts. */
export interface Rulings {
  readonly levelOf: LevelOf;
  readonly disables: readonly Disable[];
  readonly suppressions: readonly Suppressed[];
  /** Names a file as the suppressions do. */
  readonly pageOf: (file: string) => string;
  readonly standingOf: (entry: Suppressed) => Standing;
}

/** Findings as they are reported. */
export interface Ruled {
  readonly findings: readonly Finding[];
  /** What no finding stands under. */
  readonly unused: readonly Disable[];
  readonly matched: Matched;
}

/**
 * The one place where it is decided how grave findings are and which count: those of rules that are `off` are gone, and those that a
 * comment or an entry of the suppressions is for stay, marked as suppressed. Findings are to be in reading order.
 */
export function ruled(findings: readonly Finding[], rulings: Rulings): Ruled {
  const { levelled, open, disabled, used } = heldToComments(findings, rulings);
  const matched = matchSuppressions(open, rulings.suppressions, rulings.pageOf, rulings.standingOf);
  // What an entry was taken for before somebody wrote a comment is not stale.
  const settled =
    disabled.size === 0 || rulings.suppressions.length === 0
      ? matched
      : matchSuppressions([...open, ...disabled], rulings.suppressions, rulings.pageOf, rulings.standingOf);
  return {
    findings: levelled.map((found) =>
      disabled.has(found) || matched.suppressed.has(found) ? { ...found, suppressed: true } : found,
    ),
    unused: unusedAmong(rulings.disables, used),
    matched: settled,
  };
}

/** What entries of the suppressions leave open when each page is looked at by itself; nothing where comments have part in that. */
export function unsettledIn(findings: readonly Finding[], rulings: Rulings): Unsettled | undefined {
  const { open, disabled } = heldToComments(findings, rulings);
  const left = unsettled([...open, ...disabled], rulings.suppressions, rulings.pageOf);
  return left.strays.some((found) => disabled.has(found))
    ? undefined
    : { ...left, pages: unsettled(open, rulings.suppressions, rulings.pageOf).pages };
}

/** Findings as grave as they are, and those of them that no comment disables. */
function heldToComments(findings: readonly Finding[], { levelOf, disables }: Rulings) {
  const levelled = findings.flatMap((found) => levelledOne(found, levelOf) ?? []);
  const disableOf = disableIndex(disables);
  const used = new Set<Disable>();
  const open: Finding[] = [];
  const disabled = new Set<Finding>();
  for (const found of levelled) {
    const disable = disables.length === 0 ? undefined : disableOf(found);
    if (disable === undefined) open.push(found);
    else {
      used.add(disable);
      disabled.add(found);
    }
  }
  return { levelled, open, disabled, used };
}

/** Words under which nothing stands; a file that several pages include has each word once. */
function unusedAmong(disables: readonly Disable[], used: ReadonlySet<Disable>): Disable[] {
  const siteOf = ({ rule, place }: Disable): string =>
    `${place.position.start.line}:${place.position.start.column} ${rule} ${place.file}`;
  const sites = new Set([...used].map(siteOf));
  return disables.filter((disable) => sites.size < sites.add(siteOf(disable)).size);
}

/** A finding as grave as the config says; nothing where its rule is off. */
export function levelledOne(found: Finding, levelOf: LevelOf): Finding | undefined {
  const level = levelOf(found);
  if (level === 'off') return undefined;
  return level === undefined || level === found.severity ? found : { ...found, severity: level };
}

/** What became of exchanges whose answers were judged, by the findings that count. */
export function outcomesBy(results: readonly ExchangeResult[], findings: readonly Finding[]): ExchangeResult[] {
  const failed = new Set(
    findings.flatMap(({ severity, suppressed, exchangeId }) =>
      severity === 'error' && !suppressed && exchangeId !== undefined ? [exchangeId] : [],
    ),
  );
  return results.map((result) => {
    if (result.outcome !== 'conforms' && result.outcome !== 'differs') return result;
    const outcome = failed.has(result.id) ? 'differs' : 'conforms';
    return outcome === result.outcome ? result : { ...result, outcome };
  });
}
