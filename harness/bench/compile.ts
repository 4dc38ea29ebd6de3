import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { layOutCorpus } from './corpus.ts';
import type { Bench, Sample } from './frame.ts';
import { peersOf } from './peers.ts';
import { costOf, type Cost } from './process.ts';

/** `docwright compile` as a whole process, nothing cached, against remark alone over the same pages. */
export const compile: Bench = {
  name: 'compile',
  summary: '`docwright compile`, whole process, cold, against plain remark-parse + remark-gfm over the same pages',
  figures: [
    { name: 'cold-ratio', unit: '×', better: 'lower', target: 0.25 },
    { name: 'peak-mb', unit: 'MB', better: 'lower', target: 600 },
  ],
  async prepare() {
    const folder = await mkdtemp(join(tmpdir(), 'docwright-bench-'));
    const corpus = layOutCorpus(folder);
    const baseline = join(peersOf('compile', PEERS), 'remark.mjs');
    await cp(join('harness', 'bench', 'baselines', 'remark.mjs'), baseline);
    return {
      subject: `${corpus.name}, ${corpus.pages} pages`,
      round: (number) => round(corpus.folder, baseline, number),
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
};

const PEERS = { 'remark-gfm': '4.0.1', 'remark-parse': '11.0.0', unified: '11.0.5' };

/** Who goes first changes from round to round, so that neither always meets the warmer machine. */
async function round(docs: string, baseline: string, number: number): Promise<Readonly<Record<string, Sample>>> {
  const runs = [() => ours(docs), () => costOf([baseline, docs], docs)];
  if (number % 2 === 1) runs.reverse();
  const costs = [await runs[0]!(), await runs[1]!()];
  const [our, theirs] = number % 2 === 1 ? costs.reverse() : costs;
  return {
    'cold-ratio': { value: our!.seconds / theirs!.seconds, ours: our!.seconds, baseline: theirs!.seconds },
    'peak-mb': { value: our!.megabytes },
  };
}

/** In an empty folder of its own: no config, no fixtures and no cache of a former round is met. Findings (exit 1) are no failure here. */
async function ours(docs: string): Promise<Cost> {
  const cwd = await mkdtemp(join(tmpdir(), 'docwright-cold-'));
  try {
    return await costOf([resolve('dist/cli/main.js'), 'compile', '--docs', docs], cwd, [0, 1]);
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}
