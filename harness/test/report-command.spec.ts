import { expect, test } from '@playwright/test';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import path from 'node:path';
import fc from 'fast-check';
import { seesBrowser } from '../cli/browser.ts';
import { serveFolder } from '../cli/report-server.ts';
import { finding } from '../model/finding.ts';
import { MOST_HISTORY } from '../model/history.ts';
import type { Report } from '../model/report.ts';
import { compareReports } from '../report/compare.ts';
import { gather } from '../report/index.ts';
import { mergeReports } from '../report/merge.ts';
import { nextSteps } from '../report/next.ts';
import { sampleReport } from './sample.ts';
import { page, workspace, type Workspace } from './workspace.ts';

let space: Workspace;
let server: Server;
let url: string;
/** What the service answers to each path; without an entry as the docs say. */
let lies: Record<string, string>;

test.beforeEach(async () => {
  lies = {};
  space = workspace(
    Object.fromEntries(
      ['a', 'b', 'c', 'd', 'e'].map((name) => [`docs/${name}.md`, page(name, { name, url: `/v1.0/${name}` })]),
    ),
  );
  server = createServer((asked, response) => {
    const body = lies[asked.url!.slice('/v1.0/'.length)] ?? '{"id": "1"}';
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
test.afterEach(() => {
  server.closeAllConnections();
  server.close();
  space.remove();
});

const run = (reports: string, ...words: string[]) => space.cli(['--target', url, '--reports', reports, ...words]);

/** Without what differs from run to run. */
function timeless(report: Report): unknown {
  return { ...report, exchanges: report.exchanges.map(({ durationMs: _, ...rest }) => rest) };
}

test.describe('usage', () => {
  for (const [words, message] of [
    [['report', 'mrge', 'a'], 'Unknown command `report mrge`, did you mean `report merge`?'],
    [['report', 'zzzzzzzz'], 'Unknown command `report zzzzzzzz`, expected report open, report merge, report compare'],
    [['reprot'], 'Unknown command `reprot`, did you mean `report`?'],
    [['report', 'merge'], 'Missing words after `report merge`'],
    [['report', 'compare', 'a'], 'Missing words after `report compare`, expected two report.json'],
    [['report', 'compare', 'a', 'b', 'c'], 'Unexpected word `c` after `report compare`'],
    [['report', 'open', 'x'], 'Unexpected word `x` after `report open`'],
    [
      ['report', 'merge', 'x', '--serve'],
      '`--serve` belongs to `docwright report open`, not to `docwright report merge`',
    ],
    [['report', 'merge', 'x', '--json'], 'and `docwright report compare`, not to `docwright report merge`'],
    [['compile', '--history'], '`--history` belongs to'],
    [['report'], 'No report `reports/index.html`'],
    [['report', 'merge', 'none'], 'No report `none`'],
    [['report', 'merge', 'docs'], 'No report in `docs`: there is no `docs/report.json`'],
    [['run', '--baseline', 'none.json'], 'No report `none.json`'],
  ] as const) {
    test(words.join(' '), async () => {
      const { code, stdout, stderr } = await space.cli(words);
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
      expect(readdirSync(space.folder)).toEqual(['docs']);
    });
  }

  test('a report that is broken, foreign or newer is refused at its place, and what it says acts on nobody', async () => {
    const whole = JSON.stringify(sampleReport(), null, 2);
    for (const [text, message] of [
      [whole.slice(0, 500), /^docwright: r\.json:\d+:\d+: /],
      ['[]', 'r.json:1:1: No report of docwright'],
      ['null', 'r.json:1:1: No report of docwright'],
      ['{"tool": null}', 'r.json:1:1: No report of docwright'],
      [whole.replace('"docwright"', '"other"'), 'r.json:1:1: No report of docwright'],
      [
        whole.replace('"schemaVersion": 1', '"schemaVersion": 7'),
        'r.json:2:3: Of a newer docwright: schemaVersion 7, this one reads 1',
      ],
      [whole.replace('"conforming": 2', '"conforming": -2'), /r\.json:\d+:\d+: `\/summary\/conforming` must be >= 0/],
      [whole.replace(/"ruleId": "[^"]+"/, '"ruleId": "no/such\\u001b[31m"'), /r\.json:\d+:\d+: /],
      ['', 'r.json:1:1: '],
      ['['.repeat(100_000), 'r.json:1:'],
    ] as const) {
      space.write('r.json', text);
      for (const words of [
        ['report', 'merge', 'r.json'],
        ['report', 'compare', 'r.json', 'r.json'],
        ['run', '--baseline', 'r.json'],
      ]) {
        const { code, stdout, stderr } = await space.cli(words);
        expect([code, stdout]).toEqual([2, '']);
        if (typeof message === 'string') expect(stderr).toContain(message);
        else expect(stderr).toMatch(message);
        expect(stderr).not.toContain('\u001b');
        expect(stderr).not.toContain('Internal error');
      }
    }
  });
});

test.describe('open', () => {
  test('says where the report is, and opens a browser only before a person', async () => {
    await run('out');
    expect(await space.cli(['report', '--reports', 'out'])).toEqual({
      code: 0,
      stdout: 'out/index.html\n',
      stderr: '',
    });
    const screen = { DISPLAY: ':0', TERM: 'xterm' };
    expect(seesBrowser({ isTTY: true }, screen, 'linux')).toBe(true);
    expect(seesBrowser({ isTTY: true }, {}, 'darwin')).toBe(true);
    for (const environment of [{ ...screen, CI: 'true' }, { ...screen, TERM: 'dumb' }, { TERM: 'xterm' }])
      expect(seesBrowser({ isTTY: true }, environment, 'linux')).toBe(false);
    expect(seesBrowser({}, screen, 'linux')).toBe(false);
  });

  test('--serve and --port serve until a signal comes', async () => {
    await run('out');
    for (const flag of [['--serve'], ['--port', '0']]) {
      const stop = new AbortController();
      const served = space.cli(['report', '--reports', 'out', ...flag], { signal: stop.signal });
      setTimeout(() => stop.abort('SIGTERM'), 200);
      expect(await served).toMatchObject({
        code: 143,
        stdout: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\n$/),
      });
    }
  });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function ask(
  base: string,
  target: string,
  { host, method = 'GET' }: { host?: string; method?: string } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    const asked = request({ hostname, port, path: target, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    asked.once('error', reject).end();
  });
}

test.describe('the server', () => {
  let base: string;
  let close: () => Promise<void>;
  test.beforeEach(async () => {
    for (const [file, text] of Object.entries({
      'out/index.html': '<p>page',
      'out/report.json': '{}',
      'out/junit.xml': '<a/>',
      'out/results.sarif': '{}',
      'out/sub/x y.md': 'words',
      'out/.gitignore': '*',
      'out/.secret/a.json': '{}',
      'secret.json': 'secret',
    }))
      space.write(file, text);
    symlinkSync(path.join(space.folder, 'secret.json'), path.join(space.folder, 'out/link.json'));
    symlinkSync(space.folder, path.join(space.folder, 'out/up'));
    symlinkSync(path.join(space.folder, 'out/report.json'), path.join(space.folder, 'out/own.json'));
    ({ url: base, close } = await serveFolder(path.join(space.folder, 'out'), 0));
  });
  test.afterEach(() => close());

  test('gives files by their names, with their media types', async () => {
    for (const [target, type, body] of [
      ['/', 'text/html; charset=utf-8', '<p>page'],
      ['/index.html?x=1', 'text/html; charset=utf-8', '<p>page'],
      ['/report.json', 'application/json', '{}'],
      ['/own.json', 'application/json', '{}'],
      ['/junit.xml', 'application/xml', '<a/>'],
      ['/results.sarif', 'application/sarif+json', '{}'],
      ['/sub/x%20y.md', 'text/markdown; charset=utf-8', 'words'],
    ] as const) {
      const answer = await ask(base, target);
      expect([answer.status, answer.headers['content-type'], answer.body], target).toEqual([200, type, body]);
      expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    }
    expect((await ask(base, '/junit.xml')).headers['content-security-policy']).toContain('sandbox');
    expect(await ask(base, '/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });

  test('gives nothing from outside, no list, and nothing that is hidden', async () => {
    for (const target of [
      '/../secret.json',
      '/sub/../../secret.json',
      '/%2e%2e/secret.json',
      '/..%2fsecret.json',
      '/..%5csecret.json',
      '/%252e%252e/secret.json',
      '//etc/passwd',
      '/%2fetc%2fpasswd',
      '/link.json',
      '/up/secret.json',
      '/.gitignore',
      '/.secret/a.json',
      '/sub',
      '/sub/',
      '/index.html/',
      '/report.json%00.html',
      '/%',
      '/none.html',
    ]) {
      const { status, body } = await ask(base, target);
      expect([status, body], target).toEqual([404, 'There is no such file among the reports.\n']);
    }
    const segment = fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '%2f',
      '%5c',
      'up',
      'sub',
      'link.json',
      'secret.json',
      '',
      'out',
      '%00',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(segment, { maxLength: 5 }), async (segments) => {
        expect((await ask(base, `/${segments.join('/')}`)).body).not.toContain('secret');
      }),
      { numRuns: 50 },
    );
  });

  test('answers for its own names alone, and only whoever reads', async () => {
    const { port } = new URL(base);
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1.evil.example:${port}`])
      expect((await ask(base, '/', { host })).status, host).toBe(421);
    expect((await ask(base, '/', { host: `localhost:${port}` })).status).toBe(200);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND'])
      expect((await ask(base, '/', { method })).status).toBe(405);
    const raw = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.end(`GET http://evil.example/ HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`),
      );
      let text = '';
      socket.on('data', (data) => (text += data.toString())).on('close', () => resolve(text));
    });
    expect(raw).toMatch(/^HTTP\/1\.1 404 /);
  });
});

test.describe('merge', () => {
  test('gives the report and the exit code of one run, whatever the shards', async () => {
    lies = { b: '{"id": 1}', d: '{"id": "1", "more": true}' };
    expect((await run('whole')).code).toBe(1);
    const whole = space.report('whole');
    await run('s1', 'a.md', 'd.md');
    await run('s2', 'b.md', 'e.md');
    await run('s3', 'c.md');
    const { code, stderr } = await space.cli(['report', 'merge', 's3', 's1', 's2/report.json', '--reports', 'all']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('5 exchanges: 4 conforming, 1 differing')]);
    expect(timeless(space.report('all'))).toEqual(timeless(whole));
    expect(readdirSync(path.join(space.folder, 'all')).sort()).toEqual(['index.html', 'junit.xml', 'report.json']);
    expect((await space.cli(['report', 'merge', 's1', 's3', '--reports', 'x', '--reporter', 'json'])).code).toBe(0);
    expect((await space.cli(['report', 'merge', 's1', 's3', '--max-warnings', '0', '--reporter', 'json'])).code).toBe(
      1,
    );
    const onto = await space.cli(['report', 'merge', 's1', 's2', '--reports', 's1']);
    expect([onto.code, onto.stderr]).toEqual([2, expect.stringContaining('written over `s1/report.json`')]);
  });

  test('names what was asked for twice and what is missing', async () => {
    await run('s1', 'a.md', 'b.md');
    lies = { b: '{"id": 1}' };
    await run('s2', 'b.md', 'c.md');
    const merge = (...words: string[]) =>
      space.cli(['report', 'merge', ...words, '--reports', 'all', '--reporter', 'json']);
    const twice = await merge('s1', 's2', 's1');
    expect(twice.stderr).toContain('`s1/report.json` was named twice; it counts once');
    expect(twice.stderr).toContain(
      '`b#b` was asked for in `s1/report.json`, `s2/report.json`; the worse outcome counts',
    );
    expect(twice.code).toBe(1);
    expect(space.report('all').summary).toMatchObject({ exchanges: 3, conforming: 2, differing: 1 });
    const shard = (folder: string, index: number, total: number) => {
      const report = space.report(folder);
      space.write(`${folder}/report.json`, JSON.stringify({ ...report, shard: { index, total } }));
    };
    lies = {};
    await run('s2', 'c.md');
    shard('s1', 1, 3);
    shard('s2', 3, 3);
    const missing = await merge('s1', 's2', '--quiet');
    expect([missing.code, missing.stderr]).toEqual([1, 'docwright: Missing shard 2 of 3\n']);
    shard('s2', 1, 3);
    expect((await merge('s1', 's2')).stderr).toContain(
      'Shard 1 of 3 was given more than once: `s1/report.json`, `s2/report.json`',
    );
    shard('s2', 2, 4);
    expect(await merge('s1', 's2')).toMatchObject({ code: 2, stderr: expect.stringContaining('one of 4 shards') });
    lies = { a: '{"id": 1}' };
    await run('s3', '-x', '-j', '1');
    const cut = await merge('s3');
    expect(cut.stderr).toContain('docwright: Asked for in no report: 4 exchanges (`b#b`, `c#c`, `d#d` …)');
  });

  test('refuses what is of no one run', async () => {
    await run('s1', 'a.md');
    const other = async (change: (report: Report) => unknown) => {
      space.write('s2/report.json', JSON.stringify(change(space.report('s1'))));
      const { code, stderr } = await space.cli(['report', 'merge', 's1', 's2', '--reports', 'all']);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await other((report) => ({ ...report, target: 'mock' }))).toContain(`target \`${url}\` and \`mock\``);
    expect(await other((report) => ({ ...report, command: 'check' }))).toContain('command `run` and `check`');
    expect(await other((report) => ({ ...report, tool: { name: 'docwright', version: '9.9.9' } }))).toContain('9.9.9');
    expect(await other((report) => ({ ...report, coverage: { ...report.coverage, files: 6 } }))).toContain('docs with');
    const moved = await other((report) => ({
      ...report,
      exchanges: report.exchanges.map((each) => ({ ...each, line: 99 })),
    }));
    expect(moved).toContain('`s2/report.json` was made of other docs than `s1/report.json`');
  });

  test('of any parts of a report is that report again', () => {
    const whole = sampleReport();
    const name = 'x';
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 6, maxLength: 6 }), (parts) => {
        const reports = [0, 1, 2, 3].map((part) => {
          const asked = new Set(whole.exchanges.filter((_, at) => parts[at] === part).map(({ id }) => id));
          const exchanges = whole.exchanges.filter(({ id }) => asked.has(id));
          const findings = whole.findings.filter(({ exchangeId }) => exchangeId === undefined || asked.has(exchangeId));
          return { name, report: gather({ ...whole, exchanges, findings, unseen: 0 }) };
        });
        const { parts: merged } = mergeReports(reports);
        const { findings, exchanges, summary } = gather(merged);
        expect(new Set(findings.map((each) => JSON.stringify(each)))).toEqual(
          new Set(whole.findings.map((each) => JSON.stringify(each))),
        );
        expect(findings).toHaveLength(whole.findings.length);
        expect(exchanges.map(({ id }) => id).sort()).toEqual(whole.exchanges.map(({ id }) => id).sort());
        expect({ ...summary, unseen: 0 }).toEqual({ ...whole.summary, unseen: 0 });
        const again = gather(mergeReports([{ name, report: gather(merged) }]).parts);
        expect(again).toEqual(gather(merged));
      }),
    );
  });
});

test.describe('compare', () => {
  test('tells what appeared, vanished and stayed; 1 where an error appeared', async () => {
    lies = { a: '{"id": 1}', b: '{"id": "1", "more": 1}' };
    await run('one');
    lies = { b: '{"id": "1", "more": 1}', c: '{"id": 1}' };
    await run('two');
    const compare = (...words: string[]) => space.cli(['report', 'compare', ...words]);
    const text = await compare('one', 'two');
    expect([text.code, text.stderr]).toEqual([1, '']);
    expect(text.stdout).toMatch(/^Appeared\n {2}docs\/c\.md:\d+:\d+ {2}error .*\n\nVanished\n {2}docs\/a\.md:/);
    expect(text.stdout).toContain('1 appeared (1 error), 1 vanished (1 error), 1 stayed');
    const json = await compare('one', 'two', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      schemaVersion: 1,
      before: { name: 'one/report.json', target: url },
      appeared: [{ file: 'docs/c.md' }],
      vanished: [{ file: 'docs/a.md' }],
      stayed: [{ file: 'docs/b.md' }],
    });
    expect((await compare('one', 'two', '--markdown')).stdout).toContain('### Appeared\n\n- error `docs/c.md:');
    const same = await compare('two', 'two');
    expect([same.code, same.stdout]).toEqual([0, expect.stringContaining('0 appeared, 0 vanished, 2 stayed')]);
    // What the page says is now what comes: an error less is no fault.
    await run('three', 'b.md');
    expect((await compare('two', 'three')).code).toBe(0);
  });

  test('pairs one with one: the same fault at one more place is a new one, a page that moved is none', () => {
    const dead = (file: string, line = 1) => {
      const point = { line, column: 1 };
      return finding({
        ruleId: 'link/dead',
        reason: 'x',
        subject: 'gone.md',
        place: { file, position: { start: point, end: point } },
      });
    };
    const named = (...findings: ReturnType<typeof dead>[]) => ({
      name: 'r',
      report: gather({ ...sampleReport(), exchanges: [], findings, unseen: 0 }),
    });
    const files = (findings: readonly { file: string }[]) => findings.map(({ file }) => file);
    const more = compareReports(named(dead('b.md')), named(dead('a.md'), dead('b.md', 7)));
    expect([files(more.appeared), files(more.vanished), files(more.stayed)]).toEqual([['a.md'], [], ['b.md']]);
    const moved = compareReports(named(dead('a.md'), dead('b.md')), named(dead('c.md')));
    expect([moved.appeared.length, moved.vanished.length, moved.stayed.length]).toEqual([0, 1, 1]);
    const hidden = compareReports(named({ ...dead('a.md'), suppressed: true }), named(dead('a.md')));
    expect(files(hidden.appeared)).toEqual(['a.md']);
    fc.assert(
      fc.property(fc.array(fc.nat(4)), fc.array(fc.nat(4)), (a, b) => {
        const of = (list: number[]) => list.map((n) => dead(`${n}.md`, n + 1));
        const { appeared, vanished, stayed } = compareReports(named(...of(a)), named(...of(b)));
        expect([appeared.length + stayed.length, vanished.length + stayed.length]).toEqual([b.length, a.length]);
        expect(stayed.length).toBe(Math.min(a.length, b.length));
      }),
    );
  });
});

test.describe('since', () => {
  test('a baseline is told of on the terminal and to reporters, even where the run writes over it', async () => {
    lies = { a: '{"id": 1}' };
    await run('out');
    lies = { b: '{"id": 1}' };
    const { stderr } = await run('out', '--baseline', 'out', '--reporter', 'list,sarif,json');
    expect(stderr).toContain('since out/report.json: 1 appeared, 1 vanished');
    const { runs } = JSON.parse(space.read('out/results.sarif')) as {
      runs: { results: { baselineState: string }[] }[];
    };
    expect(runs[0]!.results.map(({ baselineState }) => baselineState)).toEqual(['new']);
    space.write('docwright.config.json', '{"baseline": "out/report.json"}');
    expect((await run('out', '--reporter', 'list')).stderr).toContain('0 appeared, 0 vanished');
    expect((await space.cli(['check', '--baseline', 'out'])).stderr).toContain('0 appeared, 1 vanished');
    expect((await space.cli(['compile'])).stderr).not.toContain('since');
  });

  const history = () => path.join(space.folder, '.docwright/history.jsonl');
  const entries = () =>
    readFileSync(history(), 'utf8')
      .split('\n')
      .filter((line) => line !== '');

  test('whole runs are remembered with --history, each time and by themselves', async () => {
    await run('out', '--history');
    await run('out', '--history');
    await run('out', '--history', 'a.md');
    await run('out', '--history', '-g', 'b#');
    await run('out');
    await space.cli(['check', '--history']);
    await space.cli(['check', '--history']);
    expect(entries()).toHaveLength(4);
    expect(JSON.parse(entries()[0]!)).toMatchObject({
      schemaVersion: 1,
      command: 'run',
      target: url,
      docs: ['docs'],
      summary: { conforming: 5 },
    });
    space.write('docwright.config.json', '{"history": true}');
    await run('out', '--no-history');
    expect(entries()).toHaveLength(4);
    await run('out');
    expect(entries()).toHaveLength(5);
  });

  test('a torn line, a newer one and nonsense cost nothing but themselves; the file stays small', async () => {
    await run('out', '--history');
    const [line] = entries();
    mkdirSync(path.dirname(history()), { recursive: true });
    const strange = [
      line!.slice(0, 40),
      line!.replace('"schemaVersion":1', '"schemaVersion":2'),
      '[]',
      'null',
      '{"schemaVersion":1}',
    ];
    writeFileSync(history(), [...strange, ...Array.from({ length: 2 * MOST_HISTORY - 5 }, () => line)].join('\n'));
    const { code, stderr } = await run('out', '--history');
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('Internal')]);
    expect(entries()).toHaveLength(MOST_HISTORY);
    writeFileSync(history(), line!.slice(0, 40));
    await run('out', '--history');
    expect(entries().map((each) => each.length)).toEqual([40, expect.any(Number)]);
  });
});

test.describe('what to do next', () => {
  const at = (line: number) => ({
    file: 'docs/a.md',
    position: { start: { line, column: 1 }, end: { line, column: 2 } },
  });
  const steps = (facts: Parameters<typeof finding>[0][], change: Partial<Report['summary']> = {}, written = {}) => {
    const report = gather({
      ...sampleReport(),
      exchanges: [],
      findings: facts.map((fact) => finding(fact)),
      unseen: 0,
    });
    return nextSteps(
      { ...report, target: 'http://x', summary: { ...report.summary, ...change } },
      { written, folder: 'reports' },
    );
  };

  test('is what mends most, then to open the report; nothing where nothing is wrong', () => {
    const html = { html: 'reports/index.html' };
    const type = (line: number, group: string) => ({
      ruleId: 'property/type' as const,
      reason: `Unexpected ${group}`,
      place: at(line),
      group,
    });
    const blocked = (line: number, what: string) => ({
      ruleId: 'replay/blocked' as const,
      reason: `Missing ${what}, expected before this request can be sent`,
      place: at(line),
    });
    const facts = [
      type(1, 'x'),
      type(2, 'y'),
      type(3, 'y'),
      ...[4, 5, 6].map((line) => blocked(line, 'value {id}')),
      blocked(7, 'value {a}, value {b}'),
    ];
    expect(steps(facts, {}, html)).toEqual([
      'Give the missing value {id}: 3 exchanges wait for nothing else',
      'Mend docs/a.md:2:1, one cause of 2 findings: Unexpected y; docwright explain property/type',
      'Open the report: docwright report',
    ]);
    const silent = [1, 2].map((line) => ({
      ruleId: 'replay/unanswered' as const,
      reason: 'Missing answer: refused',
      place: at(line),
    }));
    expect(steps([...silent, type(3, 'x')], { unanswered: 2, conforming: 1 })[0]).toBe(
      'See that http://x answers: 2 requests had no answer (refused)',
    );
    expect(steps([...silent, ...[3, 4, 5].map((line) => type(line, 'x'))], { unanswered: 2, conforming: 9 })).toEqual([
      'Mend docs/a.md:3:1, one cause of 3 findings: Unexpected x; docwright explain property/type',
      'See that http://x answers: 2 requests had no answer (refused)',
    ]);
    expect(steps([], {}, html)).toEqual([]);
    expect(steps([type(1, '\u001b[31m\n::error::x')])[0]).not.toMatch(/[\u001b\n]|^::/);
  });

  test('is said where the list is, and nowhere else', async () => {
    lies = { a: '{"id": 1}' };
    expect((await run('out')).stderr).toMatch(
      /\nNext:\n {2}1\. Mend docs\/a\.md:.*\n {2}2\. Open the report: docwright report --reports out\n$/,
    );
    for (const words of [['--quiet'], ['--reporter', 'json'], ['--reporter', 'list=-']])
      expect((await run('out', ...words)).stderr).not.toContain('Next:');
  });
});
