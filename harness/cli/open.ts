import path from 'node:path';
import type { PagedExchange } from '../model/fixture.ts';
import type { Header, Target } from '../model/http.ts';
import type { Account } from '../replay/accounts.ts';
import { decoded } from '../replay/http.ts';
import { capped, harmless, oneLine } from '../report/visible.ts';
import { accountsOf } from './accounts.ts';
import type { SecretTools } from './secret-values.ts';
import type { Job } from './job.ts';
import type { Environment } from './settings.ts';
import type { Needed } from './sign-in.ts';
import type { TargetChoice } from './target.ts';
import { isCi } from './terminal.ts';

/** A target that is ready to be sent to; closing it ends what was started for it. */
export interface OpenTarget {
  readonly target: Target;
  /** What says who asks, as it is sent to the target's own origin: of the account named, or the only one; for whoever tells what was sent, without secrets. */
  headersOf?(account: string | undefined): readonly Header[];
  /** Who may ask, where there are several, as they are now that they have authenticated. */
  readonly accounts?: readonly Account[];
  /** Which account has been refused, and how; nothing where none was. */
  refused?(): string | undefined;
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
  /** Which of several accounts are needed, by what each may ask for. */
  readonly needed: Needed;
}

/**
 * Opens the target that was chosen: the mock; a recording; or a live service, started where the config says so, with its account, pace and hosts.
 * Whatever is missing for that is a UsageError, before anything is sent.
 */
export async function openTarget(
  choice: TargetChoice,
  { job, all, secret, redacted, needed }: OpenOptions,
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
  const proxies = proxiesOf(environment, secret);
  const hosts = named?.hosts === undefined ? {} : { hosts: named.hosts };
  const prompt = prompter(job);
  const tools = {
    ...{ environment, cwd, secret, redacted, home: new URL(url).origin, ...signal },
    connection: { timeout, proxies, ...hosts },
    ...(prompt === undefined ? {} : { prompt }),
  };
  const accounts = accountsOf(choice, settings.account);
  const { signIn } = accounts.length > 0 ? await import('./sign-in.ts') : {};
  const signedIn = await signIn?.(accounts, needed, tools).catch(async (error: unknown) => {
    // Interrupted, nothing will be sent anyway, and the report says so.
    if (streams.signal?.aborted) return undefined;
    await started?.stop();
    throw error;
  });
  const { liveTarget } = await import('../replay/live.ts');
  const live = liveTarget({
    base: url,
    timeout,
    proxies,
    ...hosts,
    ...signedIn?.only,
    ...(signedIn?.several === undefined ? {} : { accounts: signedIn.several }),
    ...(named?.concurrency === undefined ? {} : { concurrency: named.concurrency }),
    ...(named?.rate === undefined ? {} : { rate: named.rate }),
  });
  const { transformations } = named ?? {};
  const target =
    transformations === undefined ? live : (await import('../replay/transform.ts')).transformed(live, transformations);
  return {
    target,
    ...(signedIn === undefined ? {} : { headersOf: signedIn.headersOf }),
    ...(signedIn?.claims === undefined ? {} : { accounts: signedIn.claims }),
    ...(signedIn === undefined ? {} : { refused: signedIn.refused }),
    async close() {
      await target.close?.();
      await signedIn?.close();
      await started?.stop();
    },
  };
}

/** Asks whoever sits at the terminal to sign in; nothing where nobody can be expected to. */
function prompter({ streams, environment }: Job): SecretTools['prompt'] {
  if (streams.stderr.isTTY !== true || isCi(environment)) return undefined;
  return async (owner, { page, code }) => {
    const [where, what] = [page, code].map((text) => oneLine(capped(text, MOST_SHOWN)));
    streams.stderr.write(
      `To sign in as ${owner}, open\n  ${harmless(where!)}\nand enter the code\n  ${harmless(what!)}\n`,
    );
  };
}

/** Characters of what a server says. */
const MOST_SHOWN = 500;

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
