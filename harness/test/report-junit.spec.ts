import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { finding, type Fact } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { gather, reporters } from '../report/index.ts';
import { sampleContext, sampleReport } from './sample.ts';

test('tells every exchange and every lone finding, and counts them right', () => {
  const all = suitesOf(sampleReport());
  expect(all.counts).toEqual({ tests: 10, failures: 2, errors: 1, skipped: 2 });
  const cases = all.suites.flatMap(({ testcase }) => testcase);
  expect(cases.filter(({ failure }) => failure !== undefined).map(({ name }) => name)).toEqual([
    'Create shared insight (insights/create-shared#create_shared)',
    'http/unreadable 3:1',
  ]);
  expect(cases.find(({ error }) => error !== undefined)?.name).toContain('create_used_again');
  expect(cases.filter(({ skipped }) => skipped !== undefined).map(({ skipped }) => skipped?.message)).toEqual([
    'blocked: Missing value for `{id}`, expected one to send',
    'not asked for',
  ]);
  expect(cases.filter(({ name }) => name.startsWith('type/unresolved'))).toHaveLength(3);
});

test('says first what is wrong, then every finding with its place', () => {
  const failure = suitesOf(sampleReport()).suites[0]!.testcase[0]!.failure!;
  expect(failure.message).toBe('Unexpected number for property `资源`, expected a string');
  for (const place of ['create-shared.md:28:1', 'create-shared.md:29:18', 'create-shared.md:29:30']) {
    expect(failure['#text']).toContain(place);
  }
  expect(failure['#text']).not.toContain('suppressed');
});

test('keeps notes and warnings in the output', () => {
  const text = render(sampleReport());
  expect(text).toContain('<system-out>docs/api/insights/create-shared.md:3:14: note: Unexpected text `TODO`');
  expect(text).toMatch(/<system-out>docs\/api\/insights\/create-used.md:12:1: warning/);
});

test('an error never hides behind an exchange that is not red', () => {
  const { exchanges, coverage, tool } = sampleReport();
  const place = {
    file: exchanges[3]!.file,
    position: { start: { line: 12, column: 1 }, end: { line: 12, column: 5 } },
  };
  const fact: Fact = { ruleId: 'replay/blocked', reason: 'Missing value', place, exchangeId: exchanges[3]!.id };
  const findings = [finding(fact, 'error'), finding({ ...fact, pointer: '/body' }, 'error')];
  const all = suitesOf(gather({ command: 'run', target: 'mock', tool, coverage, exchanges, findings, unseen: 0 }));
  const red = all.suites.flatMap(({ testcase }) => testcase).filter(({ name }) => name.startsWith('replay/blocked'));
  expect(red.map(({ name }) => name)).toEqual(['replay/blocked 12:1', 'replay/blocked 12:1 (2)']);
  expect(red.every(({ failure }) => failure !== undefined)).toBe(true);
});

test('adds its times up', () => {
  const parsed = parse(render(sampleReport()));
  expect(parsed.testsuites.time).toBe('30.327');
  expect(parsed.testsuites.testsuite.map(({ time }: { time: string }) => time)).toEqual(['0.327', '30.000', '0.000']);
});

test('is legal XML whatever the docs contain', () => {
  const units = fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
    .map((codes) => String.fromCharCode(...codes));
  const bits = fc
    .array(
      fc.constantFrom(']]>', '<', '&', '"', "'", '\u0000', '\ud800', '\ufffe', '\n', '\t', '<![CDATA[', '::', '##['),
      {
        maxLength: 20,
      },
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(units, bits, fc.string({ unit: 'binary' })), (text) => {
      const written = render(hostile(text));
      expect(XMLValidator.validate(written)).toBe(true);
      expect(written).not.toMatch(ILLEGAL);
      expect(written).not.toMatch(/^\s*::|##\[/m);
      const { suites } = suitesOf(hostile(text));
      expect(suites.reduce((sum, { testcase }) => sum + testcase.length, 0)).toBe(8);
    }),
  );
});

test('reads back what was written', () => {
  const text = `a < b && c > d "quoted" 'single' ]]> <script>`;
  const { suites } = suitesOf(hostile(text));
  expect(suites[0]!.name).toBe(text);
  expect(suites[0]!.testcase[0]!.failure?.message).toBe(text);
});

/** Whatever XML 1.0, 2.2, does not list as a character. */
const ILLEGAL = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

interface Suite {
  readonly name: string;
  readonly testcase: readonly Case[];
}

interface Case {
  readonly name: string;
  readonly failure?: { readonly message: string; readonly '#text'?: string };
  readonly error?: unknown;
  readonly skipped?: { readonly message: string };
}

/** The suites as read back, after holding the counts of each, and of all, to what is there. */
function suitesOf(report: Report) {
  const { testsuites } = parse(render(report));
  const suites: readonly Suite[] = testsuites.testsuite;
  const sum = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  for (const suite of testsuites.testsuite) {
    const counts = {
      tests: suite.testcase.length,
      failures: suite.testcase.filter((one: Case) => one.failure !== undefined).length,
      errors: suite.testcase.filter((one: Case) => one.error !== undefined).length,
      skipped: suite.testcase.filter((one: Case) => one.skipped !== undefined).length,
    };
    expect(countsOf(suite)).toEqual(counts);
    for (const key of ['tests', 'failures', 'errors', 'skipped'] as const) sum[key] += counts[key];
  }
  expect(countsOf(testsuites)).toEqual(sum);
  return { suites, counts: sum };
}

function countsOf(element: Record<string, string>) {
  const [tests, failures, errors, skipped] = ['tests', 'failures', 'errors', 'skipped'].map((key) =>
    Number(element[key]),
  );
  return { tests, failures, errors, skipped };
}

function parse(text: string) {
  expect(XMLValidator.validate(text)).toBe(true);
  return new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseAttributeValue: false,
    parseTagValue: false,
    trimValues: false,
    htmlEntities: true,
    isArray: (name) => name === 'testsuite' || name === 'testcase',
  }).parse(text);
}

function render(report: Report): string {
  return [...reporters.junit!.render(report, sampleContext())].join('');
}

function hostile(text: string): Report {
  const { exchanges, coverage, tool } = sampleReport();
  const place = { file: text, position: { start: { line: 1, column: 1 }, end: { line: 1, column: 2 } } };
  const fact: Fact = { ruleId: 'property/type', reason: text, place, note: text, actual: text };
  return gather({
    command: 'run',
    target: text,
    tool,
    coverage,
    exchanges: exchanges.map((exchange) => ({ ...exchange, title: text, file: text })),
    findings: [
      finding({ ...fact, exchangeId: exchanges[0]!.id }),
      finding(fact),
      finding(fact, 'warning'),
      finding(fact, 'note'),
    ],
    unseen: 0,
  });
}
