import { toMatchDocs as matchDocs, type SuiteOptions } from '../cli/door.ts';

/** A matcher for `expect.extend` of Vitest, Jest and others: does a Fetch `Response` keep what is documented of an exchange? */
export const toMatchDocs = matchDocs;

/** What to declare of `expect`: `interface Matchers<T> extends DocsMatchers<Promise<void>> {}`. */
export interface DocsMatchers<Result> {
  /** Does the response keep what is documented of the exchange of this name or id? */
  toMatchDocs(name: string, options?: SuiteOptions): Result;
}
