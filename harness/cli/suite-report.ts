import path from 'node:path';
import process from 'node:process';
import type { Finding } from '../model/finding.ts';
import type { ExchangeDetail, ExchangeResult, Outcome } from '../model/report.ts';
import { byPage, unseenIn } from '../report/merge.ts';
import type { FlagValues } from './flags.ts';
import { forTerminal, type Job } from './job.ts';
import { foldersOf, projectFolders } from './suite-folders.ts';
import { checkOptions, TEXT, TEXTS } from './suite-options.ts';
import { detailsOf, type SuiteRecord } from './suite-record.ts';
import { missingShards, type PresentShard } from './suite-shards.ts';
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

const OPTIONS = { config: TEXT, reports: TEXT, reporter: TEXTS, cwd: TEXT };

/** Gathers what tests tell, project by project, and in a project target by target. */
export interface SuiteReport {
  /** Refuses a config and reporters that cannot be used, before there is anything to report. */
  check(): Promise<void>;
  /** The last try of a test; `before` are earlier ones that failed. */
  add(project: string, record: SuiteRecord, before: boolean): void;
  /** Of tests that were skipped on purpose. */
  skip(project: string, results: readonly ExchangeResult[]): void;
  /** Writes the reports, and says on standard error what keeps the whole from being whole. Is it whole? */
  write(of: Whole): Promise<boolean>;
}

/** What is known of the whole. */
export interface Whole {
  /** The names of the projects of the config, as far as they are known. */
  readonly projects: readonly string[];
  /** Are shards to be looked for that are not there? */
  readonly isMerged: boolean;
  /** The shards that are there, whether they had a test or not; absent where the runner does not tell. */
  readonly present?: readonly PresentShard[];
  /** Exchanges whose tests did not come to an end. */
  readonly untold: number;
}

/** Nothing told yet. Options that nobody knows are a UsageError. */
export function suiteReport(options: SuiteReportOptions): SuiteReport {
  checkOptions(options, OPTIONS, 'docwright/playwright-reporter');
  const projects = new Map<string, Project>();
  const projectOf = (name: string): Project => {
    const project = projects.get(name) ?? { targets: new Map(), skipped: [] };
    projects.set(name, project);
    return project;
  };
  return {
    check: async () => void (await reportJob(options)),
    add(name, record, before) {
      const project = projectOf(name);
      if (record.folder !== undefined) project.folder = record.folder;
      const known = project.targets.get(record.target) ?? gathered(record.target);
      project.targets.set(record.target, known);
      take(known, record, before);
    },
    skip(name, results) {
      if (results.length > 0) projectOf(name).skipped.push(...results);
    },
    async write({ projects: names, isMerged, present, untold }) {
      const gaps: string[] = [];
      const folders = projectFolders(names);
      for (const [name, { targets, skipped, folder = folders.get(name) ?? '' }] of projects) {
        // Where all is skipped, nobody was asked.
        if (targets.size === 0) targets.set('none', gathered('none'));
        const within = foldersOf([...targets.keys()].toSorted(), 'target');
        for (const [target, each] of targets) {
          skip(each, skipped);
          const own = targets.size > 1 ? path.join(folder, within.get(target)!) : folder;
          if ((await writeOne(each, options, own)) === 2) gaps.push('The reports could not be written');
        }
      }
      if (isMerged) gaps.push(...missingShards(present ?? heardOf(projects.values())));
      if (untold > 0) gaps.push(`Nothing was heard of ${untold} exchanges: their tests did not come to an end`);
      for (const gap of gaps) process.stderr.write(`docwright: ${forTerminal(gap)}\n`);
      return gaps.length === 0;
    },
  };
}

interface Project {
  /** Below that of the reports. */
  folder?: string;
  readonly targets: Map<string, Gathered>;
  readonly skipped: ExchangeResult[];
}

interface Gathered {
  readonly target: string;
  readonly results: Map<string, ExchangeResult>;
  readonly findings: Map<string, readonly Finding[]>;
  readonly besides: Finding[];
  readonly details: Map<string, ExchangeDetail>;
  readonly suites: Map<string, { readonly exchanges: number; readonly seen: Set<string> }>;
  readonly shards: PresentShard[];
}

function gathered(target: string): Gathered {
  return {
    target,
    results: new Map(),
    findings: new Map(),
    besides: [],
    details: new Map(),
    suites: new Map(),
    shards: [],
  };
}

function take(into: Gathered, record: SuiteRecord, before: boolean): void {
  const { results, findings, shard, of } = record;
  if (shard !== undefined) into.shards.push({ current: shard.index, total: shard.total });
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

/** What is skipped in one spec file may be asked in another. */
function skip({ results }: Gathered, skipped: readonly ExchangeResult[]): void {
  for (const result of skipped) if (!results.has(result.id)) results.set(result.id, result);
}

const GRAVITY: Readonly<Record<Outcome, number>> = { skipped: 0, conforms: 1, blocked: 2, unanswered: 3, differs: 4 };

/** Playwright's own process. */
const HOST = { runsTypeScript: true };

async function reportJob(options: SuiteReportOptions, folder = ''): Promise<Job> {
  const { reporter = ['json', 'html'], reports } = options;
  const flags: FlagValues = {
    reporter: [reporter].flat().flatMap((names) => names.split(',')),
    ...(reports === undefined ? {} : { reports }),
  };
  const job = await suiteJob(options, HOST, { command: 'report', flags });
  if (folder === '') return job;
  const within = path.join(job.settings.reports, folder);
  return suiteJob(options, HOST, { command: 'report', flags: { ...flags, reports: within } });
}

async function writeOne(each: Gathered, options: SuiteReportOptions, folder: string): Promise<number> {
  const job = await reportJob(options, folder);
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

/**
 * The shards that tests tell of. One without a documented test is not among them, and is not missed: where all exchanges were heard of,
 * nothing is said of any.
 */
function heardOf(projects: Iterable<Project>): readonly PresentShard[] {
  const all = [...projects].flatMap(({ targets }) => [...targets.values()]);
  const isWhole = all.every(({ suites }) =>
    [...suites.values()].every(({ exchanges, seen }) => seen.size === exchanges),
  );
  return isWhole ? [] : all.flatMap(({ shards }) => shards);
}
