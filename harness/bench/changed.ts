import { spawnSync } from 'node:child_process';
import { appendFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { finding, type Finding } from '../model/finding.ts';
import { ruled } from '../model/ruling.ts';
import { suppressionsText, withTaken } from '../model/suppressions.ts';
import { readSuppressions } from '../files/suppressions.ts';
import { layOutCorpus, type Corpus } from './corpus.ts';
import { median, type Bench, type Sample } from './frame.ts';
import { secondsOf } from './process.ts';

/** What a change costs: one page of many, warm, against all of them, cold; findings held against suppressions; mending. */
export const changed: Bench = {
  name: 'changed',
  summary: '`check --only-changed` for one page, warm, and `check --fix`, against a cold `check`; 10,000 suppressions',
  figures: [
    { name: 'one-page-ratio', unit: '×', better: 'lower', target: 0.05 },
    { name: 'suppressions-ms', unit: 'ms', better: 'lower', target: 100 },
    { name: 'fix-ratio', unit: '×', better: 'lower', target: 1.2 },
  ],
  async prepare() {
    const folder = await mkdtemp(join(tmpdir(), 'docwright-bench-'));
    const corpus = layOutCorpus(folder);
    commit(folder);
    const page = pageOf(corpus);
    // Once as it was committed: what a run keeps is there from then on.
    await check(folder, '--only-changed', 'HEAD');
    return {
      subject: `${corpus.name}, ${corpus.pages} pages`,
      async round(number) {
        await appendFile(page, `\nSee [the other one](gone-${number}.md).\n`);
        const cold = await check(folder, '--no-cache');
        const one = await ofShort(() => check(folder, '--only-changed', 'HEAD'));
        const fixed = await fixing(corpus);
        return {
          'one-page-ratio': { value: one / cold, ours: one, baseline: cold },
          'suppressions-ms': { value: await suppressing(folder) },
          'fix-ratio': fixed,
        };
      },
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
};

function commit(folder: string): void {
  const environment = { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  const identity = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com'];
  for (const words of [
    ['init', '-q'],
    ['add', 'docs'],
    [...identity, 'commit', '-q', '-m', 'Docs'],
  ]) {
    const { status, stderr } = spawnSync('git', words, { cwd: folder, encoding: 'utf8', env: environment });
    if (status !== 0) throw new Error(`git ${words.join(' ')}: ${stderr}`);
  }
}

/** A page that changes: the one in the middle, as far from the first as from the last. */
function pageOf({ folder }: Corpus): string {
  const { stdout } = spawnSync('git', ['ls-files', '*.md'], { cwd: folder, encoding: 'utf8' });
  const pages = stdout.trim().split('\n');
  return join(folder, pages[Math.floor(pages.length / 2)]!);
}

/** Seconds of a whole process. Findings (exit 1) are no failure here. */
function check(cwd: string, ...flags: readonly string[]): Promise<number> {
  return secondsOf([resolve('dist/command/main.cjs'), 'check', '--docs', 'docs', ...flags], cwd, [0, 1]);
}

/** The middle of five: each does the same, and what a long run leaves to the disk to write weighs on a short one after it. */
async function ofShort(measure: () => Promise<number> | number): Promise<number> {
  const goes: number[] = [];
  for (let at = 0; at < 5; at++) goes.push(await measure());
  return median(goes);
}

/** Mends a copy of the docs, so that there is as much to mend in each round, and checks another: both just written, and no repository. */
async function fixing(corpus: Corpus): Promise<Sample> {
  const cold = await checkCopy(corpus, '--no-cache');
  const fixed = await checkCopy(corpus, '--no-cache', '--fix');
  return { value: fixed / cold, ours: fixed, baseline: cold };
}

async function checkCopy({ folder }: Corpus, ...flags: readonly string[]): Promise<number> {
  const copy = await mkdtemp(join(tmpdir(), 'docwright-fix-'));
  try {
    await cp(folder, join(copy, 'docs'), { recursive: true });
    return await check(copy, ...flags);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** Milliseconds to read 10,000 suppressions and to find for each of as many findings the one that is for it; the middle of some goes. */
async function suppressing(folder: string): Promise<number> {
  const findings = Array.from({ length: MANY }, (_, at) => findingOf(at));
  const pageOfFile = (file: string): string => file;
  const file = join(folder, 'suppressions.json');
  await writeFile(file, suppressionsText(withTaken([], findings, pageOfFile, () => undefined)));
  return ofShort(() => {
    const start = performance.now();
    const { entries } = readSuppressions(file, file);
    const { matched } = ruled(findings, {
      levelOf: () => undefined,
      disables: [],
      suppressions: entries,
      pageOf: pageOfFile,
      standingOf: () => 'here',
    });
    if (matched.suppressed.size !== MANY) throw new Error('Not every finding was suppressed.');
    return performance.now() - start;
  });
}

const MANY = 10_000;

/** One of many, on one of five hundred pages. */
function findingOf(at: number): Finding {
  const point = { line: (at % 50) + 1, column: 1 };
  return finding({
    ruleId: 'link/dead',
    reason: `Missing page \`gone-${at}.md\``,
    place: { file: `docs/page-${at % 500}.md`, position: { start: point, end: point } },
    subject: `gone-${at}.md`,
  });
}
