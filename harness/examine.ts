import { check, requestTypes, type CheckOptions } from './check/index.ts';
import { compareDocumented, compareRequest, requestResources } from './compare/index.ts';
import type { Docset } from './model/docset.ts';
import { byPlace, finding, type Finding } from './model/finding.ts';
import { indexResources } from './model/resource.ts';

/** Holds the docs to themselves: the rules that need no answer, and each documented message judged as if it were sent. No network. */
export function examine(docset: Docset, options: CheckOptions = {}): Finding[] {
  const resources = indexResources(docset.resources);
  const forRequests = requestResources(docset.resources);
  const typeOf = requestTypes(docset);
  const documented = docset.exchanges.flatMap((exchange) => [
    ...compareRequest(exchange, forRequests, typeOf(exchange)),
    ...compareDocumented(exchange, resources),
  ]);
  return [...check(docset, options), ...documented.map((fact) => finding(fact))].sort(byPlace);
}
