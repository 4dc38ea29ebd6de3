import path from 'node:path';
import type { PagedExchange } from '../model/fixture.ts';
import type { Header, Target } from '../model/http.ts';
import { decoded } from '../replay/http.ts';
import type { Job } from './job.ts';
import type { Environment } from './settings.ts';
import type { TargetChoice } from './target.ts';

/** A target that is ready to be sent to; closing it ends what was started for it. */
export interface OpenTarget {
  readonly target: Target;
  /** What says who asks, as it is sent to the target's own origin; for whoever tells what was sent, without secrets. */
  readonly account?: readonly Header[];
  /** Has the service refused the account? */
  isRefused?(): boolean;
  close(): Promise<void>;
}

/** What opening a target needs of the job, and who keeps its secrets. */
export interface OpenOptions {
  readonly job: Job;
  /** Every exchange of the docs: the mock answers for all of them. */
  readonly all: readonly PagedExchange[];
  /** Is told of every secret before it is used. */
  readonly secret: (name: string, value: string) => void;
  readonly redacted: (text: string) => string;
}

/**
 * Opens the target that was chosen: the mock; a recording; or a live service, started where the config says so, with its account, pace and hosts.
 * Whatever is missing for that is a UsageError, before anything is sent.
 */
export async function openTarget(
  choice: TargetChoice,
  { job, all, secret, redacted }: OpenOptions,
): Promise<OpenTarget> {
  const { url, named, timeout, recording } = choice;
  if (recording !== undefined) {
    const target = (await import('./har.ts')).openRecording(path.resolve(job.cwd, recording), recording, all);
    return { target, close: () => Promise.resolve() };
  }
  if (url === undefined) {
    const target = (await import('../mock/msw.ts')).mockTarget(all);
    return { target, close: async () => target.close?.() };
  }
  const { environment, cwd: here, settings, streams } = job;
  const cwd = settings.config === undefined ? here : path.dirname(settings.config);
  const signal = streams.signal === undefined ? {} : { signal: streams.signal };
  tellUrl(url, secret);
  // A token command may ask the very service that is started.
  const { startService } = named?.start ? await import('./start.ts') : {};
  const started = await startService?.(named!.start!, { url, cwd, env: environment, redacted, ...signal });
  const account = named && (named.auth ?? named.headers) ? await import('./credentials.ts') : undefined;
  const tools = { environment, cwd, secret, redacted, ...signal };
  const credentials = await account?.credentialsOf(named!.name, named!, tools).catch(async (error: unknown) => {
    // Interrupted, nothing will be sent anyway, and the report says so.
    if (streams.signal?.aborted) return undefined;
    await started?.stop();
    throw error;
  });
  const { liveTarget } = await import('../replay/live.ts');
  const { standingOf } = await import('../replay/standing.ts');
  const standing = standingOf();
  const target = liveTarget({
    base: url,
    timeout,
    proxies: proxiesOf(environment, secret),
    ...(credentials === undefined ? {} : { credentials, standing }),
    ...(named?.hosts === undefined ? {} : { hosts: named.hosts }),
    ...(named?.concurrency === undefined ? {} : { concurrency: named.concurrency }),
    ...(named?.rate === undefined ? {} : { rate: named.rate }),
  });
  return {
    target,
    ...(credentials === undefined ? {} : { account: credentials.headers }),
    isRefused: standing.isRefused,
    async close() {
      await target.close?.();
      await started?.stop();
    },
  };
}

/** A user and password in the URL of the target are secrets like any other. */
function tellUrl(url: string, secret: (name: string, value: string) => void): void {
  const { username, password } = new URL(url);
  if (password !== '') secret('password', decoded(password));
  if (username !== '') secret('user', decoded(username));
}

/** The proxies of the environment; lower case goes first, as it does elsewhere. */
function proxiesOf(environment: Environment, secret: (name: string, value: string) => void) {
  const proxies = Object.fromEntries(
    (['http', 'https', 'no'] as const).flatMap((name) => {
      const variable = `${name}_proxy`;
      const value = environment[variable] ?? environment[variable.toUpperCase()];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  ) as { readonly http?: string; readonly https?: string; readonly no?: string };
  for (const url of [proxies.http, proxies.https]) {
    if (url !== undefined && URL.canParse(url)) tellUrl(url, secret);
  }
  return proxies;
}
