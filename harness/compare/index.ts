import type { ExchangeMatchers, Match } from '../model/config.ts';
import type { Fact } from '../model/finding.ts';
import type { PagedExchange, PromisedResponse } from '../model/fixture.ts';
import type { ResponseMessage } from '../model/http.ts';
import type { ResourceIndex } from '../model/resource.ts';
import { matcherText } from '../model/matcher.ts';
import { rules } from '../model/rules.ts';
import { compareBody } from './body.ts';
import { statusNote } from './follow-up.ts';
import { compareHeaders } from './headers.ts';
import { holds, matcherOf, pinsBelow, pinsOf } from './matchers.ts';
import { statusPlace } from './place.ts';

export { furtherFacts, operationFacts, RECORD_ANEW } from './follow-up.ts';
export { sightings, type Sightings } from './seen.ts';
export { compareDocumented, compareRequest, requestResources } from './documented.ts';

/** How an answer compares with the promise. */
export interface Comparison {
  /** The documented response it was judged by; nothing where its status is not documented. */
  readonly by?: PromisedResponse;
  readonly facts: readonly Fact[];
}

/**
 * Compares an answer with the responses documented for its status; of several the one with the fewest errors counts. `matchers` are
 * those of the config. Pure.
 */
export function compare(
  exchange: PagedExchange,
  actual: ResponseMessage,
  resources: ResourceIndex,
  match: Match = 'shape',
  matchers?: readonly ExchangeMatchers[],
): Comparison {
  const promises = exchange.responses.map((by) => ({ by, pins: pinsOf(exchange, by, matchers) }));
  const statusMatchers = promises.map(({ pins }) =>
    pins === undefined ? undefined : matcherOf(pinsBelow(pins, 'status')),
  );
  const candidates = promises.filter(({ by }, index) => {
    const matcher = statusMatchers[index];
    return matcher === undefined || matcher.present ? by.status === actual.status : holds(matcher, actual.status);
  });
  // A matcher may let several pass: the one whose own status it is documents it.
  const own = candidates.filter(({ by }) => by.status === actual.status);
  if (candidates.length === 0) {
    const matcher = statusMatchers.find((each) => each !== undefined);
    return { facts: [undocumentedStatus(exchange, actual, matcher && matcherText(matcher))] };
  }
  let best: { by: PromisedResponse; facts: Fact[]; errors: number } | undefined;
  for (const { by, pins } of own.length > 0 ? own : candidates) {
    const facts = [
      ...compareHeaders(exchange, by, actual, pinsBelow(pins, 'headers')),
      ...compareBody(exchange, by, actual, resources, match, pinsBelow(pins, 'body')),
    ];
    const errors = facts.filter(({ ruleId }) => rules[ruleId].severity === 'error').length;
    if (best === undefined || errors < best.errors) best = { by, facts, errors };
    if (errors === 0) break;
  }
  return { by: best!.by, facts: best!.facts };
}

function undocumentedStatus(exchange: PagedExchange, actual: ResponseMessage, matched?: string): Fact {
  const { status } = actual;
  const first = exchange.responses[0]!;
  const statuses = [...new Set(exchange.responses.map((response) => response.status))];
  return {
    ruleId: 'status/undocumented',
    reason: `Unexpected status code \`${status}\`, expected ${matched ?? statuses.map((each) => `\`${each}\``).join(' or ')}`,
    place: statusPlace(exchange.file, first),
    exchangeId: exchange.id,
    pointer: '/status',
    expected: matched ?? statuses.join(' or '),
    actual: String(status),
    note: `Document a response with this status, or mend the service.${statusNote(actual)}`,
  };
}
