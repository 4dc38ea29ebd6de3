import path from 'node:path';
import process from 'node:process';
import type { Finding } from '../model/finding.ts';
import type { ExchangeDetail, ExchangeResult, Outcome, Shard } from '../model/report.ts';
import { byPage, unseenIn } from '../report/merge.ts';
import type { FlagValues } from './flags.ts';
import { forTerminal } from './job.ts';
import { detailsOf, type SuiteRecord } from './suite-record.ts';
import { guarded, suiteJob } from './suite.ts';

/** What a reporter of a test runner may say. */
export interface SuiteReportOptions {
  readonly config?: string;
  /** Where reports are written; as the config says, else `reports`. */
  readonly reports?: string;
  /** `json` and `html` where nothing is said. */
  readonly reporter?: string | readonly string[];
  readonly cwd?: string;
}

/** Gathers what tests tell, project by project. */
export interface SuiteReport {
  /** The last try of a test; `before` are earlier ones that failed. */
  add(project: string, record: SuiteRecord, before: boolean): void;
  /**
   * Writes the reports, those of several projects in folders of their names, and says on standard error what keeps the whole from being
   * whole: shards, where they are `merged`, and exchanges of which nothing was heard. `present` are shards that are there, whether they
   * had a test or not. Is it whole?
   */
  write(isMerged: boolean, untold: number, present?: readonly ShardNumber[]): Promise<boolean>;
}

/** Which of how many, both from 1. */
interface ShardNumber {
  readonly current: number;
  readonly total: number;
}

/** Nothing told yet. */
export function suiteReport(options: SuiteReportOptions): SuiteReport {
  const projects = new Map<string, Gathered>();
  return {
    add(project, record, before) {
      const known = projects.get(project) ?? gathered(record.target);
      projects.set(project, known);
      take(known, record, before);
    },
    async write(isMerged, untold, present = []) {
      const gaps: string[] = [];
      for (const [project, each] of projects) {
        const folder = projects.size > 1 ? safeName(project, [...projects.keys()].indexOf(project)) : undefined;
        if ((await writeOne(each, options, folder)) === 2) gaps.push('The reports could not be written');
      }
      if (isMerged) gaps.push(...missingOf([...projects.values()], present));
      if (untold > 0) gaps.push(`Nothing was heard of ${untold} exchanges: their tests did not come to an end`);
      for (const gap of gaps) process.stderr.write(`docwright: ${await forTerminal(gap)}\n`);
      return gaps.length === 0;
    },
  };
}

interface Gathered {
  readonly target: string;
  readonly results: Map<string, ExchangeResult>;
  readonly findings: Map<string, readonly Finding[]>;
  readonly besides: Finding[];
  readonly details: Map<string, ExchangeDetail>;
  readonly suites: Map<string, { readonly exchanges: number; readonly seen: Set<string> }>;
  readonly shards: Map<number, Shard>;
}

function gathered(target: string): Gathered {
  return {
    target,
    results: new Map(),
    findings: new Map(),
    besides: [],
    details: new Map(),
    suites: new Map(),
    shards: new Map(),
  };
}

function take(into: Gathered, record: SuiteRecord, before: boolean): void {
  const { results, findings, shard, of } = record;
  if (shard !== undefined) into.shards.set(shard.index, shard);
  const suite = into.suites.get(of.suite) ?? { exchanges: of.exchanges, seen: new Set() };
  into.suites.set(of.suite, suite);
  const details = new Map(detailsOf(record));
  const byId = new Map<string, Finding[]>(results.map(({ id }) => [id, []]));
  for (const finding of findings) (byId.get(finding.exchangeId ?? '') ?? into.besides).push(finding);
  for (const result of results) {
    suite.seen.add(result.id);
    const known = into.results.get(result.id);
    // Of an exchange that two spec files ask the worse counts.
    if (known !== undefined && GRAVITY[known.outcome] > GRAVITY[result.outcome]) continue;
    const isFlaky = before && result.outcome === 'conforms';
    into.results.set(result.id, isFlaky ? { ...result, flaky: true } : result);
    into.findings.set(result.id, byId.get(result.id)!);
    const detail = details.get(result.id);
    if (detail === undefined) into.details.delete(result.id);
    else into.details.set(result.id, detail);
  }
}

const GRAVITY: Readonly<Record<Outcome, number>> = { skipped: 0, conforms: 1, blocked: 2, unanswered: 3, differs: 4 };

/** Playwright's own process. */
const HOST = { runsTypeScript: true };

async function writeOne(each: Gathered, options: SuiteReportOptions, folder: string | undefined): Promise<number> {
  const { reporter = ['json', 'html'], reports } = options;
  const flags: FlagValues = {
    reporter: [reporter].flat(),
    ...(reports === undefined ? {} : { reports }),
  };
  const first = await suiteJob(options, HOST, 'report', flags);
  const within = path.join(first.settings.reports, folder ?? '');
  const job = folder === undefined ? first : await suiteJob(options, HOST, 'report', { ...flags, reports: within });
  const exchanges = [...each.results.values()].sort(byPage);
  const { deliver } = await import('./deliver.ts');
  return guarded(job, () =>
    deliver(job, {
      command: 'replay',
      isJudged: true,
      target: each.target,
      coverage: { files: 0, annotations: {} },
      exchanges,
      findings: [...each.besides, ...[...each.findings.values()].flat()],
      details: each.details,
      unseen: unseenIn(exchanges),
      selected: exchanges.length,
    }),
  );
}

/** Shards that are not there, where something is missing at all. */
function missingOf(projects: readonly Gathered[], present: readonly ShardNumber[]): string[] {
  const shards = new Map([
    ...present.map(({ current, total }): [number, Shard] => [current, { index: current, total }]),
    ...projects.flatMap((each) => [...each.shards]),
  ]);
  const [first] = shards.values();
  const isWhole = projects.every(({ suites }) =>
    [...suites.values()].every(({ exchanges, seen }) => seen.size === exchanges),
  );
  if (first === undefined || isWhole) return [];
  const indices = Array.from({ length: first.total }, (_, at) => at + 1).filter((index) => !shards.has(index));
  return indices.map((index) => `Missing shard ${index} of ${first.total}`);
}

/** A folder of a project; its name may be anything. */
function safeName(project: string, at: number): string {
  const plain = project.replace(/[^\w.-]+/g, '-').replace(/^[.-]+|[.-]+$/g, '');
  return plain === '' ? `project-${at + 1}` : plain;
}
