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

/** How findings fit the entries of a file. */
export interface Matched {
  readonly suppressed: ReadonlySet<Finding>;
  /** How many findings each entry was for, in the order of the entries. */
  readonly used: readonly number[];
  /** The page that each entry's findings stand on now, where that is another. */
  readonly moved: ReadonlyMap<number, string>;
}

/**
 * Finds for each entry as many findings as it is for: on its own page, or, where that page is gone, on any page, so that moving one keeps
 * its entries. `pageOf` names a page as entries do. Linear in findings and entries.
 */
export function matchSuppressions(
  findings: readonly Finding[],
  entries: readonly Suppressed[],
  pageOf: (file: string) => string,
  isThere: (page: string) => boolean,
): Matched {
  const used = entries.map(() => 0);
  const suppressed = new Set<Finding>();
  const moved = new Map<number, string>();
  if (entries.length === 0) return { suppressed, used, moved };
  const own = queues(entries.map(({ fingerprint, page }) => `${fingerprint}\0${page}`));
  const left: { readonly found: Finding; readonly page: string }[] = [];
  const take = (queue: number[] | undefined, found: Finding): number | undefined => {
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
    if (take(own.get(`${found.fingerprint}\0${page}`), found) === undefined) left.push({ found, page });
  }
  if (left.length === 0) return { suppressed, used, moved };
  const gone = queues(entries.map(({ fingerprint, page }) => (isThere(page) ? undefined : fingerprint)));
  for (const { found, page } of left) {
    const at = gone.size === 0 ? undefined : take(gone.get(found.fingerprint), found);
    if (at !== undefined) moved.set(at, page);
  }
  return { suppressed, used, moved };
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
 * The text of a suppressions file: sorted by page, each entry on lines of its own, so that what two people write about two pages is
 * merged without a conflict.
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
  const suppressions = sorted.map(({ rule, page, exchange, pointer, fingerprint, count, target, reason }) => ({
    page,
    rule,
    exchange,
    pointer,
    fingerprint,
    count,
    target,
    reason,
  }));
  return `${JSON.stringify({ schemaVersion: SUPPRESSIONS_VERSION, suppressions }, null, 2)}\n`;
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
