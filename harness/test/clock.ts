import type { Clock } from '../replay/clock.ts';

/** Time that passes only where it is slept, at once. */
export interface FakeClock extends Clock {
  /** Every wait, in milliseconds, in the order in which they began. */
  readonly slept: readonly number[];
}

/** A clock that stands at 2026-01-01T00:00:00Z; chance is always a half. */
export function fakeClock(): FakeClock {
  const slept: number[] = [];
  const sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  let now = Date.UTC(2026, 0, 1);
  let isTurning = false;
  /** Wakes who is due next, when all who run have come to rest. */
  const turn = (): void => {
    isTurning = false;
    const next = sleepers.sort((a, b) => a.until - b.until).shift();
    if (next === undefined) return;
    now = Math.max(now, next.until);
    next.wake();
    arrange();
  };
  const arrange = (): void => {
    if (isTurning || sleepers.length === 0) return;
    isTurning = true;
    setTimeout(turn, 1);
  };
  return {
    slept,
    now: () => now,
    random: () => 0.5,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        slept.push(milliseconds);
        const onAbort = (): void => reject(signal.reason as Error);
        const wake = (): void => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        };
        signal.addEventListener('abort', onAbort, { once: true });
        sleepers.push({ until: now + milliseconds, wake });
        arrange();
      }),
  };
}
