import { checkAlone, checkMendable } from '../check/index.ts';
import type { Examined } from '../examine/pages.ts';
import { byPlace, type Finding } from '../model/finding.ts';
import { operationsOf } from '../model/operations.ts';
import { skipped } from '../model/result.ts';
import { around } from './around.ts';
import { changedFiles, type Changed } from './changed.ts';
import { deliver, type Outcome } from './deliver.ts';
import { readDocs, type Docs } from './docs.ts';
import type { Found } from './found.ts';
import type { Job } from './job.ts';
import { examined, type Looked } from './examined.ts';
import { unlessUnchanged } from './kept.ts';
import { findingsOf } from './pages.ts';
import { judging } from './judging.ts';
import type { Looks } from './mend.ts';
import { keepRoll, lookByRoll } from './roll.ts';
import { chooseScenarios, hasScenarios } from './scenarios.ts';
import { unmetMatchers } from './unmet.ts';

/** Looks at docs, once or again and again, and tells what is found in them; with `--fix` it mends them before. */
export async function checking(job: Job, found: Found): Promise<number> {
  if (job.settings.watch) return watch(job, found);
  if (job.settings.fix === undefined) {
    // What lies beside the pages is no part of what is remembered of them.
    if (hasScenarios(job, found.discovery.files)) return checkFound(job, found);
    return unlessUnchanged(job, found, 'reports', checkFound);
  }
  const { mend } = await import('./mend.ts');
  const { seen, failed } = await mend(job, found, looks);
  const code = await deliver(job, seen);
  return failed && code < 2 ? 2 : code;
}

/** With `--only-changed` all is looked at after each save, since that is held against what was there before. */
async function watch(job: Job, found: Found): Promise<number> {
  const { watchDocs } = await import('./watch.ts');
  if (job.settings.onlyChanged !== undefined) return watchDocs(job, found, outcomeOf);
  const look = (await import('./again.ts')).again(lookAtAll);
  return watchDocs(job, found, async (by, now) => outcomeIn(await look(by, now)));
}

async function checkFound(job: Job, found: Found): Promise<number> {
  return deliver(job, await outcomeOf(job, found));
}

/** What is found in the docs, as it is to be reported. */
async function outcomeOf(job: Job, found: Found): Promise<Outcome> {
  const files = await changedFiles(job, found);
  // The pages are read while git is asked what they said before.
  const [changed, quick] = await Promise.all([files?.look(lookAtAll), files && lookByRoll(job, found, files)]);
  if (changed && quick) return quick(changed);
  const looked = await lookAtAll(job, found);
  const outcome = outcomeIn(looked, changed);
  const { docs, examined: one, findings } = looked;
  if (files && one) await keepRoll(job, found, files, { docset: docs.docset, examined: one, findings, outcome });
  return outcome;
}

/** All docs, and what was found in them and in the scenarios beside them. */
async function lookAtAll(job: Job, found: Found, last?: Examined): Promise<Looked> {
  const looked = await readAndExamine(job, found, last);
  return { ...looked, findings: [...looked.findings, ...(await scenarioFaults(job, looked.docs))] };
}

/** What was found, or of that what a change has caused, as it is to be reported. */
function outcomeIn({ docs, findings }: Looked, changed?: Changed): Outcome {
  const { docset, scope } = docs;
  const exchanges = changed?.exchangesOf(docs.selection.exchanges, docset) ?? docs.selection.exchanges;
  return {
    target: 'none',
    coverage: docset.coverage,
    exchanges: skipped(exchanges),
    findings: findingsOf(changed?.findingsOf(findings) ?? findings, scope.sources, docset.exchanges, docs.selection),
    ...judging(docs, findings),
    unseen: 0,
    // Of all the docs; they say nothing of a change, and every page would be read for them.
    ...(changed ? { changed } : { operations: () => operationsOf(docset.pages, docset.exchanges) }),
    selected: changed?.pages ?? docs.pages,
    sources: scope.sources,
  };
}

/** How `mend` looks at the docs. */
export const looks: Looks = { whole: outcomeOf, mendable: outcomeMendable, alone: outcomeAlone };

/** What is found in some pages without a look at others, nor at what was there before. */
async function outcomeAlone(job: Job, found: Found): Promise<Outcome> {
  const docs = await readDocs(job, found);
  return outcomeFor(docs, checkAlone(docs.docset.exchanges, docs.known.lines));
}

/** Whatever can be mended, in all pages. */
async function outcomeMendable(job: Job, found: Found): Promise<Outcome> {
  const docs = await readDocs(job, found);
  return outcomeFor(docs, checkMendable(docs.docset, { ...job.settings, ...docs.known }));
}

function outcomeFor(docs: Docs, checked: readonly Finding[]): Outcome {
  const findings = [...docs.docset.findings, ...checked];
  return {
    target: 'none',
    coverage: docs.docset.coverage,
    exchanges: [],
    findings,
    ...judging(docs, findings),
    unseen: 0,
    selected: docs.pages,
  };
}

/** What is wrong with the scenarios beside the docs, as far as nothing has to be sent for that. */
async function scenarioFaults(job: Job, docs: Docs): Promise<readonly Finding[]> {
  if (!hasScenarios(job, docs.known.files)) return [];
  return (await chooseScenarios(job, docs.docset.exchanges, [], around(docs))).findings;
}

/** The docs, and all that is found in them. */
export async function readAndExamine(job: Job, found: Found, last?: Examined): Promise<Looked> {
  const docs = await readDocs(job, found);
  const { docset } = docs;
  const { findings, examined: one } = await examined(job, docs, last);
  const unmet = unmetMatchers(job, docset);
  return { docs, findings: [...docset.findings, ...findings, ...unmet].sort(byPlace), examined: one };
}
