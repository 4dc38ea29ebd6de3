import { compare } from './compare/index.ts';
import type { Match } from './model/config.ts';
import { finding, type Fact, type Finding } from './model/finding.ts';
import { requestLine, type PagedExchange } from './model/fixture.ts';
import type { ResponseMessage, Target } from './model/http.ts';
import type { Observation } from './model/observation.ts';
import type { ExchangeDetail, ExchangeResult, Outcome } from './model/report.ts';
import { indexResources, type Resource, type ResourceIndex } from './model/resource.ts';
import { requestKey } from './model/url.ts';
import { replay, type ReplayOptions } from './replay/index.ts';

export interface ConformOptions extends ReplayOptions {
  readonly resources: readonly Resource[];
  /** Every exchange of the docset: an answer to a request that several make may keep the promise of any of them. */
  readonly all: readonly PagedExchange[];
  /** Makes blocked exchanges errors. */
  readonly forbidBlocked: boolean;
  /** How near answers are to be to the documented ones; `shape` where nothing is said. */
  readonly match?: Match;
  /** Stops after this many exchanges that did not conform; the rest are skipped. */
  readonly maxFailures?: number;
}

/** What became of the exchanges, in their order. */
export interface Conformance {
  readonly results: readonly ExchangeResult[];
  readonly findings: readonly Finding[];
  /** Promise and answer of every exchange that does not conform, by its id. */
  readonly details: ReadonlyMap<string, ExchangeDetail>;
  /** Documented responses that no answer met. */
  readonly unseen: number;
}

/** Holds a target to the exchanges: replays each, compares its answer with the promise, and gathers what differs. */
export async function conform(
  exchanges: readonly PagedExchange[],
  target: Target,
  options: ConformOptions,
): Promise<Conformance> {
  const resources = indexResources(options.resources);
  const twins = twinsOf(options.all);
  const results: ExchangeResult[] = [];
  const findings: Finding[] = [];
  const details = new Map<string, ExchangeDetail>();
  let unseen = 0;
  let failures = 0;
  const enough = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, enough.signal]) : enough.signal;
  for await (const observation of replay(exchanges, target, { ...options, signal })) {
    // What was under way when enough had failed is not told: it would be more than asked for.
    const told = enough.signal.aborted ? ({ kind: 'skipped', exchange: observation.exchange } as const) : observation;
    const judgement = judge(told, { resources, match: options.match ?? 'shape' }, twins, options.forbidBlocked);
    results.push(judgement.result);
    findings.push(...judgement.findings);
    unseen += judgement.unseen;
    if (judgement.detail) details.set(observation.exchange.id, judgement.detail);
    const { outcome } = judgement.result;
    if (outcome === 'differs' || outcome === 'unanswered') failures++;
    if (options.maxFailures !== undefined && failures >= options.maxFailures) enough.abort();
  }
  return { results, findings, details, unseen };
}

/** The results of exchanges that were not asked for. */
export function skipped(exchanges: readonly PagedExchange[]): ExchangeResult[] {
  return exchanges.map((exchange) => result(exchange, 'skipped'));
}

interface Judgement {
  readonly result: ExchangeResult;
  readonly findings: readonly Finding[];
  readonly detail?: ExchangeDetail;
  readonly unseen: number;
}

/** What answers are judged by beside their promise. */
interface Measure {
  readonly resources: ResourceIndex;
  readonly match: Match;
}

function judge(observation: Observation, measure: Measure, twins: Twins, forbidBlocked: boolean): Judgement {
  const { exchange } = observation;
  switch (observation.kind) {
    case 'skipped':
      return { result: result(exchange, 'skipped'), findings: [], unseen: 0 };
    case 'blocked': {
      const fact = about(
        exchange,
        'replay/blocked',
        `Missing ${observation.missing.join(', ')}, expected before this request can be sent`,
        'Give what is missing in the config or by a flag; nothing was sent.',
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
        detail: { exchange, sent },
        unseen: exchange.responses.length,
      };
    }
    case 'answered': {
      const { sent, actual, duration } = observation;
      const own = compare(exchange, actual, measure.resources, measure.match);
      const findings = own.facts.map((fact) => finding(fact));
      const differs = findings.some(({ severity }) => severity === 'error');
      const others =
        findings.length === 0 ? [] : twins.get(requestKey(exchange.request))!.filter(({ id }) => id !== exchange.id);
      const keepsAnother = others.some((twin) => keepsPromise(twin, actual, measure, differs));
      const outcome = differs && !keepsAnother ? 'differs' : 'conforms';
      const told = keepsAnother ? [] : findings;
      return {
        result: {
          ...result(exchange, outcome, own.by?.status),
          actual: { status: actual.status },
          durationMs: round(duration),
        },
        findings: told,
        unseen: exchange.responses.length - (own.by ? 1 : 0),
        ...(told.length > 0 ? { detail: { exchange, sent, actual } } : {}),
      };
    }
  }
}

/** Exchanges by what no server can tell apart in their requests. */
type Twins = ReadonlyMap<string, readonly PagedExchange[]>;

function twinsOf(exchanges: readonly PagedExchange[]): Twins {
  const twins = new Map<string, PagedExchange[]>();
  for (const exchange of exchanges) {
    const key = requestKey(exchange.request);
    const group = twins.get(key);
    if (group) group.push(exchange);
    else twins.set(key, [exchange]);
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
  const findings = compare(exchange, actual, measure.resources, measure.match).facts.map((fact) => finding(fact));
  return errorsOnly ? findings.every(({ severity }) => severity !== 'error') : findings.length === 0;
}

function result(exchange: PagedExchange, outcome: Outcome, status = exchange.responses[0]!.status): ExchangeResult {
  const { id, title, request, responses } = exchange;
  const { file, position } = requestLine(exchange);
  return {
    id,
    title,
    file,
    line: position.start.line,
    request: { method: request.method, url: request.url },
    outcome,
    expected: { status, statuses: responses.map((response) => response.status) },
  };
}

function about(
  exchange: PagedExchange,
  ruleId: 'replay/blocked' | 'replay/unanswered',
  reason: string,
  note: string,
): Fact {
  return { ruleId, reason, place: requestLine(exchange), exchangeId: exchange.id, note };
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
