import { setMaxListeners } from 'node:events';
import type { PagedExchange } from '../model/fixture.ts';
import { isWrite, type RequestMessage, type ResponseMessage, type Target } from '../model/http.ts';
import type { Journal } from '../model/journal.ts';
import type { Observation } from '../model/observation.ts';
import type { ValueOrigin } from '../model/report.ts';
import { observeAgain, type AgainOptions } from './again.ts';
import { sentBy } from './auth.ts';
import { flowOf, type Flow } from './flow/index.ts';
import { followUp, type FollowUpOptions } from './follow-up.ts';
import { RefusedError } from './hosts.ts';
import { limiter, type Limit } from './limiter.ts';
import { GRACE, lateSignal } from './late.ts';
import { prepare, type Prepared, type PrepareOptions } from './prepare.ts';
import { UnrecordedError } from './recording.ts';
import { unanswered } from './unanswered.ts';
import { sendWithin } from './within.ts';

/** How to replay. */
export interface ReplayOptions extends PrepareOptions, FollowUpOptions, AgainOptions {
  /** Requests in flight at once. */
  readonly workers: number;
  /** Milliseconds for one request and its whole answer. */
  readonly timeout: number;
  /** Shared with whoever else sends to the target; `workers` places of its own where nothing is said. */
  readonly limit?: Limit;
  /** How values flow between these exchanges, where it is known already. */
  readonly flow?: Flow;
  /** What an interrupted run knew, and where this one is written down; for live targets. */
  readonly journal?: Journal;
  /** Aborted: nothing new is sent, what is in flight is cancelled, and the rest come out as skipped. */
  readonly signal?: AbortSignal;
}

/**
 * Sends the request of each exchange once and yields what came of it, in the order of the sending: that of the exchanges, but
 * whoever needs a value comes after the one that brings it, and waits for it. At most a few answers per worker are held: whoever
 * reads slowly slows the sending.
 */
export async function* replay(
  exchanges: readonly PagedExchange[],
  target: Target,
  options: ReplayOptions,
): AsyncGenerator<Observation> {
  const stop = new AbortController();
  // One listener per request in flight is no leak.
  setMaxListeners(0, stop.signal);
  const onAbort = (): void => stop.abort(options.signal?.reason);
  if (options.signal?.aborted) onAbort();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const workers = Math.max(1, Math.floor(options.workers));
  const { limit = limiter(workers) } = options;
  const flow = options.flow ?? flowOf(exchanges, target, options);
  // A creation under way is let end, for a moment: what nobody heard of could not be cleaned up.
  const [late, endLate] = lateSignal(stop.signal, GRACE);
  const awaited = new Set([...flow.waits.values()].flatMap((before) => [...before]));
  const settled = new Map<number, Promise<void>>();
  const ahead: Promise<Observation>[] = [];
  try {
    for (const at of flow.order) {
      const run = (): Promise<Observation> => {
        const exchange = exchanges[at]!;
        const signals = { stop: stop.signal, late };
        return limit(() => observeAgain(exchange, options, () => observe(exchange, target, options, flow, signals)));
      };
      const before = flow.waits.get(at);
      // Whoever waits holds no place meanwhile.
      const outcome = before
        ? Promise.all([...before].map((other) => settled.get(other) ?? Promise.resolve())).then(run)
        : run();
      if (awaited.has(at)) settled.set(at, outcome.then(nothing, nothing));
      ahead.push(outcome);
      if (ahead.length >= workers * LOOK_AHEAD) yield await ahead.shift()!;
    }
    while (ahead.length > 0) yield await ahead.shift()!;
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
    // Where the reader left early, nothing may be sent behind its back.
    stop.abort();
    await Promise.all(ahead);
    endLate();
  }
}

const nothing = (): undefined => undefined;

/** Answers held per worker, so that one slow answer does not keep the others from being fetched. */
const LOOK_AHEAD = 4;

/** Never rejects: whatever a target throws is that exchange's own observation. */
async function observe(
  exchange: PagedExchange,
  target: Target,
  options: ReplayOptions,
  flow: Flow,
  { stop, late }: { readonly stop: AbortSignal; readonly late: AbortSignal },
): Promise<Observation> {
  if (stop.aborted) return { kind: 'skipped', exchange };
  const { journal } = options;
  const earlier = journal?.earlier(exchange);
  if (earlier) {
    flow.restore(exchange, earlier.kept);
    return { kind: 'recalled', exchange };
  }
  const told: ValueOrigin[] = [];
  const prepared = prepare(exchange, target, options, flow, (origin) => told.push(origin));
  if ('missing' in prepared) return { kind: 'blocked', exchange, missing: prepared.missing };
  const { request: sent, account } = prepared;
  const asked = sentBy(target, account);
  const origins = told.length === 0 ? {} : { origins: told };
  const by = account === undefined ? {} : { account };
  const start = performance.now();
  if (isWrite(sent)) journal?.sending(exchange);
  const number = target.live ? flow.things.asked(exchange, sent, account) : undefined;
  try {
    const hints = {
      documented: exchange.responses.map(({ status }) => status),
      exchange: exchange.id,
      ...(exchange.isAction ? { isAction: true } : {}),
    };
    const actual = await sendWithin(asked, sent, options.timeout, number === undefined ? stop : late, hints);
    if (target.live) hear(flow, exchange, sent, actual, number, (one) => prepare(one, target, options, flow));
    journal?.heard(exchange, flow.kept(exchange));
    const duration = performance.now() - start;
    return {
      kind: 'answered',
      exchange,
      sent,
      actual,
      duration,
      ...by,
      ...origins,
      ...(stop.aborted ? {} : await followUp(asked, sent, actual, { ...options, ...hints }, stop)),
    };
  } catch (error) {
    if (error instanceof RefusedError && number !== undefined) flow.things.settle(number, 'none');
    if (stop.aborted) return { kind: 'skipped', exchange };
    if (error instanceof RefusedError) return { kind: 'blocked', exchange, missing: [error.missing] };
    if (error instanceof UnrecordedError) return { kind: 'unrecorded', exchange, cause: error };
    return {
      kind: 'unanswered',
      exchange,
      sent,
      cause: unanswered(error, sent.url),
      duration: performance.now() - start,
      ...by,
      ...origins,
    };
  }
}

/** Keeps of an answer what others wait for, and what it says was created or deleted. */
function hear(
  flow: Flow,
  exchange: PagedExchange,
  sent: RequestMessage,
  actual: ResponseMessage,
  number: number | undefined,
  ready: (exchange: PagedExchange) => Prepared,
): void {
  const { things } = flow;
  flow.keep(exchange, sent, actual);
  if (number === undefined) return things.deleted(sent, actual);
  things.answered(number, exchange, sent, actual);
  const created = things.all.get(number)!;
  if (created.state !== 'there' || created.deleteUrl !== undefined) return;
  for (const deletion of flow.deletions(exchange)) {
    const prepared = ready(deletion);
    if ('request' in prepared) return things.tell(number, prepared.request.url);
  }
}
