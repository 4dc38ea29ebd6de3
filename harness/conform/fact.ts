import type { Fact } from '../model/finding.ts';
import { requestLine, type PagedExchange } from '../model/fixture.ts';

/** A fact about the sending of an exchange, on its request line. */
export function about(
  exchange: PagedExchange,
  ruleId: 'replay/blocked' | 'replay/not-recorded' | 'replay/unanswered' | 'replay/flaky',
  reason: string,
  note: string,
): Fact {
  // How often it was tried and how far it came differ; why does not.
  const cause =
    ruleId === 'replay/flaky' ? {} : { group: `${ruleId} ${reason.replace(VARYING, '').replace(/\d+/g, '0')}` };
  return { ruleId, reason, place: requestLine(exchange), exchangeId: exchange.id, note, ...cause };
}

const VARYING = / \(status [^()]*\)|, \d+ times$/g;
