import { expect, test } from '@playwright/test';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { playwright, playwrightSpace } from './playwright-suite.ts';
import { page, type Workspace } from './workspace.ts';

const NAMES = ['get_a', 'get_b', 'get_c'];

let space: Workspace;
let server: Server;
let url: string;

test.beforeAll(async () => {
  // Nothing it says is what is documented.
  server = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end('[]'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  space = playwrightSpace({
    ...Object.fromEntries(NAMES.map((name) => [`docs/${name}.md`, page(name, { name, url: `/v1.0/${name}` })])),
    'docs.spec.ts': `import { documented } from 'docwright/playwright';\nawait documented();\n`,
    'wrong.spec.ts': `import { documented } from 'docwright/playwright';\nawait documented({ target: '${url}' });\n`,
    'away.spec.ts': `import { documented, test } from 'docwright/playwright';
test.beforeEach(() => test.skip(true, 'not here'));
await documented({ pages: ['docs/get_a.md', 'docs/get_b.md'] });
`,
    'never.spec.ts': `import { documented, test } from 'docwright/playwright';
test.skip(true, 'not here');
await documented({ pages: ['docs/get_c.md'] });
`,
    'own.spec.ts': `import { test } from 'docwright/playwright';
for (const name of ['x', 'y', 'z']) test(name, () => {});
`,
    'playwright.config.ts': `const { PROJECTS, SPECS = 'docs' } = process.env;
export default {
  testDir: '.',
  fullyParallel: true,
  workers: 2,
  testMatch: SPECS.split(' ').map((name) => name + '.spec.ts'),
  reporter: [['list'], ['blob'], ['docwright/playwright-reporter', { reports: process.env.REPORTS }]],
  projects: JSON.parse(PROJECTS),
};
`,
    'merge.config.ts': `export default { testDir: '.', reporter: [['docwright/playwright-reporter', { reports: 'merged' }]] };\n`,
    // As one that a Playwright uses which tells of no report that it merges.
    'old.config.ts': `export default { testDir: '.', reporter: [['./old.ts', { reports: 'merged' }]] };\n`,
    'old.ts': `import reporter from 'docwright/playwright-reporter';
export default function old(options) {
  const { onReportConfigure, ...rest } = reporter(options);
  return rest;
}
`,
  });
  expect((await space.cli(['compile', '--quiet'])).code).toBe(0);
});
test.afterAll(() => {
  server.closeAllConnections();
  server.close();
  space.remove();
});
test.describe.configure({ timeout: 120_000 });

/** One run, a project each with a target of its own. */
function run(projects: Readonly<Record<string, string>>, words: readonly string[], more: NodeJS.ProcessEnv = {}) {
  const PROJECTS = JSON.stringify(
    Object.entries(projects).map(([name, target]) => ({ name, use: target === '' ? {} : { docwright: { target } } })),
  );
  return playwright(space, ['test', ...words], { PROJECTS, ...more });
}

test('a merge names each shard that was lost, whatever was in it', async () => {
  const blob = (name: string): string => path.join(space.folder, 'kept', `${name}.zip`);
  const shards = ['1/3', '2/3', '3/3', '1/2'];
  // Two services of the same docs, and tests that nobody documents.
  const environment = { SPECS: 'docs own', REPORTS: 'parts' };
  for (const shard of shards)
    await run({ mock: 'mock', wrong: url }, ['--shard', shard], {
      ...environment,
      PLAYWRIGHT_BLOB_OUTPUT_FILE: blob(shard.replace('/', '-')),
    });
  const merge = async (names: readonly string[], config = 'merge.config.ts') => {
    const folder = path.join(space.folder, 'blobs');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    for (const name of names) copyFileSync(blob(name), path.join(folder, `${name}.zip`));
    const { code, stderr } = await playwright(space, ['merge-reports', '-c', config, 'blobs']);
    return [code, ...stderr.split('\n').flatMap((line) => /^docwright: (.*)/.exec(line)?.[1] ?? [])];
  };
  expect(await merge(['1-3', '2-3', '3-3'])).toEqual([0]);
  expect(readdirSync(path.join(space.folder, 'merged')).sort()).toEqual(['mock', 'wrong']);
  expect(await merge(['1-3', '2-3'])).toEqual([1, 'Missing shard 3 of 3']);
  expect(await merge(['1-3'])).toEqual([1, 'Missing shard 2 of 3', 'Missing shard 3 of 3']);
  expect(await merge(['1-2', '2-3', '3-3'])).toEqual([1, 'Missing shard 2 of 2', 'Missing shard 1 of 3']);
  // Where it is not told what is there, the exchanges tell.
  expect(await merge(['1-3', '2-3', '3-3'], 'old.config.ts')).toEqual([0]);
  expect(await merge(['1-3', '3-3'], 'old.config.ts')).toEqual([1, 'Missing shard 2 of 3']);
});

test('each project has a folder, whichever are run, and each target that spec files of one name', async () => {
  const projects = { 'a b': 'mock', 'a-b': url, 'A-B': 'mock' };
  await run(projects, [], { REPORTS: 'all' });
  const target = (folder: string): [string, number] => {
    const report = space.report(folder);
    return [report.target, report.summary.conforming];
  };
  expect(['a-b', 'a-b-2', 'A-B-3'].map((folder) => target(`all/${folder}`))).toEqual([
    ['mock', 3],
    [url, 0],
    ['mock', 3],
  ]);
  // It means `A-B`, too.
  await run(projects, ['--project', 'a-b'], { REPORTS: 'part' });
  expect(readdirSync(path.join(space.folder, 'part')).sort()).toEqual(['A-B-3', 'a-b-2']);
  await run({ only: '' }, [], { SPECS: 'docs wrong', REPORTS: 'one' });
  expect(['mock', url.replace(/[:/]+/g, '-')].map((folder) => target(`one/${folder}`))).toEqual([
    ['mock', 3],
    [url, 0],
  ]);
});

test('what is skipped on purpose is reported as skipped', async () => {
  const { code, stdout, stderr } = await run({ only: 'mock' }, [], { SPECS: 'away never', REPORTS: 'skipped' });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('3 skipped');
  const { target, summary, exchanges } = space.report('skipped');
  expect([target, summary.skipped, exchanges.map(({ id, outcome }) => [id, outcome])]).toEqual([
    'none',
    3,
    NAMES.map((name) => [`${name}#${name}`, 'skipped']),
  ]);
  // In part: the others are asked.
  await run({ only: 'mock' }, [], { SPECS: 'docs never', REPORTS: 'asked' });
  expect(space.report('asked').summary).toMatchObject({ exchanges: 3, conforming: 3, skipped: 0 });
  expect(existsSync(path.join(space.folder, 'asked/index.html'))).toBe(true);
});
