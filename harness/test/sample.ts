import { finding, type Fact, type Severity } from '../model/finding.ts';
import type { PagedExchange, PromisedResponse } from '../model/fixture.ts';
import type { ExchangeDetail, ExchangeResult, Outcome, Report, ReportContext } from '../model/report.ts';
import { gather } from '../report/index.ts';

/** A report with every outcome and every severity, a folded group, a suppressed finding and a flaky exchange. */
export function sampleReport(): Report {
  return gather({
    command: 'run',
    target: 'https://api.example.com/v1.0',
    tool: { name: 'docwright', version: '0.1.0' },
    coverage: {
      files: 3,
      annotations: {
        request: { found: 6, compiled: 6, ignored: 0, reported: 0 },
        response: { found: 7, compiled: 6, ignored: 0, reported: 1 },
        resource: { found: 2, compiled: 2, ignored: 0, reported: 0 },
        ignored: { found: 1, compiled: 0, ignored: 1, reported: 0 },
      },
    },
    exchanges: sampleExchanges,
    findings: [
      ...facts.map(([fact, severity]) => finding(fact, severity)),
      { ...finding(...facts[0]!), line: 30, endLine: 30, suppressed: true, fingerprint: '0123456789abcdef' },
    ],
    unseen: 2,
  });
}

/** A report of many exchanges, no two the same: every sixth differs, a hundred a page. */
export function manyExchanges(count: number): Report {
  const sample = sampleReport();
  const exchanges = Array.from({ length: count }, (_, index) => ({
    ...sample.exchanges[index % 6]!,
    id: `page${Math.floor(index / 100)}#${index}`,
    file: `docs/page${Math.floor(index / 100)}.md`,
    line: index + 1,
  }));
  return gather({ ...sample, exchanges, unseen: 0 });
}

/** What a terminal of 100 columns without colour would be told of the sample. */
export function sampleContext(change: Partial<ReportContext> = {}): ReportContext {
  return {
    detail: (id) => details.get(id),
    lines: (file) => pages[file],
    folder: 'reports',
    written: { json: 'reports/report.json', html: 'reports/index.html' },
    color: false,
    width: 100,
    verbose: false,
    ...change,
  };
}

const SHARED = 'docs/api/insights/create-shared.md';
const USED = 'docs/api/insights/create-used.md';

const pages: Readonly<Record<string, readonly string[]>> = {
  [SHARED]: [
    ...Array<string>(24).fill(''),
    'HTTP/1.1 201 Created',
    'Content-Type: application/json',
    '',
    '{',
    '\t"id": "ACdd-1", "资源": "文档", "weight": 0.5,',
    '  "lastShared": { "sharedDateTime": "2026-03-01T09:30:00Z", "sharingType": "Direct" }',
    '}',
  ],
  [USED]: [
    ...Array<string>(11).fill(''),
    'POST https://api.example.com/v1.0/users/{id}/insights/used',
    '[usedInsight]: ../resources/used.md',
  ],
};

function promised(status: number, line: number, text: string): PromisedResponse {
  return {
    block: { line, indent: 0 },
    at: 0,
    status,
    headers: [{ name: 'Content-Type', value: 'application/json', at: 1 }],
    body: { kind: 'json', at: 3, text },
    type: 'microsoft.graph.sharedInsight',
  };
}

function paged(id: string, file: string, line: number, responses: readonly PromisedResponse[]): PagedExchange {
  return {
    id,
    file,
    title: 'Create shared insight',
    request: {
      block: { line, indent: 0 },
      at: 0,
      method: 'POST',
      url: 'https://api.example.com/v1.0/me/insights/shared',
      headers: [{ name: 'Content-Type', value: 'application/json', at: 1 }],
      body: { kind: 'json', at: 3, text: '{\n  "weight": 0.5\n}' },
    },
    responses,
  };
}

function result(
  name: string,
  file: string,
  line: number,
  outcome: Outcome,
  rest: Partial<ExchangeResult> = {},
): ExchangeResult {
  const page = file.slice('docs/api/'.length, -'.md'.length);
  return {
    id: `${page}#${name}`,
    title: file === SHARED ? 'Create shared insight' : 'Create used insight',
    file,
    line,
    request: {
      method: 'POST',
      url: `https://api.example.com/v1.0/${file === SHARED ? 'me/insights/shared' : 'users/{id}/insights/used'}`,
    },
    outcome,
    expected: { status: 201, statuses: [201] },
    ...rest,
  };
}

const sampleExchanges: readonly ExchangeResult[] = [
  result('create_shared', SHARED, 14, 'differs', { actual: { status: 201 }, durationMs: 84.25 }),
  result('create_shared_again', SHARED, 41, 'conforms', { actual: { status: 201 }, durationMs: 31 }),
  result('list_shared', SHARED, 66, 'conforms', {
    request: { method: 'GET', url: 'https://api.example.com/v1.0/me/insights/shared?$top=5' },
    expected: { status: 200, statuses: [200, 404] },
    actual: { status: 200 },
    durationMs: 212,
    flaky: true,
  }),
  result('create_used', USED, 12, 'blocked'),
  result('create_used_again', USED, 38, 'unanswered', { durationMs: 30_000 }),
  result('delete_used', USED, 59, 'skipped', {
    request: { method: 'DELETE', url: 'https://api.example.com/v1.0/users/{id}/insights/used/{id}' },
    expected: { status: 204, statuses: [204] },
  }),
];

const BODY = '{\n\t"id": "ACdd-1", "资源": "文档", "weight": 0.5\n}';

const details: ReadonlyMap<string, ExchangeDetail> = new Map([
  [
    'insights/create-shared#create_shared',
    {
      exchange: paged('insights/create-shared#create_shared', SHARED, 14, [promised(201, 25, BODY)]),
      sent: {
        method: 'POST',
        url: 'https://api.example.com/v1.0/me/insights/shared',
        headers: [
          ['Content-Type', 'application/json'],
          ['Authorization', 'Bearer not-for-the-report'],
        ] as const,
        body: new TextEncoder().encode('{\n  "weight": 0.5\n}'),
      },
      actual: {
        status: 201,
        headers: [['content-type', 'application/json; charset=utf-8']] as const,
        body: new TextEncoder().encode('{"id":"ACdd-1","资源":7,"colour":"teal"}'),
      },
    },
  ],
  [
    'insights/create-used#create_used',
    { exchange: paged('insights/create-used#create_used', USED, 12, [promised(201, 25, BODY)]) },
  ],
]);

function place(file: string, line: number, column: number, endColumn: number): Fact['place'] {
  return { file, position: { start: { line, column }, end: { line, column: endColumn } } };
}

const SHARED_ID = 'insights/create-shared#create_shared';

const facts: readonly (readonly [Fact, Severity?])[] = [
  [
    {
      ruleId: 'property/missing',
      reason: 'Missing property `weight`, expected a number',
      place: place(SHARED, 29, 30, 38),
      exchangeId: SHARED_ID,
      pointer: '/body/weight',
      expected: 'a number',
      actual: 'nothing',
      note: 'Have the service send `weight`, or list it under `optionalProperties` in the annotation above the block.',
    },
  ],
  [
    {
      ruleId: 'property/type',
      reason: 'Unexpected number for property `资源`, expected a string',
      place: place(SHARED, 29, 18, 22),
      exchangeId: SHARED_ID,
      pointer: '/body/资源',
      expected: '"文档"',
      actual: '7',
      note: 'Mend the example, or the service.',
    },
  ],
  [
    {
      ruleId: 'property/undocumented',
      reason: 'Unexpected property `colour`, expected none of that name',
      place: place(SHARED, 28, 1, 2),
      exchangeId: SHARED_ID,
      pointer: '/body/colour',
      actual: '"teal"',
      note: 'Document `colour`.',
    },
  ],
  [
    {
      ruleId: 'replay/blocked',
      reason: 'Missing value for `{id}`, expected one to send',
      place: place(USED, 12, 1, 5),
      exchangeId: 'insights/create-used#create_used',
      note: 'Give the value with `--var id=…`.',
    },
  ],
  [
    {
      ruleId: 'replay/unanswered',
      reason: 'Missing answer, expected one within 30 s',
      place: place(USED, 38, 1, 5),
      exchangeId: 'insights/create-used#create_used_again',
      actual: 'timeout',
    },
  ],
  ...[13, 21, 22].map((line): readonly [Fact] => [
    {
      ruleId: 'type/unresolved',
      reason: 'Unexpected type `usedInsight`, expected a documented one',
      place: place(USED, line, 2, 13),
      subject: `usedInsight ${line}`,
      group: 'type/unresolved usedInsight',
      note: 'Add a page for the type under `docs/api/resources`.',
    },
  ]),
  [
    {
      ruleId: 'http/unreadable',
      reason: 'Unexpected text `HTTP/1,1`, expected a status line',
      place: place('docs/api/insights/gone.md', 3, 1, 9),
      note: 'Begin the block with a status line such as `HTTP/1.1 200 OK`.',
    },
  ],
  [{ ruleId: 'page/todo', reason: 'Unexpected text `TODO`', place: place(SHARED, 3, 14, 18) }],
];
