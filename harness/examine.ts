import { check, type CheckOptions } from './check/index.ts';
import { compareDocumented } from './compare/index.ts';
import type { Docset } from './model/docset.ts';
import { byPlace, finding, type Finding } from './model/finding.ts';
import { indexResources } from './model/resource.ts';

/** Holds the docs to themselves: the rules that need no answer, and each documented response judged as if it were one. No network. */
export function examine(docset: Docset, options: CheckOptions = {}): Finding[] {
  const resources = indexResources(docset.resources);
  const documented = docset.exchanges.flatMap((exchange) => compareDocumented(exchange, resources));
  return [...check(docset, options), ...documented.map((fact) => finding(fact))].sort(byPlace);
}
