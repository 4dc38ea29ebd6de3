import type { PagedExchange } from '../../model/fixture.ts';
import type { RequestMessage, ResponseMessage } from '../../model/http.ts';
import { lastId } from '../flow/paths.ts';
import { isGoneStatus, type Things } from '../flow/things.ts';

/** What one scenario creates and deletes, in the ledger of its run. */
export interface ScenarioThings {
  /** Writes down that a request that may create something goes out. */
  asked(exchange: PagedExchange, request: RequestMessage, account?: string): number | undefined;
  answered(number: number | undefined, exchange: PagedExchange, request: RequestMessage, actual: ResponseMessage): void;
  /** What is there and nobody knows where to delete, by its number. */
  homeless(): readonly (readonly [number: number, ids: readonly string[]])[];
  /** It was not sent after all. */
  refused(number: number | undefined): void;
}

/** Keeps the ledger for a scenario: what it deletes by the id of what it created is gone, wherever the service has both. */
export function thingsOfScenario(things: Things): ScenarioThings {
  const own = new Set<number>();
  return {
    asked(exchange, request, account) {
      const number = things.asked(exchange, request, account);
      if (number !== undefined) own.add(number);
      return number;
    },
    answered(number, exchange, request, actual) {
      if (number !== undefined) return things.answered(number, exchange, request, actual);
      things.deleted(request, actual);
      if (request.method.toUpperCase() !== 'DELETE' || !isGoneStatus(actual.status)) return;
      const id = lastId(request.url);
      for (const each of own) {
        const created = things.all.get(each)!;
        if (created.state === 'there' && id !== undefined && created.ids.includes(id)) things.settle(each, 'deleted');
      }
    },
    homeless: () =>
      [...own].flatMap((number) => {
        const { state, deleteUrl, ids } = things.all.get(number)!;
        return state === 'there' && deleteUrl === undefined ? [[number, ids] as const] : [];
      }),
    refused(number) {
      if (number !== undefined) things.settle(number, 'none');
    },
  };
}
