import process from 'node:process';
import type { Finding } from '../model/finding.ts';
import type { PagedExchange } from '../model/fixture.ts';
import { createRedactor } from '../model/redact.ts';
import type { Scenario } from '../model/scenario.ts';
import { UsageError } from '../model/usage.ts';
import type { FlagValues } from './flags.ts';
import { groupsIn } from './groups.ts';
import { jobOf } from './index.ts';
import type { Job, Out } from './job.ts';
import { chooseScenarios } from './scenarios.ts';
import { errorText } from './secrets.ts';
import { statusLine } from './status-line.ts';
import { readPromises, type Promises } from './stored.ts';
import { flagsOf, type SuiteOptions } from './suite-options.ts';
import { unmetMatchers } from './unmet.ts';

/** What is documented, as a test runner is to ask it. */
export interface Suite {
  readonly options: SuiteOptions;
  readonly host: SuiteHost;
  readonly job: Job;
  readonly promises: Promises;
  /** Each is played as a whole; what it is for is one of the exchanges, and in none of the groups. */
  readonly scenarios: readonly Scenario[];
  /** Exchanges between which no value flows, whatever the target; each in the order of the docs. */
  groups(): readonly (readonly PagedExchange[])[];
  /** What was found before anything is asked: fixtures and scenarios that cannot be read, or are not those of the docs. */
  readonly findings: readonly Finding[];
}

/** What the process of a test runner can do. */
export interface SuiteHost {
  /** Does it run TypeScript by itself? */
  readonly runsTypeScript?: boolean;
}

/** Reads what is documented, and the scenarios beside it. */
export async function readSuite(options: SuiteOptions, host: SuiteHost = {}): Promise<Suite> {
  const job = await suiteJob(options, host, { asksNobody: true });
  return guarded(job, async () => {
    const read = await readPromises(job);
    const { scenarios, exchanges, findings } = await chooseScenarios(job, read.all, read.exchanges, read.around);
    const covered = new Set(scenarios.flatMap(({ covers }) => covers));
    const plain = covered.size === 0 ? exchanges : exchanges.filter(({ id }) => !covered.has(id));
    const groups = (): PagedExchange[][] =>
      groupsIn(job, { ...read, exchanges: plain }).map((group) => group.map((at) => plain[at]!));
    const resources = job.settings.docsNamed ? read.resources : undefined;
    const unmet = unmetMatchers(job, { exchanges: read.all, resources });
    return {
      options,
      host,
      job,
      promises: { ...read, exchanges },
      scenarios,
      groups,
      findings: [...read.findings, ...unmet, ...findings],
    };
  });
}

/** What a job of a suite is for. */
interface SuiteJob {
  readonly command?: 'replay' | 'report';
  readonly flags?: FlagValues;
  /** Then neither its target nor who asks is looked at: another may be named where it is asked. */
  readonly asksNobody?: true;
}

/** The job of a run that somebody else tells of: it says nothing on the terminal. */
export function suiteJob(
  options: SuiteOptions,
  host: SuiteHost,
  { command = 'replay', flags = {}, asksNobody }: SuiteJob = {},
): Promise<Job> {
  const { pages = [], cwd = process.cwd() } = options;
  const words = command === 'report' ? ['merge'] : [pages].flat();
  const redactor = createRedactor();
  const silent: Out = { write: () => true };
  const streams = { stdout: silent, stderr: silent, redactor };
  const own = { ...flagsOf(options), quiet: true, ...flags };
  const given = { ...streams, ...host, status: statusLine(silent), ...(asksNobody && { asksNobody }) };
  return withoutSecrets(redactor, () =>
    jobOf({ command, pages: words, flags: own }, process.env, streams, given, cwd, redactor),
  );
}

/** Does the work; what it throws tells no secret that the job knows, and none of the environment. */
export function guarded<Result>({ redactor }: Job, work: () => Promise<Result>): Promise<Result> {
  return withoutSecrets(redactor, work);
}

async function withoutSecrets<Result>(redactor: Job['redactor'], work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    const { message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
    const clean = errorText(message, redactor, process.env);
    if (thrown instanceof UsageError) throw new UsageError(clean);
    const error = new Error(clean);
    if (stack !== undefined) error.stack = errorText(stack, redactor, process.env);
    throw error;
  }
}
