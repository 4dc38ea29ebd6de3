import { headerValue, isJsonType, type RequestMessage, type ResponseMessage, type Target } from '../model/http.ts';
import type { Operation } from '../model/observation.ts';
import type { Clock } from './clock.ts';
import { RefusedError } from './hosts.ts';
import { UnrecordedError } from './recording.ts';
import { retryAfter } from './retry-after.ts';

/** How to follow an operation. */
export interface FollowOptions {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Milliseconds from the first answer to the end. */
  readonly budget: number;
}

/**
 * Follows what a `202` says has begun (RFC 9110, 15.3.3) to its end: asks after the URL of `Azure-AsyncOperation`,
 * `Operation-Location` or `Location`, as often as `Retry-After` says, else ever less often. Nothing where the answer names no such URL.
 * Rejects only where the signal is aborted.
 */
export async function followOperation(
  target: Target,
  sent: RequestMessage,
  begun: ResponseMessage,
  { signal, clock, budget }: FollowOptions,
): Promise<Operation | undefined> {
  const monitor = begun.status === 202 ? monitorOf(begun, sent.url) : undefined;
  if (monitor === undefined) return undefined;
  const end = clock.now() + budget;
  let pause = pauseOf(begun, clock, FIRST_PAUSE);
  for (let polls = 1; ; polls++) {
    const left = end - clock.now();
    if (left <= 0) return { state: 'unfinished', reason: `it had not ended after ${budget} ms`, polls: polls - 1 };
    await clock.sleep(Math.min(pause, left), signal);
    let answer: ResponseMessage;
    try {
      answer = await target.send({ method: 'GET', url: monitor.url, headers: ACCEPT }, signal, NO_HINTS);
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof RefusedError) return { state: 'refused', reason: error.missing, polls: polls - 1 };
      if (error instanceof UnrecordedError)
        return polls === 1
          ? { state: 'unrecorded', reason: error.message, polls: 0 }
          : { state: 'unfinished', reason: 'the recording ends before it does', polls: polls - 1 };
      return { state: 'failed', reason: error instanceof Error ? error.message : String(error), polls };
    }
    const state = stateOf(answer, monitor.isStatus);
    if (state.state !== 'running') return { ...state, polls };
    pause = pauseOf(answer, clock, Math.min(pause * GROWTH, LONGEST_PAUSE));
  }
}

/** Milliseconds between two questions, where the service does not say how long. */
const [FIRST_PAUSE, LONGEST_PAUSE, GROWTH] = [1000, 10_000, 1.5];

const ACCEPT = [['Accept', 'application/json']] as const;

/** Nothing is documented of how an operation answers. */
const NO_HINTS = { documented: [] };

interface Monitor {
  readonly url: string;
  /** Does the header promise a resource that is a status, and not perhaps the result itself? */
  readonly isStatus: boolean;
}

function monitorOf({ headers }: ResponseMessage, base: string): Monitor | undefined {
  for (const [name, isStatus] of MONITORS) {
    const value = headerValue(headers, name);
    if (value !== undefined && URL.canParse(value, base)) return { url: new URL(value, base).href, isStatus };
  }
  return undefined;
}

const MONITORS = [
  ['azure-asyncoperation', true],
  ['operation-location', true],
  ['location', false],
] as const;

function pauseOf({ headers }: ResponseMessage, clock: Clock, otherwise: number): number {
  return retryAfter(headerValue(headers, 'retry-after'), clock.now()) ?? otherwise;
}

type State =
  | { readonly state: 'running' }
  | { readonly state: 'succeeded' }
  | { readonly state: 'failed'; readonly reason: string };

function stateOf(answer: ResponseMessage, isStatus: boolean): State {
  const { status } = answer;
  // A redirect leads to the result (RFC 9110, 15.4.4).
  if (status >= 300 && status < 400) return { state: 'succeeded' };
  if (status >= 400) return { state: 'failed', reason: `its URL was answered with status \`${status}\`` };
  const word = wordOf(answer);
  const plain = word?.replace(/[\s_-]/g, '').toLowerCase();
  if (plain !== undefined && FAILED.has(plain)) return { state: 'failed', reason: `its status is \`${word}\`` };
  if (plain !== undefined && SUCCEEDED.has(plain)) return { state: 'succeeded' };
  if (status === 202) return { state: 'running' };
  // A resource may have a `status` of its own, such as `enabled`: only a word for what goes on keeps us waiting there.
  if (plain !== undefined && (isStatus || RUNNING.has(plain))) return { state: 'running' };
  return { state: 'succeeded' };
}

/** What the body says of how far it is. */
function wordOf({ headers, body }: ResponseMessage): string | undefined {
  if (body.length === 0 || !isJsonType(headerValue(headers, 'content-type') ?? 'application/json')) return undefined;
  try {
    const value = JSON.parse(new TextDecoder().decode(body)) as unknown;
    const inner = member(value, 'properties');
    const words = [
      member(value, 'status'),
      member(inner, 'provisioningState'),
      member(inner, 'status'),
      member(value, 'state'),
    ];
    return words.find((word) => typeof word === 'string');
  } catch {
    return undefined;
  }
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

const SUCCEEDED = new Set(['succeeded', 'success', 'successful', 'completed', 'complete', 'done', 'finished', 'ready']);

const FAILED = new Set(['failed', 'failure', 'error', 'canceled', 'cancelled', 'aborted', 'rejected', 'timedout']);

const RUNNING = new Set([
  'running',
  'inprogress',
  'notstarted',
  'pending',
  'queued',
  'accepted',
  'waiting',
  'processing',
  'creating',
  'updating',
  'deleting',
  'provisioning',
  'started',
  'submitted',
]);
