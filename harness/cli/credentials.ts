import type { KeySource } from '../model/config.ts';
import type { Header } from '../model/http.ts';
import type { Credentials } from '../replay/auth.ts';
import { basic } from '../replay/http.ts';
import { sourcesOf, type Asking } from './account-sources.ts';
import { AccountFault, valuesOf, type SecretTools } from './secret-values.ts';
import type { Environment } from './settings.ts';

/** Credentials that were got; scopes that were granted, where somebody says; closing them ends connections. */
export interface Got extends Credentials {
  readonly granted?: readonly string[];
  close?(): Promise<void>;
}

/** Refuses an account of which a variable is not set that it needs; runs no command. `owner` names it: `` target `it` ``. */
export function checkAccount(owner: string, account: Asking, environment: Environment): void {
  for (const { source, what } of sourcesOf(account, environment)) {
    if (typeof source === 'string' || !('env' in source)) continue;
    if ((environment[source.env] ?? '') !== '') continue;
    throw new AccountFault(
      `variable ${source.env} of the environment, which ${owner} needs for its ${what}, is not set`,
    );
  }
}

/** The credentials of an account, its commands run, each once; those that a command or OAuth gave can be renewed by it. Nothing where it has none. */
export async function credentialsOf(owner: string, account: Asking, tools: SecretTools): Promise<Got | undefined> {
  checkAccount(owner, account, tools.environment);
  const { auth } = account;
  if (auth !== undefined && ('oauth' in auth || 'azure' in auth)) {
    const { oauthOf } = await import('./oauth.ts');
    const { headers: plain = [] } = (await credentialsOf(owner, { headers: account.headers ?? {} }, tools)) ?? {};
    const got = await oauthOf(owner, auth, tools);
    return { ...got, headers: [...plain, ...got.headers], renew: async () => [...plain, ...(await got.renew())] };
  }
  const sources = sourcesOf(account, tools.environment);
  if (sources.length === 0) return undefined;
  const get = async (): Promise<readonly Header[]> => headersOf(account, await valuesOf(owner, sources, tools), tools);
  const headers = await get();
  const canRunOut = sources.some(({ source }) => typeof source !== 'string' && 'command' in source);
  return canRunOut ? { headers, renew: get } : { headers };
}

function headersOf(
  { auth, headers = {} }: Asking,
  value: (source: KeySource) => string,
  { secret }: SecretTools,
): Header[] {
  const plain = Object.entries(headers).map(([name, source]): Header => [name, value(source)]);
  if (auth === undefined) return plain;
  if ('bearer' in auth) return [...plain, ['Authorization', `Bearer ${value(auth.bearer)}`]];
  if ('apiKey' in auth) return [...plain, [auth.apiKey.header ?? 'X-API-Key', value(auth.apiKey.value)]];
  if (!('basic' in auth)) return plain;
  const credentials = basic(value(auth.basic.user), value(auth.basic.password));
  secret('basic credentials', credentials.replace(/^Basic /, ''));
  return [...plain, ['Authorization', credentials]];
}
