import { expect, test } from '@playwright/test';
import { XMLParser } from 'fast-xml-parser';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { validator } from '../model/schemas.ts';
import { page, workspace, type Workspace } from './workspace.ts';

let space: Workspace;
test.beforeEach(() => {
  space = workspace({
    'docs/a.md': page('A'),
    'docs/b/b.md': page('B', { method: 'POST', url: '/v1.0/things', status: 201, name: 'create_thing' }),
  });
});
test.afterEach(() => space.remove());

const has = (file: string) => existsSync(path.join(space.folder, file));

/** A service that answers everything in one way. */
async function service(body: string, status = 200): Promise<{ server: Server; url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test.describe('run', () => {
  test('is the main job: fixtures, reports, and 0', async () => {
    const { code, stdout, stderr } = await space.cli([]);
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('reports/index.html');
    expect(readdirSync(path.join(space.folder, 'reports')).sort()).toEqual(['index.html', 'junit.xml', 'report.json']);
    expect(JSON.parse(space.read('fixtures/b/b.json'))).toMatchObject({
      page: 'docs/b/b.md',
      exchanges: [{ id: 'b/b#create_thing' }],
    });
    const report = space.report();
    expect(validator('report')(report)).toEqual([]);
    expect(report).toMatchObject({ command: 'run', target: 'mock', summary: { exchanges: 2, conforming: 2 } });
    expect(new XMLParser().parse(space.read('reports/junit.xml'))).toHaveProperty('testsuites');
  });

  test('gives the same fixtures again, byte for byte', async () => {
    await space.cli([]);
    const before = space.read('fixtures/a.json');
    const { stderr } = await space.cli(['run', '--verbose']);
    expect(stderr).toContain('0 written, 2 unchanged, 0 removed');
    expect(space.read('fixtures/a.json')).toBe(before);
  });

  test('looks at selected pages, exchanges and lines alone', async () => {
    space.write('docs/two.md', `${page('One', { name: 'one' })}\n${page('Two', { name: 'two', url: '/v1.0/two' })}`);
    const ids = async (...words: string[]) => {
      const { code, stderr } = await space.cli(words);
      expect(code, stderr).toBe(0);
      return space.report().exchanges.map(({ id }) => id);
    };
    expect(await ids('docs/a.md')).toEqual(['a#get_thing']);
    expect(await ids('b/b.md', 'a.md')).toEqual(['a#get_thing', 'b/b#create_thing']);
    expect(await ids('two.md:1')).toEqual(['two#one']);
    expect(await ids('two.md:16')).toEqual(['two#one']);
    expect(await ids('docs/two.md:23')).toEqual(['two#two']);
    expect(await ids('docs/two.md:999')).toEqual(['two#two']);
    expect(await ids('-g', '^b/|POST')).toEqual(['b/b#create_thing']);
    expect(await ids('run', 'a.md', '--docs', 'docs')).toEqual(['a#get_thing']);
    expect(await ids('--docs', 'docs', 'a.md')).toEqual(['a#get_thing']);
  });

  test('compiles only selected pages into fixtures', async () => {
    await space.cli(['a.md']);
    expect([has('fixtures/a.json'), has('fixtures/b')]).toEqual([true, false]);
  });

  test('a page that is not there names the nearest', async () => {
    const { code, stderr } = await space.cli(['docs/aa.md']);
    expect([code, stderr]).toEqual([2, 'docwright: No page `docs/aa.md` among the docs, did you mean `docs/a.md`?\n']);
    expect(has('reports')).toBe(false);
  });

  test('errors are 1, on a live target', async () => {
    const { server, url } = await service('{"id": 1}');
    try {
      const { code, stderr } = await space.cli(['--target', url, 'a.md']);
      expect(code).toBe(1);
      expect(stderr).toContain('property/type');
      expect(space.report()).toMatchObject({ target: url, summary: { differing: 1 } });
    } finally {
      server.close();
    }
  });

  test('a named target of the config is asked, and --base-url leads elsewhere', async () => {
    const { server, url, asked } = await service('{"id": "1"}');
    try {
      space.write(
        'docwright.config.json',
        JSON.stringify({ targets: { here: { url: 'http://127.0.0.1:1' } }, target: 'here' }),
      );
      expect((await space.cli(['a.md'])).code).toBe(1);
      expect((await space.cli(['a.md', '--base-url', `${url}/base`])).code).toBe(0);
      expect(asked).toEqual(['GET /base/v1.0/things/1']);
    } finally {
      server.close();
    }
  });

  test('a readOnly target is sent no write, and that can be forbidden', async () => {
    const { server, url, asked } = await service('{"id": "1"}');
    try {
      space.write('docwright.config.json', JSON.stringify({ targets: { here: { url, readOnly: true } } }));
      expect((await space.cli(['--target', 'here'])).code).toBe(0);
      expect(space.report().summary).toMatchObject({ conforming: 1, blocked: 1, findings: { error: 0, warning: 1 } });
      expect((await space.cli(['--target', 'here', '--forbid-blocked'])).code).toBe(1);
      expect((await space.cli(['--target', 'here', '--max-warnings', '0'])).stderr).toContain(
        '1 warning, at most 0 allowed',
      );
      const { code, stderr } = await space.cli(['--target', 'here', '-g', 'POST']);
      expect([code, stderr]).toEqual([1, expect.stringContaining('No exchange was answered')]);
      expect(asked.filter((line) => !line.startsWith('GET'))).toEqual([]);
    } finally {
      server.close();
    }
  });

  test('-x stops after the first failure', async () => {
    const { server, url } = await service('{"id": 1}');
    try {
      expect((await space.cli(['--target', url, '-x', '-j', '1'])).code).toBe(1);
      expect(space.report().summary).toMatchObject({ differing: 1, skipped: 1 });
    } finally {
      server.close();
    }
  });

  test('a signal gives a partial report and its own code', async () => {
    for (const [reason, expected] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      rmSync(path.join(space.folder, 'reports'), { recursive: true, force: true });
      const { code } = await space.cli([], { signal: AbortSignal.abort(reason) });
      expect(code).toBe(expected);
      expect(space.report().summary).toMatchObject({ exchanges: 2, skipped: 2 });
      expect(has('fixtures')).toBe(false);
    }
  });
});

test.describe('nothing to do', () => {
  test('no docs: 2, with the nearest folder', async () => {
    const { code, stderr } = await space.cli(['--docs', 'doc']);
    expect([code, stderr]).toEqual([2, 'docwright: No docs: there is no `doc`, did you mean `docs`?\n']);
    expect([has('fixtures'), has('reports')]).toEqual([false, false]);
  });

  test('docs without a page: 2, or 0 where that may be', async () => {
    space.write('empty/note.txt', '');
    for (const command of ['run', 'compile', 'check']) {
      expect((await space.cli([command, '--docs', 'empty'])).code, command).toBe(2);
      expect((await space.cli([command, '--docs', 'empty', '--pass-with-no-tests'])).code, command).toBe(0);
    }
  });

  test('no exchange fits: 2, or 0 where that may be', async () => {
    for (const command of ['run', 'compile', 'check']) {
      expect((await space.cli([command, '-g', 'nonesuch'])).code, command).toBe(2);
      expect((await space.cli([command, '-g', 'nonesuch', '--pass-with-no-tests'])).code, command).toBe(0);
    }
  });

  test('docs without annotations are shown the two comments to add', async () => {
    const bare = page('A').replaceAll(/<!--.*-->\n/g, '');
    space.write('bare/get things.md', bare);
    const { code, stderr } = await space.cli(['--docs', 'bare']);
    expect(code).toBe(2);
    expect(stderr).toContain('1 `http` and `json` fence looks like a request, 1 like a response');
    expect(stderr).toMatch(/bare\/get things\.md:\d+ {2}GET https:\/\/api\.example\.com/);
    expect(stderr).toContain('<!-- { "blockType": "request", "name": "get-things" } -->');
    expect(stderr).toMatch(/bare\/get things\.md:\d+ {2}HTTP\/1\.1 200 OK\n +<!-- \{ "blockType": "response" \} -->/);
    expect((await space.cli(['check', '--docs', 'bare'])).code).toBe(0);
  });
});

test.describe('compile', () => {
  test('writes fixtures, sends nothing, and removes those of pages that are gone', async () => {
    expect((await space.cli(['compile'])).code).toBe(0);
    expect(readdirSync(path.join(space.folder, 'reports'))).toEqual(['report.json']);
    expect(space.report()).toMatchObject({ command: 'compile', target: 'none', summary: { exchanges: 2, skipped: 2 } });
    rmSync(path.join(space.folder, 'docs/b'), { recursive: true });
    expect((await space.cli(['compile'])).stderr).toContain('0 written, 1 unchanged, 1 removed');
    expect(has('fixtures/b')).toBe(false);
  });

  test('--check writes no fixture, and is 1 where a promise is stale', async () => {
    const check = () => space.cli(['compile', '--check']);
    expect((await check()).code).toBe(1);
    expect(has('fixtures')).toBe(false);
    await space.cli(['compile']);
    const stored = space.read('fixtures/a.json');
    expect((await check()).code).toBe(0);
    space.write('docs/a.md', `Words.\n\n${page('A')}`);
    expect((await check()).code).toBe(0);
    expect(space.report().findings).toMatchObject([{ ruleId: 'fixture/moved', severity: 'note', file: 'docs/a.md' }]);
    space.write('docs/a.md', page('A', { status: 202 }));
    expect((await check()).code).toBe(1);
    expect(space.report().findings).toMatchObject([
      { ruleId: 'fixture/stale', severity: 'error', file: 'docs/a.md', line: 5 },
    ]);
    rmSync(path.join(space.folder, 'docs/b'), { recursive: true });
    expect((await space.cli(['compile', '--check', 'a.md'])).code).toBe(1);
    expect(space.report().findings).toHaveLength(1);
    await check();
    expect(space.report().findings.map(({ file }) => file)).toEqual(['docs/a.md', 'fixtures/b/b.json']);
    expect(space.read('fixtures/a.json')).toBe(stored);
  });

  test('fixtures and reports may share a folder, but no file', async () => {
    expect((await space.cli(['run', '--fixtures', 'out', '--reports', 'out'])).code).toBe(0);
    expect((await space.cli(['compile', '--check', '--fixtures', 'out', '--reports', 'out'])).code).toBe(0);
    expect((await space.cli(['replay', '--fixtures', 'out', '--reports', 'out'])).code).toBe(0);
    space.write('docs/report.md', page('Report'));
    const { code, stderr } = await space.cli(['run', '--fixtures', 'out', '--reports', 'out']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('`report.json` and reporter json both write')]);
  });

  test('an unreadable page is a finding, and the others go through', async () => {
    space.write('docs/latin.md', Buffer.from('# caf\xe9\n', 'latin1'));
    expect((await space.cli(['compile'])).code).toBe(1);
    expect(space.report().findings).toMatchObject([{ ruleId: 'page/encoding', file: 'docs/latin.md' }]);
    expect(has('fixtures/b/b.json')).toBe(true);
  });
});

test.describe('check', () => {
  test('holds docs against themselves and writes no fixture', async () => {
    space.write('docs/a.md', `${page('A')}\n[gone](gone.md)\n`);
    expect((await space.cli(['check'])).code).toBe(0);
    expect(space.report().findings).toMatchObject([{ ruleId: 'link/dead', file: 'docs/a.md' }]);
    expect(space.report()).toMatchObject({ command: 'check', target: 'none', summary: { skipped: 2 } });
    expect(has('fixtures')).toBe(false);
    expect((await space.cli(['check', '--max-warnings', '0'])).code).toBe(1);
    expect((await space.cli(['check', 'b/b.md', '--max-warnings', '0'])).code).toBe(0);
    expect(space.report().exchanges.map(({ id }) => id)).toEqual(['b/b#create_thing']);
  });
});

test.describe('replay', () => {
  test('needs fixtures', async () => {
    const { code, stderr } = await space.cli(['replay']);
    expect([code, stderr]).toEqual([
      2,
      'docwright: Nothing selected: no fixture in `fixtures`; run `docwright compile` first\n',
    ]);
  });

  test('replays fixtures without the docs, and selects by page', async () => {
    await space.cli(['compile']);
    rmSync(path.join(space.folder, 'docs'), { recursive: true });
    expect((await space.cli(['replay'])).code).toBe(0);
    expect(space.report()).toMatchObject({ command: 'replay', coverage: { files: 0 }, summary: { conforming: 2 } });
    expect((await space.cli(['replay', 'b/b.md'])).code).toBe(0);
    expect(space.report().exchanges.map(({ file }) => file)).toEqual(['docs/b/b.md']);
    expect((await space.cli(['replay', 'c.md'])).code).toBe(2);
  });

  test('leaves out the findings of check, and warns of stale fixtures where the docs are named', async () => {
    await space.cli(['compile']);
    space.write('docs/a.md', `${page('A', { status: 202 })}\n[gone](gone.md)\n`);
    expect((await space.cli(['replay'])).code).toBe(0);
    expect(space.report().findings).toEqual([]);
    expect((await space.cli(['replay', '--docs', 'docs'])).code).toBe(0);
    expect(space.report().findings).toMatchObject([{ ruleId: 'replay/stale', severity: 'warning', file: 'docs/a.md' }]);
    expect(space.report().exchanges[0]).toMatchObject({ expected: { status: 202 } });
    expect((await space.cli(['replay', '--docs', 'docs', '--fixtures', 'none'])).code).toBe(0);
    expect(space.report().findings).toEqual([]);
  });

  test('a broken fixture is an error at its place', async () => {
    await space.cli(['compile']);
    space.write('fixtures/a.json', space.read('fixtures/a.json').replace('"method"', '"methud"'));
    expect((await space.cli(['replay'])).code).toBe(1);
    expect(space.report().findings).toMatchObject([{ ruleId: 'fixture/unreadable', file: 'fixtures/a.json' }]);
  });
});

test.describe('output', () => {
  test('a reporter on standard output is alone there', async () => {
    const { stdout, stderr } = await space.cli(['--reporter', 'list,json=-,junit=out/j.xml']);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1 });
    expect(stderr).toContain('2 exchanges');
    expect([has('reports'), has('out/j.xml')]).toEqual([false, true]);
    expect((await space.cli(['--reporter', 'list=-'])).stdout).toContain('2 exchanges');
  });

  test('what goes to a pipe or a device goes through it, and takes no place of it', async () => {
    const pipe = path.join(space.folder, 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    for (const reporter of ['json', 'junit']) {
      const heard = readFile(pipe, 'utf8');
      expect((await space.cli(['--reporter', `${reporter}=pipe`])).code).toBe(0);
      expect(await heard).toMatch(reporter === 'json' ? /^\{[^]*\}\n$/ : /^<\?xml[^]*<\/testsuites>\n$/);
    }
    const heard = readFile(pipe, 'utf8');
    await space.cli(['replay', '--har', 'pipe']);
    expect(JSON.parse(await heard)).toHaveProperty('log');
    expect(statSync(pipe).isFIFO()).toBe(true);
  });

  test('a file reporter does not silence the list; --quiet does', async () => {
    expect((await space.cli([])).stderr).toContain('2 exchanges');
    const quiet = await space.cli(['--quiet', '--reporter', 'list', '--reporter', 'json=-']);
    expect(quiet.stderr).toBe('');
    expect(JSON.parse(quiet.stdout)).toHaveProperty('summary');
    expect((await space.cli(['--quiet', '--nonsense'])).stderr).toContain('Unknown flag');
  });

  test('colours only where they are wanted', async () => {
    const escape = '\u001b[';
    expect((await space.cli([])).stderr).not.toContain(escape);
    expect((await space.cli(['--color'])).stderr).toContain(escape);
    expect((await space.cli([], { environment: { FORCE_COLOR: '1' } })).stderr).toContain(escape);
    expect((await space.cli(['--no-color'], { environment: { FORCE_COLOR: '1' } })).stderr).not.toContain(escape);
  });

  test('what is echoed cannot act on a terminal', async () => {
    for (const words of [['\u001b]0;x\u0007'], ['--\u001b[31mx'], ['x\n::error::y'], ['--docs', 'a\u202eb']]) {
      const { code, stderr } = await space.cli(words);
      expect(code).toBe(2);
      expect(stderr).not.toMatch(/[\u001b\u0007\u202e]|^::/m);
    }
  });

  test('a report that cannot be written is 2, and the others are written', async () => {
    space.write('taken', 'a file where a folder is meant');
    const { code, stderr } = await space.cli(['--reporter', 'json=taken/r.json,list,junit']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('Cannot write json to `taken/r.json`')]);
    expect(has('reports/junit.xml')).toBe(true);
  });

  test('help and version go to standard output', async () => {
    const help = await space.cli(['--help']);
    expect([help.code, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toContain('Usage: docwright');
    expect((await space.cli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

test.describe('usage', () => {
  for (const [what, words, message] of [
    ['flag', ['--dosc', 'x'], 'did you mean `--docs`'],
    ['command', ['runn'], 'did you mean `run`'],
    ['reporter', ['--reporter', 'lst'], 'did you mean `list`'],
    ['target', ['--target', 'mok'], 'did you mean `mock`'],
    ['expression', ['-g', '['], 'no regular expression'],
    ['config', ['-c', 'none.json'], 'No config file'],
    ['write', ['--target', 'https://example.com', '--allow-writes'], 'needs a named target'],
  ] as const) {
    test(`a wrong ${what} is 2, before anything runs`, async () => {
      const { code, stderr } = await space.cli(words);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
      expect([has('fixtures'), has('reports')]).toEqual([false, false]);
    });
  }

  test('a wrong key of the config is 2, before anything runs', async () => {
    space.write('docwright.config.json', '{"doc": "docs"}');
    const { code, stderr } = await space.cli([]);
    expect([code, stderr]).toEqual([
      2,
      'docwright: docwright.config.json:1:2: Unknown key `doc`, did you mean `docs`?\n',
    ]);
    expect([has('fixtures'), has('reports')]).toEqual([false, false]);
  });
});
