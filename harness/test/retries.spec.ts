import { expect, test } from '@playwright/test';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { page, workspace, type Workspace } from './workspace.ts';

let space: Workspace;
let server: Server;
let url: string;
let asked: string[];
/** How often each path is answered wrongly, or not at all, before it is answered as promised. */
let wrong: Map<string, number>;
test.beforeEach(async () => {
  space = workspace({
    'docs/a.md': page('A', { name: 'a', url: '/a' }),
    'docs/b.md': page('B', { name: 'b', url: '/b' }),
    'docs/c.md': page('C', { name: 'c', url: '/c', method: 'PUT' }),
  });
  [asked, wrong] = [[], new Map()];
  server = createServer((request, response) => {
    const at = request.url!;
    asked.push(`${request.method} ${at}`);
    const left = wrong.get(at) ?? 0;
    wrong.set(at, left - 1);
    if (left === Infinity || left > 0) return void response.writeHead(418).end();
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"id":"1"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
test.afterEach(() => {
  server.closeAllConnections();
  server.close();
  space.remove();
});

const run = (...words: string[]) => space.cli(['replay', '--docs', 'docs', '--target', url, '-j', '1', ...words]);
const count = (line: string): number => asked.filter((each) => each === line).length;
const outcomes = () =>
  space.report().exchanges.map(({ id, outcome, flaky }) => `${id} ${outcome}${flaky ? ' flaky' : ''}`);

test.describe('--retries', () => {
  test('asks again what failed: kept then, it conforms and is flaky, and the first answer is told', async () => {
    wrong = new Map([['/a', 2]]);
    expect((await run('--retries', '2')).code).toBe(0);
    expect(outcomes()).toEqual(['a#a conforms flaky', 'b#b conforms', 'c#c conforms']);
    expect(space.report().summary).toMatchObject({ flaky: 1, conforming: 3, findings: { error: 0, note: 1 } });
    const told = space.report().findings.find(({ ruleId }) => ruleId === 'replay/flaky');
    expect(told).toMatchObject({ exchangeId: 'a#a', severity: 'note', reason: expect.stringContaining('`418`') });
    expect([count('GET /a'), count('GET /b'), count('PUT /c')]).toEqual([3, 1, 1]);
  });

  test('no more often than said, and what stays wrong is told once', async () => {
    wrong = new Map([['/a', 3]]);
    expect((await run('--retries', '2')).code).toBe(1);
    expect(outcomes()[0]).toBe('a#a differs');
    expect(space.report().findings.filter(({ severity }) => severity === 'error')).toHaveLength(1);
    expect(count('GET /a')).toBe(3);
  });

  test('never what changes something; nothing without the flag; the config may say it', async () => {
    wrong = new Map([['/c', 1]]);
    expect((await run('--retries', '5')).code).toBe(1);
    expect(count('PUT /c')).toBe(1);
    wrong = new Map([['/b', 1]]);
    expect((await run()).code).toBe(1);
    wrong = new Map([['/b', 1]]);
    space.write('docwright.config.json', '{ "retries": 1 }');
    expect((await run()).code).toBe(0);
    expect((await run('--retries=-1')).code).toBe(2);
  });

  test('a failure that a retry mends does not count for --max-failures', async () => {
    wrong = new Map([
      ['/a', 1],
      ['/b', Infinity],
    ]);
    expect((await run('--retries', '1', '-x')).code).toBe(1);
    expect(outcomes()).toEqual(['a#a conforms flaky', 'b#b differs', 'c#c skipped']);
    expect(count('PUT /c')).toBe(0);
  });
});

test.describe('--last-failed', () => {
  test('selects what failed last, until nothing does', async () => {
    wrong = new Map([
      ['/a', 1],
      ['/c', 2],
    ]);
    expect((await run()).code).toBe(1);
    expect((await run('--last-failed')).code).toBe(1);
    expect(outcomes()).toEqual(['a#a conforms', 'c#c differs']);
    // What was not asked for stays remembered.
    expect((await run('--grep', 'b#b')).code).toBe(0);
    expect((await run('--last-failed')).code).toBe(0);
    expect(outcomes()).toEqual(['c#c conforms']);
    const nothing = await run('--last-failed');
    expect(nothing).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing of this failed in the last run'),
    });
    expect((await run('--last-failed', '--pass-with-no-tests')).code).toBe(0);
  });

  test('knows one target from another, and works for run and plan, too', async () => {
    wrong = new Map([['/b', 1]]);
    expect((await run()).code).toBe(1);
    const mock = await space.cli(['--last-failed']);
    expect(mock).toMatchObject({ code: 2, stderr: expect.stringContaining('no failure of a run against mock') });
    const planned = await space.cli(['plan', '--docs', 'docs', '--target', url, '--last-failed', '--json']);
    expect((JSON.parse(planned.stdout) as { requests: { id: string }[] }).requests.map(({ id }) => id)).toEqual([
      'b#b',
    ]);
    expect((await space.cli(['--docs', 'docs', '--target', url, '--last-failed'])).code).toBe(0);
    expect(outcomes()).toEqual(['b#b conforms']);
  });

  test('where nothing ever failed, nothing is kept; what cannot be read is as if it were not there', async () => {
    expect((await run()).code).toBe(0);
    expect(existsSync(path.join(space.folder, '.docwright/last-run.json'))).toBe(false);
    for (const text of ['{', '{"schemaVersion":2}', '[]', '{"schemaVersion":1,"failed":{"x":1}}']) {
      space.write('.docwright/last-run.json', text);
      expect(await run('--last-failed')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('Nothing selected'),
      });
    }
  });
});
