import path from 'node:path';
import { kindOf, readText } from '../files/read.ts';
import type { KeySource } from '../model/config.ts';
import type { HttpTargetOptions } from '../replay/http.ts';
import type { DevicePrompt } from '../replay/oauth/asking.ts';
import { secretsIn, type NamedSource } from './account-sources.ts';
import type { Environment } from './settings.ts';
import { startCommand } from './shell.ts';

/** What secrets are got with. */
export interface SecretTools {
  readonly environment: Environment;
  /** Folder that commands run in, and that files count from. */
  readonly cwd: string;
  /** Is told of every secret before it is used. */
  readonly secret: (name: string, value: string) => void;
  /** Takes secrets out of what a command said. */
  readonly redacted: (text: string) => string;
  readonly signal?: AbortSignal;
  /** Milliseconds that a command may take; 60,000 where nothing is said. */
  readonly timeout?: number;
  /** How authorization servers are reached. */
  readonly connection?: Omit<HttpTargetOptions, 'base'>;
  /** Origin of the target. */
  readonly home?: string;
  /** Asks a person at the terminal to sign in; absent where there is none. */
  readonly prompt?: (owner: string, prompt: DevicePrompt) => Promise<void>;
}

/** Why an account cannot authenticate: words that name it, and never a value. */
export class AccountFault extends Error {
  override readonly name = 'AccountFault';
}

/** The values of an account by where they come from, each command run once; secrets are told of before they are given. */
export async function valuesOf(
  owner: string,
  sources: readonly NamedSource[],
  tools: SecretTools,
): Promise<(source: KeySource) => string> {
  const asked = new Map<string, Promise<string>>();
  const values = new Map<KeySource, string>();
  for (const named of sources) {
    const value = await valueOf(named, owner, tools, asked);
    if (named.isSecret) for (const secret of secretsIn(value, named)) tools.secret(named.what, secret);
    values.set(named.source, value);
  }
  return (source) => values.get(source)!;
}

async function valueOf(
  { source, what, hasLines }: NamedSource,
  owner: string,
  tools: SecretTools,
  asked: Map<string, Promise<string>>,
): Promise<string> {
  const fail = (reason: string): never => {
    throw new AccountFault(`the ${what} of ${owner} ${reason}`);
  };
  let value: string;
  if (typeof source === 'string') value = source;
  else if ('env' in source) value = tools.environment[source.env]!;
  else if ('file' in source) {
    const file = path.resolve(tools.cwd, source.file);
    if (kindOf(file) !== 'file') fail(`could not be had: there is no file \`${source.file}\``);
    value = readText(file).trim();
    if (value === '') fail(`is empty: there is nothing in \`${source.file}\``);
  } else {
    const { command } = source;
    if (!asked.has(command)) asked.set(command, outputOf(command, tools));
    value = await asked.get(command)!.catch((error: Error) => fail(error.message));
    if (value === '') fail('is empty: its command printed nothing');
  }
  // A line end would begin a header of its own.
  if (!hasLines && /[\x00-\x08\x0a-\x1f\x7f]/.test(value)) fail('has more than one line, or control characters');
  return value;
}

/** Milliseconds. */
const LONGEST = 60_000;

/** Bytes of output that are looked at. */
const MOST_OUTPUT = 1024 * 1024;

async function outputOf(command: string, tools: SecretTools): Promise<string> {
  const { cwd, environment: env, timeout = LONGEST, signal, redacted } = tools;
  const running = startCommand(command, { cwd, env });
  const { child } = running;
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]!.setEncoding('utf8').on(
      'data',
      (text: string) => (said[name] = (said[name] + text).slice(0, MOST_OUTPUT)),
    );
  }
  let timer: NodeJS.Timeout | undefined;
  const reason = await new Promise<string | undefined>((resolve) => {
    timer = setTimeout(() => resolve(`could not be had: its command did not end within ${timeout} ms`), timeout);
    signal?.addEventListener('abort', () => resolve('could not be had: interrupted'), { once: true });
    child.once('error', (error) => resolve(`could not be had: its command cannot be run: ${error.message}`));
    child.once('close', (code, by) =>
      resolve(code === 0 ? undefined : `could not be had: its command ended with ${by ?? code}`),
    );
  });
  clearTimeout(timer);
  await running.stop();
  if (reason === undefined) return said.stdout.trim();
  const last = redacted(said.stderr.trim().split('\n').at(-1)!).slice(0, 300);
  throw new Error(last === '' ? reason : `${reason} (${last})`);
}
