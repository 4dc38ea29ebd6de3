import type { CheckOptions } from '../check/index.ts';
import type { PageName } from '../check/link-target.ts';
import type { SaidTogether } from '../check/said.ts';
import type { Docset, DocsetPage, DocsetTypes, Page } from '../model/docset.ts';
import { distinct, type Finding } from '../model/finding.ts';
import { grouped } from '../model/grouped.ts';
import { hashOf } from '../model/hash.ts';
import { packed, unpacked, type PackedFinding } from '../model/packed-finding.ts';
import { rules } from '../model/rules.ts';
import { aroundPages } from './around.ts';
import { judgeTogether, type Examined } from './pages.ts';
import { ownOf, SHORT, type Own, type Sheet } from './sheet.ts';
import { viewOf, type TypesJudged } from './types.ts';

/**
 * What is known of all pages at once, a few signs for each: enough to judge one of them that was changed, and to see that it leaves all
 * others as they are. Plain data, so that it can lie in a cache.
 */
export interface Roll {
  /** The `key` of all types. */
  readonly types: string;
  readonly doubts: TypesJudged['doubts'];
  readonly said: Omit<SaidTogether, 'said' | 'origins' | 'meantHosts' | 'included'> & {
    readonly origins: readonly (string | null)[];
    readonly meantHosts: readonly (readonly [string, string])[];
    readonly included: readonly string[];
  };
  /** The first page with a link that leads out of the docs. */
  readonly first: string | undefined;
  /** What no page has by itself: found while pages were read, and while they were judged. */
  readonly read: readonly PackedFinding[];
  readonly judged: readonly PackedFinding[];
  /** A letter for each page. */
  readonly holds: string;
  /** For each page what changes with all that others see of it; `SHORT` digits each. */
  readonly ties: string;
}

/**
 * What others see of a page: what it says (`l`); also where, since what all say together is told on its lines or names them (`p`); all of
 * it (`s`); or what others show of it, so that the roll cannot tell (`a`).
 */
type Hold = 'l' | 'p' | 's' | 'a';

/** Takes down what was found out of all pages; nothing where they have no stamps. */
export function rollOf({ readings = [], types, together = [] }: Docset, examined: Examined): Roll | undefined {
  if (types === undefined) return undefined;
  const { around, doubts, sheets } = examined;
  const all = readings.map((page) => ({ page, sheet: sheets.pages.get(page.file)! }));
  const first = all.find(({ sheet }) => sheet.leaving[0] > 0)?.page.file;
  const requests = counted(all.flatMap(({ sheet }) => sheet.requests));
  const asked = new Set(readings.flatMap(({ given }) => given.includes!.map(([file]) => file)));
  const found = [...together, ...examined.together];
  const told = grouped(found, ({ file }) => file);
  // What is found elsewhere may name a line of a page: where a member is listed, a type documented first, a name used first.
  const words = found.map(({ reason }) => reason).join('\n');
  const holds = all.map(({ page: { file, given }, sheet }): Hold => {
    const isWoven =
      !standsAlone(given) || asked.has(file) || given.findings.some(({ ruleId }) => ruleId === 'page/collision');
    if (isWoven) return 'a';
    const ofAll = told.get(file) ?? [];
    // What a fix puts in, and whether there is one, hangs on other words of the page.
    if (ofAll.some(({ ruleId }) => 'fixable' in rules[ruleId])) return 's';
    const isTold =
      ofAll.length > 0 || words.includes(`${file}:`) || sheet.requests.some((key) => requests.get(key)! > 1);
    return isTold ? 'p' : 'l';
  });
  const { origins, meantHosts, included, tellsPermissions } = around;
  return {
    types: types.key,
    doubts,
    said: {
      origins: [...origins].map((origin) => origin ?? null),
      meantHosts: [...meantHosts],
      included: [...included],
      tellsPermissions,
    },
    first,
    read: together.map((each) => packed(each, '')),
    judged: examined.together.map((each) => packed(each, '')),
    holds: holds.join(''),
    ties: all.map(({ page, sheet }, at) => tiesOf(page, sheet, sheet.leaving, holds[at]!, first)).join(''),
  };
}

/** Can a page leave all others as they are? Blocks of an included file are on several pages at once. */
export function standsAlone({ includes = [] }: DocsetPage['given']): boolean {
  return includes.every(([, hash]) => hash === null);
}

/** Pages of which some were read, by their numbers; any of the others is looked at where one of these asks. */
export interface PartlyRead {
  readonly names: readonly PageName[];
  readonly read: ReadonlyMap<number, DocsetPage>;
  documentAt(at: number): Page;
}

/** The pages that were read, judged by what the roll knows of all; nothing where they do not leave all others as they are. */
export function judgeByRoll(
  roll: Roll,
  { names, read, documentAt }: PartlyRead,
  types: DocsetTypes,
  options: CheckOptions,
): { readonly read: readonly Finding[]; readonly judged: readonly Finding[] } | undefined {
  const view = viewOf(types, roll.doubts);
  const { origins, meantHosts, included, tellsPermissions } = roll.said;
  const together: SaidTogether = {
    said: [],
    origins: new Set(origins.map((origin) => origin ?? undefined)),
    meantHosts: new Map(meantHosts),
    included: new Set(included),
    tellsPermissions,
  };
  const around = aroundPages(names, documentAt, types, view.plain, together, options);
  const found: Finding[] = [];
  for (const [at, page] of read) {
    const hold = roll.holds[at] as Hold;
    if (hold === 'a' || !standsAlone(page.given)) return undefined;
    const [judged] = judgeTogether([page], around, view, options);
    const ties = tiesOf(page, ownOf(page), judged!.leaving, hold, roll.first);
    if (ties !== roll.ties.slice(at * SHORT, (at + 1) * SHORT)) return undefined;
    found.push(...judged!.found);
  }
  const pages = [...read.values()];
  const files = new Set(pages.map(({ file }) => file));
  const onThem = (kept: readonly PackedFinding[]): Finding[] =>
    kept.flatMap((each) => (files.has(each[FILE] as string) ? [unpacked(each, '')] : []));
  return {
    read: distinct([...pages.flatMap(({ given }) => given.findings), ...onThem(roll.read)]),
    judged: distinct([...found, ...onThem(roll.judged)]),
  };
}

const FILE = 3;

function counted(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function tiesOf(
  { file, stamp, given }: DocsetPage,
  { said, anchors, requests }: Own,
  [leaving, link]: Sheet['leaving'],
  hold: Hold,
  first: string | undefined,
): string {
  const { isPromising, fates, names, stamps, findings } = given;
  const { bases, ...says } = said;
  const ties = [
    isPromising,
    fates.map(({ word, fate }) => [word, fate]),
    names.map(({ name }) => name),
    says,
    bases.map(({ type, aka }) => [type, aka]),
    anchors,
    requests,
    stamps?.shape,
    // A table that could not be read is not held to the block beside it.
    findings.some(({ ruleId }) => ruleId === 'page/markup'),
    leaving,
    file === first && link,
    hold === 'p' && [names, bases, stamps?.exchanges, stamps?.types],
    hold === 's' && stamp,
  ];
  return hashOf(JSON.stringify(ties)).slice(0, SHORT);
}
