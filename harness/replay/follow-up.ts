import type { RequestMessage, ResponseMessage, Target } from '../model/http.ts';
import type { FurtherPage, Operation } from '../model/observation.ts';
import { systemClock, type Clock } from './clock.ts';
import { furtherPages } from './further.ts';
import { followOperation } from './operation.ts';
import { LONGEST_WAIT } from './retry.ts';
import { sendWithin } from './within.ts';

/** How far to go after an answer. */
export interface FollowUpOptions {
  /** Milliseconds for one answer. */
  readonly timeout: number;
  /** How many further pages of a collection are fetched; none where nothing is said. */
  readonly pages?: number;
  /** Statuses that are documented: of an answer that nobody promised, nothing is followed. All are where nothing is said. */
  readonly documented?: readonly number[];
  /** For tests. */
  readonly clock?: Clock;
}

/** What an answer promises beside itself: the end of an operation, further pages. */
export interface FollowUp {
  readonly operation?: Operation;
  readonly further?: readonly FurtherPage[];
}

/** Sees to what a live answer has begun, or what a recording holds of that. Nothing for most answers, at once; nothing either where `stop` is aborted meanwhile. */
export function followUp(
  target: Target,
  sent: RequestMessage,
  answer: ResponseMessage,
  { timeout, pages = 0, documented, clock = systemClock }: FollowUpOptions,
  stop: AbortSignal,
): FollowUp | Promise<FollowUp> {
  if (documented?.includes(answer.status) === false) return {};
  if (!target.live) return recorded(target, answer, stop);
  const mayHaveMore = pages > 0 && answer.status === 200;
  if (answer.status !== 202 && !mayHaveMore) return {};
  const held: Target = {
    ...target,
    send: (request, signal, hints) => sendWithin(target, request, timeout, signal, hints),
  };
  const budget = Math.min(timeout * PATIENCE, LONGEST_WAIT);
  const after = mayHaveMore ? more(held, sent, answer, pages, stop) : ended(held, sent, answer, budget, clock, stop);
  return after.catch((error: unknown) => {
    if (stop.aborted) return {};
    throw error;
  });
}

/** The same as it was then. Nobody waits, and what ends is the recording. */
async function recorded(target: Target, answer: ResponseMessage, stop: AbortSignal): Promise<FollowUp> {
  const after = answer.status === 202 || answer.status === 200 ? target.after?.(answer) : undefined;
  if (after === undefined) return {};
  const { sent, pages = Infinity } = after;
  const then: Target = { ...target, send: (request) => after.send(request) };
  if (answer.status === 202) return ended(then, sent, answer, Infinity, atOnce, stop);
  if (pages === 0) return {};
  const { further = [] } = await more(then, sent, answer, pages, stop);
  // Whoever made a recording of others may have stopped anywhere.
  const held = after.pages === undefined ? further.filter(({ kind }) => kind !== 'unrecorded') : further;
  return held.length === 0 ? {} : { further: held };
}

const atOnce: Clock = { ...systemClock, sleep: () => Promise.resolve() };

/** Times that of one answer, for an operation. */
const PATIENCE = 10;

async function ended(
  target: Target,
  sent: RequestMessage,
  answer: ResponseMessage,
  budget: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<FollowUp> {
  const operation = await followOperation(target, sent, answer, { signal, clock, budget });
  return operation === undefined ? {} : { operation };
}

async function more(
  target: Target,
  sent: RequestMessage,
  answer: ResponseMessage,
  most: number,
  signal: AbortSignal,
): Promise<FollowUp> {
  const further = await furtherPages(target, sent, answer, { most, signal });
  return further.length === 0 ? {} : { further };
}
