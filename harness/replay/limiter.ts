/** Runs a task when there is a place for it. */
export type Limit = <T>(task: () => Promise<T>) => Promise<T>;

/** Runs at most `size` tasks at once, in the order they were given. */
export function limiter(size: number): Limit {
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
