import type { Match } from '../model/config.ts';
import type { Fact } from '../model/finding.ts';
import type { PagedExchange, PromisedResponse } from '../model/fixture.ts';
import type { ResponseMessage } from '../model/http.ts';
import type { ResourceIndex } from '../model/resource.ts';
import { rules } from '../model/rules.ts';
import { compareBody } from './body.ts';
import { compareHeaders } from './headers.ts';
import { statusPlace } from './place.ts';

export { compareDocumented, compareRequest, requestResources } from './documented.ts';

/** How an answer compares with the promise. */
export interface Comparison {
  /** The documented response it was judged by; nothing where its status is not documented. */
  readonly by?: PromisedResponse;
  readonly facts: readonly Fact[];
}

/** Compares an answer with the responses documented for its status; of several the one with the fewest errors counts. Pure. */
export function compare(
  exchange: PagedExchange,
  actual: ResponseMessage,
  resources: ResourceIndex,
  match: Match = 'shape',
): Comparison {
  const candidates = exchange.responses.filter(({ status }) => status === actual.status);
  if (candidates.length === 0) return { facts: [undocumentedStatus(exchange, actual)] };
  let best: { by: PromisedResponse; facts: Fact[]; errors: number } | undefined;
  for (const by of candidates) {
    const facts = [...compareHeaders(exchange, by, actual), ...compareBody(exchange, by, actual, resources, match)];
    const errors = facts.filter(({ ruleId }) => rules[ruleId].severity === 'error').length;
    if (best === undefined || errors < best.errors) best = { by, facts, errors };
    if (errors === 0) break;
  }
  return { by: best!.by, facts: best!.facts };
}

function undocumentedStatus(exchange: PagedExchange, { status }: ResponseMessage): Fact {
  const first = exchange.responses[0]!;
  const statuses = [...new Set(exchange.responses.map((response) => response.status))];
  return {
    ruleId: 'status/undocumented',
    reason: `Unexpected status code \`${status}\`, expected ${statuses.map((each) => `\`${each}\``).join(' or ')}`,
    place: statusPlace(exchange.file, first),
    exchangeId: exchange.id,
    pointer: '/status',
    expected: statuses.join(' or '),
    actual: String(status),
    note: 'Document a response with this status, or mend the service.',
  };
}
