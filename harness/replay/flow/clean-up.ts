import type { Fact } from '../../model/finding.ts';
import { requestLine, type PagedExchange } from '../../model/fixture.ts';
import type { Target } from '../../model/http.ts';
import type { Created } from '../../model/ledger.ts';
import { sentBy } from '../auth.ts';
import { sendWithin } from '../within.ts';
import { isGoneStatus } from './things.ts';

/** What became of the things of a run. */
export interface CleanedUp {
  readonly deleted: number;
  /** What is still there, and why. */
  readonly left: readonly Left[];
  /** Requests of which nobody knows whether they created something: no answer came. */
  readonly asked: readonly Created[];
}

/** Something that could not be deleted. */
export interface Left {
  readonly created: Created;
  readonly why: string;
}

/** How to clean up. */
export interface CleanUpOptions {
  /** Milliseconds for one deletion. */
  readonly timeout: number;
  /** Deletions in flight at once. */
  readonly workers: number;
  /** Aborted: what is not deleted by then is left. */
  readonly signal?: AbortSignal;
  /** Which things have to go first: those that were made with the help of this one. */
  readonly before?: (number: number) => readonly number[];
  /** Hears of every thing that was tried. */
  readonly settle: (number: number, state: Created['state']) => void;
}

/**
 * Deletes things that a run created, the last first, each after whatever was made inside it or with its help. 2xx, 404 and 410
 * mean that it is gone. Never rejects.
 */
export async function cleanUp(
  things: ReadonlyMap<number, Created>,
  target: Target,
  options: CleanUpOptions,
): Promise<CleanedUp> {
  const open = [...things].filter(([, { state }]) => state === 'there' || state === 'left');
  const inside = insideOf(open);
  const left = new Map<number, Left>();
  const done = new Map<number, Promise<void>>();
  const state = { free: Math.max(1, options.workers), silent: 0, waiting: [] as (() => void)[] };
  let deleted = 0;
  for (const [number, created] of open.toReversed()) {
    const first = [...(inside.get(number) ?? []), ...(options.before?.(number) ?? [])].map(
      (other) => done.get(other) ?? Promise.resolve(),
    );
    const work = async (): Promise<void> => {
      await Promise.all(first);
      const why = await inTurn(state, () => tryDelete(created, target, options, state));
      if (why === undefined) deleted++;
      else left.set(number, { created, why });
      options.settle(number, why === undefined ? 'deleted' : 'left');
    };
    done.set(number, work());
  }
  await Promise.all(done.values());
  const asked = [...things.values()].filter((created) => created.state === 'asked');
  return { deleted, left: open.flatMap(([number]) => left.get(number) ?? []), asked };
}

/** A fact for what is left, at the request that created it. */
export function leftBehind(exchange: PagedExchange, { created, why }: Left): Fact {
  return {
    ruleId: 'replay/left-behind',
    reason: `Unexpected thing left at \`${placeOf(created)}\`, expected it gone after the run: ${why}`,
    place: requestLine(exchange),
    exchangeId: exchange.id,
    // The id is another one in every run.
    subject: 'left',
    note: 'Delete it by hand, or by `docwright cleanup`; where the docs show its DELETE, the next run does.',
  };
}

/** Where a thing is, as far as anybody knows. */
export function placeOf({ url, ids, location, deleteUrl }: Created): string {
  return deleteUrl ?? location ?? (ids.length === 0 ? url : `${url} (${ids[0]!})`);
}

/** A target that is silent so often in a row is not asked again. */
const MOST_SILENCE = 3;

/** Why it could not be deleted; nothing where it is gone. */
async function tryDelete(
  { deleteUrl, account }: Created,
  target: Target,
  { timeout, signal = new AbortController().signal }: CleanUpOptions,
  state: { silent: number },
): Promise<string | undefined> {
  if (deleteUrl === undefined) return 'no documented DELETE reaches it';
  if (signal.aborted) return 'the time was up';
  if (state.silent >= MOST_SILENCE) return 'the target does not answer';
  try {
    const request = { method: 'DELETE', url: deleteUrl, headers: [] };
    const { status } = await sendWithin(sentBy(target, account), request, timeout, signal, { documented: [202] });
    state.silent = 0;
    return isGoneStatus(status) ? undefined : `DELETE was answered with ${status}`;
  } catch (error) {
    state.silent++;
    return `DELETE was not answered: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Things made below the URL of another one, by the number of that. */
function insideOf(things: readonly (readonly [number, Created])[]): ReadonlyMap<number, readonly number[]> {
  const byUrl = new Map<string, number>();
  const inside = new Map<number, number[]>();
  for (const [number, { url, deleteUrl, location }] of things) {
    const parts = url.split('?', 1)[0]!.split('/');
    for (let length = parts.length; length > 3; length--) {
      const parent = byUrl.get(parts.slice(0, length).join('/'));
      if (parent !== undefined) inside.set(parent, [...(inside.get(parent) ?? []), number]);
    }
    for (const own of [deleteUrl, location]) if (own !== undefined) byUrl.set(own, number);
  }
  return inside;
}

async function inTurn<T>(state: { free: number; waiting: (() => void)[] }, task: () => Promise<T>): Promise<T> {
  if (state.free > 0) state.free--;
  else await new Promise<void>((resolve) => state.waiting.push(resolve));
  try {
    return await task();
  } finally {
    const next = state.waiting.shift();
    if (next) next();
    else state.free++;
  }
}
