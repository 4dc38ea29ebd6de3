import { appendFile, cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { layOutCorpus } from './corpus.ts';
import type { Bench, Sample } from './frame.ts';
import { peersOf } from './peers.ts';
import { costOf, type Cost } from './process.ts';

/** `docwright compile` as a whole process, cold, warm and after one change, against remark alone over the same pages. */
export const compile: Bench = {
  name: 'compile',
  summary: '`docwright compile`, whole process, against plain remark-parse + remark-gfm over the same pages',
  figures: [
    { name: 'cold-ratio', unit: '×', better: 'lower', target: 0.25 },
    { name: 'warm-ratio', unit: '×', better: 'lower', target: 0.04 },
    { name: 'one-page-ratio', unit: '×', better: 'lower', target: 0.05 },
    { name: 'peak-mb', unit: 'MB', better: 'lower', target: 600 },
    { name: 'growth', unit: '×', better: 'lower', target: 1.3 },
  ],
  async prepare() {
    const folder = await mkdtemp(join(tmpdir(), 'docwright-bench-'));
    const corpus = layOutCorpus(folder);
    const pages = (await readdir(corpus.folder, { recursive: true })).filter((file) => /\.md$/i.test(file)).sort();
    const few = await part(corpus.folder, join(folder, 'few'), pages, FEW);
    const many = await part(corpus.folder, join(folder, 'many'), pages, MANY);
    const baseline = join(peersOf('compile', PEERS), 'remark.mjs');
    await cp(join('harness', 'bench', 'baselines', 'remark.mjs'), baseline);
    return {
      subject: `${corpus.name}, ${corpus.pages} pages`,
      round: (number) =>
        round({ docs: corpus.folder, page: join(corpus.folder, pages[0]!), few, many }, baseline, number),
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
};

const PEERS = { 'remark-gfm': '4.0.1', 'remark-parse': '11.0.0', unified: '11.0.5' };

/** How many pages growth is measured between. */
const [FEW, MANY] = [300, 3000];

interface Part {
  readonly docs: string;
  readonly pages: number;
}

/** A folder with so many pages of the corpus, taken at equal distances, so that both parts are of one kind. */
async function part(from: string, to: string, pages: readonly string[], count: number): Promise<Part> {
  const most = Math.min(count, pages.length);
  for (let index = 0; index < most; index++) {
    const page = pages[Math.floor((index * pages.length) / most)]!;
    await cp(join(from, page), join(to, page));
  }
  return { docs: to, pages: most };
}

interface Measured {
  readonly docs: string;
  /** The page that is changed. */
  readonly page: string;
  readonly few: Part;
  readonly many: Part;
}

/** Who goes first changes from round to round, so that neither always meets the warmer machine. */
async function round(
  { docs, page, few, many }: Measured,
  baseline: string,
  number: number,
): Promise<Readonly<Record<string, Sample>>> {
  const remark = () => costOf([baseline, docs], docs);
  const before = number % 2 === 0 ? await remark() : undefined;
  const cwd = await mkdtemp(join(tmpdir(), 'docwright-cold-'));
  try {
    const cold = await ours(docs, cwd);
    const warm = await ours(docs, cwd);
    await appendFile(page, '\nOne more sentence.\n');
    const one = await ours(docs, cwd);
    const theirs = before ?? (await remark());
    const against = (cost: Cost): Sample => ({
      value: cost.seconds / theirs.seconds,
      ours: cost.seconds,
      baseline: theirs.seconds,
    });
    const small = await alone(few);
    const large = await alone(many);
    return {
      'cold-ratio': against(cold),
      'warm-ratio': against(warm),
      'one-page-ratio': against(one),
      'peak-mb': { value: Math.max(cold.megabytes, warm.megabytes, one.megabytes) },
      growth: { value: large / small },
    };
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

/** Seconds for each page, cold. */
async function alone({ docs, pages }: Part): Promise<number> {
  const cwd = await mkdtemp(join(dirname(docs), 'alone-'));
  try {
    return (await ours(docs, cwd)).seconds / pages;
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

/** In a folder of its own: no config, fixtures or cache but those of runs in it. Findings (exit 1) are no failure here. */
function ours(docs: string, cwd: string): Promise<Cost> {
  return costOf([resolve('dist/command/main.cjs'), 'compile', '--docs', docs], cwd, [0, 1]);
}
