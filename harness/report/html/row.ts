import type { PromisedResponse } from '../../model/fixture.ts';
import type { Row } from './wire.ts';

/** Numbers of findings by pointer; those that no line stands for go to the nearest line above. */
export interface About {
  /** The findings about this pointer, which are then told of. */
  take(pointer: string): readonly number[];
  /** Findings that nobody took whose pointer is below this one, or that have none below it. */
  rest(pointer: string): readonly number[];
}

/** A row with the sides there are. */
export function both(promised: string | undefined, actual: string | undefined): Row {
  return { ...(promised === undefined ? {} : { promised }), ...(actual === undefined ? {} : { actual }) };
}

/** The line of the page, where the response stands in the page itself. */
export function lineOf(promised: PromisedResponse | undefined, at: number | undefined): { readonly line?: number } {
  return promised === undefined || at === undefined ? {} : { line: promised.block.line + at };
}
