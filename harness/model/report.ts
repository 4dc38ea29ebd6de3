import type { AnnotationTally } from './annotation.ts';
import type { Finding } from './finding.ts';
import type { PagedExchange } from './fixture.ts';
import type { RequestMessage, ResponseMessage } from './http.ts';

/** The `schemaVersion` of `report.json`. */
export const REPORT_VERSION = 1;

export type Outcome = 'conforms' | 'differs' | 'unanswered' | 'blocked' | 'skipped';

/** The content of `report.json`; its JSON Schema is published as `docwright/schemas/report.schema.json`. */
export interface Report {
  readonly schemaVersion: typeof REPORT_VERSION;
  readonly tool: { readonly name: string; readonly version: string };
  /** `run`, `compile`, `check` or `replay`. */
  readonly command: string;
  /** `mock`, a base URL, or `none` where nothing is sent. */
  readonly target: string;
  readonly summary: Summary;
  readonly coverage: Coverage;
  readonly exchanges: readonly ExchangeResult[];
  readonly findings: readonly Finding[];
}

/** Counts; the five outcomes add up to `exchanges`. `unseen`: documented responses that no answer met. */
export interface Summary {
  readonly exchanges: number;
  readonly conforming: number;
  readonly differing: number;
  readonly unanswered: number;
  readonly blocked: number;
  readonly skipped: number;
  readonly flaky: number;
  readonly unseen: number;
  /** Suppressed findings are not counted here. */
  readonly findings: { readonly error: number; readonly warning: number; readonly note: number };
  readonly suppressed: number;
}

/** What was read: pages, and the annotations by `blockType` in lower case. */
export interface Coverage {
  readonly files: number;
  readonly annotations: Readonly<Record<string, AnnotationTally>>;
}

/** One exchange in a report. `line` is that of its request line. */
export interface ExchangeResult {
  readonly id: string;
  readonly title: string;
  readonly file: string;
  readonly line: number;
  readonly request: { readonly method: string; readonly url: string };
  readonly outcome: Outcome;
  /** `status` is that of the response the answer was judged by, else of the first; `statuses` are all documented ones. */
  readonly expected: { readonly status: number; readonly statuses: readonly number[] };
  readonly actual?: { readonly status: number };
  readonly durationMs?: number;
  readonly flaky?: boolean;
}

/** What a reporter may show beyond the report itself: promise and answer of an exchange, and the lines of a page. */
export interface ReportContext {
  /** Kept for every exchange that does not conform; absent for the others. */
  detail(exchangeId: string): ExchangeDetail | undefined;
  /** The lines of a source file without line ends, or nothing where it cannot be read. */
  lines(file: string): readonly string[] | undefined;
  /** Where the reports are written, relative to the working directory, forward slashes. */
  readonly folder: string;
  /** Files that other reporters of this run write, by reporter name, as paths for people. */
  readonly written: Readonly<Record<string, string>>;
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  readonly verbose: boolean;
}

export interface ExchangeDetail {
  readonly exchange: PagedExchange;
  readonly sent?: RequestMessage;
  readonly actual?: ResponseMessage;
}

/** A reporter: from a report to the content of one file (or of the terminal). It never writes itself. */
export interface Reporter {
  readonly name: string;
  /** Its file in the reports folder; absent for reporters of the terminal. */
  readonly file?: string;
  render(report: Report, context: ReportContext): Iterable<string>;
}
