import type { Finding, Severity } from '../../../model/finding.ts';
import type { ExchangeResult, Outcome } from '../../../model/report.ts';
import type { Head } from '../wire.ts';

/** The report, made ready to be filtered: what rows say of themselves is found out once. */
export interface Data {
  readonly head: Head;
  readonly exchanges: readonly ExchangeRow[];
  readonly findings: readonly FindingRow[];
  /** Findings by their cause; one that shares none stands alone. */
  readonly causes: readonly Cause[];
  readonly byId: ReadonlyMap<string, ExchangeRow>;
  readonly areas: readonly string[];
  /** What nearly all URLs begin with, so that lists need not say it in each row: `https://api.example.com`; else empty. */
  readonly origin: string;
  /** Was anything found in the answers of a live service? Then it is told which findings are about them, and which about the docs. */
  readonly isLive: boolean;
}

export interface ExchangeRow {
  readonly number: number;
  /** In lists: made once, since each key that is typed looks ten thousand of them up. */
  readonly key: string;
  readonly result: ExchangeResult;
  readonly area: string;
  readonly findings: readonly FindingRow[];
  readonly isDetailed: boolean;
  readonly type: string | undefined;
}

export interface FindingRow {
  readonly number: number;
  /** In lists. */
  readonly key: string;
  readonly finding: Finding;
  readonly area: string;
  readonly type: string | undefined;
  readonly exchange: ExchangeResult | undefined;
  /** Against the baseline, where there is one. */
  readonly state: 'new' | 'known' | undefined;
  /** Which of the two it was found in, where both were looked at. */
  readonly about: 'answer' | 'docs' | undefined;
}

/** Findings of one cause: `face` is the gravest, the first of these. */
export interface Cause {
  readonly key: string;
  readonly face: FindingRow;
  readonly all: readonly FindingRow[];
}

export const OUTCOMES: readonly { readonly outcome: Outcome; readonly sign: string; readonly words: string }[] = [
  { outcome: 'conforms', sign: '✓', words: 'answered as promised' },
  { outcome: 'differs', sign: '✗', words: 'answered otherwise' },
  { outcome: 'unanswered', sign: '?', words: 'sent, and no whole answer came' },
  { outcome: 'blocked', sign: '!', words: 'not sent: something is missing' },
  { outcome: 'skipped', sign: '–', words: 'not asked for' },
];

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

/** Joins the parts of the head. */
export function dataOf(head: Head): Data {
  const { exchanges, findings } = head.report;
  const areaOf = areasOf(exchanges, findings);
  const results = new Map(exchanges.map((result) => [result.id, result]));
  const appeared = head.baseline && new Set(head.baseline.appeared);
  const types = new Map(Object.entries(head.types));
  const isLive = findings.some(({ about }) => about === 'answer');
  const rows = findings.map((finding, number): FindingRow => {
    const exchange = finding.exchangeId === undefined ? undefined : results.get(finding.exchangeId);
    return {
      number,
      key: `f${number}`,
      finding,
      exchange,
      area: areaOf(finding.file),
      type: exchange && types.get(exchange.id),
      state: appeared && (appeared.has(finding.fingerprint) ? 'new' : 'known'),
      about: isLive ? (finding.about ?? (finding.ruleId.startsWith('replay/') ? undefined : 'docs')) : undefined,
    };
  });
  const told = new Map<string, FindingRow[]>();
  for (const row of rows) if (row.exchange) append(told, row.exchange.id, row);
  const detailed = new Set(head.detailed);
  const list = exchanges.map((result, number): ExchangeRow => ({
    number,
    key: `x${number}`,
    result,
    area: areaOf(result.file),
    findings: told.get(result.id) ?? [],
    isDetailed: detailed.has(number),
    type: types.get(result.id),
  }));
  return {
    head,
    exchanges: list,
    findings: rows,
    causes: causesOf(rows),
    byId: new Map(list.map((row) => [row.result.id, row])),
    areas: [...new Set([...list, ...rows].map(({ area }) => area))].sort(),
    origin: originOf(exchanges),
    isLive,
  };
}

/** Folds findings of one cause; the gravest and most frequent causes first. */
export function causesOf(rows: readonly FindingRow[]): readonly Cause[] {
  const groups = new Map<string, FindingRow[]>();
  for (const row of rows) append(groups, causeKey(row), row);
  return [...groups]
    .map(([key, all]) => ({ key, all, face: all.reduce((a, b) => (gravity(b) < gravity(a) ? b : a)) }))
    .sort((a, b) => gravity(a.face) - gravity(b.face) || b.all.length - a.all.length || a.face.number - b.face.number);
}

/** What findings of one cause share; a number where there is nothing. */
export function causeKey({ finding, number }: FindingRow): string {
  return finding.group ?? `#${number}`;
}

/** Errors first, what is suppressed last. */
export function gravity({ finding }: FindingRow): number {
  return SEVERITIES.indexOf(finding.severity) + (finding.suppressed ? 3 : 0);
}

/** Adds to the list that stands under a key. */
export function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/**
 * The part of the docs that a page belongs to: its folder, where they have several; where most of them lie in one, what the URL of its
 * first exchange begins with.
 */
function areasOf(exchanges: readonly ExchangeResult[], findings: readonly Finding[]): (file: string) => string {
  const files = [...new Set([...exchanges, ...findings].map(({ file }) => file))];
  const all = files.map((file) => file.split('/'));
  const [first = []] = all;
  let shared = 0;
  while (
    shared < first.length - 1 &&
    all.every((parts) => parts.length > shared + 1 && parts[shared] === first[shared])
  )
    shared++;
  const folderOf = (file: string): string => {
    const parts = file.split('/');
    return parts.length > shared + 1 ? parts[shared]! : '';
  };
  const known = new Map<string, string>();
  const sizes = new Map<string, number>();
  for (const { file } of exchanges) sizes.set(folderOf(file), (sizes.get(folderOf(file)) ?? 0) + 1);
  const isFlat = Math.max(0, ...sizes.values()) > exchanges.length * 0.9;
  if (isFlat) for (const { file, request } of exchanges) if (!known.has(file)) known.set(file, urlArea(request.url));
  return (file) => {
    let area = known.get(file);
    if (area === undefined) known.set(file, (area = folderOf(file) || nameOf(file)));
    return area;
  };
}

/** The scheme and host that nine of ten URLs begin with. */
function originOf(exchanges: readonly ExchangeResult[]): string {
  const counts = new Map<string, number>();
  for (const { request } of exchanges) {
    const origin = /^https?:\/\/[\w.:-]{1,100}(?=\/)/.exec(request.url)?.[0];
    if (origin !== undefined) counts.set(origin, (counts.get(origin) ?? 0) + 1);
  }
  return [...counts].find(([, count]) => count * 10 >= exchanges.length * 9)?.[0] ?? '';
}

/** A URL as lists show it. */
export function shortUrl(url: string, { origin }: Pick<Data, 'origin'>): string {
  return origin !== '' && url.startsWith(`${origin}/`) ? url.slice(origin.length) : url;
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).replace(/\.md$/i, '');
}

/** The first segment of a path that is no version. */
function urlArea(url: string): string {
  const path = url.replace(/^[a-z][\w+.-]*:\/\/[^/]*/i, '').split(/[?#]/, 1)[0]!;
  const segments = path.split('/').filter((segment) => segment !== '');
  const named = /^(v?\d+(\.\d+)*|beta|preview)$/i.test(segments[0] ?? '') ? segments[1] : segments[0];
  return named ?? '/';
}
