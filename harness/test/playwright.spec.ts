import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { exchangesOf, writePages } from '../bench/exchanges.ts';
import type { Report } from '../model/report.ts';
import { leaksIn } from './leaks.ts';
import { playwright, playwrightSpace, toldTests } from './playwright-suite.ts';
import type { Workspace } from './workspace.ts';

const TOKEN = 'tok/7f3a+9c21"0c4e%55aa';

const block = (kind: object, text: string): string => `<!-- ${JSON.stringify(kind)} -->\n\`\`\`http\n${text}\n\`\`\`\n`;
const exchange = (name: string, sent: string, answer: string, more: object = {}): string =>
  [block({ blockType: 'request', name, ...more }, sent), block({ blockType: 'response', name }, answer)].join('\n');
const OK = 'HTTP/1.1 200 OK\nContent-Type: application/json\n\n';
const ONE = `${OK}{ "id": "thing-7f3a9c21" }`;

const DOCS: Readonly<Record<string, string>> = {
  'docs/things.md': `# Things

${exchange('create_thing', 'POST /v1.0/things\nContent-Type: application/json\n\n{ "name": "x" }', ONE.replace('200 OK', '201 Created'))}
${exchange('get_thing', 'GET /v1.0/things/thing-7f3a9c21', ONE)}
${exchange('delete_thing', 'DELETE /v1.0/things/thing-7f3a9c21', 'HTTP/1.1 204 No Content')}
`,
  'docs/singles.md': `# Singles

${['a', 'b', 'c', 'd'].map((name) => exchange(`get_${name}`, `GET /v1.0/${name}`, `${OK}{ "id": "1" }`, name === 'b' ? { tags: 'slow' } : {})).join('\n')}
`,
  'docs/blocked.md': `# Blocked

${exchange('nobody_knows', 'GET /v1.0/x/{never-given}', `${OK}{ "id": "1" }`)}
`,
};

const FILES: Readonly<Record<string, string>> = {
  ...DOCS,
  'docs.spec.ts': `import { documented } from 'docwright/playwright';\n\nawait documented();\n`,
  'pages.spec.ts': `import { documented } from 'docwright/playwright';\n\nawait documented({ per: 'page' });\n`,
  'merge.config.ts': `export default { testDir: '.', reporter: [['docwright/playwright-reporter', { reports: process.env.REPORTS }]] };\n`,
  'playwright.config.ts': `import { defineConfig } from '@playwright/test';
export default defineConfig({
  testDir: '.',
  testMatch: process.env.SPEC ?? 'docs.spec.ts',
  fullyParallel: true,
  workers: 2,
  use: { docwright: { target: process.env.TARGET ?? 'mock' } },
  reporter: [['list'], ['blob'], ['docwright/playwright-reporter', { reports: process.env.REPORTS ?? 'reports' }]],
});
`,
};

let space: Workspace;
let server: Server;
let lies: Record<string, (tries: number) => string>;
let live: Record<string, string>;
const asked: string[] = [];

test.beforeAll(async () => {
  test.slow();
  space = playwrightSpace(FILES);
  const made = new Set<string>();
  const tries = new Map<string, number>();
  server = createServer((request, response) => {
    const line = `${request.method} ${request.url}`;
    asked.push(line);
    const json = (status: number, text: string): void =>
      void response
        .writeHead(status, {
          'Content-Type': 'application/json',
          'X-Echo': TOKEN,
          'Set-Cookie': `t=${encodeURIComponent(TOKEN)}`,
        })
        .end(text);
    if (request.headers['authorization'] !== `Bearer ${TOKEN}`) return json(401, '{}');
    const id = /\/things\/([^/?]+)/.exec(request.url!)?.[1];
    if (request.method === 'POST') {
      const name = `thing-${made.size + 1}-0c4e55aa1b`;
      made.add(name);
      return json(201, `{"id": "${name}"}`);
    }
    if (request.method === 'DELETE') return void response.writeHead(made.delete(id!) ? 204 : 404).end();
    if (id !== undefined) return made.has(id) ? json(200, `{"id": "${id}"}`) : json(404, '{}');
    const name = request.url!.split('/').at(-1)!;
    tries.set(name, (tries.get(name) ?? 0) + 1);
    json(
      200,
      lies[name]?.(tries.get(name)!) ??
        `{"id": ${JSON.stringify(`${Buffer.from(TOKEN).toString('base64')} ${TOKEN}`)}}`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  space.write(
    'docwright.config.json',
    JSON.stringify({ targets: { live: { url, auth: { bearer: { env: 'TOKEN' } } } } }),
  );
  live = { TARGET: 'live', TOKEN };
  const compiled = await space.cli(['compile', '--quiet']);
  expect(compiled.code, compiled.stderr).toBe(0);
});
test.beforeEach(() => {
  lies = {};
  asked.length = 0;
  for (const folder of ['reports', 'blob-report', 'test-results'])
    rmSync(path.join(space.folder, folder), { recursive: true, force: true });
});
test.afterAll(() => {
  server.closeAllConnections();
  server.close();
  space.remove();
});
test.describe.configure({ timeout: 600_000 });

/** Without what differs from run to run. */
const timeless = (report: Report): unknown => ({
  ...report,
  exchanges: report.exchanges.map(({ durationMs: _, ...rest }) => rest),
});

const told = (words: readonly string[], environment: NodeJS.ProcessEnv = {}) => toldTests(space, words, environment);

const shortly = (title: string): string => /#(\w+)/.exec(title)?.[1] ?? title;

test('a test stands on the line of its page, has its tags, request, answer and findings; values flow inside of one test', async () => {
  lies = { c: () => '{"id": 7}' };
  const { code, specs } = await told([], live);
  expect(code).toBe(1);
  const lineOf = (file: string, text: string): number =>
    DOCS[file]!.split('\n').findIndex((line) => line.startsWith(text)) + 1;
  expect(specs.map(({ title, file, line, tags }) => [title, file, line, tags])).toEqual([
    ['Blocked (blocked#nobody_knows)', 'docs/blocked.md', lineOf('docs/blocked.md', 'GET'), []],
    ...['a', 'b', 'c', 'd'].map((name) => [
      `Singles (singles#get_${name})`,
      'docs/singles.md',
      lineOf('docs/singles.md', `GET /v1.0/${name}`),
      name === 'b' ? ['slow'] : [],
    ]),
    [
      'Things, and what values flow to (things#create_thing, things#get_thing, things#delete_thing)',
      'docs/things.md',
      lineOf('docs/things.md', 'POST'),
      [],
    ],
  ]);
  const statuses = specs.map(({ title, tests }) => [shortly(title), tests[0]!.status]);
  expect(statuses).toEqual([
    ['nobody_knows', 'skipped'],
    ['get_a', 'expected'],
    ['get_b', 'expected'],
    ['get_c', 'unexpected'],
    ['get_d', 'expected'],
    ['create_thing', 'expected'],
  ]);
  const wrong = specs[3]!.tests[0]!;
  const place = DOCS['docs/singles.md']!.split('\n')
    .map((line, at) => (line.includes('"id"') ? at + 1 : 0))
    .filter(Boolean)[2];
  expect(wrong.annotations.map(({ type, description }) => [type, description])).toEqual([
    ['exchange', 'singles#get_c'],
    ['property/type', expect.stringContaining(`(docs/singles.md:${place}:3)`)],
  ]);
  const [error, ...others] = wrong.results[0]!.errors;
  expect(others).toEqual([]);
  expect([error!.location!.file, error!.location!.line]).toEqual([path.join(space.folder, 'docs/singles.md'), place]);

  const lines = error!.message.replace(/\u001b\[[\d;]*m/g, '').split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringContaining(`${place} | { "id": "1" }`),
      expect.stringMatching(/^ *\| {2,}\^+/),
    ]),
  );
  const attachments = specs[1]!.tests[0]!.results[0]!.attachments;
  expect(attachments.map(({ name, contentType }) => [name, contentType])).toEqual([
    ['docwright', 'application/vnd.docwright.record+json'],
    ['request', 'text/plain'],
    ['answer', 'text/plain'],
  ]);
  const texts = attachments.map(({ body }) => Buffer.from(body!, 'base64').toString());
  expect(texts[1]).toMatch(
    /^GET http:\/\/127\.0\.0\.1:\d+\/v1\.0\/a HTTP\/1\.1\nAuthorization: Bearer \[redacted: bearer token\]\n/,
  );
  expect(texts[2]).toMatch(
    /^HTTP\/1\.1 200 OK\n[^]*\n\n\{"id": "\[redacted: bearer token\]=? \[redacted: bearer token\]"\}\n$/,
  );
  // What was created was deleted, and its real id asked for.
  expect(asked.filter((line) => line.includes('/things'))).toEqual([
    'POST /v1.0/things',
    expect.stringMatching(/^GET .*0c4e55aa1b$/),
    expect.stringMatching(/^DELETE .*0c4e55aa1b$/),
  ]);
});

test('reports are those of the command, and a merge of 1, 2 and 5 shards those of one run', async () => {
  lies = { b: () => '{"id": "1", "more": 1}', c: () => '{"id": 7}' };
  const own = await space.cli(['replay', '--target', 'live', '--reports', 'own', '--reporter', 'json'], {
    environment: { TOKEN },
  });
  expect(own.code).toBe(1);
  expect((await playwright(space, ['test'], live)).code).toBe(1);
  const whole = space.report();
  expect(timeless(whole)).toEqual(timeless(space.report('own')));
  expect(readdirSync(path.join(space.folder, 'reports')).sort()).toEqual(['index.html', 'report.json']);
  for (const total of [1, 2, 5]) {
    rmSync(path.join(space.folder, 'blobs'), { recursive: true, force: true });
    for (let index = 1; index <= total; index++) {
      const { stdout } = await playwright(space, ['test', '--shard', `${index}/${total}`, '--pass-with-no-tests'], {
        ...live,
        REPORTS: `shard-${index}`,
        PLAYWRIGHT_BLOB_OUTPUT_FILE: path.join(space.folder, 'blobs', `${index}.zip`),
      });
      expect(stdout).toMatch(/passed|failed|skipped|No tests found/);
    }
    const merge = () =>
      playwright(space, ['merge-reports', '-c', 'merge.config.ts', 'blobs'], { REPORTS: `merged-${total}` });
    const merged = await merge();
    expect(merged.code, merged.stdout + merged.stderr).toBe(0);
    expect(timeless(space.report(`merged-${total}`))).toEqual(timeless(whole));
    if (total !== 2) continue;
    // One shard was killed: its report never came.
    rmSync(path.join(space.folder, 'blobs', '2.zip'));
    const cut = await merge();
    expect(cut.code).toBe(1);
    expect(cut.stderr).toContain('docwright: Missing shard 2 of 2\n');
  }
});

test('a shard that --grep leaves without tests is there, empty; one that is not there is missing', async () => {
  rmSync(path.join(space.folder, 'blobs'), { recursive: true, force: true });
  const blob = (index: number): string => path.join(space.folder, 'blobs', `${index}.zip`);
  const sizes: number[] = [];
  for (const index of [1, 2, 3]) {
    const words = ['test', '--grep', 'get_[ab]', '--shard', `${index}/3`, '--pass-with-no-tests'];
    const { code, stdout } = await playwright(space, words, { PLAYWRIGHT_BLOB_OUTPUT_FILE: blob(index) });
    expect(code).toBe(0);
    sizes.push(Number(/(\d+) passed/.exec(stdout)?.[1] ?? 0));
  }
  expect(sizes.toSorted()).toEqual([0, 1, 1]);
  const merge = () => playwright(space, ['merge-reports', '-c', 'merge.config.ts', 'blobs'], { REPORTS: 'merged' });
  const merged = await merge();
  expect([merged.code, merged.stderr]).toEqual([0, '']);
  expect(space.report('merged').summary).toMatchObject({ exchanges: 2, conforming: 2 });
  const empty = sizes.indexOf(0) + 1;
  rmSync(blob(empty));
  const cut = await merge();
  expect(cut.code).toBe(1);
  expect(cut.stderr).toContain(`docwright: Missing shard ${empty} of 3\n`);
});

test('retries, --grep, --last-failed and pages work as for any test', async () => {
  lies = { d: (tries) => (tries % 2 === 1 ? '{"id": 7}' : '{"id": "1"}') };
  const flaky = await told(['--retries', '1', '--grep', 'get_d|@slow'], live);
  expect(flaky.code).toBe(0);
  expect(flaky.specs.map(({ title, tests }) => [shortly(title), tests[0]!.status])).toEqual([
    ['get_b', 'expected'],
    ['get_d', 'flaky'],
  ]);
  await playwright(space, ['test', '--retries', '1', '--grep', 'get_d'], live);
  expect(space.report().exchanges).toMatchObject([{ id: 'singles#get_d', outcome: 'conforms', flaky: true }]);
  lies = { a: () => '{"id": 7}' };
  await playwright(space, ['test'], live);
  lies = {};
  const again = await told(['--last-failed'], live);
  expect([again.code, again.specs.map(({ title }) => shortly(title))]).toEqual([0, ['get_a']]);
});

test('one test a page: each exchange is a step, every error is told, and a worker restarts once a page', async () => {
  lies = { a: () => '{"id": 7}', b: () => '{"id": 7}', d: () => '{"id": 7}' };
  const { code, specs } = await told([], { ...live, SPEC: 'pages.spec.ts' });
  expect(code).toBe(1);
  expect(specs.map(({ title, tests }) => [title, tests[0]!.status, tests[0]!.results[0]!.errors.length])).toEqual([
    ['blocked.md', 'skipped', 0],
    ['singles.md', 'unexpected', 3],
    ['things.md', 'expected', 0],
  ]);
  const steps = (specs[1]!.tests[0]!.results[0] as unknown as { steps: { title: string; error?: object }[] }).steps;
  expect(steps.map(({ title, error }) => [shortly(title), error !== undefined])).toEqual([
    ['get_a', true],
    ['get_b', true],
    ['get_c', false],
    ['get_d', true],
  ]);
  const whole = await playwright(space, ['test'], { ...live, SPEC: 'pages.spec.ts' });
  expect(whole.code).toBe(1);
  expect(space.report().summary).toMatchObject({ exchanges: 8, conforming: 4, differing: 3, blocked: 1 });
});

test('a token is in no blob, trace, report, attachment or output, in no encoding', async () => {
  lies = { c: () => JSON.stringify({ id: 7, back: TOKEN, [TOKEN]: Buffer.from(`ab${TOKEN}`).toString('base64') }) };
  const words = ['test', '--trace', 'on', '--retries', '1'];
  const { stdout, stderr } = await playwright(space, words, live);
  await playwright(space, [...words, '--reporter', 'html,json'], {
    ...live,
    PLAYWRIGHT_HTML_OPEN: 'never',
    PLAYWRIGHT_JSON_OUTPUT_NAME: 'all.json',
  });
  const files = filesBelow(space.folder, ['node_modules', 'docs', 'fixtures']);
  expect(files.some((file) => file.endsWith('trace.zip'))).toBe(true);
  expect(files.some((file) => /blob-report\/report.*\.zip$/.test(file))).toBe(true);
  expect(files.some((file) => file.endsWith('playwright-report/index.html'))).toBe(true);
  expect(leaksIn(Buffer.from(stdout + stderr), TOKEN)).toEqual([]);
  for (const file of files) expect([file, leaksIn(readFileSync(file), TOKEN)]).toEqual([file, []]);
});

test('what is missing or wrong is said before anything is asked', async () => {
  const { code, specs } = await told([], { TARGET: 'live' });
  expect(code).toBe(1);
  expect(specs[1]!.tests[0]!.results[0]!.errors[0]!.message).toContain(
    'variable TOKEN of the environment, which target `live` needs for its bearer token, is not set',
  );
  const unknown = await told(['--grep', 'get_a'], { TARGET: 'liv' });
  expect(unknown.specs[0]!.tests[0]!.results[0]!.errors[0]!.message).toContain(
    'Unknown target `liv`, did you mean `live`?',
  );
  expect(asked).toEqual([]);
});

for (const [per, tests, times] of [
  ['exchange', 500, 4],
  ['page', 5, 10],
] as const)
  test(`the memory of a worker is level over ${500 * times} exchanges, a test ${per === 'page' ? 'a' : 'an'} ${per}`, async () => {
    const many = playwrightSpace({
      'docs.spec.ts': `import { appendFileSync } from 'node:fs';
import { documented, test } from 'docwright/playwright';

let done = 0;
test.afterEach(() => {
  if (++done % ${tests} !== 0) return;
  globalThis.gc();
  appendFileSync('heap', process.memoryUsage().heapUsed + '\\n');
});
await documented({ per: '${per}' });
`,
      'playwright.config.ts': `export default { testDir: '.', workers: 1, repeatEach: ${times}, timeout: 0, reporter: 'null' };\n`,
    });
    try {
      await writePages(path.join(many.folder, 'docs'), exchangesOf(500), 100);
      expect((await many.cli(['compile', '--quiet'])).code).toBe(0);
      const { code, stderr } = await playwright(many, ['test'], { NODE_OPTIONS: '--expose-gc' });
      expect(code, stderr).toBe(0);
      const heaps = many.read('heap').trim().split('\n').map(Number);
      expect(heaps).toHaveLength(times);
      // What is kept of an exchange is next to nothing, whatever was sent and answered.
      expect((heaps.at(-1)! - heaps[1]!) / (500 * (times - 2))).toBeLessThan(200);
    } finally {
      many.remove();
    }
  });

test('the page that tells of the example holds its real files', () => {
  const told = readFileSync('docs/suite.md', 'utf8');
  for (const file of ['playwright.config.ts', 'docwright.config.ts', 'docs.spec.ts'])
    expect(told).toContain(`\`\`\`ts\n// docs/suite/${file}\n${readFileSync(`docs/suite/${file}`, 'utf8')}\`\`\`\n`);
});

function filesBelow(folder: string, without: readonly string[]): string[] {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    if (without.includes(name)) return [];
    return statSync(file).isDirectory() ? filesBelow(file, without) : [file];
  });
}
