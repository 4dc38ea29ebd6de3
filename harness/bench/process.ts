import { fork, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a whole process took: wall time from spawn to exit in seconds, peak resident memory in MB (10^6 bytes). */
export interface Cost {
  readonly seconds: number;
  readonly megabytes: number;
}

/** Runs a Node program as a process of its own and takes its cost; an exit code not among `codes` is an error that shows what it said. */
export async function costOf(args: readonly string[], cwd: string, codes: readonly number[] = [0]): Promise<Cost> {
  const folder = await mkdtemp(join(tmpdir(), 'docwright-cost-'));
  const note = join(folder, 'peak');
  try {
    const env = { ...ENVIRONMENT, NODE_OPTIONS: `--import=${PEAK}`, PEAK_NOTE: note };
    const start = process.hrtime.bigint();
    await ended(spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] }), args, codes);
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    const kilobytes = (await readFile(note, 'utf8')).trim().split('\n').map(Number);
    return { seconds, megabytes: (kilobytes.reduce((sum, peak) => sum + peak, 0) * 1024) / 1e6 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The time alone, which is more exact of a short process: nothing is noted in it, and a small process starts it, as a shell does. */
export async function secondsOf(args: readonly string[], cwd: string, codes: readonly number[] = [0]): Promise<number> {
  let seconds = NaN;
  const clock = fork(CLOCK, args, { cwd, env: ENVIRONMENT, execArgv: [], silent: true });
  clock.on('message', (took) => (seconds = Number(took)));
  await ended(clock, args, codes);
  return seconds;
}

/** What any program needs. Whatever else a machine tells Node, such as certificates to read at every start, is no cost of what is measured. */
const ENVIRONMENT = Object.fromEntries(
  ['PATH', 'HOME', 'USERPROFILE', 'LOCALAPPDATA', 'XDG_CACHE_HOME', 'SYSTEMROOT', 'TMPDIR', 'TEMP'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);

// The kernel keeps the peak; each process of the tree notes its own at exit, and their sum is an upper bound. Sampling
// from outside would miss short peaks.
const PEAK = `data:text/javascript,${encodeURIComponent(`
  import { appendFileSync } from 'node:fs';
  import { isMainThread } from 'node:worker_threads';
  if (isMainThread) process.on('exit', () =>
    appendFileSync(process.env.PEAK_NOTE, process.resourceUsage().maxRSS + '\\n'));
`)}`;

const CLOCK = fileURLToPath(new URL('clock.mjs', import.meta.url));

/** Waits for a process; an exit code not among `codes` is an error. */
function ended(child: ChildProcess, args: readonly string[], codes: readonly number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    // The end is what names a failure; a megabyte of progress is of no use.
    const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000));
    child.stdout!.on('data', keep);
    child.stderr!.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== null && codes.includes(code)) resolve();
      else reject(new Error(`${args.join(' ')} ended with ${code}:\n${output}`));
    });
  });
}
