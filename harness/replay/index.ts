import { setMaxListeners } from 'node:events';
import type { PagedExchange } from '../model/fixture.ts';
import type { RequestMessage, ResponseMessage, Target } from '../model/http.ts';
import type { Observation } from '../model/observation.ts';
import { prepare, type PrepareOptions } from './prepare.ts';
import { timedOut, unanswered } from './unanswered.ts';

/** How to replay. */
export interface ReplayOptions extends PrepareOptions {
  /** Requests in flight at once. */
  readonly workers: number;
  /** Milliseconds for one request and its whole answer. */
  readonly timeout: number;
  /** Aborted: nothing new is sent, what is in flight is cancelled, and the rest come out as skipped. */
  readonly signal?: AbortSignal;
}

/**
 * Sends the request of each exchange once and yields what came of it, in the order of the exchanges. At most a few
 * answers per worker are held: whoever reads slowly slows the sending.
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
  const limit = limiter(workers);
  const ahead: Promise<Observation>[] = [];
  try {
    for (const exchange of exchanges) {
      ahead.push(limit(() => observe(exchange, target, options, stop.signal)));
      if (ahead.length >= workers * LOOK_AHEAD) yield await ahead.shift()!;
    }
    while (ahead.length > 0) yield await ahead.shift()!;
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
    // Where the reader left early, nothing may be sent behind its back.
    stop.abort();
    await Promise.all(ahead);
  }
}

/** Answers held per worker, so that one slow answer does not keep the others from being fetched. */
const LOOK_AHEAD = 4;

/** Never rejects: whatever a target throws is that exchange's own observation. */
async function observe(
  exchange: PagedExchange,
  target: Target,
  options: ReplayOptions,
  stop: AbortSignal,
): Promise<Observation> {
  if (stop.aborted) return { kind: 'skipped', exchange };
  const prepared = prepare(exchange, target, options);
  if ('missing' in prepared) return { kind: 'blocked', exchange, missing: prepared.missing };
  const { request: sent } = prepared;
  const start = performance.now();
  try {
    const actual = await sendWithin(target, sent, options.timeout, stop);
    return { kind: 'answered', exchange, sent, actual, duration: performance.now() - start };
  } catch (error) {
    if (stop.aborted) return { kind: 'skipped', exchange };
    return {
      kind: 'unanswered',
      exchange,
      sent,
      cause: unanswered(error, sent.url),
      duration: performance.now() - start,
    };
  }
}

/** Holds even a target that does not listen to its signal to the time given. */
function sendWithin(
  target: Target,
  request: RequestMessage,
  timeout: number,
  stop: AbortSignal,
): Promise<ResponseMessage> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const settle = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
    };
    const end = (reason: unknown): void => {
      settle();
      reject(reason);
      controller.abort(reason);
    };
    const onStop = (): void => end(stop.reason);
    const timer = setTimeout(() => end(timedOut(timeout)), timeout);
    stop.addEventListener('abort', onStop);
    // Inside `async`, so that a target that throws at once rejects like any other.
    (async () => target.send(request, controller.signal))().then(resolve, reject).finally(settle);
  });
}

/** Runs at most `size` tasks at once, in the order they were given. */
function limiter(size: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= size) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      // The place is handed on, not given back, so that no newcomer slips in between.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
