import { checkTypes, togetherIn, type CheckOptions } from './check/index.ts';
import { wholeOf } from './check/part.ts';
import { requestResources } from './compare/index.ts';
import { agreedIn } from './examine/agreed.ts';
import { judge } from './examine/judge.ts';
import type { Kept } from './examine/kept.ts';
import { examinePages, foundOn } from './examine/pages.ts';
import type { Docset } from './model/docset.ts';
import { byPlace, type Finding } from './model/finding.ts';
import { indexResources } from './model/resource.ts';

/**
 * Holds the docs to themselves: the rules that need no answer, and each documented message judged as if it were sent. No network. With
 * `kept`, what an earlier run kept there, only pages are judged of which that may have changed something.
 */
export function examine(docset: Docset, options: CheckOptions = {}, kept?: Kept): Finding[] {
  const examined = kept && examinePages(docset, options, kept);
  const found =
    examined === undefined
      ? whole(docset, options)
      : [...foundOn(examined, examined.sheets.pages.keys()), ...examined.together];
  return distinct(found).sort(byPlace);
}

/** All pages as one. */
function whole(docset: Docset, options: CheckOptions): Finding[] {
  const part = wholeOf(docset, options.files);
  const ofTypes = checkTypes(part, options);
  const agreed = agreedIn(docset.resources, [...docset.findings, ...ofTypes]);
  const responses = indexResources(agreed);
  const bases = new Set(agreed.map(({ baseType }) => baseType?.toLowerCase()));
  const ofPages = judge(part, { responses, requests: requestResources(responses, bases) }, options);
  return [...ofPages, ...ofTypes, ...togetherIn(part)];
}

/** What several exchanges share, such as a response, is told once. */
function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ ruleId, file, line, column, pointer, reason }) => {
    // Made by hand, for there are thousands; no path holds a NUL.
    const key = `${ruleId} ${line} ${column} ${pointer?.length} ${file}\0${pointer ?? ''}${reason}`;
    return seen.size < seen.add(key).size;
  });
}
