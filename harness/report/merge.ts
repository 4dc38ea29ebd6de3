import { byPlace, compareText, type Finding } from '../model/finding.ts';
import type { ExchangeResult, Outcome, Report, Shard } from '../model/report.ts';
import { byScenario } from '../model/scenario.ts';
import { UsageError } from '../model/usage.ts';
import type { NamedReport } from './compare.ts';
import { append } from './fold.ts';
import type { ReportParts } from './gather.ts';

/** Reports of one run, joined. */
export interface Merged {
  readonly parts: ReportParts;
  /** Exchanges that several reports asked for, with the names of these reports. */
  readonly repeated: readonly { readonly id: string; readonly names: readonly string[] }[];
  /** Shards that were given twice or more, with the names of their reports. */
  readonly repeatedShards: readonly { readonly shard: Shard; readonly names: readonly string[] }[];
  /** Shards that no report is of. */
  readonly missing: readonly Shard[];
  /** How many exchanges the whole run has of which no report tells, and how many it has, where the reports say so. */
  readonly absent?: { readonly count: number; readonly of: number };
  /** Exchanges that no report asked for, where the command asks at all. */
  readonly unasked: readonly string[];
}

/**
 * Joins the reports of shards to that of one run: an exchange has the outcome it had where it was asked for, the graver one where several
 * asked; a finding that several tell, by fingerprint and place, is told once. Reports that are of no one run are a UsageError.
 */
export function mergeReports(reports: readonly NamedReport[]): Merged {
  const [first] = reports;
  if (first === undefined) throw new UsageError('Missing reports to merge');
  for (const other of reports.slice(1)) refuseOthers(first, other);
  const { command, target, tool, coverage } = first.report;
  const askers = new Map<string, string[]>();
  const results = new Map<string, ExchangeResult>();
  for (const { name, report } of reports) {
    for (const result of report.exchanges) {
      const before = results.get(result.id);
      if (before !== undefined) refuseOtherPromise(before, result, first.name, name);
      if (before === undefined || GRAVITY[result.outcome] > GRAVITY[before.outcome]) results.set(result.id, result);
      if (result.outcome !== 'skipped') append(askers, result.id, name);
    }
  }
  const exchanges = [...results.values()].sort(byPage);
  const sends = command === 'run' || command === 'replay';
  const shards = shardsOf(reports);
  const of = first.report.shard?.exchanges;
  const findings = [...joined(reports), ...(shards.missing.length === 0 ? confirmed(reports) : [])].sort(byPlace);
  return {
    parts: { command, target, tool, coverage, exchanges, findings, unseen: unseenIn(exchanges) },
    repeated: [...askers].flatMap(([id, names]) => (names.length > 1 ? [{ id, names }] : [])),
    ...shards,
    ...(of === undefined || of === exchanges.length ? {} : { absent: { count: of - exchanges.length, of } }),
    unasked: sends ? exchanges.filter(({ outcome }) => outcome === 'skipped').map(({ id }) => id) : [],
  };
}

/** Of an exchange that was asked for twice the worse is told. */
const GRAVITY: Readonly<Record<Outcome, number>> = { skipped: 0, conforms: 1, blocked: 2, unanswered: 3, differs: 4 };

function refuseOthers(first: NamedReport, other: NamedReport): void {
  const differ = (what: string, a: string, b: string): void => {
    if (a === b) return;
    throw new UsageError(
      `\`${first.name}\` and \`${other.name}\` are of no one run: ${what} \`${a}\` and \`${b}\`; \`docwright report compare\` tells what is different`,
    );
  };
  const [a, b] = [first.report, other.report];
  differ('docwright', a.tool.version, b.tool.version);
  differ('command', a.command, b.command);
  differ('target', a.target, b.target);
  const annotations = ({ coverage }: Report): string => {
    const { files, annotations: kinds } = coverage;
    const counts = Object.keys(kinds).sort();
    return `${files} pages with ${counts.map((kind) => `${kind} ${Object.values(kinds[kind]!).join('/')}`).join(', ') || 'nothing'}`;
  };
  differ('they were made of docs with', annotations(a), annotations(b));
  const cut = ({ shard }: Report): string =>
    shard?.cut === undefined ? 'none' : `${shard.cut} of ${shard.exchanges} exchanges`;
  // Shards of two cuts may have an exchange twice, and another one not at all.
  if (a.shard !== undefined && b.shard !== undefined) differ('their shards were cut as', cut(a), cut(b));
}

/** Reports of the same docs say the same of what an exchange promises. */
function refuseOtherPromise(a: ExchangeResult, b: ExchangeResult, first: string, other: string): void {
  const promise = ({ file, line, title, request, expected: { statuses } }: ExchangeResult): string =>
    JSON.stringify([file, line, title, request.method, request.url, statuses]);
  if (promise(a) === promise(b)) return;
  throw new UsageError(
    `\`${other}\` was made of other docs than \`${first}\`, or than one beside it: it has another \`${a.id}\``,
  );
}

/** Each finding as often as the report that has it most often. */
function joined(reports: readonly NamedReport[]): Finding[] {
  const most = new Map<string, Finding[]>();
  for (const { report } of reports) {
    const own = new Map<string, Finding[]>();
    for (const finding of report.findings) append(own, keyOf(finding), finding);
    for (const [key, findings] of own) if (findings.length > (most.get(key)?.length ?? 0)) most.set(key, findings);
  }
  return [...most.values()].flat();
}

function keyOf({ fingerprint, file, line, column, exchangeId }: Finding): string {
  return `${fingerprint} ${file}:${line}:${column} ${exchangeId}`;
}

/** What every shard holds to be so of the whole. Where they count what it is for, the one that found most knows best: a count goes before none. */
function confirmed(reports: readonly NamedReport[]): Finding[] {
  const told = new Map<string, Finding[]>();
  for (const { report } of reports) {
    const own = new Map((report.shard?.pending ?? []).map((finding) => [keyOf(finding), finding]));
    for (const [key, finding] of own) append(told, key, finding);
  }
  return [...told.values()].flatMap((each) =>
    each.length === reports.length ? [each.toSorted((a, b) => compareText(a.reason, b.reason))[0]!] : [],
  );
}

/** Documented responses that no answer met. What several scenarios are for is counted once: each shows another state of it. */
export function unseenIn(exchanges: readonly ExchangeResult[]): number {
  const asked = new Map<string, { readonly promised: number; readonly met: Set<number> }>();
  for (const { id, outcome, actual, expected, scenario } of exchanges) {
    const documented = scenario === undefined ? id : scenario.documented;
    if (documented === undefined || outcome === 'skipped' || outcome === 'blocked') continue;
    const { met } = asked.get(documented) ?? { met: new Set() };
    if (actual !== undefined && expected.statuses.includes(actual.status)) met.add(actual.status);
    asked.set(documented, { promised: expected.statuses.length, met });
  }
  return [...asked.values()].reduce((sum, { promised, met }) => sum + promised - met.size, 0);
}

function shardsOf(reports: readonly NamedReport[]): Pick<Merged, 'missing' | 'repeatedShards'> {
  const names = new Map<number, string[]>();
  let total = 0;
  for (const { name, report } of reports) {
    if (report.shard === undefined) continue;
    if (total !== 0 && total !== report.shard.total)
      throw new UsageError(`\`${name}\` is one of ${report.shard.total} shards, those before it of ${total}`);
    total = report.shard.total;
    append(names, report.shard.index, name);
  }
  const indices = Array.from({ length: total }, (_, at) => at + 1);
  return {
    missing: indices.filter((index) => !names.has(index)).map((index) => ({ index, total })),
    repeatedShards: [...names].flatMap(([index, all]) =>
      all.length > 1 ? [{ shard: { index, total }, names: all }] : [],
    ),
  };
}

/** In the order of pages, and on a page as they stand there; then the steps of scenarios: that of one run. */
export function byPage(a: ExchangeResult, b: ExchangeResult): number {
  const [one, other] = [a.scenario, b.scenario];
  if (one !== undefined && other !== undefined) return byScenario(one, other) || one.step - other.step;
  if (one !== undefined || other !== undefined) return one === undefined ? -1 : 1;
  return compareText(pageOf(a), pageOf(b)) || compareText(a.file, b.file) || a.line - b.line;
}

/** An id begins with the path of its page. */
function pageOf({ id }: ExchangeResult): string {
  return `${id.split('#', 1)[0]}.md`;
}
