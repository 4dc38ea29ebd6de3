import { finding, type Finding } from '../model/finding.ts';
import type { PagedExchange } from '../model/fixture.ts';
import type { ExchangeResult } from '../model/report.ts';
import { gather } from '../report/index.ts';
import { exchangesOf, type BenchExchange } from './exchanges.ts';

/** A documented exchange, and the answer that came; `isWrong` where it breaks the promise. */
export interface BenchAnswer {
  readonly promised: BenchExchange;
  readonly answer: object | undefined;
  readonly isWrong: boolean;
}

/** So many exchanges with a body, of which the first of every so many are answered otherwise. */
export function answersOf(count: number, wrong: number): readonly BenchAnswer[] {
  const withBody = exchangesOf(Math.ceil(count * 1.4)).filter(({ answer }) => answer !== undefined);
  return withBody.slice(0, count).map((promised, index) => {
    const isWrong = Math.floor(((index + 1) * wrong) / count) > Math.floor((index * wrong) / count);
    const answer = isWrong ? { ...promised.answer, displayName: 7, surprise: `value ${index}` } : promised.answer;
    return { promised, answer, isWrong };
  });
}

/** The report of these answers and all that is known beside it, as plain JSON: one finding for each answer that is wrong. */
export function reportInput(answers: readonly BenchAnswer[]): string {
  const pages: Record<string, string[]> = {};
  const details: Record<string, object> = {};
  const findings: Finding[] = [];
  const exchanges = answers.map(({ promised, answer, isWrong }, index): ExchangeResult => {
    const file = `docs/api/area-${index % 12}/page-${Math.floor(index / 20)}.md`;
    const lines = (pages[file] ??= [`# Page ${Math.floor(index / 20)}`, '']);
    const id = `area-${index % 12}/page-${Math.floor(index / 20)}#e${index}`;
    const body = JSON.stringify(promised.answer, null, 2);
    const line = lines.length + 2;
    const url = `https://api.example.com${promised.path}`;
    lines.push(
      '```http',
      `${promised.method} ${url}`,
      '```',
      '',
      '```http',
      `HTTP/1.1 ${promised.status} OK`,
      'Content-Type: application/json',
      '',
      ...body.split('\n'),
      '```',
      '',
    );
    if (isWrong) {
      const at = lines.findIndex((text, number) => number > line && text.includes('"displayName"')) + 1;
      const start = { line: at > 0 ? at : line + 7, column: 3 };
      findings.push(
        finding({
          ruleId: 'property/type',
          reason: 'Unexpected number for `displayName`, expected a string',
          place: { file, position: { start, end: { ...start, column: 16 } } },
          exchangeId: id,
          pointer: '/body/displayName',
          group: `property/type ${index % 300}`,
          expected: 'a string',
          actual: '7',
          note: 'Return the documented type, or mend the documented response.',
        }),
      );
      details[id] = {
        exchange: pagedExchange(id, file, line, promised, body),
        sent: { method: promised.method, url, headers: [['Accept', 'application/json']] },
        actual: {
          status: promised.status,
          headers: [['content-type', 'application/json']],
          body: JSON.stringify(answer),
        },
      };
    }
    return {
      id,
      title: `Exchange ${index}`,
      file,
      line,
      request: { method: promised.method, url },
      outcome: isWrong ? 'differs' : 'conforms',
      expected: { status: promised.status, statuses: [promised.status] },
      actual: { status: promised.status },
      durationMs: (index * 37) % 400,
    };
  });
  const report = gather({
    command: 'run',
    target: 'https://api.example.com',
    tool: { name: 'docwright', version: '0.0.0' },
    coverage: { files: Object.keys(pages).length, annotations: {} },
    exchanges,
    findings,
    unseen: 0,
  });
  return JSON.stringify({ report, details, pages });
}

function pagedExchange(id: string, file: string, line: number, promised: BenchExchange, body: string): PagedExchange {
  return {
    id,
    file,
    title: id,
    request: {
      block: { line, indent: 0 },
      at: 0,
      method: promised.method,
      url: `https://api.example.com${promised.path}`,
      headers: [],
      body: { kind: 'empty' },
    },
    responses: [
      {
        block: { line: line + 4, indent: 0 },
        at: 0,
        status: promised.status,
        headers: [{ name: 'Content-Type', value: 'application/json', at: 1 }],
        body: { kind: 'json', at: 3, text: body },
      },
    ],
  };
}

/** The same exchanges as tests of Playwright, in one file: each holds the answer to the promise. */
export function playwrightTests(answers: readonly BenchAnswer[]): string {
  const tests = answers.map(
    ({ promised: { method, path, answer: promise }, answer }, index) =>
      `test(${JSON.stringify(`${index} ${method} ${path}`)}, () => {\n  expect(${JSON.stringify(answer)}).toEqual(${JSON.stringify(promise)});\n});\n`,
  );
  return `import { expect, test } from '@playwright/test';\n\n${tests.join('\n')}`;
}
