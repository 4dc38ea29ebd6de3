import type { PagedExchange } from './fixture.ts';
import type { RequestMessage, ResponseMessage } from './http.ts';
import type { ValueOrigin } from './report.ts';

/** What became of one exchange when it was replayed. Durations in milliseconds. No answer is not a wrong answer. */
export type Observation =
  | {
      readonly kind: 'answered';
      readonly exchange: PagedExchange;
      readonly sent: RequestMessage;
      readonly actual: ResponseMessage;
      readonly duration: number;
      /** Who asked, where the target has several accounts. */
      readonly account?: string;
      /** Where the values came from that stand in what was sent; absent where it was sent as documented. */
      readonly origins?: readonly ValueOrigin[];
      /** How the operation ended that the answer says has begun. */
      readonly operation?: Operation;
      /** Further pages of the collection in the answer. */
      readonly further?: readonly FurtherPage[];
    }
  | {
      readonly kind: 'unanswered';
      readonly exchange: PagedExchange;
      readonly sent: RequestMessage;
      readonly cause: Error;
      readonly duration: number;
      readonly account?: string;
      readonly origins?: readonly ValueOrigin[];
    }
  /** Not sent: a value or a permission is missing. Each entry names one: `value {id}`, `permission --allow-writes`. */
  | { readonly kind: 'blocked'; readonly exchange: PagedExchange; readonly missing: readonly string[] }
  /** The recording that is judged holds no answer to it; the cause says what it lacks. */
  | { readonly kind: 'unrecorded'; readonly exchange: PagedExchange; readonly cause: Error }
  | { readonly kind: 'skipped'; readonly exchange: PagedExchange }
  /** Known from the interrupted run that is gone on with: not sent. */
  | { readonly kind: 'recalled'; readonly exchange: PagedExchange };

/** A long-running operation (RFC 9110, 15.3.3), followed from its `202` to its end or as far as it could be. */
export interface Operation {
  /** `refused`: its URL may not be contacted. `unfinished`: the time was up. `unrecorded`: the recording that is judged holds nothing of it. */
  readonly state: 'succeeded' | 'failed' | 'unfinished' | 'refused' | 'unrecorded';
  /** In words for people: what was seen last, what is missing. Not for `succeeded`. */
  readonly reason?: string;
  /** How often it was asked after. */
  readonly polls: number;
}

/** A further page of a collection: its answer, or why there is none. `number` counts from 2. */
export type FurtherPage =
  | {
      readonly kind: 'answered';
      readonly number: number;
      readonly sent: RequestMessage;
      readonly actual: ResponseMessage;
    }
  | { readonly kind: 'unanswered'; readonly number: number; readonly cause: Error }
  | { readonly kind: 'blocked'; readonly number: number; readonly missing: string }
  | { readonly kind: 'unrecorded'; readonly number: number; readonly cause: Error };
