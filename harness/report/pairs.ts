import type { Finding } from '../model/finding.ts';
import { append } from './fold.ts';

/** The findings of two reports, held against each other. */
export interface Pairs {
  /** Those of the later report that the earlier one did not have. */
  readonly appeared: readonly Finding[];
  /** Those that only the earlier one has. */
  readonly vanished: readonly Finding[];
  /** Those of both, as the later one tells them. */
  readonly stayed: readonly Finding[];
}

/**
 * Pairs findings of one fingerprint, one with one: it names no page and no line, so that a page may move, and the same fault at one more
 * place is a new one. Of several those at the same place are paired first, then those on the same page. Suppressed ones count for nothing.
 */
export function pairUp(before: readonly Finding[], after: readonly Finding[]): Pairs {
  const earlier = byFingerprint(before);
  const appeared = new Set<Finding>();
  for (const [fingerprint, found] of byFingerprint(after)) {
    let left: readonly Finding[] = found;
    const open = new Set(earlier.get(fingerprint));
    for (const key of NEARNESS) {
      if (open.size === 0) break;
      left = without(left, open, key);
    }
    for (const finding of left) appeared.add(finding);
    earlier.set(fingerprint, [...open]);
  }
  const vanished = new Set([...earlier.values()].flat());
  return {
    appeared: after.filter((finding) => appeared.has(finding)),
    vanished: before.filter((finding) => vanished.has(finding)),
    stayed: after.filter((finding) => !finding.suppressed && !appeared.has(finding)),
  };
}

/** From the nearest on: what two findings are to have in common. */
const NEARNESS: readonly ((finding: Finding) => string)[] = [
  ({ file, line, column, exchangeId }) => `${file}:${line}:${column} ${exchangeId}`,
  ({ file }) => file,
  () => '',
];

/** Takes pairs out of both; what is left of the first is handed back. */
function without(found: readonly Finding[], open: Set<Finding>, key: (finding: Finding) => string): Finding[] {
  const partners = new Map<string, Finding[]>();
  for (const each of open) append(partners, key(each), each);
  return found.filter((finding) => {
    const partner = partners.get(key(finding))?.shift();
    return partner === undefined || !open.delete(partner);
  });
}

function byFingerprint(findings: readonly Finding[]): Map<string, Finding[]> {
  const map = new Map<string, Finding[]>();
  for (const finding of findings) if (!finding.suppressed) append(map, finding.fingerprint, finding);
  return map;
}
