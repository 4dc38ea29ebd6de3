import { compare, furtherFacts, operationFacts, sightings, type Comparison, type Sightings } from './compare/index.ts';
import type { ExchangeMatchers, Match } from './model/config.ts';
import { about } from './conform/fact.ts';
import { finding, type Fact, type Finding } from './model/finding.ts';
import type { PagedExchange } from './model/fixture.ts';
import type { ResponseMessage, Target } from './model/http.ts';
import type { Judgement } from './model/journal.ts';
import type { Observation } from './model/observation.ts';
import type { Redactor } from './model/redact.ts';
import { withoutSecrets } from './model/redact/judgement.ts';
import type { ExchangeDetail, ExchangeResult, SeenType, ValueOrigin } from './model/report.ts';
import { indexResources, type Resource, type ResourceIndex } from './model/resource.ts';
import { answeredResult, result, round } from './model/result.ts';
import { ownSteps, type Scenario } from './model/scenario.ts';
import { requestKey } from './model/url.ts';
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
  // Only who is at fault is asked for its twins.
  const twins: Twins = (exchange) => twinsOf(options.all).get(requestKey(exchange.request)) ?? [];
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
  const record = ({ exchange, kind }: Observation, judgement: Judgement): void => {
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

/** The results of exchanges that were not asked for. */
export function skipped(exchanges: readonly PagedExchange[]): ExchangeResult[] {
  return exchanges.map((exchange) => result(exchange, 'skipped'));
}

/** What answers are judged by beside their promise. */
interface Measure {
  readonly resources: ResourceIndex;
  readonly match: Match;
  readonly matchers: readonly ExchangeMatchers[];
  /** A finding as it will count. */
  readonly ruled: (finding: Finding) => Finding | undefined;
}

function isCountedError(found: Finding | undefined): boolean {
  return found?.severity === 'error' && !found.suppressed;
}

function judge(
  observation: Observation,
  measure: Measure,
  twins: Twins,
  forbidBlocked: boolean,
  look: Sightings['look'],
): Judgement {
  const { exchange } = observation;
  switch (observation.kind) {
    case 'skipped':
      return { result: result(exchange, 'skipped'), findings: [], unseen: 0 };
    case 'recalled': {
      const fact = about(
        exchange,
        'replay/unanswered',
        'Missing answer: sent in the interrupted run; its answer is not known',
        'See what became of it; it is not sent again.',
      );
      const { length: unseen } = exchange.responses;
      return { result: result(exchange, 'unanswered'), findings: [finding(fact)], detail: { exchange }, unseen };
    }
    case 'blocked': {
      const fact = about(
        exchange,
        'replay/blocked',
        `Missing ${observation.missing.join(', ')}, expected before this request can be sent`,
        remedyFor(observation.missing),
      );
      return {
        result: result(exchange, 'blocked'),
        findings: [finding(fact, forbidBlocked ? 'error' : undefined)],
        detail: { exchange },
        unseen: 0,
      };
    }
    case 'unrecorded': {
      const fact = about(
        exchange,
        'replay/not-recorded',
        `Missing answer: the recording ${observation.cause.message}`,
        'Record it anew with `--har`, or ask a service; nothing was sent.',
      );
      return {
        result: result(exchange, 'blocked'),
        findings: [finding(fact, forbidBlocked ? 'error' : undefined)],
        detail: { exchange },
        unseen: 0,
      };
    }
    case 'unanswered': {
      const { sent, cause, duration } = observation;
      const fact = about(
        exchange,
        'replay/unanswered',
        `Missing answer: ${cause.message}`,
        'Check that the target is up and reachable.',
      );
      return {
        result: { ...result(exchange, 'unanswered'), durationMs: round(duration) },
        findings: [finding(fact)],
        detail: { exchange, sent, ...originsOf(observation) },
        unseen: exchange.responses.length,
      };
    }
    case 'answered': {
      const { sent, actual, duration } = observation;
      const own = compare(exchange, actual, measure.resources, measure.match, measure.matchers);
      if (own.by) look(own.by, actual);
      const findings = own.facts.map((fact) => finding(fact));
      const differs = findings.some(({ severity }) => severity === 'error');
      const others = findings.length === 0 ? [] : twins(exchange).filter(({ id }) => id !== exchange.id);
      const keepsAnother = others.some((twin) => keepsPromise(twin, actual, measure, differs));
      const after = followed(observation, own, measure, keepsAnother, forbidBlocked);
      const told = keepsAnother ? after : [...findings, ...after];
      const outcome = told.some((each) => isCountedError(measure.ruled(each))) ? 'differs' : 'conforms';
      return {
        result: answeredResult(exchange, outcome, own.by?.status, actual.status, round(duration)),
        findings: told,
        unseen: exchange.responses.length - (own.by ? 1 : 0),
        ...(told.length > 0 ? { detail: { exchange, sent, actual, ...originsOf(observation) } } : {}),
      };
    }
  }
}

/** What the mock answers is what the docs say; a service speaks for itself, in a recording too. */
function aboutAnswer(judgement: Judgement): Judgement {
  const findings = judgement.findings.map((found) =>
    found.ruleId === 'replay/blocked' ? found : ({ ...found, about: 'answer' } as const),
  );
  return { ...judgement, findings };
}

/** What helps where all that is missing is of one kind. */
function remedyFor(missing: readonly string[]): string {
  const isAll = (...kinds: readonly string[]): boolean =>
    missing.every((each) => kinds.some((kind) => each.startsWith(`${kind} `)));
  if (isAll('step')) return 'Mend what keeps that step from being done; nothing was sent.';
  if (isAll('host'))
    return 'Name the host under `hosts` of the target in the config, if it may be contacted; nothing was sent.';
  if (isAll('scope', 'account'))
    return 'Name an account that has it under `accounts` of the target in the config; nothing was sent.';
  return 'Give what is missing in the config or by a flag; nothing was sent.';
}

function originsOf({ origins }: { readonly origins?: readonly ValueOrigin[] }): Pick<ExchangeDetail, 'origins'> {
  return origins === undefined ? {} : { origins };
}

function fails({ result: { outcome } }: Judgement): boolean {
  return outcome === 'differs' || outcome === 'unanswered';
}

/** A promise that was kept only when it was asked for again, and what came of the first try. */
function flaky(judgement: Judgement, exchange: PagedExchange, before: Judgement | undefined): Judgement {
  if (before === undefined || judgement.result.outcome !== 'conforms') return judgement;
  // What the config makes an error may be a warning by itself.
  const first = before.findings.find(({ severity }) => severity === 'error') ?? before.findings[0];
  const fact = about(
    exchange,
    'replay/flaky',
    `Unexpected change between two tries, expected the promise to be kept at once; the first: ${first!.reason}`,
    'Ask the same again to see what the answer depends on.',
  );
  return {
    ...judgement,
    result: { ...judgement.result, flaky: true },
    findings: [...judgement.findings, { ...finding(fact), ...(first?.about && { about: first.about }) }],
  };
}

/** Findings about what came after an answer: the end of an operation, further pages, unless the first kept another promise. */
function followed(
  { exchange, operation, further }: Observation & { readonly kind: 'answered' },
  { by, facts }: Comparison,
  measure: Measure,
  keepsAnother: boolean,
  forbidBlocked: boolean,
): Finding[] {
  if (operation === undefined && further === undefined) return [];
  const judged = (answer: ResponseMessage): readonly Fact[] =>
    compare(exchange, answer, measure.resources, measure.match, measure.matchers).facts;
  return [
    ...(operation ? operationFacts(exchange, operation, by) : []),
    ...(further && !keepsAnother ? furtherFacts(exchange, further, facts, judged) : []),
  ].map((fact) => finding(fact, forbidBlocked && LACKING.has(fact.ruleId) ? 'error' : undefined));
}

/** Rules about what was not asked. */
const LACKING = new Set(['replay/blocked', 'replay/not-recorded']);

/** Exchanges whose requests no server can tell from that of this one; itself may be among them. */
type Twins = (exchange: PagedExchange) => readonly PagedExchange[];

/** Groups of more than one, by their key; of the same list only once, which may be asked part by part. */
function twinsOf(exchanges: readonly PagedExchange[]): TwinGroups {
  let groups = TWINS.get(exchanges);
  if (groups === undefined) TWINS.set(exchanges, (groups = grouped(exchanges)));
  return groups;
}

type TwinGroups = ReadonlyMap<string, readonly PagedExchange[]>;

const TWINS = new WeakMap<readonly PagedExchange[], TwinGroups>();

function grouped(exchanges: readonly PagedExchange[]): TwinGroups {
  const firsts = new Map<string, PagedExchange>();
  const twins = new Map<string, PagedExchange[]>();
  for (const exchange of exchanges) {
    const key = requestKey(exchange.request);
    const [group, first] = [twins.get(key), firsts.get(key)];
    if (group) group.push(exchange);
    else if (first) twins.set(key, [first, exchange]);
    else firsts.set(key, exchange);
  }
  return twins;
}

/** Does an answer keep the promise of an exchange: without an error, or, where there is none anyway, without any finding? */
function keepsPromise(
  exchange: PagedExchange,
  actual: ResponseMessage,
  measure: Measure,
  errorsOnly: boolean,
): boolean {
  const { facts } = compare(exchange, actual, measure.resources, measure.match, measure.matchers);
  const findings = facts.map((fact) => finding(fact));
  return errorsOnly ? findings.every(({ severity }) => severity !== 'error') : findings.length === 0;
}
