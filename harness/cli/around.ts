import type { Docs } from './docs.ts';
import type { Surroundings } from './scenarios.ts';

/** What lies beside the pages of docs. */
export function around({ docset, scope, known }: Docs): Surroundings {
  const { found = 0 } = docset.coverage.annotations.testparams ?? {};
  return {
    // Of a glob, or of single pages, nobody knows what belongs to them.
    ...(known.files === undefined ? { roots: [] } : { roots: scope.roots, files: known.files }),
    ...(found === 0
      ? {}
      : {
          embedded: async () =>
            (await import('../compile/scenarios/embedded.ts')).embeddedScenarios(scope.sources, docset.exchanges),
        }),
  };
}
