import { checkTypes, togetherIn, type CheckOptions } from './check/index.ts';
import { wholeOf } from './check/part.ts';
import { requestResources } from './compare/index.ts';
import { agreedIn } from './examine/agreed.ts';
import { judge } from './examine/judge.ts';
import type { Kept } from './examine/kept.ts';
import { examinePages, foundOn, type Examined } from './examine/pages.ts';
import type { Docset } from './model/docset.ts';
import { byPlace, distinct, type Finding } from './model/finding.ts';
import { indexResources } from './model/resource.ts';

/**
 * Holds the docs to themselves: the rules that need no answer, and each documented message judged as if it were sent. No network. With
 * `kept`, what an earlier run kept there, only pages are judged of which that may have changed something.
 */
export function examine(docset: Docset, options: CheckOptions = {}, kept?: Kept): Finding[] {
  return examineAll(docset, options, kept).findings;
}

/** What was found in all pages, and what is known of each. */
export interface Examination {
  readonly findings: Finding[];
  readonly examined: Examined | undefined;
}

/** The same, with what is known of the pages one by one, where anything is; `last` is what was known of them when they were looked at last. */
export function examineAll(
  docset: Docset,
  options: CheckOptions,
  kept: Kept | undefined,
  last?: Examined,
): Examination {
  const examined = kept && examinePages(docset, options, kept, last);
  const found =
    examined === undefined
      ? whole(docset, options)
      : [...foundOn(examined, examined.sheets.pages.keys()), ...examined.together];
  return { findings: distinct(found).sort(byPlace), examined };
}

/** All pages as one. */
function whole(docset: Docset, options: CheckOptions): Finding[] {
  const part = wholeOf(docset, options);
  const ofTypes = checkTypes(part, options);
  const agreed = agreedIn(docset.resources, [...docset.findings, ...ofTypes]);
  const responses = indexResources(agreed);
  const bases = new Set(agreed.map(({ baseType }) => baseType?.toLowerCase()));
  const ofPages = judge(part, { responses, requests: requestResources(responses, bases) }, options);
  return [...ofPages, ...ofTypes, ...togetherIn(part)];
}
