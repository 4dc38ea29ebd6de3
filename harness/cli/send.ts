import type { ExchangeResult, ExchangeDetail, SeenType } from '../model/report.ts';
import type { Finding } from '../model/finding.ts';
import type { PagedExchange } from '../model/fixture.ts';
import type { Target } from '../model/http.ts';
import type { Redactor } from '../model/redact.ts';
import type { Resource } from '../model/resource.ts';
import { ownSteps, type Scenario } from '../model/scenario.ts';
import { chooseAccount } from '../replay/accounts.ts';
import { withAccount } from './account.ts';
import { say, type Job } from './job.ts';
import { closeJournal, journalOf } from './journal.ts';
import { remember } from './last-failed.ts';
import { ledgerOf, sayLeft } from './left.ts';
import { spareMemory } from './memory.ts';
import { openTarget, type OpenTarget } from './open.ts';
import type { Phase } from './progress.ts';
import { judgeEarly } from './ruling.ts';
import { neededBy } from './scenarios.ts';
import { warnOfShort } from './secrets.ts';
import { chooseTarget, targetName, type TargetChoice } from './target.ts';

/** What is sent, and what is known beside it. */
export interface Sending {
  readonly exchanges: readonly PagedExchange[];
  /** Every exchange of the docs: the mock answers for all of them, and twins are found among all. */
  readonly all: readonly PagedExchange[];
  readonly resources: readonly Resource[];
  readonly scenarios: readonly Scenario[];
}

/** What came of it, and the target's name. */
export interface Sent {
  readonly target: string;
  readonly results: readonly ExchangeResult[];
  readonly findings: readonly Finding[];
  readonly details: ReadonlyMap<string, ExchangeDetail>;
  readonly unseen: number;
  readonly seen: readonly SeenType[];
  /** Milliseconds that the run was given and that were up before it was done. */
  readonly timedOut?: number;
  /** Which account has been refused, and how. */
  readonly refused?: string;
}

/** Sends exchanges to the chosen target and judges the answers. */
export async function send(job: Job, { exchanges, all, resources, scenarios: meant }: Sending): Promise<Sent> {
  const { settings, streams } = job;
  if (exchanges.length > MANY) spareMemory();
  const choice = chooseTarget(settings);
  // A mock has no state that could be brought about: what is documented is asked for as it is.
  const scenarios = choice.url === undefined ? [] : meant;
  if (meant.length > scenarios.length)
    say(
      job,
      `${meant.length === 1 ? 'A scenario is' : `${meant.length} scenarios are`} left out: they are played against a service alone`,
    );
  const { conform } = await import('../conform.ts');
  const journal = journalOf(job, choice);
  const limit = timeLimit(job, choice);
  const signal = AbortSignal.any([limit.signal, ...(streams.signal ? [streams.signal] : [])]);
  const limited = { ...job, streams: { ...streams, signal } };
  const { redactor } = job;
  const secrets = { secret: redactor.register, redacted: redactor.text };
  const steps = ownSteps(scenarios).map(({ exchange }) => exchange);
  const needed = neededBy(exchanges, scenarios);
  const opened = await openTarget(choice, { job: limited, all, ...secrets, needed });
  warnOfShort(job);
  const { target, headersOf } = opened;
  const { openRecorder } = settings.har === undefined ? {} : await import('./har.ts');
  const recorder = openRecorder?.(job, {
    file: settings.har!,
    exchanges: [...all, ...steps],
    ...(headersOf && { headersOf }),
    ...(choice.named?.pages === undefined ? {} : { pages: choice.named.pages }),
  });
  const phase = job.progress.begin('Replaying', exchanges.length + steps.length);
  const ledger = ledgerOf(job, choice);
  // Until it has come to its end, it may have to be gone on with.
  let isKept = true;
  try {
    const judged = await conform(exchanges, counting(recorder?.listening(target) ?? target, phase), {
      heard: (findings) =>
        phase.advance(
          findings.length,
          findings.some(({ severity }) => severity === 'error'),
        ),
      all,
      resources,
      ...(scenarios.length === 0 ? {} : { scenarios }),
      workers: settings.workers,
      timeout: choice.timeout,
      values: choice.values,
      environment: job.environment,
      links: settings.links,
      ...(ledger === undefined ? {} : { ledger: journal?.besides(ledger) ?? ledger }),
      ...(journal === undefined ? {} : { journal }),
      redactor,
      retries: settings.retries,
      ...(choice.named?.cleanup === undefined ? {} : { cleanup: choice.named.cleanup }),
      writes: choice.writes,
      ...(opened.accounts === undefined ? {} : { accounts: opened.accounts }),
      ...(choice.named?.pages === undefined ? {} : { pages: choice.named.pages }),
      forbidBlocked: settings.forbidBlocked,
      ruled: judgeEarly(job, all),
      match: settings.match,
      matchers: settings.matchers,
      ...(settings.maxFailures === undefined ? {} : { maxFailures: settings.maxFailures }),
      signal,
    });
    phase.end();
    if (judged.cleanedUp) sayLeft(job, judged.cleanedUp);
    remember(job, targetName(choice), judged.results);
    // What was cleaned up is not there to go on with.
    isKept = signal.aborted && !judged.cleanedUp?.deleted;
    const isLate =
      limit.signal.aborted && !streams.signal?.aborted && judged.results.some(({ outcome }) => outcome === 'skipped');
    const refused = opened.refused?.();
    return {
      target: redactor.known(target.name),
      ...judged,
      details: headersOf === undefined ? judged.details : withAccounts(judged.details, opened, redactor),
      ...(isLate ? { timedOut: limit.milliseconds! } : {}),
      ...(refused === undefined ? {} : { refused }),
    };
  } finally {
    phase.end();
    limit.end();
    if (journal) closeJournal(job, journal, isKept);
    ledger?.close();
    recorder?.close();
    await opened.close();
  }
}

/** What was sent, with the names of what says who asks: a command line that sends it again needs them. */
function withAccounts(
  details: ReadonlyMap<string, ExchangeDetail>,
  { target, accounts = [], headersOf = () => [] }: OpenTarget,
  redactor: Redactor,
): ReadonlyMap<string, ExchangeDetail> {
  return new Map(
    [...details].map(([id, detail]) => {
      const { sent, exchange } = detail;
      const choice = chooseAccount(exchange, accounts);
      const account = headersOf('account' in choice ? choice.account : undefined);
      return [id, sent ? { ...detail, sent: redactor.message(withAccount(sent, target, account)) } : detail];
    }),
  );
}

/** The same target, whose requests under way are told. */
function counting(target: Target, phase: Phase): Target {
  phase.inFlight(0);
  return {
    ...target,
    async send(request, signal, hints) {
      phase.inFlight(1);
      try {
        return await target.send(request, signal, hints);
      } finally {
        phase.inFlight(-1);
      }
    },
  };
}

/** Exchanges from which on memory counts more than a little time. */
const MANY = 10_000;

/** Aborted when the time for the whole run is up, where there is such a time. */
function timeLimit({ settings }: Job, { named }: TargetChoice) {
  const controller = new AbortController();
  const { runTimeout, runTimeoutNamed } = settings;
  const milliseconds = runTimeoutNamed ? runTimeout : (named?.runTimeout ?? runTimeout);
  const timer =
    milliseconds === undefined ? undefined : setTimeout(() => controller.abort('run-timeout'), milliseconds);
  return { signal: controller.signal, milliseconds, end: () => clearTimeout(timer) };
}
