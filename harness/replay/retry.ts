import {
  headerValue,
  isWrite,
  type Attempt,
  type RequestMessage,
  type ResponseMessage,
  type Target,
} from '../model/http.ts';
import type { Clock } from './clock.ts';
import { retryAfter } from './retry-after.ts';
import { throttle } from './throttle.ts';
import { UnansweredError } from './unanswered.ts';

/** How long to be patient. */
export interface RetryOptions {
  readonly clock: Clock;
  /** Milliseconds that a `Retry-After` may ask for at most; 5 minutes where nothing is said. */
  readonly longest?: number;
}

/** Tries of one request, the first among them. */
const MOST_TRIES = 5;

/** Milliseconds that a `Retry-After` is heeded for at most. */
export const LONGEST_WAIT = 5 * 60_000;

/** Milliseconds of the first wait, where nobody says how long; it doubles with each try, and chance takes a part of it. */
const FIRST_WAIT = 250;

/**
 * A target that is asked again after what passes: 408, 429, 502, 503, 504, resets, refused connections. What may have changed
 * something is sent again only where it is certain that it was not processed. A documented status is an answer. A 429 gives
 * the whole target rest. When a request has been tried five times in vain, the next ones are tried once until one is answered.
 */
export function persistent(inner: Target, { clock, longest = LONGEST_WAIT }: RetryOptions): Target {
  const line = throttle(clock);
  let isHopeless = false;
  return {
    ...inner,
    async send(request, signal, hints) {
      const attempts: Attempt[] = [];
      for (;;) {
        const leave = await line.enter(signal);
        let answer: ResponseMessage | undefined;
        let thrown: unknown;
        try {
          answer = await inner.send(request, signal, hints);
        } catch (error) {
          thrown = error;
        }
        const passing = answer === undefined ? mayPass(thrown, request) : isPassing(answer, request, hints?.documented);
        const asked = answer && retryAfter(headerValue(answer.headers, 'retry-after'), clock.now());
        leave(answer !== undefined && !passing);
        if (answer && !passing) isHopeless = false;
        if (!passing || signal.aborted) return outcome(answer, thrown, attempts);
        const isLast = attempts.length + 1 >= MOST_TRIES;
        const wait = asked ?? FIRST_WAIT * 2 ** attempts.length * clock.random();
        // Whoever asks for a week is not waited for.
        const isTooLong = wait > longest;
        if (answer?.status === 429 && !isTooLong && (asked !== undefined || !isHopeless)) line.rest(wait);
        if (isLast) isHopeless = true;
        if (isLast || isTooLong || isHopeless) return outcome(answer, thrown, attempts);
        attempts.push(attempt(answer, thrown, wait));
        if (answer?.status !== 429) await clock.sleep(wait, signal);
      }
    },
  };
}

/** Is this an answer that another try may change, and is it safe to send the request again? */
function isPassing(
  { status, headers }: ResponseMessage,
  request: RequestMessage,
  documented: readonly number[] = [],
): boolean {
  if (!PASSING.has(status) || documented.includes(status)) return false;
  if (status === 429 || !isWrite(request)) return true;
  return status === 503 && retryAfter(headerValue(headers, 'retry-after'), 0) !== undefined;
}

const PASSING = new Set([408, 429, 502, 503, 504]);

/** The same of no answer: refused or reset, and nothing written unless the method is safe. */
function mayPass(thrown: unknown, request: RequestMessage): boolean {
  if (!(thrown instanceof UnansweredError) || !LOST.has(thrown.code)) return false;
  return thrown.unsent || thrown.code === 'ECONNREFUSED' || !isWrite(request);
}

const LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

function attempt(answer: ResponseMessage | undefined, thrown: unknown, waitedMs: number): Attempt {
  const rounded = Math.round(waitedMs);
  return answer
    ? { status: answer.status, waitedMs: rounded }
    : { code: (thrown as UnansweredError).code, waitedMs: rounded };
}

function outcome(answer: ResponseMessage | undefined, thrown: unknown, attempts: readonly Attempt[]): ResponseMessage {
  if (answer)
    return attempts.length === 0 ? answer : { ...answer, attempts: [...attempts, ...(answer.attempts ?? [])] };
  if (attempts.length === 0 || !(thrown instanceof UnansweredError)) throw thrown;
  const { message, code, unsent } = thrown;
  throw new UnansweredError(`${message}, ${attempts.length + 1} times`, code, { cause: thrown, unsent });
}
