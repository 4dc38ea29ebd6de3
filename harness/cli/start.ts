import path from 'node:path';
import type { StartConfig } from '../model/config.ts';
import type { Target } from '../model/http.ts';
import { UsageError } from '../model/usage.ts';
import { httpTarget } from '../replay/http.ts';
import { startCommand, type Running, type ShellOptions } from './shell.ts';

/** A service under test that runs. */
export interface Started {
  /** Ends it and all it started; does nothing to one that ran before us. */
  stop(): Promise<void>;
}

/** What a start is told beside its config. */
export interface StartOptions extends ShellOptions {
  /** The target's own URL. */
  readonly url: string;
  readonly redacted: (text: string) => string;
  readonly signal?: AbortSignal;
}

/**
 * Starts the service under test and waits until its URL answers, whatever it answers. One that answers already is taken where the
 * config says `reuse`, and refused where not: it would not be the one that was started. Whoever does not come up is stopped again,
 * and the last lines it said are in the error.
 */
export async function startService(config: StartConfig, options: StartOptions): Promise<Started> {
  const { command, cwd = '.', env = {}, ready = options.url, timeout = 60_000, reuse = false } = config;
  const shown = new URL(ready).origin + new URL(ready).pathname;
  const target = httpTarget({ base: ready, timeout: PATIENCE });
  try {
    if (await answers(target, ready, options.signal)) {
      if (reuse) return { stop: () => Promise.resolve() };
      throw new UsageError(
        `Something answers at ${shown} already: stop it, or say \`start: { reuse: true }\` to take it as it is`,
      );
    }
    const folder = path.resolve(options.cwd, cwd);
    const running = startCommand(command, { cwd: folder, env: { ...options.env, ...env } });
    const said = lastWords(running);
    const failure = await comesUp(running, target, ready, timeout, options.signal);
    if (failure === undefined) return running;
    await running.stop();
    if (options.signal?.aborted) return { stop: () => Promise.resolve() };
    const words = options.redacted(said());
    throw new UsageError(
      `The service under test did not come up: ${failure}, and ${shown} does not answer${words === '' ? '' : `. It said:\n${words}`}`,
    );
  } finally {
    await target.close?.();
  }
}

/** Milliseconds for one question whether it is up, and between two. */
const [PATIENCE, PAUSE] = [2000, 100];

/** Nothing when it is up, else why it is not. */
async function comesUp(
  { child }: Running,
  target: Target,
  url: string,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  let ended: string | undefined;
  child.once('error', (error) => (ended = `its command cannot be run: ${error.message}`));
  child.once('exit', (code, by) => (ended = `its command ended with ${by ?? code}`));
  const until = performance.now() + timeout;
  while (performance.now() < until && !signal?.aborted) {
    if (await answers(target, url, signal)) return undefined;
    if (ended !== undefined) return ended;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return signal?.aborted ? 'interrupted' : `${timeout} ms have passed`;
}

async function answers(target: Target, url: string, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await target.send({ method: 'GET', url, headers: [] }, signal ?? new AbortController().signal);
    return true;
  } catch {
    return false;
  }
}

/** Keeps the output drained, and its last lines. */
function lastWords({ child }: Running): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(-MOST_WORDS)));
  }
  return () => text.trim().split('\n').slice(-MOST_LINES).join('\n');
}

const [MOST_WORDS, MOST_LINES] = [8192, 20];
