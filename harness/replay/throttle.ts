import type { Clock } from './clock.ts';
import { slots } from './slots.ts';

/** What stands between all requests and a target that asked for rest. */
export interface Throttle {
  /** Waits until requests may go again; what it gives is told when this one has come back, and whether all went well. */
  enter(signal: AbortSignal): Promise<Leave>;
  /** Nobody goes for so many milliseconds; after that one goes, then two, then four at a time, as long as it goes well. */
  rest(milliseconds: number): void;
}

export type Leave = (well: boolean) => void;

/** A throttle that is open at first, when entering costs nothing. */
export function throttle(clock: Clock): Throttle {
  const line = slots(Infinity);
  let until = 0;
  let most = Infinity;
  let rests = 0;
  /** What went before the last rest says nothing of how it goes since. */
  const told = (well: boolean, entered: number): void => {
    if (!well || most === Infinity || entered !== rests) return;
    most = most >= WIDE ? Infinity : most + 1;
    line.resize(most);
  };
  return {
    async enter(signal) {
      if (most === Infinity) {
        const entered = rests;
        return (well) => told(well, entered);
      }
      const leave = await line.take(signal);
      try {
        // Asked again after each wait: another request for rest may have come meanwhile.
        for (let wait = until - clock.now(); wait > 0; wait = until - clock.now()) await clock.sleep(wait, signal);
      } catch (error) {
        leave();
        throw error;
      }
      const entered = rests;
      return (well) => {
        told(well, entered);
        leave();
      };
    },
    rest(milliseconds) {
      until = Math.max(until, clock.now() + milliseconds);
      most = 1;
      rests++;
      line.resize(most);
    },
  };
}

/** So many at a time are as good as no limit. */
const WIDE = 64;
