import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
    const seconds = await secondsOf(args, cwd, codes, { NODE_OPTIONS: `--import=${PEAK}`, PEAK_NOTE: note });
    const kilobytes = (await readFile(note, 'utf8')).trim().split('\n').map(Number);
    return { seconds, megabytes: (kilobytes.reduce((sum, peak) => sum + peak, 0) * 1024) / 1e6 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same without memory: to have that noted costs what a short process takes in a tenth of its time. */
export async function secondsOf(
  args: readonly string[],
  cwd: string,
  codes: readonly number[] = [0],
  environment: NodeJS.ProcessEnv = {},
): Promise<number> {
  const start = process.hrtime.bigint();
  const { code, output } = await run(args, cwd, { ...process.env, ...environment });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (code === null || !codes.includes(code)) throw new Error(`${args.join(' ')} ended with ${code}:\n${output}`);
  return seconds;
}

// The kernel keeps the peak; each process of the tree notes its own at exit, and their sum is an upper bound. Sampling
// from outside would miss short peaks.
const PEAK = `data:text/javascript,${encodeURIComponent(`
  import { appendFileSync } from 'node:fs';
  import { isMainThread } from 'node:worker_threads';
  if (isMainThread) process.on('exit', () =>
    appendFileSync(process.env.PEAK_NOTE, process.resourceUsage().maxRSS + '\\n'));
`)}`;

function run(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
  return new Promise<{ readonly code: number | null; readonly output: string }>((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    // The end is what names a failure; a megabyte of progress is of no use.
    const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
