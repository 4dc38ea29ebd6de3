import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { exchangesOf, writePages, type BenchExchange } from './exchanges.ts';
import type { Bench, Sample } from './frame.ts';
import { costOf } from './process.ts';

/** What is documented as a suite of Playwright with 2 workers, against as many bare request tests, and tests an exchange against tests a page. */
export const suite: Bench = {
  name: 'suite',
  summary:
    'documented exchanges as a Playwright suite with 2 workers, against bare request tests, one a test and one a page',
  figures: [
    { name: 'per-test-ms', unit: '×', better: 'lower', target: 1.1 },
    { name: 'page-mode-ratio', unit: '×', better: 'higher', target: 5 },
    { name: 'failing-page-mode-ratio', unit: '×', better: 'higher', target: 20 },
  ],
  async prepare() {
    const parent = await mkdtemp(join(tmpdir(), 'docwright-bench-'));
    const all = exchangesOf(RIGHT);
    // What has no body cannot be wrong.
    const wrong = exchangesOf(RIGHT)
      .filter(({ answer }) => answer !== undefined)
      .slice(0, WRONG);
    const [right, failing] = [await stock(parent, 'right', all), await stock(parent, 'wrong', wrong)];
    let failed: Sample | undefined;
    return {
      subject: `${ON_A_PAGE} exchanges a page; ${RIGHT} answered as documented, ${WRONG} answered wrongly (once: a worker restarts for each); behind the first ratio are seconds a test`,
      async round(number) {
        if (number === 1) failed = await served(failing, 'wrong', (environment) => pages(failing, environment));
        return served(right, 'm0', async (environment) => {
          // Who goes first changes from round to round.
          const before = number % 2 === 0 ? await ran(right, 'bare.spec.ts', environment) : undefined;
          const ours = await ran(right, 'docs.spec.ts', environment);
          const bare = before ?? (await ran(right, 'bare.spec.ts', environment));
          const page = await ran(right, 'pages.spec.ts', environment);
          return {
            'per-test-ms': { value: ours / bare, ours: ours / RIGHT, baseline: bare / RIGHT },
            'page-mode-ratio': { value: ours / page, ours: page, baseline: ours },
            'failing-page-mode-ratio': failed ?? { value: 0 },
          };
        });
      },
      close: () => rm(parent, { recursive: true, force: true }),
    };
  },
};

const [RIGHT, WRONG, ON_A_PAGE] = [2000, 400, 100];

interface Stock {
  readonly folder: string;
  readonly file: string;
}

async function stock(parent: string, name: string, exchanges: readonly BenchExchange[]): Promise<Stock> {
  const folder = join(parent, name);
  await writePages(join(folder, 'docs'), exchanges, ON_A_PAGE);
  await mkdir(join(folder, 'node_modules/@playwright'), { recursive: true });
  await symlink(resolve('node_modules/@playwright/test'), join(folder, 'node_modules/@playwright/test'), 'dir');
  await symlink(resolve('.'), join(folder, 'node_modules/docwright'), 'dir');
  const file = join(folder, 'exchanges.json');
  for (const [name, content] of Object.entries({ ...FILES, 'exchanges.json': JSON.stringify(exchanges) }))
    await writeFile(join(folder, name), content);
  await costOf([resolve('dist/command/main.cjs'), 'compile', '--reporter', 'json'], folder, [0, 1]);
  return { folder, file };
}

const FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module" }',
  'docwright.config.ts': `export default { targets: { it: { url: process.env.BASE ?? 'http://127.0.0.1', cleanup: false } } };`,
  'docs.spec.ts': `import { documented } from 'docwright/playwright';\nawait documented({ target: 'it' });\n`,
  'pages.spec.ts': `import { documented } from 'docwright/playwright';\nawait documented({ target: 'it', per: 'page' });\n`,
  'bare.spec.ts': `import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
const exchanges = JSON.parse(readFileSync('exchanges.json', 'utf8'));
for (const [at, { method, path, body, status, answer }] of exchanges.entries())
  test(\`\${method} \${path} (\${at})\`, async ({ request }) => {
    const response = await request.fetch(process.env.BASE + path, { method, ...(body ? { data: body } : {}) });
    expect(response.status()).toBe(status);
    if (answer) expect(await response.json()).toEqual(answer);
  });
`,
  'playwright.config.ts': `export default {
  testDir: '.',
  fullyParallel: true,
  workers: 2,
  reporter: [['json', { outputFile: 'results.json' }]],
};
`,
};

/** Seconds that a spec file takes, whole process; each test of it has ended. */
async function ran({ folder }: Stock, spec: string, environment: NodeJS.ProcessEnv): Promise<number> {
  const start = process.hrtime.bigint();
  const cli = resolve('node_modules/@playwright/test/cli.js');
  const child = spawn(process.execPath, [cli, 'test', spec], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { stats } = JSON.parse(await readFile(join(folder, 'results.json'), 'utf8')) as { stats: Stats };
  const isWrong = environment.BASE!.endsWith('/wrong');
  const isAsMeant = isWrong ? stats.expected === 0 && stats.unexpected > 0 : code === 0 && stats.unexpected === 0;
  if (!isAsMeant || stats.skipped > 0) throw new Error(`${spec} ended with ${code}: ${JSON.stringify(stats)}`);
  return seconds;
}

interface Stats {
  readonly expected: number;
  readonly unexpected: number;
  readonly skipped: number;
}

async function pages(some: Stock, environment: NodeJS.ProcessEnv): Promise<Sample> {
  const page = await ran(some, 'pages.spec.ts', environment);
  const each = await ran(some, 'docs.spec.ts', environment);
  return { value: each / page, ours: page, baseline: each };
}

/** Runs something while the service answers, in a process of its own. */
async function served<T>(
  { file, folder }: Stock,
  mode: string,
  use: (environment: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  const server = spawn(process.execPath, [resolve('harness/bench/baselines/replay-server.mjs'), file], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = (await once(server.stdout, 'data')) as [Buffer];
    return await use({ BASE: `http://127.0.0.1:${port.toString().trim()}/${mode}` });
  } finally {
    server.kill('SIGKILL');
  }
}
