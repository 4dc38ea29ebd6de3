import type { Trend } from './report.ts';

/** The `schemaVersion` of a line in the history. */
export const HISTORY_VERSION = 1;

/** So many runs are remembered. */
export const MOST_HISTORY = 500;

/** A whole run, as one line of JSON in `.docwright/history.jsonl`. */
export interface HistoryEntry extends Trend {
  readonly schemaVersion: typeof HISTORY_VERSION;
  readonly command: string;
  readonly target: string;
  /** The docs as they were named. */
  readonly docs: readonly string[];
}
