import type { PagedExchange } from './fixture.ts';
import type { RequestMessage, ResponseMessage } from './http.ts';

/** What became of one exchange when it was replayed. Durations in milliseconds. No answer is not a wrong answer. */
export type Observation =
  | {
      readonly kind: 'answered';
      readonly exchange: PagedExchange;
      readonly sent: RequestMessage;
      readonly actual: ResponseMessage;
      readonly duration: number;
    }
  | {
      readonly kind: 'unanswered';
      readonly exchange: PagedExchange;
      readonly sent: RequestMessage;
      readonly cause: Error;
      readonly duration: number;
    }
  /** Not sent: a value or a permission is missing. Each entry names one: `value {id}`, `permission --allow-writes`. */
  | { readonly kind: 'blocked'; readonly exchange: PagedExchange; readonly missing: readonly string[] }
  | { readonly kind: 'skipped'; readonly exchange: PagedExchange };
