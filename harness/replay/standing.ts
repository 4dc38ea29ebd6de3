import type { RequestMessage } from '../model/http.ts';

/** Whether a service takes an account, as far as its answers tell. */
export interface Standing {
  /** Hears of an answer to the account, unless that is a 401 that the docs promise. */
  heard(request: Pick<RequestMessage, 'method' | 'url' | 'body'>, status: number): void;
  /** Notes that the account cannot be had any more, and why. */
  lost(cause: unknown): void;
  /** Is there no use in asking on? */
  isOut(): boolean;
  /** Has it been refused: lost, again and again at last, or whenever it was used? */
  isRefused(): boolean;
  /** Why it could not be had any more; nothing where it was not lost. */
  why(): string | undefined;
}

/** Different requests answered with 401 in a row, until an account counts as refused: one that has not worked yet, and one that has. */
const [MOST_AT_FIRST, MOST_LATER] = [3, 10];

/** The standing of one account. A 401 to a single request may be about that one, where a service means 403. */
export function standingOf(): Standing {
  const inARow = new Set<string>();
  let hasWorked = false;
  let isOut = false;
  let why: string | undefined;
  return {
    heard({ method, url, body }, status) {
      if (status === 401) {
        // Asked twice, a request says no more than once.
        inARow.add(`${method} ${url} ${body?.length ?? 0}`);
        isOut ||= inARow.size >= (hasWorked ? MOST_LATER : MOST_AT_FIRST);
      } else if (status < 400) {
        // A 404 or 503 may come before anybody has looked at who asks.
        hasWorked = true;
        inARow.clear();
      }
    },
    lost(cause) {
      isOut = true;
      why ??= cause instanceof Error ? cause.message : String(cause);
    },
    isOut: () => isOut,
    isRefused: () => isOut || (!hasWorked && inARow.size > 0),
    why: () => why,
  };
}
