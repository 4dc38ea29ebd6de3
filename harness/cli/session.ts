import path from 'node:path';
import { lineReader } from '../files/read.ts';
import type { Finding } from '../model/finding.ts';
import type { PagedExchange } from '../model/fixture.ts';
import type { RequestMessage, ResponseMessage, Target } from '../model/http.ts';
import { hashOf } from '../model/hash.ts';
import type { ExchangeResult, ValueOrigin } from '../model/report.ts';
import { outcomesBy } from '../model/ruling.ts';
import { ownSteps, stepsOf, type Scenario } from '../model/scenario.ts';
import { withAccount } from './account.ts';
import { refuseStrangers } from './ci.ts';
import { ledgerOf } from './left.ts';
import { openTarget } from './open.ts';
import { judgeEarly } from './ruling.ts';
import { neededBy, registerSecrets } from './scenarios.ts';
import { guarded, suiteJob, type Suite } from './suite.ts';
import { checkProject, type ProjectOptions } from './suite-options.ts';
import { chooseTarget, type TargetChoice } from './target.ts';

/** What became of one exchange, without secrets. */
export interface JudgedExchange {
  readonly exchange: PagedExchange;
  readonly result: ExchangeResult;
  /** As they count: errors and warnings as the config has them, suppressed ones with their mark. */
  readonly findings: readonly Finding[];
  readonly sent?: RequestMessage;
  readonly actual?: ResponseMessage;
  readonly origins?: readonly ValueOrigin[];
}

/** What is asked together. */
export interface Asked {
  readonly exchanges: readonly PagedExchange[];
  /** Is played, and asks for those exchanges itself; what has no state is asked for them alone. */
  readonly scenario?: Scenario;
  /** Aborted: nothing new is sent; what clears up still is. */
  readonly signal?: AbortSignal;
}

/** A target that is asked part by part. */
export interface Session {
  /** As reports name it. */
  readonly target: string;
  /** Has it a state that scenarios bring about? Nothing else plays them. */
  readonly playsScenarios: boolean;
  /** Milliseconds for one answer. */
  readonly timeout: number;
  /** By what is known what all parts together ask of this target, equal for the same exchanges and steps, and how many they are. */
  readonly of: { readonly suite: string; readonly exchanges: number };
  /**
   * Asks these exchanges, values flowing between them, or plays the scenario, and deletes at the end what was created. In the order of
   * the exchanges, or of the steps.
   */
  run(asked: Asked): Promise<readonly JudgedExchange[]>;
  /** Findings that are about no answer, as they count. */
  ruled(findings: readonly Finding[]): readonly Finding[];
  /** The finding as a message: reason, line of the page with a mark below, what was expected, what to do. */
  drawn(finding: Finding): Promise<string>;
  /** Takes secrets out of what is written down. */
  clean(text: string): string;
  /** The absolute path of a page. */
  pathOf(file: string): string;
  close(): Promise<void>;
}

/** Opens the target of a suite for one of several processes that ask it at the same time: they share its pace. */
export async function openSession(suite: Suite, options: ProjectOptions, processes: number): Promise<Session> {
  checkProject(options);
  const job = await suiteJob({ ...suite.options, ...options }, suite.host);
  return guarded(job, async () => {
    const { settings, redactor, environment, cwd } = job;
    const choice = shared(chooseTarget(settings), processes);
    refuseStrangers(job, choice);
    const { exchanges: selected, all, resources } = suite.promises;
    const playsScenarios = choice.url !== undefined;
    const scenarios = playsScenarios ? suite.scenarios : [];
    registerSecrets(job, scenarios);
    const { conform } = await import('../conform.ts');
    const secrets = { secret: redactor.register, redacted: redactor.text };
    const opened = await openTarget(choice, { job, all, ...secrets, needed: neededBy(all, scenarios) });
    const ledger = ledgerOf(job, choice);
    const ruling = judgeEarly(job, all);
    const heard = new Map<string, Heard>();
    const target = listening(opened.target, heard);
    const clean = (id: string): Pick<JudgedExchange, 'sent' | 'actual'> => {
      const { sent, account, actual } = heard.get(id) ?? {};
      if (sent === undefined) return {};
      const whole = withAccount(sent, opened.target, opened.headersOf?.(account) ?? []);
      return {
        sent: redactor.message(whole),
        ...(actual === undefined ? {} : { actual: redactor.message(actual) }),
      };
    };
    const read = lineReader(cwd, []);
    const ruled = (findings: readonly Finding[]): readonly Finding[] =>
      redactor.known(findings.flatMap((finding) => ruling(finding) ?? []));
    const ids = [...selected, ...ownSteps(scenarios).map(({ exchange }) => exchange)].map(({ id }) => id);
    return {
      target: redactor.known(opened.target.name),
      playsScenarios,
      timeout: choice.timeout,
      of: { suite: hashOf(ids.join('\n')), exchanges: ids.length },
      run: ({ exchanges, scenario, signal }) =>
        guarded(job, async () => {
          heard.clear();
          const played = scenario !== undefined && playsScenarios ? [scenario] : [];
          const judged = await conform(exchanges, target, {
            all,
            resources,
            ...(played.length === 0 ? {} : { scenarios: played }),
            ...(signal === undefined ? {} : { signal }),
            workers: Math.min(settings.workers, choice.named?.concurrency ?? Infinity),
            timeout: choice.timeout,
            values: choice.values,
            environment,
            links: settings.links,
            ...(ledger === undefined ? {} : { ledger }),
            redactor,
            ...(choice.named?.cleanup === undefined ? {} : { cleanup: choice.named.cleanup }),
            writes: choice.writes,
            ...(opened.accounts === undefined ? {} : { accounts: opened.accounts }),
            ...(choice.named?.pages === undefined ? {} : { pages: choice.named.pages }),
            forbidBlocked: settings.forbidBlocked,
            ruled: ruling,
            match: settings.match,
            matchers: settings.matchers,
          });
          const findings = ruled(judged.findings);
          const results = new Map(outcomesBy(judged.results, findings).map((result) => [result.id, result]));
          const told = played.length === 0 ? exchanges : stepsOf(played[0]!).map(({ exchange }) => exchange);
          return told.map((exchange) => {
            const { origins } = judged.details.get(exchange.id) ?? {};
            return {
              exchange: redactor.known(exchange),
              result: redactor.known(results.get(exchange.id)!),
              findings: findings.filter(({ exchangeId }) => exchangeId === exchange.id),
              ...clean(exchange.id),
              ...(origins === undefined ? {} : { origins }),
            };
          });
        }),
      ruled,
      async drawn(finding) {
        const { drawn } = await import('../report/list.ts');
        const context = {
          lines: (file: string) => redactor.known(read(file)),
          width: 120,
          verbose: false,
          color: false,
        };
        return redactor.text(drawn(finding, context));
      },
      clean: redactor.rendered,
      pathOf: (file) => path.resolve(cwd, file),
      async close() {
        ledger?.close();
        await opened.close();
      },
    };
  });
}

/** What went out for an exchange and what came, as it was. */
interface Heard {
  readonly sent: RequestMessage;
  readonly account: string | undefined;
  readonly actual?: ResponseMessage;
}

/** The same target; what is sent for an exchange is kept, the last word counts. */
function listening(target: Target, heard: Map<string, Heard>): Target {
  return {
    ...target,
    async send(request, signal, hints) {
      const { exchange, account } = hints ?? {};
      if (exchange !== undefined) heard.set(exchange, { sent: request, account });
      const actual = await target.send(request, signal, hints);
      if (exchange !== undefined) heard.set(exchange, { sent: request, account, actual });
      return actual;
    },
  };
}

/** The pace that each of several processes may have, for all to keep that of the config; and who starts the service is the runner. */
function shared(choice: TargetChoice, processes: number): TargetChoice {
  if (choice.named === undefined) return choice;
  const { start: _start, rate, concurrency, ...named } = choice.named;
  const burst = rate?.burst === undefined ? {} : { burst: Math.max(1, Math.floor(rate.burst / processes)) };
  return {
    ...choice,
    named: {
      ...named,
      ...(rate === undefined ? {} : { rate: { perSecond: rate.perSecond / processes, ...burst } }),
      ...(concurrency === undefined ? {} : { concurrency: Math.max(1, Math.floor(concurrency / processes)) }),
    },
  };
}
