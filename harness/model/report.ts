import type { AnnotationTally } from './annotation.ts';
import type { Finding } from './finding.ts';
import type { PagedExchange } from './fixture.ts';
import type { RequestMessage, ResponseMessage } from './http.ts';
import type { RuleId } from './rules.ts';

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
  /** Which part of a run it is of, where the run was parted. */
  readonly shard?: Shard;
  readonly summary: Summary;
  readonly coverage: Coverage;
  readonly exchanges: readonly ExchangeResult[];
  readonly findings: readonly Finding[];
}

/** A part of a run; `index` counts from 1. */
export interface Shard {
  readonly index: number;
  readonly total: number;
  /** How many exchanges all parts have. */
  readonly exchanges?: number;
  /** Equal for parts of one whole: of the same exchanges, cut in the same way. */
  readonly cut?: string;
  /** Findings of the whole run (a suppression or a comment that is for nothing) as far as this part can tell: they are some if every part tells them. */
  readonly pending?: readonly Finding[];
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
  /** The name of the account that asked, where the target has several. */
  readonly account?: string;
  /** Of a step that is reported under an id of its own. */
  readonly scenario?: StepOrigin;
}

/** Whose step it is. */
export interface StepOrigin {
  /** Of the scenario. */
  readonly id: string;
  /** Where the name of the scenario stands. */
  readonly line: number;
  /** The number of the step, from 1. */
  readonly step: number;
  /** The id of the exchange whose promise the step is held to, where it is held to one. */
  readonly documented?: string;
}

/** What a reporter may show beyond the report itself: promise and answer of an exchange, and the lines of a page. */
export interface ReportContext {
  /** Kept for every exchange that does not conform; absent for the others. */
  detail(exchangeId: string): ExchangeDetail | undefined;
  /** The lines of a source file without line ends, or nothing where it cannot be read. */
  lines(file: string): readonly string[] | undefined;
  /** The line end of a line as it is written, or of the one before where it has none; nothing where the file cannot be read. */
  lineEnd?(file: string, line: number): string | undefined;
  /** Where the reports are written, relative to the working directory, forward slashes. */
  readonly folder: string;
  /** Files that other reporters of this run write, by reporter name, as paths for people. */
  readonly written: Readonly<Record<string, string>>;
  /** The working directory below the root of the repository, forward slashes; empty where they are the same. */
  readonly base?: string;
  /** Does a finding stand on a line that was changed? Absent where nobody knows. */
  readonly changed?: (finding: Finding) => boolean;
  /** The page of a rule, in markdown. */
  readonly rulePage?: (rule: RuleId) => string | undefined;
  /** What the process will end with. */
  readonly exitCode?: number;
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  readonly verbose: boolean;
  /** When it is written, ISO 8601; files that are to be the same for the same docs do not say it. */
  readonly at?: string;
  /** The working directory, absolute, where links for editors may name it: not in a report that others open. */
  readonly root?: string;
  /** What stands before the path of a file on the web: `https://git.example.com/o/r/blob/main`. */
  readonly repository?: string;
  /** The earlier report that this one is held against. */
  readonly baseline?: Baseline;
  /** Earlier runs, oldest first, this one last. */
  readonly history?: readonly Trend[];
  /** What answers held of the documented types. */
  readonly seen?: readonly SeenType[];
  /** The forms of request that the docs document. */
  readonly operations?: () => readonly Operation[];
  /** The last net: takes secrets out of text that is not seen as text once it is written, such as what is compressed. */
  redacted?(text: string): string;
}

export interface ExchangeDetail {
  readonly exchange: PagedExchange;
  readonly sent?: RequestMessage;
  readonly actual?: ResponseMessage;
  /** Where the values came from that stand in what was sent. */
  readonly origins?: readonly ValueOrigin[];
}

/** Where a value of a request came from, for people. */
export interface ValueOrigin {
  /** The placeholder or literal it stands for. */
  readonly for: string;
  readonly kind: 'config' | 'environment' | 'generated' | 'capture' | 'link' | 'literal';
  /** The variable, the type, or `pointer of exchange`. */
  readonly from?: string;
}

/** How the findings of a report compare with those of an earlier one, by fingerprint. */
export interface Baseline {
  /** The earlier report, for people. */
  readonly name: string;
  readonly summary: Summary;
  /** Fingerprints of findings that the earlier one did not have. */
  readonly appeared: readonly string[];
  /** These findings themselves: of two with one fingerprint only one may be new. */
  readonly news?: ReadonlySet<Finding>;
  /** Findings that only the earlier one has. */
  readonly vanished: readonly Finding[];
}

/** One run in the history. */
export interface Trend {
  /** When it ended, ISO 8601. */
  readonly at: string;
  readonly summary: Summary;
}

/** What answers held of a documented type. */
export interface SeenType {
  readonly name: string;
  /** The page that documents it. */
  readonly page: string;
  /** How many objects of the type were looked at. */
  readonly objects: number;
  /** Its documented properties, each with the number of objects that held it. */
  readonly properties: readonly { readonly name: string; readonly seen: number; readonly isRelationship?: boolean }[];
}

/** A documented form of request, and the exchanges that are examples of it. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly file: string;
  readonly line: number;
  readonly exchangeIds: readonly string[];
}

/** A reporter: from a report to the content of one file (or of the terminal). It never writes itself. */
export interface Reporter {
  readonly name: string;
  /** Its file in the reports folder; absent for reporters of the terminal. */
  readonly file?: string;
  /** Has all it writes been through `redacted` already? Then its text is not to be changed: it vouches for itself by hash. */
  readonly isSealed?: boolean;
  /** Does each piece of its text stand for itself, no word running from one into the next? Then nobody needs to hold the whole. */
  readonly inPieces?: boolean;
  render(report: Report, context: ReportContext): Iterable<string>;
}
