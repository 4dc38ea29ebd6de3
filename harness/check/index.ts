import type { Docset } from '../model/docset.ts';
import { byPlace, finding, type Fact, type Finding } from '../model/finding.ts';
import { contentLength } from './content-length.ts';
import { links } from './links.ts';
import { sameRequest } from './same-request.ts';
import { templates } from './templates.ts';
import { todos } from './todos.ts';
import { types } from './types.ts';

/** What the docs say of themselves without an answer at hand: one function a family of rules. */
const checks: readonly ((docset: Docset) => Iterable<Fact>)[] = [
  types,
  templates,
  sameRequest,
  contentLength,
  links,
  todos,
];

/** Holds the docs to themselves; no network. */
export function check(docset: Docset): Finding[] {
  return checks
    .flatMap((each) => [...each(docset)])
    .map((fact) => finding(fact))
    .sort(byPlace);
}
