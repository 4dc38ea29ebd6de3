import { captured, isExpectedStatus, readAnswer } from '../../model/expectation.ts';
import type { Fact } from '../../model/finding.ts';
import { isWrite, type ResponseMessage } from '../../model/http.ts';
import type { Observation } from '../../model/observation.ts';
import type { ValueOrigin } from '../../model/report.ts';
import type { Step } from '../../model/scenario.ts';
import { sentBy } from '../auth.ts';
import { systemClock } from '../clock.ts';
import { followUp } from '../follow-up.ts';
import { RefusedError } from '../hosts.ts';
import { unanswered } from '../unanswered.ts';
import { sendWithin } from '../within.ts';
import { captureFact, expectationFacts, goesOn, pollFact, statusFact } from './facts.ts';
import { prepareStep, type ReadyStep } from './request.ts';
import type { Scope } from './scope.ts';
import type { Stage } from './stage.ts';

/** What became of a step. */
export interface StepOutcome {
  readonly observation: Observation;
  readonly facts: readonly Fact[];
  /** May the next step be done? */
  readonly isDone: boolean;
  readonly wasSent: boolean;
}

/** Does one step: asks, judges by the scenario, keeps what is captured. Never rejects. */
export async function playStep(step: Step, stage: Stage, isCleanup: boolean): Promise<StepOutcome> {
  const { scope, journal, flow, accounts, target, writes } = stage;
  const { exchange } = step;
  const earlier = journal?.earlier(exchange);
  if (earlier) {
    for (const [name, value] of earlier.kept) scope.keep(name, value);
    const isDone = earlier.kind === 'judged' && earlier.judgement.result.outcome === 'conforms';
    return { observation: { kind: 'recalled', exchange }, facts: [], isDone, wasSent: true };
  }
  const none = { facts: [], isDone: false, wasSent: false };
  scope.begin(step);
  const origins: ValueOrigin[] = [];
  const prepared = prepareStep(step, scope, target, { writes, flow, ...(accounts ? { accounts } : {}) }, (origin) =>
    origins.push(origin),
  );
  if ('missing' in prepared) return { ...none, observation: { kind: 'blocked', exchange, missing: prepared.missing } };
  const { request: sent } = prepared;
  const start = performance.now();
  const { account, isAnonymous } = prepared;
  const told = {
    ...(account === undefined || isAnonymous ? {} : { account }),
    ...(origins.length === 0 ? {} : { origins }),
  };
  if (isWrite(sent)) journal?.sending(exchange);
  try {
    const { actual, isOver } = await asked(step, prepared, stage, isCleanup);
    const duration = performance.now() - start;
    const facts = isOver ? [pollFact(step, actual)] : judged(step, actual, sent.url, stage, isCleanup);
    tellWhereToDelete(stage);
    journal?.heard(exchange, keptBy(step, scope));
    // Whoever captures where an operation is asked after does so itself.
    const follows = step.isJudged && !step.capture.some(({ of }) => of === 'header') && !stage.signals.stop.aborted;
    const documented = exchange.responses.map(({ status }) => status);
    const asker = sentBy(target, prepared.account);
    const after = follows ? await followUp(asker, sent, actual, { ...stage, documented }, stage.signals.stop) : {};
    const observation = { kind: 'answered', exchange, sent, actual, duration, ...told, ...after } as const;
    return { observation, facts, isDone: facts.length === 0, wasSent: true };
  } catch (error) {
    if (stage.signals.stop.aborted && !isCleanup)
      return { ...none, observation: { kind: 'skipped', exchange }, wasSent: true };
    if (error instanceof RefusedError)
      return { ...none, observation: { kind: 'blocked', exchange, missing: [error.missing] } };
    const duration = performance.now() - start;
    const cause = unanswered(error, sent.url);
    return { ...none, observation: { kind: 'unanswered', exchange, sent, cause, duration, ...told }, wasSent: true };
  }
}

/** Asks, and again as long as that is to be polled; `isOver`: the time was up before it was as it should be. */
async function asked(
  step: Step,
  { request: sent, isAnonymous, account }: ReadyStep,
  stage: Stage,
  isCleanup: boolean,
): Promise<{ readonly actual: ResponseMessage; readonly isOver: boolean }> {
  const { target, timeout, limit, things, signals, query, clock = systemClock } = stage;
  const { exchange, documented, poll, expect } = step;
  const signal = isCleanup ? signals.last : signals.stop;
  const statuses = [...exchange.responses.map(({ status }) => status), ...(poll?.while ?? []), ...expect.allowed];
  const hints = {
    documented: statuses,
    exchange: exchange.id,
    ...(isAnonymous ? { isAnonymous } : {}),
    ...(account === undefined ? {} : { account }),
    ...(documented?.isAction ? { isAction: true } : {}),
  };
  const one = { ...(documented ?? exchange), id: exchange.id };
  const end = clock.now() + (poll?.within ?? 0);
  for (;;) {
    const actual = await limit(async () => {
      const number = things.asked(one, sent, account);
      try {
        // A creation under way is let end, for a moment: what nobody heard of could not be cleaned up.
        const late = number === undefined || isCleanup ? signal : signals.late;
        const answer = await sendWithin(target, sent, timeout, late, hints);
        things.answered(number, one, sent, answer);
        return answer;
      } catch (error) {
        if (error instanceof RefusedError) things.refused(number);
        throw error;
      }
    });
    if (poll === undefined || !goesOn(poll, actual, stage.scope, query)) return { actual, isOver: false };
    const left = end - clock.now();
    if (left <= 0) return { actual, isOver: true };
    await clock.sleep(Math.min(poll.every, left), signal);
  }
}

/** What the scenario says of an answer; captures are kept. */
function judged(step: Step, actual: ResponseMessage, url: string, stage: Stage, isCleanup: boolean): Fact[] {
  const { scope, query } = stage;
  const { expect } = step;
  // Where the docs say what statuses there are and the scenario does not, they do.
  const isAsked = !step.isJudged || expect.statuses !== undefined;
  if (isAsked && !isExpectedStatus(expect, actual.status)) return [statusFact(step, actual.status, isCleanup)];
  const answer = readAnswer(actual);
  const facts = expectationFacts(step, answer, scope, query, isCleanup);
  for (const capture of step.capture) {
    const at = capture.of === 'json' ? scope.path(capture.at) : capture.at;
    const value = captured({ ...capture, at }, answer, url, query);
    if (value === undefined) facts.push(captureFact(step, capture));
    else scope.keep(capture.name, value);
  }
  return facts;
}

/**
 * What was just created may be deleted by a documented request of which the scenario has captured every placeholder, the id of the thing
 * among them. It is written down at once: nobody knows how this run will end.
 */
function tellWhereToDelete({ things, scope, flow, target }: Stage): void {
  for (const [number, ids] of things.homeless()) {
    const deletion = flow.documented.find(({ request: { method, url } }) => {
      const names = Array.from(url.split('?', 1)[0]!.matchAll(/\{([^{}]+)\}/g), ([, name]) => name!);
      const isCaptured = names.length > 0 && names.every((name) => scope.kept.has(name));
      return method === 'DELETE' && isCaptured && ids.includes(scope.kept.get(names.at(-1)!)!);
    });
    if (deletion === undefined) continue;
    const prepared = prepareStep({ ...NOTHING_CHANGED, exchange: deletion, documented: deletion }, scope, target, {
      writes: true,
      flow,
    });
    if ('request' in prepared) flow.things.tell(number, prepared.request.url);
  }
}

const NOTHING_CHANGED = { values: {}, with: {}, change: { headers: [], json: [] } } as const;

function keptBy({ capture }: Step, { kept }: Scope): ReadonlyMap<string, string> {
  return new Map(
    capture.flatMap(({ name }) => {
      const value = kept.get(name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
