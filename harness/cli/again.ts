import type { DocsetPage } from '../model/docset.ts';
import { byPlace, type Finding } from '../model/finding.ts';
import { once } from '../model/once.ts';
import { single } from '../compile/single.ts';
import type { Examined } from '../examine/pages.ts';
import { judgeByRoll, rollOf, standsAlone, type Roll } from '../examine/roll.ts';
import { mannerOf } from './docs.ts';
import type { Looked } from './examined.ts';
import type { Found } from './found.ts';
import type { Job } from './job.ts';
import { beside } from './lines.ts';
import { select } from './pages.ts';
import { isWhole, MANY } from './roll.ts';

/** The docs as they were when all pages were looked at, and what was saved since. */
interface Last {
  readonly whole: Looked;
  /** Made for the first save after that. */
  readonly roll: () => Roll | undefined;
  readonly found: Found;
  readonly pages: readonly DocsetPage[];
  readonly findings: readonly Finding[];
}

/** Looks at all; `last` is what was known of the pages before. */
type Look = (job: Job, found: Found, last?: Examined) => Promise<Looked>;

/** Looks at the docs again and again: where the pages that were saved leave all others as they were, at those alone. */
export function again(whole: Look): (job: Job, found: Found) => Promise<Looked> {
  let last: Last | undefined;
  return async (job, found) => {
    const isAll = isWhole(job, found);
    const before = last?.whole.examined;
    last = last && isAll ? await afterSaves(job, found, last) : undefined;
    if (last !== undefined) return lookedAt(job, last);
    const looked = await whole(job, found, before);
    const { docs, examined, findings } = looked;
    const roll = once(() => examined && rollOf(docs.docset, examined));
    if (isAll) last = { whole: looked, roll, found, pages: docs.docset.readings ?? [], findings };
    return looked;
  };
}

async function afterSaves(job: Job, found: Found, last: Last): Promise<Last | undefined> {
  const { sources, files } = found.discovery;
  const before = last.found.discovery;
  const cache = found.before?.cache;
  const { docset } = last.whole.docs;
  const isSame =
    sources.length === before.sources.length &&
    sources.every(({ file, page }, at) => file === before.sources[at]!.file && page === before.sources[at]!.page) &&
    files === before.files;
  const at = sources.flatMap((source, index) => (source === before.sources[index] ? [] : [index]));
  if (!isSame || at.length > MANY || cache === undefined || docset.types === undefined) return undefined;
  if (at.some((index) => sources[index]!.content instanceof Error || !standsAlone(last.pages[index]!.given)))
    return undefined;
  const roll = last.roll();
  if (roll === undefined) return undefined;
  const { read } = single({ readFile: found.readFile, ...mannerOf(job) }, cache);
  const fresh = new Map<number, DocsetPage>();
  for (const index of at) fresh.set(index, await read(sources[index]!));
  const pages = last.pages.map((page, index) => fresh.get(index) ?? page);
  const judged = judgeByRoll(
    roll,
    { names: sources, read: fresh, documentAt: (index) => pages[index]!.document },
    docset.types,
    { ...job.settings, ...beside(found) },
  );
  if (judged === undefined) return undefined;
  const looked = new Set(at.map((index) => sources[index]!.file));
  const others = last.findings.filter(({ file }) => !looked.has(file));
  const findings = [...others, ...judged.read, ...judged.judged].sort(byPlace);
  return { ...last, found, pages, findings };
}

/** What was looked at, with pages as they are now. */
function lookedAt(job: Job, { whole: { docs, examined }, found, pages, findings }: Last): Looked {
  const { sources } = found.discovery;
  const exchanges = pages.flatMap((page) => page.exchanges);
  const docset = Object.create(docs.docset, {
    readings: { value: pages },
    exchanges: { value: exchanges },
    disables: { value: pages.flatMap(({ given }) => given.disables) },
    pages: { get: () => pages.map(({ document }) => document) },
  }) as typeof docs.docset;
  const selection = select(sources, exchanges, [], undefined, job.cwd);
  return { docs: { ...docs, docset, selection, scope: { ...docs.scope, sources } }, findings, examined };
}
