import { compareText, type Finding } from './finding.ts';

/** The `schemaVersion` of a suppressions file. */
export const SUPPRESSIONS_VERSION = 1;

/** An entry of a suppressions file: so many findings that do not count. */
export interface Suppressed {
  readonly rule: string;
  /** Where it stood when it was taken, relative to the suppressions file. */
  readonly page: string;
  /** Id of the exchange, without its page. */
  readonly exchange?: string;
  readonly pointer?: string;
  readonly fingerprint: string;
  readonly count: number;
  /** The target whose answers broke the rule; absent for what the docs say themselves. */
  readonly target?: string;
  /** Written by people, and kept. */
  readonly reason?: string;
}

/**
 * How it stands with what an entry is about: on its page it may still be found; nothing of it is there any more; or nobody looks at its
 * page, though it is there.
 */
export type Standing = 'here' | 'gone' | 'unseen';

/** How findings fit the entries of a file. */
export interface Matched {
  readonly suppressed: ReadonlySet<Finding>;
  /** How many findings each entry was for, in the order of the entries. */
  readonly used: readonly number[];
  /** The page that each entry's findings stand on now, where that is another. */
  readonly moved: ReadonlyMap<number, string>;
}

/**
 * Finds for each entry as many findings of its rule as it is for: on its own page; or, where what it is about is gone, on any page; or
 * on the page to which all has gone that is found no more on a page that is still there. So moving a page keeps its entries, even where
 * another is written in its place. `pageOf` names a page as entries do. Linear in findings and entries.
 */
export function matchSuppressions(
  findings: readonly Finding[],
  entries: readonly Suppressed[],
  pageOf: (file: string) => string,
  standingOf: (entry: Suppressed) => Standing,
): Matched {
  const moved = new Map<number, string>();
  if (entries.length === 0) return { suppressed: new Set(), used: [], moved };
  const { used, suppressed, left, take } = matchOwn(findings, entries, pageOf);
  if (left.length === 0) return { suppressed, used, moved };
  const standings = entries.map(standingOf);
  const gone = queues(
    entries.map(({ fingerprint, rule }, at) => (standings[at] === 'gone' ? keyOn('', fingerprint, rule) : undefined)),
  );
  const strayed = left.filter(({ found, page }) => {
    const at = gone.size === 0 ? undefined : take(gone.get(keyOn('', found.fingerprint, found.ruleId)), found);
    if (at !== undefined) moved.set(at, page);
    return at === undefined;
  });
  const wentTo = movedPages(
    entries.filter((_, at) => standings[at] !== 'unseen'),
    used.filter((_, at) => standings[at] !== 'unseen'),
    strayed,
  );
  if (wentTo.size === 0) return { suppressed, used, moved };
  const followed = queues(
    entries.map(({ fingerprint, rule, page }) => {
      const to = wentTo.get(page);
      return to === undefined ? undefined : keyOn(to, fingerprint, rule);
    }),
  );
  for (const { found, page } of strayed) {
    const at = take(followed.get(keyOn(page, found.fingerprint, found.ruleId)), found);
    if (at !== undefined) moved.set(at, page);
  }
  return { suppressed, used, moved };
}

/** Finds for each entry as many findings as it is for on its own page. */
function matchOwn(findings: readonly Finding[], entries: readonly Suppressed[], pageOf: (file: string) => string): Own {
  const used = entries.map(() => 0);
  const suppressed = new Set<Finding>();
  const own = queues(entries.map(({ fingerprint, rule, page }) => keyOn(page, fingerprint, rule)));
  const left: Stray[] = [];
  const take: Own['take'] = (queue, found) => {
    while (queue?.length) {
      const at = queue.at(-1)!;
      if (used[at]! < entries[at]!.count) {
        used[at]!++;
        suppressed.add(found);
        return at;
      }
      queue.pop();
    }
    return undefined;
  };
  for (const found of findings) {
    const page = pageOf(found.file);
    if (take(own.get(keyOn(page, found.fingerprint, found.ruleId)), found) === undefined) left.push({ found, page });
  }
  return { used, suppressed, left, take };
}

interface Own {
  readonly used: number[];
  readonly suppressed: Set<Finding>;
  /** Findings that no entry of their page is for. */
  readonly left: readonly Stray[];
  /** Takes a finding for the first of some entries that is for more; gives its place. */
  readonly take: (queue: number[] | undefined, found: Finding) => number | undefined;
}

/** What entries and findings leave open when each page is looked at by itself: all else stays as it is while the page does. */
export interface Unsettled {
  /** Pages, as entries name them, of which an entry is for more findings than stand there. */
  readonly pages: ReadonlySet<string>;
  /** Findings that no entry of their own page is for, and that an entry of another may be for. */
  readonly strays: readonly Finding[];
}

export function unsettled(
  findings: readonly Finding[],
  entries: readonly Suppressed[],
  pageOf: (file: string) => string,
): Unsettled {
  const { used, left } = matchOwn(findings, entries, pageOf);
  const kinds = new Set(entries.map(({ fingerprint, rule }) => keyOn('', fingerprint, rule)));
  return {
    pages: new Set(entries.flatMap(({ page, count }, at) => (used[at]! < count ? [page] : []))),
    strays: left.flatMap(({ found }) => (kinds.has(keyOn('', found.fingerprint, found.ruleId)) ? [found] : [])),
  };
}

/** A finding that no entry of its page is for. */
interface Stray {
  readonly found: Finding;
  readonly page: string;
}

/** The rule is part of the fingerprint; but for an entry that somebody has changed by hand, whose rule then tells what it is not for. */
function keyOn(page: string, fingerprint: string, rule: string): string {
  return `${fingerprint}\0${rule}\0${page}`;
}

/**
 * Where pages have gone of which nothing that was suppressed is found any more: to the page that has most of it, more than half and at least
 * two different findings. One alone may just as well be mended here and be a new one there.
 */
function movedPages(
  entries: readonly Suppressed[],
  used: readonly number[],
  strayed: readonly Stray[],
): ReadonlyMap<string, string> {
  if (strayed.length === 0) return new Map();
  const stays = new Set(entries.flatMap(({ page }, at) => (used[at]! > 0 ? [page] : [])));
  const sizes = new Map<string, number>();
  const pagesBy = new Map<string, Set<string>>();
  for (const { page, fingerprint } of entries) {
    if (stays.has(page)) continue;
    const pages = pagesBy.get(fingerprint) ?? new Set();
    if (pages.size < pages.add(page).size) sizes.set(page, (sizes.get(page) ?? 0) + 1);
    pagesBy.set(fingerprint, pages);
  }
  const shared = new Map<string, Map<string, number>>();
  const seen = new Set<string>();
  for (const { found, page: to } of strayed) {
    const key = `${found.fingerprint}\0${to}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const from of pagesBy.get(found.fingerprint) ?? []) {
      const counts = shared.get(from) ?? new Map<string, number>();
      shared.set(from, counts.set(to, (counts.get(to) ?? 0) + 1));
    }
  }
  return new Map(
    [...shared].flatMap(([from, counts]) => {
      const [to, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
      return count >= 2 && count * 2 > sizes.get(from)! ? [[from, to] as const] : [];
    }),
  );
}

/** The entries with those for more findings: known ones count further, others are added. */
export function withTaken(
  entries: readonly Suppressed[],
  taken: readonly Finding[],
  pageOf: (file: string) => string,
  targetOf: (finding: Finding) => string | undefined,
): Suppressed[] {
  const byKey = new Map(entries.map((entry) => [keyOf(entry), entry]));
  for (const found of taken) {
    const target = targetOf(found);
    const { exchangeId, pointer } = found;
    const entry: Suppressed = {
      rule: found.ruleId,
      page: pageOf(found.file),
      ...(exchangeId === undefined ? {} : { exchange: exchangeId.slice(exchangeId.lastIndexOf('#') + 1) }),
      ...(pointer === undefined ? {} : { pointer }),
      fingerprint: found.fingerprint,
      count: 1,
      ...(target === undefined ? {} : { target }),
    };
    const known = byKey.get(keyOf(entry));
    byKey.set(keyOf(entry), known === undefined ? entry : { ...known, count: known.count + 1 });
  }
  return [...byKey.values()];
}

/**
 * The text of a suppressions file: sorted by page, each entry on a line of its own. So what two people write about two pages is merged
 * without a conflict, and of a conflict about one both sides can stay as they are.
 */
export function suppressionsText(entries: readonly Suppressed[]): string {
  const sorted = entries.toSorted(
    (a, b) =>
      compareText(a.page, b.page) ||
      compareText(a.rule, b.rule) ||
      compareText(a.exchange ?? '', b.exchange ?? '') ||
      compareText(a.pointer ?? '', b.pointer ?? '') ||
      compareText(a.fingerprint, b.fingerprint) ||
      compareText(a.target ?? '', b.target ?? ''),
  );
  const lines = sorted.map(({ rule, page, exchange, pointer, fingerprint, count, target, reason }) =>
    JSON.stringify({ page, rule, exchange, pointer, fingerprint, count, target, reason }, null, 1).replace(
      /\n */g,
      ' ',
    ),
  );
  const list = lines.length === 0 ? '[]' : `[\n    ${lines.join(',\n    ')}\n  ]`;
  return `{\n  "schemaVersion": ${SUPPRESSIONS_VERSION},\n  "suppressions": ${list}\n}\n`;
}

/** Entries of one key are one: a merge may have kept both. */
function keyOf({ fingerprint, page, target }: Suppressed): string {
  return `${fingerprint}\0${page}\0${target ?? ''}`;
}

/** The places of each key, so that the first is the last. */
function queues(keys: readonly (string | undefined)[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (let at = keys.length - 1; at >= 0; at--) {
    const key = keys[at];
    if (key === undefined) continue;
    const known = places.get(key);
    if (known) known.push(at);
    else places.set(key, [at]);
  }
  return places;
}
