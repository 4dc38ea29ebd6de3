import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { conform, type ConformOptions } from '../conform.ts';
import type { Docset } from '../model/docset.ts';
import type { PagedExchange } from '../model/fixture.ts';
import type { Target } from '../model/http.ts';
import { mockTarget } from '../mock/msw.ts';
import { httpTarget } from '../replay/http.ts';
import { compilePages, exchangePage } from './docs.ts';

const SAMPLE = ['add-shared', 'add-used', 'create-outboundshareduserprofile', 'create-shared', 'create-used'];

function sample(): Promise<Docset> {
  const page = (name: string): string => `docs/api/insights/${name}.md`;
  return compilePages(
    Object.fromEntries(
      SAMPLE.map((name) => [page(name), readFileSync(new URL(`../../${page(name)}`, import.meta.url), 'utf8')]),
    ),
  );
}

function hold(docset: Docset, target: Target, options: Partial<ConformOptions> = {}) {
  return conform(docset.exchanges, target, {
    workers: 4,
    timeout: 2000,
    writes: true,
    resources: docset.resources,
    all: docset.exchanges,
    forbidBlocked: false,
    ...options,
  });
}

test('the mock keeps every promise of the sample docs', async () => {
  const docset = await sample();
  const { results, findings } = await hold(docset, mockTarget(docset.exchanges));
  expect(results.map(({ outcome }) => outcome)).toEqual(SAMPLE.map(() => 'conforms'));
  expect(findings).toEqual([]);
});

test('one byte changed in a documented answer makes that exchange differ, and no other', async () => {
  const docset = await sample();
  for (const changed of docset.exchanges) {
    const exchanges = docset.exchanges.map((exchange) => (exchange === changed ? damaged(exchange) : exchange));
    const { results, findings } = await hold(docset, mockTarget(exchanges));
    expect(results.filter(({ outcome }) => outcome !== 'conforms').map(({ id, outcome }) => [id, outcome])).toEqual([
      [changed.id, 'differs'],
    ]);
    expect(findings.map(({ ruleId, exchangeId, pointer }) => [ruleId, exchangeId, pointer])).toEqual([
      ['property/missing', changed.id, '/body/id'],
    ]);
  }
});

/** The same exchange, one letter of the key `id` changed in its documented answer. */
function damaged(exchange: PagedExchange): PagedExchange {
  const [response] = exchange.responses;
  if (response?.body.kind !== 'json') throw new Error('a JSON body is meant');
  return {
    ...exchange,
    responses: [{ ...response, body: { ...response.body, text: response.body.text.replace('"id":', '"ie":') } }],
  };
}

test('an answer that keeps either of two promises for one request counts', async () => {
  const page = (status: number): string => exchangePage('GET /me', [`HTTP/1.1 ${status} Phrase`]);
  const docset = await compilePages({ 'a.md': page(200), 'b.md': page(204) });
  const { results } = await hold(docset, mockTarget(docset.exchanges));
  expect(results.map(({ outcome, actual }) => [outcome, actual?.status])).toEqual([
    ['conforms', 200],
    ['conforms', 200],
  ]);
});

test('a live target: what conforms, differs, is blocked, is not answered; responses nobody saw', async () => {
  const one = (name: string, url: string, ...responses: string[]): string =>
    exchangePage(`GET ${url}`, responses, { request: { name } });
  const docset = await compilePages({
    'a.md': one('good', 'https://graph.example.com/v1.0/good', 'HTTP/1.1 200 OK', 'HTTP/1.1 404 Not Found'),
    'b.md': one('bad', '/v1.0/bad', 'HTTP/1.1 200 OK'),
    'c.md': one('placeholder', '/v1.0/{id}', 'HTTP/1.1 200 OK'),
    'd.md': one('reset', '/v1.0/reset', 'HTTP/1.1 200 OK'),
  });
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url!);
    if (request.url === '/v1.0/reset') request.socket.destroy();
    else response.writeHead(request.url === '/v1.0/bad' ? 500 : 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const target = httpTarget({ base: `http://127.0.0.1:${typeof address === 'object' ? address!.port : 0}` });
  try {
    const { results, findings, unseen, details } = await hold(docset, target, { workers: 1 });
    expect(results.map(({ outcome }) => outcome)).toEqual(['conforms', 'differs', 'blocked', 'unanswered']);
    expect(findings.map(({ file, line, severity, ruleId }) => `${file}:${line} ${severity} ${ruleId}`)).toEqual([
      'b.md:10 error status/undocumented',
      'c.md:5 warning replay/blocked',
      'd.md:5 error replay/unanswered',
    ]);
    expect(findings[1]!.reason).toContain('{id}');
    expect(seen).toEqual(['/v1.0/good', '/v1.0/bad', '/v1.0/reset']);
    expect(unseen).toBe(3);
    expect([...details.keys()]).toEqual(['b#bad', 'c#placeholder', 'd#reset']);
    const forbidden = await hold(docset, target, { workers: 1, forbidBlocked: true });
    expect(forbidden.findings[1]).toMatchObject({ ruleId: 'replay/blocked', severity: 'error' });
    const stopped = await hold(docset, target, { workers: 1, maxFailures: 1 });
    expect(stopped.results.map(({ outcome }) => outcome)).toEqual(['conforms', 'differs', 'skipped', 'skipped']);
  } finally {
    await target.close?.();
    server.close();
  }
});
