import type { Disable } from '../model/disable.ts';
import type { Finding } from '../model/finding.ts';
import type { PagedExchange } from '../model/fixture.ts';
import type { ExchangeResult, Shard } from '../model/report.ts';
import type { Changed } from './changed.ts';
import type { Docs } from './docs.ts';

/** What it takes to decide which findings count. */
export interface Judging {
  /** Every finding there is, where `findings` are only those that are asked for. */
  readonly all?: readonly Finding[];
  /** Those that are about answers. */
  readonly answers?: readonly Finding[];
  readonly disables?: readonly Disable[];
  /** Every page there is, whether it was asked for or not: entries of pages that are nowhere have moved. */
  readonly pages?: Iterable<{ readonly file: string; readonly page: string }>;
  /** Files that pages include, which may be no pages themselves. */
  readonly included?: () => Iterable<string>;
  /** Every exchange there is; the same goes for entries of others. */
  readonly promised?: readonly Pick<PagedExchange, 'file' | 'id'>[];
  /** The pages that were looked at, where all others have of what is suppressed what they had. */
  readonly looked?: ReadonlySet<string>;
  /** Where only what a change has caused is told: the same goes for comments and entries that are for nothing. */
  readonly changed?: Pick<Changed, 'before' | 'files' | 'isTouched'>;
  /** What was looked for: all that the docs say of themselves (on these pages), every exchange. What was not is neither unused nor stale. */
  readonly complete?: { readonly docs: boolean | ReadonlySet<string>; readonly answers: boolean };
}

/** The same of docs that were read as a whole, and everything that was found in them. */
export function judging({ docset, selection, scope }: Docs, all: readonly Finding[], sent?: SentAndJudged): Judging {
  const isWhole = selection.exchanges.length === docset.exchanges.length;
  return {
    all,
    pages: scope.sources,
    included: () => docset.pages.flatMap(({ includes }) => includes),
    promised: docset.exchanges,
    complete: { docs: selection.files ?? isWhole, answers: isWhole && sent !== undefined && isDone(sent) },
    ...(sent === undefined ? {} : { answers: sent.findings }),
    ...(docset.disables === undefined ? {} : { disables: docset.disables }),
  };
}

interface SentAndJudged {
  readonly results: readonly ExchangeResult[];
  readonly findings: readonly Finding[];
}

/** Was everything asked for, and nothing left out for a signal, a time limit or too many failures? */
export function isDone({ results }: Pick<SentAndJudged, 'results'>): boolean {
  return results.every(({ outcome }) => outcome !== 'skipped');
}

/** What was found, with all that. */
export interface Judged extends Judging {
  readonly findings: readonly Finding[];
  readonly exchanges: readonly ExchangeResult[];
  readonly target: string;
  readonly shard?: Shard;
}

/** Nothing was looked for as a whole. */
export const INCOMPLETE = { docs: false, answers: false };
