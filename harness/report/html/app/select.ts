import {
  append,
  causeKey,
  causesOf,
  gravity,
  type Cause,
  type Data,
  type ExchangeRow,
  type FindingRow,
} from './data.ts';
import type { Filter } from './route.ts';

/** What a list shows: rows, and headings where they are grouped. */
export type Item<Row> =
  | { readonly kind: 'heading'; readonly key: string; readonly text: string; readonly count: number }
  | { readonly kind: 'row'; readonly key: string; readonly row: Row };

/** A list after filter, order and grouping. */
export interface Selection<Row> {
  readonly items: readonly Item<Row>[];
  /** The rows alone, in order. */
  readonly rows: readonly Row[];
}

/** The exchanges that a filter lets through. */
export function selectExchanges(data: Data, filter: Filter): Selection<ExchangeRow> {
  const { outcome, severity, rule, area, method, page, type, sort, group } = filter;
  const words = wordsOf(filter.q);
  const rows = data.exchanges.filter(
    (row) =>
      (outcome === undefined || row.result.outcome === outcome || (outcome === 'flaky' && row.result.flaky === true)) &&
      (area === undefined || row.area === area) &&
      (method === undefined || row.result.request.method.toUpperCase() === method) &&
      (page === undefined || row.result.file === page) &&
      (type === undefined || row.type === type) &&
      (severity === undefined || row.findings.some(({ finding }) => finding.severity === severity)) &&
      (rule === undefined || row.findings.some(({ finding }) => finding.ruleId === rule)) &&
      has(words, () => exchangeText(row)),
  );
  const sorted = sort === undefined ? rows : rows.toSorted(named(EXCHANGE_ORDERS, sort) ?? (() => 0));
  const by = named(
    { page: (row: ExchangeRow) => row.result.file, area: (row: ExchangeRow) => row.area, type: typeOf },
    group ?? '',
  );
  return grouped(sorted, ({ key }) => key, by);
}

/** The findings that a filter lets through, folded by cause unless they are grouped by something else. */
export function selectFindings(data: Data, filter: Filter): Selection<Cause> {
  const { severity, rule, area, method, type, state, about, page, cause, outcome, sort, group } = filter;
  const words = wordsOf(filter.q);
  const rows = data.findings.filter(
    (row) =>
      (severity === 'suppressed'
        ? row.finding.suppressed === true
        : severity === undefined || (row.finding.severity === severity && !row.finding.suppressed)) &&
      (rule === undefined || row.finding.ruleId === rule) &&
      (area === undefined || row.area === area) &&
      (method === undefined || row.exchange?.request.method.toUpperCase() === method) &&
      (outcome === undefined || row.exchange?.outcome === outcome) &&
      (type === undefined || row.type === type) &&
      (state === undefined || row.state === state) &&
      (about === undefined || row.about === about) &&
      (page === undefined || row.finding.file === page) &&
      (cause === undefined || causeKey(row) === cause) &&
      has(words, () => findingText(row)),
  );
  // One cause that was chosen is shown place by place.
  const isFolded = (group === undefined || group === 'cause') && cause === undefined;
  const causes = isFolded
    ? causesOf(rows)
    : rows.map((row): Cause => ({ key: `#${row.number}`, face: row, all: [row] }));
  const order = named(FINDING_ORDERS, sort ?? (isFolded ? '' : 'place'));
  const sorted = order === undefined ? causes : causes.toSorted(order);
  const by = named(
    {
      page: ({ face }: Cause) => face.finding.file,
      rule: ({ face }: Cause) => face.finding.ruleId,
      area: ({ face }: Cause) => face.area,
      type: ({ face }: Cause) => typeOf(face),
    },
    group ?? '',
  );
  return grouped(sorted, ({ face }) => face.key, by);
}

/** An address may name anything: what every object has is no order. */
function named<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

const EXCHANGE_ORDERS: Readonly<Record<string, (a: ExchangeRow, b: ExchangeRow) => number>> = {
  outcome: (a, b) => rank(a) - rank(b),
  slow: (a, b) => (b.result.durationMs ?? -1) - (a.result.durationMs ?? -1),
  url: (a, b) => compare(a.result.request.url, b.result.request.url),
  findings: (a, b) => b.findings.length - a.findings.length,
};

const FINDING_ORDERS: Readonly<Record<string, (a: Cause, b: Cause) => number>> = {
  place: (a, b) => a.face.number - b.face.number,
  severity: (a, b) => gravity(a.face) - gravity(b.face),
  places: (a, b) => b.all.length - a.all.length,
  rule: (a, b) => compare(a.face.finding.ruleId, b.face.finding.ruleId),
};

/** What asks for attention first. */
function rank({ result }: ExchangeRow): number {
  return ['differs', 'unanswered', 'blocked', 'conforms', 'skipped'].indexOf(result.outcome);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function typeOf({ type }: ExchangeRow | FindingRow): string {
  return type ?? 'no documented type';
}

function grouped<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  by: ((row: Row) => string) | undefined,
): Selection<Row> {
  const item = (row: Row): Item<Row> => ({ kind: 'row', key: keyOf(row), row });
  if (by === undefined) return { rows, items: rows.map(item) };
  const groups = new Map<string, Row[]>();
  for (const row of rows) append(groups, by(row), row);
  const sorted = [...groups].sort(([a], [b]) => compare(a, b));
  return {
    rows: sorted.flatMap(([, members]) => members),
    items: sorted.flatMap(([text, members]) => [
      { kind: 'heading', key: `h${text}`, text, count: members.length } as const,
      ...members.map(item),
    ]),
  };
}

/** Every word must be found. */
function wordsOf(query: string | undefined): readonly string[] {
  return (query ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

function has(words: readonly string[], text: () => string): boolean {
  if (words.length === 0) return true;
  const content = text();
  return words.every((word) => content.includes(word));
}

/** Made when somebody first types: until then nobody needs them. */
const texts = new WeakMap<object, string>();

function exchangeText(row: ExchangeRow): string {
  let text = texts.get(row);
  if (text === undefined) {
    const { id, title, file, request, actual, expected } = row.result;
    const reasons = row.findings.map(({ finding }) => `${finding.ruleId} ${finding.reason}`);
    text = [request.method, request.url, title, file, id, expected.status, actual?.status ?? '', ...reasons]
      .join(' ')
      .toLowerCase();
    texts.set(row, text);
  }
  return text;
}

function findingText(row: FindingRow): string {
  let text = texts.get(row);
  if (text === undefined) {
    const { ruleId, reason, file, line, note = '', pointer = '', exchangeId = '' } = row.finding;
    text = [ruleId, reason, `${file}:${line}`, note, pointer, exchangeId, row.type ?? ''].join(' ').toLowerCase();
    texts.set(row, text);
  }
  return text;
}
