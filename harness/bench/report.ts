import type { Browser, Page } from '@playwright/test';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchBrowser } from '../test/browser.ts';
import type { Bench } from './frame.ts';
import { costOf } from './process.ts';
import { answersOf, playwrightTests, reportInput, type BenchAnswer } from './report-data.ts';

/** The HTML report written, opened and filtered at ten thousand exchanges; opened and weighed against Playwright's own. */
export const report: Bench = {
  name: 'report',
  summary: 'the HTML report of 10,000 exchanges, and against the HTML report of Playwright over the same exchanges',
  figures: [
    { name: 'write-s', unit: 's', better: 'lower', target: 3 },
    { name: 'peak-mb', unit: 'MB', better: 'lower', target: 500 },
    { name: 'file-mb', unit: 'MB', better: 'lower', target: 15 },
    { name: 'ready-s', unit: 's', better: 'lower', target: 1 },
    { name: 'filter-key-ms', unit: 'ms', better: 'lower', target: 50 },
    { name: 'playwright-ready-ratio', unit: '×', better: 'lower', target: 1 },
    { name: 'playwright-size-ratio', unit: '×', better: 'lower', target: 1 },
    { name: 'failing-size-ratio', unit: '×', better: 'lower', target: 0.2 },
  ],
  async prepare() {
    const folder = await mkdtemp(join(tmpdir(), 'docwright-bench-'));
    const [many, passing, failing] = [answersOf(10_000, 3_000), answersOf(2_000, 0), answersOf(100, 87)];
    const large = join(folder, 'large.json');
    await writeFile(large, reportInput(many));
    const page = join(folder, 'large.html');
    const ours = { passing: join(folder, 'passing.html'), failing: join(folder, 'failing.html') };
    for (const [answers, file] of [
      [passing, ours.passing],
      [failing, ours.failing],
    ] as const) {
      await writeFile(`${file}.json`, reportInput(answers));
      await costOf([WRITER, `${file}.json`, file], folder);
    }
    const theirs = {
      passing: await playwrightReport(join(folder, 'passing'), passing),
      failing: await playwrightReport(join(folder, 'failing'), failing),
    };
    const browser = await launchBrowser();
    return {
      subject: '10,000 exchanges with 3,000 findings; 2,000 that pass; 87 of 100 that fail',
      async round(number) {
        const written = await costOf([WRITER, large, page], folder);
        const used = await usedAs(browser, page);
        // Who goes first changes from round to round.
        const their = () => listed(browser, join(theirs.passing, 'index.html'), '.test-file-test');
        const before = number % 2 === 0 ? await their() : undefined;
        const our = await listed(browser, ours.passing, '[data-row]', '#/exchanges');
        const after = before ?? (await their());
        const [passingSize, failingSize] = [await sizeOf(ours.passing), await sizeOf(ours.failing)];
        return {
          'write-s': { value: written.seconds },
          'peak-mb': { value: written.megabytes },
          'file-mb': { value: (await sizeOf(page)) / 1e6 },
          'ready-s': { value: used.ready },
          'filter-key-ms': { value: used.key },
          'playwright-ready-ratio': { value: our / after, ours: our, baseline: after },
          'playwright-size-ratio': { value: passingSize / (await sizeOf(theirs.passing)) },
          'failing-size-ratio': { value: failingSize / (await sizeOf(theirs.failing)) },
        };
      },
      async close() {
        await browser.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
};

const WRITER = resolve('harness', 'bench', 'baselines', 'report-write.mjs');

/** Runs the same exchanges as tests and gives the folder of their HTML report. */
async function playwrightReport(folder: string, answers: readonly BenchAnswer[]): Promise<string> {
  await mkdir(folder, { recursive: true });
  await symlink(resolve('node_modules'), join(folder, 'node_modules'), 'junction');
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  // A file that holds more is shown folded, without its list.
  for (let at = 0; at < answers.length; at += 100)
    await writeFile(join(folder, `exchanges-${at}.spec.ts`), playwrightTests(answers.slice(at, at + 100)));
  const config = { testDir: '.', workers: 1, reporter: [['html', { open: 'never', outputFolder: 'report' }]] };
  await writeFile(join(folder, 'playwright.config.ts'), `export default ${JSON.stringify(config)};`);
  const cli = resolve('node_modules', '@playwright', 'test', 'cli.js');
  await new Promise<void>((done, failed) => {
    const child = spawn(process.execPath, [cli, 'test'], { cwd: folder, stdio: 'ignore' });
    child.on('error', failed);
    child.on('close', () => done());
  });
  return join(folder, 'report');
}

/** Bytes of a file, or of all files of a folder. */
async function sizeOf(path: string): Promise<number> {
  const stats = await stat(path);
  if (stats.isFile()) return stats.size;
  const files = await readdir(path, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    files.filter((file) => file.isFile()).map((file) => stat(join(file.parentPath, file.name))),
  );
  return sizes.reduce((sum, { size }) => sum + size, 0);
}

/** Seconds from the start of a page to the frame after its list is there. */
async function listed(browser: Browser, file: string, row: string, hash = ''): Promise<number> {
  const page = await browser.newPage();
  try {
    await page.addInitScript(WATCH, row);
    await page.goto(pathToFileURL(file).href + hash);
    return (await listedAt(page)) / 1000;
  } finally {
    await page.close();
  }
}

/** Seconds until the list is there and the filter has answered once; milliseconds of the slowest of the keys after that. */
async function usedAs(browser: Browser, file: string): Promise<{ readonly ready: number; readonly key: number }> {
  const page = await browser.newPage();
  try {
    await page.addInitScript(WATCH, '[data-row]');
    await page.goto(`${pathToFileURL(file).href}#/exchanges`);
    const at = await listedAt(page);
    const keys = (await page.evaluate(TYPE)) as readonly number[];
    return { ready: (at + keys[0]!) / 1000, key: Math.max(...keys.slice(1)) };
  } finally {
    await page.close();
  }
}

/** What `WATCH` notes. Waiting for a function would look again and again by `eval`, which the policy of our page refuses. */
async function listedAt(page: Page): Promise<number> {
  return (await page.evaluate('globalThis.listedAt')) as number;
}

/** Runs in the page before all else: promises the time when an element is there and has been drawn. */
function WATCH(row: string): void {
  const page = globalThis as unknown as {
    document: { querySelector(selector: string): unknown };
    requestAnimationFrame(callback: () => void): void;
    listedAt: Promise<number>;
  };
  page.listedAt = new Promise((resolve) => {
    const look = (): void => {
      if (page.document.querySelector(row)) page.requestAnimationFrame(() => resolve(performance.now()));
      else page.requestAnimationFrame(look);
    };
    look();
  });
}

/** Runs in the page: types into the filter, key by key, and takes the milliseconds from each to the frame that shows its answer. */
const TYPE = `(async () => {
  const input = document.getElementById('filter');
  const taken = [];
  for (const text of ['7', '', 't', 'th', 'thi', 'thin', 'thing', 'things', 'things-', 'things-1', 'things-12', 'things-1', '']) {
    const start = performance.now();
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = done; c.port2.postMessage(0); }));
    taken.push(performance.now() - start);
  }
  return taken;
})()`;
