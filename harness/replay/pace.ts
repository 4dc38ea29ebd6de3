import type { Target } from '../model/http.ts';
import type { Clock } from './clock.ts';
import { slots } from './slots.ts';

/** How many requests a target takes. */
export interface Pace {
  /** At most so many in flight. */
  readonly concurrency?: number;
  /** A token bucket: so many a second, `burst` (1 where nothing is said) at once after a pause. */
  readonly rate?: { readonly perSecond: number; readonly burst?: number };
}

/** A target that is sent no more than it takes; the requests go in the order in which they came. */
export function paced(inner: Target, { concurrency = Infinity, rate }: Pace, clock: Clock): Target {
  const line = slots(concurrency);
  const bucket = rate && tokens(rate.perSecond, rate.burst ?? 1, clock);
  return {
    ...inner,
    async send(request, signal, hints) {
      const leave = await line.take(signal);
      try {
        await bucket?.(signal);
        return await inner.send(request, signal, hints);
      } finally {
        leave();
      }
    },
  };
}

/** Waits for the next token. Not a count but the time at which the next one is due, as in the generic cell rate algorithm. */
function tokens(perSecond: number, burst: number, clock: Clock): (signal: AbortSignal) => Promise<void> {
  const interval = 1000 / perSecond;
  let due = -Infinity;
  return async (signal) => {
    const now = clock.now();
    due = Math.max(due, now - (burst - 1) * interval);
    const wait = due - now;
    due += interval;
    if (wait > 0) await clock.sleep(wait, signal);
  };
}
