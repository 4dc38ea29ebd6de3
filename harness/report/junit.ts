import type { Finding } from '../model/finding.ts';
import type { ExchangeResult, Report, Reporter } from '../model/report.ts';
import { append, unsuppressed } from './fold.ts';
import { capped } from './visible.ts';
import { placeOf } from './words.ts';
import { BREAK, element, text, type Xml } from './xml.ts';

/** `junit.xml`: a suite for each page, a test case for each exchange and for each error or warning that belongs to none. */
export const junit: Reporter = {
  name: 'junit',
  file: 'junit.xml',
  *render(report) {
    const suites = [...pages(report)].map(([file, page]) => suite(file, page));
    const counts = total(suites.map(({ counts }) => counts));
    yield '<?xml version="1.0" encoding="UTF-8"?>\n';
    const content = [BREAK, ...suites.flatMap(({ xml }) => [{ xml }, BREAK])];
    yield element('testsuites', { name: report.tool.name, ...attributes(counts) }, content).xml;
    yield '\n';
  },
};

interface Page {
  readonly exchanges: ExchangeResult[];
  /** By exchange id. */
  readonly told: Map<string, Finding[]>;
  /** Errors and warnings that no exchange's case tells. */
  readonly alone: Finding[];
  /** Notes that belong to no exchange: the suite's output. */
  readonly aside: Finding[];
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
  readonly seconds: number;
}

interface Counted extends Xml {
  readonly counts: Counts;
}

function pages(report: Report): ReadonlyMap<string, Page> {
  const files = new Map<string, Page>();
  const page = (file: string): Page => {
    const known = files.get(file) ?? { exchanges: [], told: new Map(), alone: [], aside: [] };
    files.set(file, known);
    return known;
  };
  const exchanges = new Map(report.exchanges.map((exchange) => [exchange.id, exchange]));
  for (const exchange of report.exchanges) page(exchange.file).exchanges.push(exchange);
  for (const finding of unsuppressed(report.findings)) {
    const exchange = finding.exchangeId === undefined ? undefined : exchanges.get(finding.exchangeId);
    if (exchange && tells(exchange, finding)) append(page(exchange.file).told, exchange.id, finding);
    else page(finding.file)[finding.severity === 'note' ? 'aside' : 'alone'].push(finding);
  }
  return files;
}

/** An error turns its exchange's case red only where it is the outcome; elsewhere it needs a case of its own, or nothing would be red. */
function tells({ outcome }: ExchangeResult, { severity }: Finding): boolean {
  return severity !== 'error' || outcome === 'differs' || outcome === 'unanswered';
}

function suite(file: string, page: Page): Counted {
  const names = new Map<string, number>();
  const cases = [
    ...page.exchanges.map((exchange) => exchangeCase(exchange, page.told.get(exchange.id) ?? [])),
    ...page.alone.map((finding) => findingCase(file, finding, names)),
  ];
  const counts = total(cases.map(({ counts }) => counts));
  const content = [...cases, ...output(page.aside)].flatMap(({ xml }) => [{ xml }, BREAK]);
  const { xml } = element('testsuite', { name: file, file, ...attributes(counts) }, [BREAK, ...content]);
  return { xml, counts };
}

function exchangeCase(exchange: ExchangeResult, findings: readonly Finding[]): Counted {
  const { id, title, file, outcome, durationMs = 0 } = exchange;
  const verdict = verdictOf(exchange, findings);
  // A verdict tells every finding; without one, or with one that only says `skipped`, they go to the output.
  const rest = outcome === 'differs' || outcome === 'unanswered' ? [] : output(findings);
  const name = `${brief(title)} (${id})`;
  const time = seconds(durationMs / 1000);
  return {
    xml: element('testcase', { classname: file, name, file, time }, [...verdict, ...rest]).xml,
    counts: {
      tests: 1,
      failures: outcome === 'differs' ? 1 : 0,
      errors: outcome === 'unanswered' ? 1 : 0,
      skipped: outcome === 'blocked' || outcome === 'skipped' ? 1 : 0,
      seconds: Number(time),
    },
  };
}

function verdictOf({ outcome }: ExchangeResult, findings: readonly Finding[]): readonly Xml[] {
  const first = findings.find(({ severity }) => severity === 'error') ?? findings[0];
  const told = { message: brief(first?.reason ?? outcome), type: first?.ruleId };
  switch (outcome) {
    case 'conforms':
      return [];
    case 'differs':
      return [element('failure', told, [text(findings.map(tell).join('\n\n'))])];
    case 'unanswered':
      return [element('error', told, [text(findings.map(tell).join('\n\n'))])];
    case 'blocked':
      return [element('skipped', { message: brief(`blocked: ${first?.reason ?? 'not sent'}`) })];
    case 'skipped':
      return [element('skipped', { message: 'not asked for' })];
  }
}

function findingCase(file: string, finding: Finding, names: Map<string, number>): Counted {
  const { ruleId, severity, reason, line, column } = finding;
  const plain = `${ruleId} ${line}:${column}`;
  const nth = (names.get(plain) ?? 0) + 1;
  names.set(plain, nth);
  const name = nth === 1 ? plain : `${plain} (${nth})`;
  const failed = severity === 'error';
  const content = failed
    ? [element('failure', { message: brief(reason), type: ruleId }, [text(tell(finding))])]
    : output([finding]);
  return {
    xml: element('testcase', { classname: file, name, file, time: seconds(0) }, content).xml,
    counts: { tests: 1, failures: failed ? 1 : 0, errors: 0, skipped: 0, seconds: 0 },
  };
}

function output(findings: readonly Finding[]): readonly Xml[] {
  return findings.length === 0 ? [] : [element('system-out', {}, [text(findings.map(tell).join('\n\n'))])];
}

/** A finding in full, its place first. */
function tell(finding: Finding): string {
  const { severity, ruleId, reason, expected, actual, note } = finding;
  return [
    `${placeOf(finding)}: ${severity}: ${brief(reason)} [${ruleId}]`,
    ...(expected === undefined ? [] : [`expected: ${brief(expected)}`]),
    ...(actual === undefined ? [] : [`actual: ${brief(actual)}`]),
    ...(note === undefined ? [] : [brief(note)]),
  ].join('\n');
}

/** A megabyte of an answer helps nobody who reads a failure. */
function brief(text: string): string {
  return capped(text, 10_000);
}

function total(all: readonly Counts[]): Counts {
  const sum = (key: keyof Counts) => all.reduce((so, counts) => so + counts[key], 0);
  return {
    tests: sum('tests'),
    failures: sum('failures'),
    errors: sum('errors'),
    skipped: sum('skipped'),
    seconds: sum('seconds'),
  };
}

function attributes({ seconds: time, ...counts }: Counts): Record<string, string | number> {
  return { ...counts, time: seconds(time) };
}

function seconds(value: number): string {
  return value.toFixed(3);
}
