import type { NamedTarget, Transformations } from '../../model/config.ts';
import { isSecretHeader } from '../../model/redact/patterns.ts';
import { accountOf, headersOf, sourceOf, textOf } from './account.ts';
import { isObject, type Foreign } from './turning.ts';

/** Accounts of API Doctor, turned into targets. */
export interface TurnedAccounts {
  /** By the names of the accounts. */
  readonly targets: Readonly<Record<string, NamedTarget>>;
  /** What cannot be turned: of whole accounts, and of single keys; with the name of the account where it has one. */
  readonly left: readonly { readonly pointer: string; readonly reason: string; readonly name?: string }[];
}

/** Is this a file of accounts? */
export function hasAccounts(value: unknown): boolean {
  return (
    isObject(value) &&
    Array.isArray(value.accounts) &&
    value.accounts.some((each) => isObject(each) && 'serviceUrl' in each)
  );
}

/** How accounts are turned. */
export interface AccountOptions {
  /** False: secrets that stand in the file itself become variables of the environment. */
  readonly keepSecrets?: boolean;
  /** For what has to be known at once, such as URLs; all else of the environment is read when it is needed. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * Turns accounts of API Doctor into targets: the service of each, who asks there, and the names that it has for what the docs call
 * otherwise. What is not enabled is left out; `$env:NAME` is a variable of the environment.
 */
export function accountTargets(value: unknown, options: AccountOptions = {}): TurnedAccounts {
  const { keepSecrets = true, environment } = options;
  const targets: Record<string, NamedTarget> = {};
  const left: { pointer: string; reason: string; name?: string }[] = [];
  const accounts = isObject(value) && Array.isArray(value.accounts) ? (value.accounts as unknown[]) : [];
  accounts.forEach((account, at) => {
    const pointer = `/accounts/${at}`;
    const tell = (reason: string, key?: string): void =>
      void left.push({
        pointer: key === undefined ? pointer : `${pointer}/${key}`,
        reason,
        ...(isObject(account) && typeof account.name === 'string' ? { name: account.name } : {}),
      });
    if (!isObject(account) || typeof account.name !== 'string') return tell('it has no `name`');
    if (account.enabled !== true) return tell(`account \`${account.name}\` is not enabled`);
    const known = withVariables(account, environment, tell);
    if (known === undefined) return;
    const url = textOf(known.serviceUrl);
    if (url === undefined || !/^https?:\/\//i.test(url)) return tell('`serviceUrl` is no URL', 'serviceUrl');
    const who = accountOf(keepSecrets ? known : withoutSecrets(known, tell), tell);
    if (who === undefined) return;
    const transformations = transformationsOf(account.transformations);
    targets[account.name] = {
      url,
      // A target of one account, which says what it is allowed.
      accounts: { [account.name]: who },
      ...(transformations === undefined ? {} : { transformations }),
    };
  });
  return { targets, left };
}

/** What has to be known at once, and may come from the environment. */
const KNOWN_AT_ONCE = ['oauthType', 'serviceUrl', 'tokenService', 'redirectUri', 'resource'];

function withVariables(
  account: Foreign,
  environment: AccountOptions['environment'],
  tell: (reason: string, key?: string) => void,
): Foreign | undefined {
  const known: Record<string, unknown> = { ...account };
  for (const key of KNOWN_AT_ONCE) {
    const source = sourceOf(textOf(account[key]) ?? '');
    if (typeof source === 'string' || !('env' in source)) continue;
    known[key] = environment?.[source.env];
    if (known[key]) continue;
    const told = environment === undefined ? 'which a config does not read there: write it out' : 'which is not set';
    tell(`\`${key}\` is variable ${source.env} of the environment, ${told}`, key);
    return undefined;
  }
  return known;
}

/** Nothing that signs anybody in is written into another file. */
function withoutSecrets(account: Foreign, tell: (reason: string, key?: string) => void): Foreign {
  const given = (value: string, what: string, key: string): string => {
    if (typeof sourceOf(value) !== 'string') return value;
    const name = `${String(account.name)}_${what}`.replace(/(?<=[a-z])(?=[A-Z])|\W+/g, '_').toUpperCase();
    tell(`\`${what}\` stands in the file itself; give it in the environment as ${name}`, key);
    return `$env:${name}`;
  };
  const own = ['clientSecret', 'refreshToken', 'password'].filter((key) => textOf(account[key]) !== undefined);
  const named = own.map((key) => [key, given(textOf(account[key])!, key, key)]);
  const headers = headersOf(account, tell).map(({ name, value, key }) =>
    isSecretHeader(name) ? `${name}: ${given(value, name, key)}` : `${name}: ${value}`,
  );
  return { ...account, ...Object.fromEntries(named), ...(headers.length === 0 ? {} : { additionalHeaders: headers }) };
}

function transformationsOf(said: unknown): Transformations | undefined {
  if (!isObject(said)) return undefined;
  const [request, response] = [said.request, said.response].map((each) => (isObject(each) ? each : {}));
  const names = (side: Foreign): { properties?: Record<string, string> } => {
    const own = Object.entries(isObject(side.properties) ? side.properties : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return own.length === 0 ? {} : { properties: Object.fromEntries(own) };
  };
  const prefix = isObject(request!.actions) ? textOf(request!.actions.prefix) : undefined;
  const there = { ...names(request!), ...(prefix === undefined ? {} : { actions: { prefix } }) };
  const back = names(response!);
  if (Object.keys(there).length + Object.keys(back).length === 0) return undefined;
  return {
    ...(Object.keys(there).length === 0 ? {} : { request: there }),
    ...(Object.keys(back).length === 0 ? {} : { response: back }),
  };
}
