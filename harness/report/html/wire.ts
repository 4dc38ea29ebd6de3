import type { Attempt } from '../../model/http.ts';
import type { Baseline, Operation, Report, SeenType, Trend, ValueOrigin } from '../../model/report.ts';

/** What the app unpacks first: all that lists, filters and charts need. */
export interface Head {
  readonly report: Report;
  /** Every rule that was broken: its promise, and its page in markdown where there is one. */
  readonly rules: Readonly<Record<string, { readonly summary: string; readonly page?: string }>>;
  /** The resource type of an exchange, by its id, where one is known. */
  readonly types: Readonly<Record<string, string>>;
  /** The exchanges that details are kept of, by their number in the report. */
  readonly detailed: readonly number[];
  readonly written: Readonly<Record<string, string>>;
  /** When it was written, ISO 8601. */
  readonly at?: string;
  readonly root?: string;
  readonly repository?: string;
  readonly baseline?: Baseline;
  readonly history?: readonly Trend[];
  readonly seen?: readonly SeenType[];
  readonly operations?: readonly Operation[];
}

/** So many exchanges, or findings, share one chunk of details. */
export const CHUNK = 100;

/** The ids of the elements that hold packed data. */
export const HEAD_ID = 'head';

/** The id of the element with the details of these exchanges or findings. */
export function chunkId(kind: 'exchange' | 'finding', number: number): string {
  return `${kind}-${Math.floor(number / CHUNK)}`;
}

/** A chunk: by the number of the exchange or finding. */
export type Chunk<T> = Readonly<Record<string, T>>;

/** What is told of one exchange beyond its line in the report. */
export interface ExchangeEntry {
  /** The request, as it was sent, else as it is documented. */
  readonly request: Lines;
  readonly isSent: boolean;
  /** A command line that sends it again; `$TOKEN` stands for credentials. */
  readonly curl: string;
  /** The promise that the answer was judged by, beside it. */
  readonly judged: Sides;
  /** Other responses that are documented. */
  readonly others: readonly { readonly line: number; readonly lines: Lines }[];
  /** The file and line of the request. */
  readonly attempts?: readonly Attempt[];
  readonly origins?: readonly ValueOrigin[];
}

/** A message as lines, and how many characters of it are left out. */
export interface Lines {
  readonly lines: readonly string[];
  readonly left?: number;
}

/** Promise and answer, line by line. */
export interface Sides {
  readonly rows: readonly Row[];
  /** The type of the body, as documented. */
  readonly type?: string;
  readonly hasAnswer: boolean;
}

/**
 * A line of the promise and the line of the answer it is held against. `gap`: so many lines are left out of the report here.
 */
export interface Row {
  readonly promised?: string;
  readonly actual?: string;
  /** The line in the page, of the promised one. */
  readonly line?: number;
  /** How they differ: `varies` is allowed. */
  readonly state?: 'changed' | 'missing' | 'extra' | 'varies';
  /** Findings that are about this line, by their number in the report. */
  readonly findings?: readonly number[];
  readonly gap?: number;
  /** So many of the lines of a gap do differ, and there was no room for them. */
  readonly differing?: number;
}

/** Lines of a page around a finding. */
export type PageLines = readonly PageLine[];

/** A line of a page: in whole, or the part around the columns in question. */
export interface PageLine {
  readonly number: number;
  readonly text: string;
  /** UTF-16 units of `text` that the finding is about, `end` exclusive. */
  readonly mark?: readonly [start: number, end: number];
}
