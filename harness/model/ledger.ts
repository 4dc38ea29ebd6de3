/** Something that a run created on a live target, or may have. */
export interface Created {
  readonly exchangeId: string;
  readonly method: string;
  /** Where the creating request went. */
  readonly url: string;
  /** Which account of the target asked, where it has several; the same deletes. */
  readonly account?: string;
  /** What names it: the id its answer shows, the last segment of its `Location`. Empty while no answer has come. */
  readonly ids: readonly string[];
  /** Those of them that the creating request itself sent. */
  readonly echoed?: readonly string[];
  /** Its own URL, where the answer says so. */
  readonly location?: string;
  /** Where a DELETE removes it, as far as the docs tell. */
  readonly deleteUrl?: string;
  /** ISO 8601. */
  readonly at: string;
  /** `asked`: no answer said whether it was created. `none`: it was not. `left`: a run ended and could not delete it. */
  readonly state: 'asked' | 'none' | 'there' | 'deleted' | 'left';
}

/** One line of a ledger file. The last word on a creation, by its `number`, counts. */
export type LedgerLine =
  | {
      readonly kind: 'run';
      readonly schemaVersion: typeof LEDGER_VERSION;
      /** As the target was named: a name of the config, or its URL without credentials. */
      readonly target: string;
      /** Nothing but this is ever cleaned up from here. */
      readonly origin: string;
      readonly pid: number;
      readonly at: string;
    }
  | { readonly kind: 'created'; readonly number: number; readonly created: Created }
  /** The run came to its end, by itself or by a signal. */
  | { readonly kind: 'end' };

/** The `schemaVersion` of ledger files. */
export const LEDGER_VERSION = 1;

/** Takes the lines of a ledger as they happen; what it was given outlives the process. */
export interface LedgerFile {
  append(line: Exclude<LedgerLine, { readonly kind: 'run' }>): void;
}

/** Is there nothing (any more) to delete? */
export function isGone({ state }: Created): boolean {
  return state === 'deleted' || state === 'none';
}
