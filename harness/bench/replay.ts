import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { exchangesOf, writePages } from './exchanges.ts';
import type { Bench, Sample } from './frame.ts';
import { costOf, type Cost } from './process.ts';

/** `docwright replay` as a whole process against a service in a process of its own, and a bare undici loop that sends the same. */
export const replay: Bench = {
  name: 'replay',
  summary:
    '`docwright replay`, whole process, against a bare undici loop that sends, parses and deep-compares the same',
  figures: [
    { name: 'wall-ratio-0ms', unit: '×', better: 'lower', target: 2 },
    { name: 'wall-ratio-5ms', unit: '×', better: 'lower', target: 1.3 },
    { name: 'wall-100-s', unit: 's', better: 'lower', target: 0.5 },
    { name: 'all-wrong-ratio', unit: '×', better: 'lower', target: 1.5 },
    { name: 'peak-mb', unit: 'MB', better: 'lower', target: 200 },
    { name: 'peak-mb-100k', unit: 'MB', better: 'lower', target: 400 },
  ],
  async prepare() {
    const folder = await mkdtemp(join(tmpdir(), 'docwright-bench-'));
    const [some, few, many] = [await stock(folder, 2000), await stock(folder, 100), await stock(folder, 100_000, 400)];
    let most: Sample | undefined;
    return {
      subject: `2000, 100 and 100000 exchanges; report.json is written`,
      async round(number) {
        // Takes a minute: once will do.
        if (number === 1) most = { value: (await served(many, (base) => ours(many, `${base}/m0`))).megabytes };
        return served(some, async (base) => ({
          ...(await rounds(some, base, number)),
          'wall-100-s': { value: (await served(few, (other) => ours(few, `${other}/m0`))).seconds },
          'peak-mb-100k': most ?? { value: 0 },
        }));
      },
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
};

/** Exchanges as a file, and compiled to fixtures. */
interface Stock {
  readonly folder: string;
  readonly file: string;
}

async function stock(parent: string, count: number, largest?: number): Promise<Stock> {
  const folder = await mkdtemp(join(parent, `of-${count}-`));
  const file = join(folder, 'exchanges.json');
  const exchanges = exchangesOf(count, largest);
  await writeFile(file, JSON.stringify(exchanges));
  await writePages(join(folder, 'docs'), exchanges);
  // What the run created is not deleted again: the loop does not do that either.
  const it = { url: 'http://127.0.0.1', cleanup: false };
  await writeFile(join(folder, 'docwright.config.json'), JSON.stringify({ target: 'it', targets: { it } }));
  await costOf([MAIN, 'compile', '--reporter', 'json'], folder, [0, 1]);
  return { folder, file };
}

const MAIN = resolve('dist/command/main.cjs');

const baseline = (name: string): string => resolve('harness/bench/baselines', name);

/** Runs something while the service answers, in a process of its own. */
async function served<T>({ file, folder }: Stock, use: (base: string) => Promise<T>): Promise<T> {
  const server = spawn(process.execPath, [baseline('replay-server.mjs'), file], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = (await once(server.stdout, 'data')) as [Buffer];
    return await use(`http://127.0.0.1:${port.toString().trim()}`);
  } finally {
    server.kill('SIGKILL');
  }
}

/** Who goes first changes from round to round, so that neither always meets the warmer machine. */
async function rounds(some: Stock, base: string, number: number): Promise<Readonly<Record<string, Sample>>> {
  const against = async (url: string): Promise<{ sample: Sample; cost: Cost }> => {
    const before = number % 2 === 0 ? await loop(some, url) : undefined;
    const cost = await ours(some, url);
    const theirs = before ?? (await loop(some, url));
    const sample = { value: cost.seconds / theirs.seconds, ours: cost.seconds, baseline: theirs.seconds };
    return { sample, cost };
  };
  const fast = await against(`${base}/m0`);
  const slow = await against(`${base}/m5`);
  const wrong = await ours(some, `${base}/wrong`);
  return {
    'wall-ratio-0ms': fast.sample,
    'wall-ratio-5ms': slow.sample,
    'all-wrong-ratio': {
      value: wrong.seconds / fast.cost.seconds,
      ours: wrong.seconds,
      baseline: fast.cost.seconds,
    },
    'peak-mb': { value: fast.cost.megabytes },
  };
}

/** Every request is sent, 16 at a time; report.json is all that is written. Findings (exit 1) are no failure here. */
function ours({ folder }: Stock, base: string): Promise<Cost> {
  const words = ['replay', '--base-url', base, '--workers', '16', '--reporter', 'json', '--quiet'];
  return costOf([MAIN, ...words], folder, [0, 1]);
}

function loop({ file, folder }: Stock, base: string): Promise<Cost> {
  return costOf([baseline('undici-loop.mjs'), file, base], folder);
}
