import type { NamedTarget, SecretSource } from '../model/config.ts';
import type { Header } from '../model/http.ts';
import { UsageError } from '../model/usage.ts';
import type { Credentials } from '../replay/auth.ts';
import { basic } from '../replay/http.ts';
import type { Environment } from './settings.ts';
import { startCommand } from './shell.ts';

/** What secrets are got with. */
export interface SecretTools {
  readonly environment: Environment;
  /** Folder that commands run in. */
  readonly cwd: string;
  /** Is told of every secret before it is used. */
  readonly secret: (name: string, value: string) => void;
  /** Takes secrets out of what a command said. */
  readonly redacted: (text: string) => string;
  readonly signal?: AbortSignal;
  /** Milliseconds that a command may take; 60,000 where nothing is said. */
  readonly timeout?: number;
}

type Account = Pick<NamedTarget, 'auth' | 'headers'>;

/** Refuses a target of which a variable is not set that its account needs; runs no command. */
export function checkAccount(target: string, account: Account, environment: Environment): void {
  for (const { source, what } of sourcesOf(account)) {
    if (typeof source === 'string' || !('env' in source)) continue;
    if ((environment[source.env] ?? '') !== '') continue;
    throw new UsageError(
      `No account could authenticate: variable ${source.env} of the environment, which target \`${target}\` needs for its ${what}, is not set`,
    );
  }
}

/** The credentials of a target, its commands run, each once; those that a command gave can be renewed by it. Nothing where it has none. */
export async function credentialsOf(
  target: string,
  account: Account,
  tools: SecretTools,
): Promise<Credentials | undefined> {
  checkAccount(target, account, tools.environment);
  const sources = sourcesOf(account);
  if (sources.length === 0) return undefined;
  const get = async (): Promise<readonly Header[]> => {
    const asked = new Map<string, Promise<string>>();
    const values = new Map<SecretSource, string>();
    for (const { source, what, isSecret } of sources) {
      const value = await valueOf(source, what, target, tools, asked);
      if (isSecret) tools.secret(what, value);
      values.set(source, value);
    }
    return headersOf(account, (source) => values.get(source)!, tools);
  };
  const headers = await get();
  const canRunOut = sources.some(({ source }) => typeof source !== 'string' && 'command' in source);
  return canRunOut ? { headers, renew: get } : { headers };
}

interface NamedSource {
  readonly source: SecretSource;
  /** As messages and placeholders name it. */
  readonly what: string;
  readonly isSecret: boolean;
}

function sourcesOf({ auth, headers = {} }: Account): NamedSource[] {
  // What stands in the config as a plain header is no more secret than the config.
  const found = Object.entries(headers).map(([name, source]): NamedSource => {
    return { source, what: `header ${name}`, isSecret: typeof source !== 'string' };
  });
  if (auth === undefined) return found;
  if ('bearer' in auth) return [...found, { source: auth.bearer, what: 'bearer token', isSecret: true }];
  if ('apiKey' in auth) return [...found, { source: auth.apiKey.value, what: 'API key', isSecret: true }];
  const { user, password } = auth.basic;
  return [
    ...found,
    { source: user, what: 'user', isSecret: typeof user !== 'string' },
    { source: password, what: 'password', isSecret: true },
  ];
}

function headersOf(
  { auth, headers = {} }: Account,
  value: (source: SecretSource) => string,
  { secret }: SecretTools,
): Header[] {
  const plain = Object.entries(headers).map(([name, source]): Header => [name, value(source)]);
  if (auth === undefined) return plain;
  if ('bearer' in auth) return [...plain, ['Authorization', `Bearer ${value(auth.bearer)}`]];
  if ('apiKey' in auth) return [...plain, [auth.apiKey.header ?? 'X-API-Key', value(auth.apiKey.value)]];
  const credentials = basic(value(auth.basic.user), value(auth.basic.password));
  secret('basic credentials', credentials.replace(/^Basic /, ''));
  return [...plain, ['Authorization', credentials]];
}

async function valueOf(
  source: SecretSource,
  what: string,
  target: string,
  tools: SecretTools,
  asked: Map<string, Promise<string>>,
): Promise<string> {
  const fail = (reason: string): never => {
    throw new UsageError(`No account could authenticate: the ${what} of target \`${target}\` ${reason}`);
  };
  let value: string;
  if (typeof source === 'string') value = source;
  else if ('env' in source) value = tools.environment[source.env]!;
  else {
    const { command } = source;
    if (!asked.has(command)) asked.set(command, outputOf(command, tools));
    value = await asked.get(command)!.catch((error: Error) => fail(error.message));
    if (value === '') fail('is empty: its command printed nothing');
  }
  // A line end would begin a header of its own.
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) fail('has more than one line, or control characters');
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
