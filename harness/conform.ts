import { sightings } from './compare/index.ts';
import { aboutAnswer, fails, flaky, judge } from './conform/judge.ts';
import { twinsIn } from './conform/twins.ts';
import type { ExchangeMatchers, Match } from './model/config.ts';
import { finding, type Finding } from './model/finding.ts';
import type { PagedExchange } from './model/fixture.ts';
import type { Target } from './model/http.ts';
import type { Judgement } from './model/journal.ts';
import type { Observation } from './model/observation.ts';
import type { Redactor } from './model/redact.ts';
import { withoutSecrets } from './model/redact/judgement.ts';
import type { ExchangeDetail, ExchangeResult, SeenType } from './model/report.ts';
import { indexResources, type Resource } from './model/resource.ts';
import { ownSteps, type Scenario } from './model/scenario.ts';
import { cleanUp, leftBehind, type CleanedUp } from './replay/flow/clean-up.ts';
import { flowOf } from './replay/flow/index.ts';
import { replay, type ReplayOptions } from './replay/index.ts';
import { LAST_MOMENTS } from './replay/late.ts';
import { limiter } from './replay/limiter.ts';

export interface ConformOptions extends ReplayOptions {
  readonly resources: readonly Resource[];
  /** Every exchange of the docset: an answer to a request that several make may keep the promise of any of them. */
  readonly all: readonly PagedExchange[];
  /** Makes blocked exchanges errors. */
  readonly forbidBlocked: boolean;
  /** A finding as it will count; nothing for one that will not be told. Decides what is a failure; the findings themselves are given as they are. */
  readonly ruled?: (finding: Finding) => Finding | undefined;
  /** How near answers are to be to the documented ones; `shape` where nothing is said. */
  readonly match?: Match;
  /** What answers are to have, by exchange. */
  readonly matchers?: readonly ExchangeMatchers[];
  /** Takes secrets out of all that is kept, as soon as it is judged. */
  readonly redactor?: Redactor;
  /** Is told of each exchange whose outcome is known, with what was found. */
  readonly heard?: (findings: readonly Finding[]) => void;
  /** Stops after this many exchanges that did not conform; the rest are skipped. */
  readonly maxFailures?: number;
  /** Is what was created on a live target deleted at the end? It is where nothing is said. */
  readonly cleanup?: boolean;
  /** Scenarios that are played beside; what they are for is asked by them alone. */
  readonly scenarios?: readonly Scenario[];
}

/** What became of the exchanges, in their order. */
export interface Conformance {
  readonly results: readonly ExchangeResult[];
  readonly findings: readonly Finding[];
  /** Promise and answer of every exchange that does not conform, by its id. */
  readonly details: ReadonlyMap<string, ExchangeDetail>;
  /** Documented responses that no answer met. */
  readonly unseen: number;
  /** What answers of this run held of the documented types. */
  readonly seen: readonly SeenType[];
  /** What became of the things that the run created, where it was to delete them. */
  readonly cleanedUp?: CleanedUp;
}

/** Holds a target to the exchanges: replays each, compares its answer with the promise, and gathers what differs. */
export async function conform(
  exchanges: readonly PagedExchange[],
  target: Target,
  options: ConformOptions,
): Promise<Conformance> {
  const { scenarios = [] } = options;
  const covered = new Set(target.live ? scenarios.flatMap(({ covers }) => covers) : []);
  // What a scenario asks for is no part of the flow: it comes and goes with that scenario.
  const own = covered.size === 0 ? exchanges : exchanges.filter(({ id }) => !covered.has(id));
  const steps = ownSteps(scenarios).map(({ exchange }) => exchange);
  const resources = indexResources(options.resources);
  const twins = twinsIn(options.all);
  // Sent in another order, perhaps, and told in that of the docs.
  const places = new Map([...exchanges, ...steps].map(({ id }, at) => [id, at]));
  const results: ExchangeResult[] = [];
  const found: (readonly Finding[])[] = [];
  const details = new Map<string, ExchangeDetail>();
  let unseen = 0;
  let failures = 0;
  const enough = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, enough.signal]) : enough.signal;
  const keyOf = (type: string): string | undefined => resources.find(type)?.keyProperty;
  const { journal, redactor } = options;
  const before = journal === undefined ? {} : { generated: journal.generated, created: journal.things };
  const flow = options.flow ?? flowOf(own, target, { ...options, ...before, keyOf });
  const { ruled = (found: Finding) => found } = options;
  const measure = { resources, match: options.match ?? 'shape', matchers: options.matchers ?? [], ruled };
  const seen = sightings(resources, options.resources);
  const known = new WeakMap<Observation, Judgement>();
  const judged = (observation: Observation): Judgement => {
    const present = known.get(observation) ?? judgedNow(observation);
    known.set(observation, present);
    return present;
  };
  const judgedNow = (observation: Observation): Judgement => {
    const earlier = observation.kind === 'recalled' ? journal!.earlier(observation.exchange) : undefined;
    if (earlier?.kind === 'judged') return earlier.judgement;
    const told = judge(observation, measure, twins, options.forbidBlocked, seen.look);
    const judgement = target.name !== 'mock' && observation.kind === 'answered' ? aboutAnswer(told) : told;
    return redactor === undefined ? judgement : withoutSecrets(judgement, redactor);
  };
  const failed = new Map<string, Judgement>();
  const isFailure = (observation: Observation): boolean => {
    const judgement = judged(observation);
    if (!fails(judgement)) return false;
    if (!failed.has(observation.exchange.id)) failed.set(observation.exchange.id, judgement);
    return true;
  };
  const late = new WeakSet<Observation>();
  const settled = (observation: Observation): void => {
    if (enough.signal.aborted) late.add(observation);
    else if (fails(judged(observation))) failures++;
    if (failures >= options.maxFailures!) enough.abort();
  };
  const heard = options.maxFailures === undefined ? {} : { settled };
  const record = (observation: Observation, told: Judgement): void => {
    const { exchange, kind } = observation;
    const judgement = askedBy(observation, told);
    if (kind !== 'skipped' && kind !== 'recalled') journal?.judged(exchange, judgement);
    const place = places.get(exchange.id)!;
    results[place] = judgement.result;
    found[place] = judgement.findings;
    options.heard?.(judgement.findings);
    unseen += judgement.unseen;
    if (judgement.detail) details.set(exchange.id, judgement.detail);
  };
  const limit = limiter(Math.max(1, Math.floor(options.workers)));
  const play = scenarios.length === 0 ? undefined : (await import('./conform/scenarios.ts')).playAndJudge;
  const playing = play?.(scenarios, target, {
    ...options,
    flow,
    limit,
    signal,
    judged,
    ruled,
    clean: (judgement) => (redactor === undefined ? judgement : withoutSecrets(judgement, redactor)),
    record(observation, judgement) {
      record(observation, judgement);
      if (fails(judgement) && !enough.signal.aborted) failures++;
      if (failures >= options.maxFailures!) enough.abort();
    },
  });
  for await (const observation of replay(own, target, { ...options, ...heard, flow, limit, signal, isFailure })) {
    // What was under way when enough had failed is not told: it would be more than asked for.
    const told = late.has(observation) ? ({ kind: 'skipped', exchange: observation.exchange } as const) : observation;
    record(told, flaky(judged(told), observation.exchange, failed.get(observation.exchange.id)));
  }
  await playing;
  const told = { results, details, unseen, seen: seen.all() };
  if (!target.live || options.cleanup === false) return { ...told, findings: found.flat() };
  const cleanedUp = await cleanUp(flow.things.all, target, {
    timeout: options.timeout,
    workers: options.workers,
    before: flow.dependents(),
    settle: flow.things.settle,
    // Whoever stops a run waits, but not long.
    ...(options.signal?.aborted ? { signal: AbortSignal.timeout(LAST_MOMENTS) } : {}),
  });
  const isLeft = cleanedUp.left.length > 0;
  // What an interrupted run left may be documented no more; it is said all the same.
  const byId = new Map(
    (isLeft ? [...options.all, ...exchanges, ...steps] : []).map((exchange) => [exchange.id, exchange]),
  );
  const left = cleanedUp.left
    .flatMap((thing) => {
      const creator = byId.get(thing.created.exchangeId);
      return creator ? [finding(leftBehind(creator, thing))] : [];
    })
    .map((each) => redactor?.deep(each) ?? each);
  return { ...told, findings: [...found.flat(), ...left], cleanedUp };
}

/** With the name of who asked, where there are several. */
function askedBy(observation: Observation, judgement: Judgement): Judgement {
  const account = 'account' in observation ? observation.account : undefined;
  return account === undefined ? judgement : { ...judgement, result: { ...judgement.result, account } };
}
