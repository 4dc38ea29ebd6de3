import type { Fact } from '../model/finding.ts';
import { requestLine, type PagedExchange, type PromisedResponse } from '../model/fixture.ts';
import type { ResponseMessage } from '../model/http.ts';
import type { FurtherPage, Operation } from '../model/observation.ts';
import { statusPlace } from './place.ts';

/** What is wrong with how an operation ended that an answer said had begun; `by` is the response the answer was judged by. */
export function operationFacts(
  exchange: PagedExchange,
  { state, reason = '' }: Operation,
  by: PromisedResponse = exchange.responses[0]!,
): Fact[] {
  const { file, id } = exchange;
  if (state === 'succeeded') return [];
  const subject = 'operation';
  if (state === 'refused') return [blocked(exchange, reason, 'the operation can be followed', subject)];
  if (state === 'unrecorded') return [unrecorded(exchange, 'the end of the operation', reason, subject)];
  return [
    {
      ruleId: 'replay/operation',
      reason:
        state === 'failed'
          ? `Unexpected end of the operation: ${reason}, expected it to succeed`
          : `Missing end of the operation: ${reason}`,
      place: statusPlace(file, by),
      exchangeId: id,
      subject,
      note: 'Look up in the service what became of it; more time for it comes with `timeout`.',
    },
  ];
}

/**
 * What is wrong with further pages of a collection: `judge` holds an answer to the same promise as the first one. A fact is told once,
 * whichever pages it shows on; `told` are those of the first.
 */
export function furtherFacts(
  exchange: PagedExchange,
  pages: readonly FurtherPage[],
  told: readonly Fact[],
  judge: (answer: ResponseMessage) => readonly Fact[],
): Fact[] {
  const seen = new Set(told.map(identity));
  return pages.flatMap((page) => {
    const subject = `page ${page.number}`;
    switch (page.kind) {
      case 'blocked':
        return [blocked(exchange, page.missing, `page ${page.number} can be fetched`, subject)];
      case 'unrecorded':
        return [unrecorded(exchange, `page ${page.number}`, page.cause.message, subject)];
      case 'unanswered': {
        const reason = `Missing answer for page ${page.number}: ${page.cause.message}`;
        const note = 'Check that the target is up and reachable.';
        const place = requestLine(exchange);
        return [{ ruleId: 'replay/unanswered', reason, place, exchangeId: exchange.id, subject, note }];
      }
      case 'answered': {
        const fresh = judge(page.actual).filter((fact) => !seen.has(identity(fact)));
        for (const fact of fresh) seen.add(identity(fact));
        const on = `On page ${page.number} of the collection.`;
        return fresh.map((fact) => ({ ...fact, note: fact.note === undefined ? on : `${on} ${fact.note}` }));
      }
    }
  });
}

/**
 * What else an undocumented status says, in words behind others: where a redirect leads (no further than the path, for what follows may
 * be a secret), how long a busy service wants to be left alone.
 */
export function statusNote({ status, headers }: ResponseMessage): string {
  const value = (name: string): string | undefined => headers.find(([key]) => key.toLowerCase() === name)?.[1];
  const location = status >= 300 && status < 400 ? value('location') : undefined;
  if (location !== undefined) return ` Redirects are not followed; it leads to \`${originAndPath(location)}\`.`;
  const after = status === 429 || status === 503 ? value('retry-after') : undefined;
  return after === undefined ? '' : ` It asked to be left alone: \`Retry-After: ${after.slice(0, 40)}\`.`;
}

function originAndPath(location: string): string {
  if (!URL.canParse(location)) return location.replace(/[?#].*$/s, '').slice(0, 200);
  const { origin, protocol, pathname } = new URL(location);
  return `${origin === 'null' ? protocol : origin}${pathname}`.slice(0, 200);
}

function blocked(exchange: PagedExchange, missing: string, before: string, subject: string): Fact {
  return {
    ruleId: 'replay/blocked',
    reason: `Missing ${missing}, expected before ${before}`,
    place: requestLine(exchange),
    exchangeId: exchange.id,
    subject,
    note: 'Name the host under `hosts` of the target in the config, if it may be contacted; nothing was sent to it.',
  };
}

/** What to do about an answer that a recording does not have. */
export const RECORD_ANEW = 'Record it anew with `--har`, or ask a service; nothing was sent.';

function unrecorded(exchange: PagedExchange, what: string, cause: string, subject: string): Fact {
  return {
    ruleId: 'replay/not-recorded',
    reason: `Missing ${what}: the recording ${cause}`,
    place: requestLine(exchange),
    exchangeId: exchange.id,
    subject,
    note: RECORD_ANEW,
  };
}

/** Facts of one rule about one place in the docs are one fact. */
function identity({ ruleId, place: { file, position } }: Fact): string {
  return `${ruleId} ${file} ${position.start.line}:${position.start.column}`;
}
