import { checkTogether, type CheckOptions } from '../check/index.ts';
import type { Around, Leaving } from '../check/part.ts';
import { saidTogether } from '../check/said.ts';
import type { Docset, DocsetPage } from '../model/docset.ts';
import type { Finding } from '../model/finding.ts';
import { hashOf } from '../model/hash.ts';
import { packed, unpacked, type PackedFinding } from '../model/packed-finding.ts';
import { overheard } from '../model/resource.ts';
import { answersOf, aroundPages, listening } from './around.ts';
import { judge } from './judge.ts';
import type { Kept, Pages } from './kept.ts';
import { keys, ownOf, sheetsFrom, sheetsText, type Own, type Sheet, type Sheets } from './sheet.ts';
import { judgedTypes, viewOf, type TypesJudged, type TypesView } from './types.ts';
import { unitsOf } from './units.ts';

/** Pages, each judged or known from when it was. */
export interface Examined {
  /** What changes with whatever all pages depend on. */
  readonly manner: string;
  /** Pages (`file`) that are not as they were when they were judged last. */
  readonly changed: ReadonlySet<string>;
  /** Those that were judged now: the changed ones, and those that had asked something that is answered otherwise now. */
  readonly judged: ReadonlySet<string>;
  readonly sheets: Sheets;
  /** What was found on a page by itself. */
  on(file: string): readonly Finding[];
  /** What was found of all pages together: about types, requests that several pages make, links that lead out of the docs. */
  readonly together: readonly Finding[];
  readonly doubts: TypesJudged['doubts'];
  /** What was asked while pages were judged. */
  readonly around: Around;
}

/** Judges the pages of which that may come to something else than is kept, and keeps what comes of it; nothing where pages have no stamps. */
export function examinePages(docset: Docset, options: CheckOptions, kept: Kept, last?: Examined): Examined | undefined {
  const { readings, types } = docset;
  if (types === undefined || !readings?.every(({ stamp }) => stamp !== undefined)) return undefined;
  const pages: Pages = {
    readings,
    types,
    get resources() {
      return docset.resources;
    },
    get findings() {
      return docset.findings;
    },
  };
  return examineStamped(pages, options, kept, last);
}

/** The same for pages that all have stamps. What was known when they were looked at `last` goes before what is kept, and nothing is kept of it. */
export function examineStamped(pages: Pages, options: CheckOptions, kept: Kept, last?: Examined): Examined {
  const { readings, types } = pages;
  const manner = mannerOf(readings, options);
  const key = `sheets ${manner}`;
  const earlier = last?.manner === manner ? last : undefined;
  const before = earlier?.sheets ?? sheetsFrom(kept.get(key));
  const own = readings.map((reading): Own => {
    const known = before.pages.get(reading.file);
    return known !== undefined && known.stamp === reading.stamp ? known : ownOf(reading);
  });
  const said = own.map((each) => each.said);
  const together = saidTogether(said);
  const ofTypes = judgedTypes(pages, own, together, options, kept);
  const view = viewOf(types, ofTypes.doubts);
  const around = aroundPages(readings, (at) => readings[at]!.document, types, view.plain, together, options);
  const answers = answersOf(types, view.stamps, around);

  const changed = new Set<string>();
  const others = new Set(
    [...before.answers.keys(), ...answers.keys()].filter((each) => before.answers.get(each) !== answers.get(each)),
  );
  readings.forEach(({ file }, at) => {
    const known = before.pages.get(file);
    if (known === own[at]) return;
    changed.add(file);
    if (known?.anchors !== own[at]!.anchors) others.add(keys.anchors(file));
  });

  const sheets = new Map<string, Sheet>();
  const fresh = new Map<string, readonly Finding[]>();
  const judged = new Set<string>();
  const judgeUnit = (unit: readonly number[]): void => {
    const parts = unit.map((at) => readings[at]!);
    for (const [at, { asked, leaving, found }] of judgeTogether(parts, around, view, options).entries()) {
      const { file } = parts[at]!;
      const { stamp, said: says, anchors, requests } = own[unit[at]!]!;
      const shared = unit.length > 1 ? { isShared: true as const } : {};
      sheets.set(file, { stamp, said: says, anchors, requests, leaving, found: found.length, ...shared, asked });
      fresh.set(file, found);
      judged.add(file);
    }
  };
  for (const unit of unitsOf(readings, said)) {
    const [first] = unit;
    const { file } = readings[first!]!;
    const sheet = before.pages.get(file);
    const isKept =
      unit.length === 1 &&
      sheet !== undefined &&
      !sheet.isShared &&
      !changed.has(file) &&
      !sheet.asked.some((each) => others.has(each)) &&
      (sheet.found === 0 || earlier !== undefined || kept.keep(foundKey(file)));
    if (!isKept) judgeUnit(unit);
    else {
      sheets.set(file, sheet);
      if (earlier !== undefined) fresh.set(file, earlier.on(file));
    }
  }
  const inOrder = new Map(readings.map(({ file }) => [file, sheets.get(file)!]));
  // Sheets and findings belong together: both are kept as they are now, or as they were. What has changed since is judged again, then.
  const isNews = judged.size > before.pages.size / 200 || before.answers.size !== answers.size;
  // Of what was known from the last look nobody knows how much lies in the cache.
  if (isNews && earlier === undefined) {
    for (const [file, found] of fresh)
      if (found.length > 0) kept.set(foundKey(file), JSON.stringify(found.map((each) => packed(each, file))));
    kept.set(key, sheetsText({ pages: inOrder, answers }));
  } else for (const file of judged) if (before.pages.get(file)?.found) kept.keep(foundKey(file));
  const at = new Map(readings.map(({ file }, index) => [file, index]));
  return {
    manner,
    changed,
    judged,
    sheets: { pages: inOrder, answers },
    on(file) {
      if (!fresh.has(file)) {
        const text = inOrder.get(file)?.found ? kept.get(foundKey(file)) : '[]';
        // What was damaged since is found anew.
        if (text === undefined) judgeUnit([at.get(file)!]);
        else
          fresh.set(
            file,
            (JSON.parse(text) as PackedFinding[]).map((each) => unpacked(each, file)),
          );
      }
      return fresh.get(file)!;
    },
    together: [...ofTypes.findings, ...togetherIn(readings, [...inOrder.values()])],
    doubts: ofTypes.doubts,
    around,
  };
}

/** What was found on several pages, in their order: a file that all of them include says the same of its links each time. */
export function foundOn({ on }: Examined, files: Iterable<string>): Finding[] {
  const seen = new Set<string>();
  return Array.from(files, (page) =>
    on(page).filter(({ ruleId, file, line, column }) => {
      if (file === page || !/^link\/(?:dead|case|anchor|undefined)$/.test(ruleId)) return true;
      return seen.size < seen.add(`${file}:${line}:${column}`).size;
    }),
  ).flat();
}

/** What changes with whatever all pages depend on: which there are, and what they are held to. */
function mannerOf(readings: readonly DocsetPage[], options: CheckOptions): string {
  const { outline, requiredFrontMatter, files, renamed, lines } = options;
  const pages = readings.map(({ file, page }) => [file, page]);
  return hashOf(
    JSON.stringify([
      pages,
      outline && [...outline],
      requiredFrontMatter,
      files && [...files].sort(),
      renamed && [...renamed],
      lines !== undefined,
    ]),
  );
}

function foundKey(file: string): string {
  return `found ${file}`;
}

/** Judges pages as one, and tells for each what it asked, what leads out of it and what was found on it. */
export function judgeTogether(
  parts: readonly DocsetPage[],
  around: Around,
  view: TypesView,
  options: CheckOptions,
): (Pick<Sheet, 'asked' | 'leaving'> & { readonly found: readonly Finding[] })[] {
  const { around: heard, hear, asked } = listening(around);
  const leaving: Leaving[] = [];
  const part = {
    pages: parts.map(({ document }) => document),
    exchanges: parts.flatMap(({ exchanges }) => exchanges),
    resources: [],
    findings: [],
    leaving,
    around: heard,
  };
  const held = { responses: overheard(view.responses, hear), requests: overheard(view.requests, hear) };
  const found = judge(part, held, options);
  const all = asked();
  return parts.map(({ file }, at) => {
    const own = leaving.filter((each) => each.file === file);
    return {
      asked: all,
      leaving: own[0] === undefined ? [0] : [own.length, own[0].link],
      // All of them were judged as one: what was found is told once.
      found: at === 0 ? found : [],
    };
  });
}

/** What pages are told of together that were judged one by one. */
function togetherIn(readings: readonly DocsetPage[], sheets: readonly Sheet[]): Finding[] {
  const uses = new Map<string, number>();
  for (const { requests } of sheets) for (const key of requests) uses.set(key, (uses.get(key) ?? 0) + 1);
  const shared = sheets.flatMap(({ requests }, at) => {
    if (!requests.some((key) => uses.get(key)! > 1)) return [];
    return readings[at]!.exchanges.filter((_, index) => uses.get(requests[index]!)! > 1);
  });
  const leaving = sheets.reduce((sum, each) => sum + each.leaving[0], 0);
  const first = sheets.find((each) => each.leaving[0] > 0)?.leaving[1];
  return checkTogether(shared, leaving, first);
}
