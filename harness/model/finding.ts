import { hash } from 'node:crypto';
import type { Fix } from './fix.ts';
import type { Place } from './place.ts';
import { rules, ruleUrl, type RuleId } from './rules.ts';

export type Severity = 'error' | 'warning' | 'note';

/** What a finder says of one fault at one place; severity, fingerprint and meaning are added by `finding()`. */
export interface Fact {
  readonly ruleId: RuleId;
  /** `Unexpected X, expected Y` or `Missing X, expected Y`; docs and answers quoted in backticks. */
  readonly reason: string;
  readonly place: Place;
  /** What stays the same when the page is moved or reworded: a pointer, a type, a link target. Part of the fingerprint. */
  readonly subject?: string;
  /** Equal for facts of one cause. */
  readonly group?: string;
  readonly exchangeId?: string;
  /** RFC 6901 into `{status, headers, body}`. */
  readonly pointer?: string;
  readonly expected?: string;
  readonly actual?: string;
  /** What to do. */
  readonly note?: string;
  /** What mends it, where that can be done by rote. */
  readonly fix?: Fix;
}

/** A fact about the docs or the target, as it stands in `report.json`. */
export interface Finding {
  readonly ruleId: RuleId;
  readonly severity: Severity;
  readonly reason: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly fingerprint: string;
  readonly group?: string;
  readonly exchangeId?: string;
  readonly pointer?: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly note?: string;
  /** What mends it, where that can be done by rote. */
  readonly fix?: Fix;
  /** The page of its rule, relative to the root of the package. */
  readonly url?: string;
  /** The docs themselves are at fault where it is absent; `answer`: a service was held to them, and its answer breaks the promise. */
  readonly about?: 'answer';
  readonly suppressed?: boolean;
}

/** Judges a fact: its severity from the table of rules (`severity` overrides it), and the page of the rule as its `url`. */
export function finding(fact: Fact, severity: Severity = rules[fact.ruleId].severity): Finding {
  const { ruleId, place, reason, subject, exchangeId, pointer } = fact;
  const { start, end } = place.position;
  const found: Writable<Finding> = {
    ruleId,
    severity,
    reason,
    file: place.file,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    fingerprint: fingerprint(ruleId, identityOf(exchangeId), pointer ?? subject ?? reason),
  };
  // Written out: there may be ten thousand of them, and to copy what is left over takes several times as long.
  if (fact.group !== undefined) found.group = fact.group;
  if (exchangeId !== undefined) found.exchangeId = exchangeId;
  if (pointer !== undefined) found.pointer = pointer;
  if (fact.expected !== undefined) found.expected = fact.expected;
  if (fact.actual !== undefined) found.actual = fact.actual;
  if (fact.note !== undefined) found.note = fact.note;
  if (fact.fix !== undefined) found.fix = fact.fix;
  found.url = ruleUrl(ruleId);
  return found;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Reading order: by file, line, column, then rule and pointer. */
export function byPlace(a: Finding, b: Finding): number {
  return (
    compareText(a.file, b.file) ||
    a.line - b.line ||
    a.column - b.column ||
    compareText(a.ruleId, b.ruleId) ||
    compareText(a.pointer ?? '', b.pointer ?? '')
  );
}

/**
 * Each finding once: a file that several pages include says the same of itself each time, and exchanges share what they answer. Those that
 * `isOnce` says are told once are not looked at.
 */
export function distinct(findings: readonly Finding[], isOnce?: (found: Finding) => boolean): Finding[] {
  const seen = new Set<string>();
  return findings.filter((found) => {
    if (isOnce?.(found)) return true;
    const { ruleId, file, line, column, pointer, reason } = found;
    // Made by hand, for there are thousands; no path holds a NUL.
    const key = `${ruleId} ${line} ${column} ${pointer?.length} ${file}\0${pointer ?? ''}${reason}`;
    return seen.size < seen.add(key).size;
  });
}

/** Code-unit order: the same on every machine and in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** An exchange without its page, so that moving a page keeps its fingerprints. */
function identityOf(exchangeId: string | undefined): string {
  return exchangeId === undefined ? '' : exchangeId.slice(exchangeId.lastIndexOf('#') + 1);
}

/** 16 hex digits that are equal for equal parts, on every machine. */
function fingerprint(...parts: readonly string[]): string {
  const text = parts.join('\u0000');
  let print = FINGERPRINTS.get(text);
  if (print === undefined) {
    print = hash('sha256', text, 'hex').slice(0, 16);
    if (text.length > MOST_KNOWN_LENGTH) return print;
    if (FINGERPRINTS.size >= MOST_KNOWN) FINGERPRINTS.clear();
    FINGERPRINTS.set(text, print);
  }
  return print;
}

/** One cause shows at many places: a hash costs more than a look. Bounded, for a server may run for months. */
const FINGERPRINTS = new Map<string, string>();
const [MOST_KNOWN, MOST_KNOWN_LENGTH] = [10_000, 500];
