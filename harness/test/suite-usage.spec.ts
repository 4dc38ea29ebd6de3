import { expect, test } from '@playwright/test';
import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { playwright, playwrightSpace, toldTests, type ToldResult } from './playwright-suite.ts';
import { page, type Workspace } from './workspace.ts';

let space: Workspace;
let server: Server;
let url: string;
let asked = 0;

test.beforeAll(async () => {
  server = createServer((request, response) => {
    asked++;
    // There no answer ever comes.
    if (request.url!.startsWith('/silent')) return;
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{ "id": 7 }');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const call = (options: string): string =>
    `import { documented } from 'docwright/playwright';\nawait documented(${options});\n`;
  space = playwrightSpace({
    'docs/a.md': page('A thing'),
    'docs/b.md': page('Another', { name: 'get_other', url: '/v1.0/others/1' }),
    'docs.spec.ts': call(`{ pages: 'docs/a.md' }`),
    'option.spec.ts': call(`{ doc: 'docs' }`),
    'per.spec.ts': call(`{ per: 'pages' }`),
    'time.spec.ts': call(`{ timeout: 'abc' }`),
    'playwright.config.ts': `const { PROJECTS = '[{}]', OPTIONS = '{}', SPECS = 'docs' } = process.env;
export default {
  testDir: '.',
  timeout: 1500,
  workers: 2,
  testMatch: SPECS.split(' ').map((name) => name + '.spec.ts'),
  projects: JSON.parse(PROJECTS),
  reporter: [['list'], ['json', { outputFile: 'told.json' }], ['docwright/playwright-reporter', JSON.parse(OPTIONS)]],
};
`,
    // What the account of this target needs is not set.
    'docwright.config.json': JSON.stringify({
      target: 'live',
      targets: { live: { url, auth: { bearer: { env: 'NOT_SET' } } } },
    }),
  });
  expect((await space.cli(['compile', '--quiet', '--target', 'mock'])).code).toBe(0);
});
test.beforeEach(() => void (asked = 0));
test.afterAll(() => {
  server.closeAllConnections();
  server.close();
  space.remove();
});
test.describe.configure({ timeout: 120_000 });

test('a project says who is asked and how; what it cannot say is told once, and a service that hangs as such', async () => {
  const projects = {
    mock: { target: 'mock' },
    live: {},
    wrong: { target: url },
    silent: { target: `${url}/silent`, timeout: 1500 },
    targt: { targt: 'mock' },
    pages: { pages: ['docs/b.md'] },
  };
  const PROJECTS = JSON.stringify(Object.entries(projects).map(([name, docwright]) => ({ name, use: { docwright } })));
  const { specs } = await toldTests(space, [], { PROJECTS });
  const told = specs.flatMap(({ tests }) => tests) as unknown as { projectName: string; results: [ToldResult] }[];
  const results = Object.fromEntries(told.map(({ projectName, results: [result] }) => [projectName, result]));
  const messages = (name: string): string[] =>
    results[name]!.errors.map(({ message }) => message.replace(/\u001b\[[\d;]*m/g, ''));
  expect([told.length, results['mock']!.status]).toEqual([6, 'passed']);
  expect(messages('live')).toEqual([expect.stringContaining('variable NOT_SET of the environment')]);
  expect(messages('targt')).toEqual([
    expect.stringContaining('Unknown option `targt` of `use.docwright`, did you mean `target`?'),
  ]);
  expect(messages('pages')).toEqual([
    expect.stringContaining(
      'Option `pages` is none of `use.docwright`: which tests there are is said in the spec file, `documented({ pages })`',
    ),
  ]);
  expect([results['silent']!.status, messages('silent')]).toEqual([
    'failed',
    [expect.stringContaining('No whole answer within 1500 ms')],
  ]);
  // On the key of the page.
  expect(results['wrong']!.errors.map(({ location }) => location)).toEqual([
    { file: path.join(space.folder, 'docs/a.md'), line: 14, column: 3 },
  ]);
});

test('options that nobody knows, and values that none takes, are refused', async () => {
  const { code, stderr } = await playwright(space, ['test', '--list'], { SPECS: 'option per time' });
  expect(code).toBe(1);
  for (const message of [
    'Unknown option `doc` of documented(), did you mean `docs`?',
    'Unexpected value `"pages"` of option `per` of documented(), expected `exchange` or `page`',
    'Unexpected value `"abc"` of option `timeout` of documented(), expected a whole number of milliseconds, 1 or more',
  ])
    expect(stderr).toContain(message);
});

test('what the reporter cannot use it says before anything is asked', async () => {
  for (const [options, message] of [
    [{ reportz: 'x' }, 'Unknown option `reportz` of docwright/playwright-reporter, did you mean `reports`?'],
    [{ reporter: ['nope'] }, 'Unknown reporter `nope`'],
    [{ config: 'gone.ts' }, 'No config file `gone.ts`'],
  ] as const) {
    const { code, stdout, stderr } = await playwright(space, ['test'], {
      OPTIONS: JSON.stringify(options),
      PROJECTS: JSON.stringify([{ use: { docwright: { target: url } } }]),
    });
    expect([code, asked]).toEqual([1, 0]);
    expect(stdout + stderr).toContain(message);
  }
  await playwright(space, ['test'], {
    OPTIONS: JSON.stringify({ reporter: 'json, sarif', reports: 'both' }),
    PROJECTS: JSON.stringify([{ use: { docwright: { target: 'mock' } } }]),
  });
  expect(readdirSync(path.join(space.folder, 'both')).sort()).toEqual(['report.json', 'results.sarif']);
});
