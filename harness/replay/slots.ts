/** A line that lets so many pass at a time, in the order in which they came. */
export interface Slots {
  /** Waits for a place; gives what hands it on. Rejects with the signal's reason when that is aborted first. */
  take(signal: AbortSignal): Promise<() => void>;
  /** How many may pass from now on. */
  resize(size: number): void;
}

/** A line for `size` at a time; `Infinity` is a size. */
export function slots(size: number): Slots {
  const waiting: (() => void)[] = [];
  let running = 0;
  let most = size;
  const admit = (): void => {
    while (running < most && waiting.length > 0) {
      running++;
      waiting.shift()!();
    }
  };
  return {
    take: (signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        let left = false;
        const leave = (): void => {
          if (left) return;
          left = true;
          running--;
          admit();
        };
        const pass = (): void => {
          signal.removeEventListener('abort', onAbort);
          resolve(leave);
        };
        const onAbort = (): void => {
          waiting.splice(waiting.indexOf(pass), 1);
          reject(signal.reason as Error);
        };
        signal.addEventListener('abort', onAbort, { once: true });
        waiting.push(pass);
        admit();
      }),
    resize(next) {
      most = next;
      admit();
    },
  };
}
