import type { Coverage, Report } from './report.ts';

/** The `schemaVersion` of what `docwright print --json` says. */
export const PRINT_VERSION = 1;

/** What was understood of the docs: the content of `docwright print --json`. A part that was not asked for is absent. */
export interface Understood {
  readonly schemaVersion: typeof PRINT_VERSION;
  readonly tool: Report['tool'];
  readonly files?: readonly UnderstoodFile[];
  readonly exchanges?: readonly UnderstoodExchange[];
  readonly resources?: readonly UnderstoodResource[];
}

/** A page that was read. */
export interface UnderstoodFile {
  /** Relative to the working directory, forward slashes. */
  readonly file: string;
  readonly title?: string;
  /** By `blockType` in lower case, as in the coverage of a report. */
  readonly annotations: Coverage['annotations'];
  readonly exchanges: number;
  readonly resources: number;
  /** What was found while it was read. */
  readonly findings: { readonly error: number; readonly warning: number; readonly note: number };
}

/** Where something stands; lines and columns count from 1. */
export interface UnderstoodPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A message of an exchange at its first line. */
interface UnderstoodMessage extends UnderstoodPlace {
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly body: 'empty' | 'json' | 'text' | 'multipart' | 'placeholder';
  readonly type?: string;
  /** What matchers of its annotation say, in the order of the docs. */
  readonly matchers?: readonly { readonly pointer: string; readonly expected: string }[];
}

/** A request with its responses. */
export interface UnderstoodExchange {
  readonly id: string;
  readonly name?: string;
  readonly title: string;
  /** The page. */
  readonly file: string;
  readonly request: UnderstoodMessage & {
    readonly method: string;
    readonly url: string;
    readonly readAs?: string;
    readonly template?: string;
  };
  readonly responses: readonly (UnderstoodMessage & { readonly status: number; readonly isCollection?: boolean })[];
}

/** A documented type. */
export interface UnderstoodResource extends UnderstoodPlace {
  readonly name: string;
  readonly baseType?: string;
  readonly keyProperty?: string;
  readonly openType?: boolean;
  readonly abstract?: boolean;
  readonly properties: readonly UnderstoodProperty[];
}

/** A property of a type, or of an object that has none. */
export interface UnderstoodProperty extends UnderstoodPlace {
  readonly name: string;
  readonly type?: string;
  readonly isCollection?: boolean;
  readonly optional?: boolean;
  readonly nullable?: boolean;
  readonly navigation?: boolean;
  readonly values?: readonly string[];
  readonly properties?: readonly UnderstoodProperty[];
}
