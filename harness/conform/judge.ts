import {
  compare,
  furtherFacts,
  operationFacts,
  RECORD_ANEW,
  type Comparison,
  type Sightings,
} from '../compare/index.ts';
import type { ExchangeMatchers, Match } from '../model/config.ts';
import { finding, type Fact, type Finding } from '../model/finding.ts';
import type { PagedExchange } from '../model/fixture.ts';
import type { ResponseMessage } from '../model/http.ts';
import type { Judgement } from '../model/journal.ts';
import type { Observation } from '../model/observation.ts';
import type { ExchangeDetail, ValueOrigin } from '../model/report.ts';
import type { ResourceIndex } from '../model/resource.ts';
import { answeredResult, result, round } from '../model/result.ts';
import { about } from './fact.ts';
import type { Twins } from './twins.ts';

/** What answers are judged by beside their promise. */
export interface Measure {
  readonly resources: ResourceIndex;
  readonly match: Match;
  readonly matchers: readonly ExchangeMatchers[];
  /** A finding as it will count. */
  readonly ruled: (finding: Finding) => Finding | undefined;
}

function isCountedError(found: Finding | undefined): boolean {
  return found?.severity === 'error' && !found.suppressed;
}

/** What became of an exchange, and what is to be said of it. */
export function judge(
  observation: Observation,
  measure: Measure,
  twins: Twins,
  forbidBlocked: boolean,
  look: Sightings['look'],
): Judgement {
  const { exchange } = observation;
  const blocked = (fact: Fact): Judgement => ({
    result: result(exchange, 'blocked'),
    findings: [finding(fact, forbidBlocked ? 'error' : undefined)],
    detail: { exchange },
    unseen: 0,
  });
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
      return blocked(fact);
    }
    case 'unrecorded': {
      const fact = about(
        exchange,
        'replay/not-recorded',
        `Missing answer: the recording ${observation.cause.message}`,
        RECORD_ANEW,
      );
      return blocked(fact);
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
export function aboutAnswer(judgement: Judgement): Judgement {
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

/** Was the promise not kept? */
export function fails({ result: { outcome } }: Judgement): boolean {
  return outcome === 'differs' || outcome === 'unanswered';
}

/** A promise that was kept only when it was asked for again, and what came of the first try. */
export function flaky(judgement: Judgement, exchange: PagedExchange, before: Judgement | undefined): Judgement {
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
