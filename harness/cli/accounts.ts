import type { AccountConfig, AccountKind, AuthConfig, NamedTarget } from '../model/config.ts';
import type { PagedExchange } from '../model/fixture.ts';
import { didYouMean, UsageError } from '../model/usage.ts';
import { chooseAccount, type Account } from '../replay/accounts.ts';
import { grantOf, scopesOf, type Asking } from './account-sources.ts';
import type { Environment } from './settings.ts';

/** Somebody who may ask a target, by its config. */
export interface NamedAccount extends Asking {
  /** As messages name it: `` account `reader` of target `it` ``. */
  readonly owner: string;
  /** What it may ask for, where it is one of several. */
  readonly claims?: Account;
  /** Are its scopes those that OAuth asks for? Then those that are granted count. */
  readonly asksForScopes?: boolean;
}

type Choice = { readonly named?: NamedTarget & { readonly name: string } };

/** Those who may ask a target: its accounts, or the one of them that is named; else the one of `auth` and `headers`, or nobody. */
export function accountsOf({ named }: Choice, only: string | undefined): readonly NamedAccount[] {
  const { accounts, auth, headers } = named ?? {};
  if (accounts === undefined) {
    if (only !== undefined)
      throw new UsageError(`--account ${only} needs a target that says \`accounts\` in the config`);
    if (auth === undefined && headers === undefined) return [];
    return [{ owner: `target \`${named!.name}\``, ...asking(auth, headers) }];
  }
  const names = Object.keys(accounts);
  if (only !== undefined && !Object.hasOwn(accounts, only)) {
    const near = didYouMean(only, names) || `, expected ${names.map((name) => `\`${name}\``).join(' or ')}`;
    throw new UsageError(`Target \`${named!.name}\` has no account \`${only}\`${near}`);
  }
  return (only === undefined ? names : [only]).map((name) => {
    const account = accounts[name]!;
    return {
      owner: `account \`${name}\` of target \`${named!.name}\``,
      ...asking(account.auth, { ...headers, ...account.headers }),
      ...claimsOf(name, account),
    };
  });
}

/** What each account of several may ask for; nothing where there is but one, who may ask for anything. */
export function claimsIn(accounts: readonly NamedAccount[]): readonly Account[] | undefined {
  const claims = accounts.flatMap((account) => account.claims ?? []);
  return claims.length === 0 ? undefined : claims;
}

/** Why accounts cannot authenticate, as far as the environment tells, by their owners; runs no command. */
export async function faultsOf(
  accounts: readonly NamedAccount[],
  environment: Environment,
): Promise<ReadonlyMap<string, string>> {
  const faults = new Map<string, string>();
  if (accounts.length === 0) return faults;
  const { checkAccount } = await import('./credentials.ts');
  const { AccountFault } = await import('./secret-values.ts');
  for (const account of accounts) {
    try {
      checkAccount(account.owner, account, environment);
    } catch (error) {
      if (!(error instanceof AccountFault)) throw error;
      faults.set(account.owner, error.message);
    }
  }
  return faults;
}

/** Finds the accounts that send exchanges. */
export function needing(exchanges: readonly PagedExchange[]): (claims: readonly Account[]) => Iterable<string> {
  return (claims) =>
    exchanges.flatMap((exchange) => {
      const choice = chooseAccount(exchange, claims);
      return 'account' in choice ? [choice.account] : [];
    });
}

/** Refuses a target of which no account can authenticate, as far as the environment tells. */
export async function checkAccounts(accounts: readonly NamedAccount[], environment: Environment): Promise<void> {
  const faults = await faultsOf(accounts, environment);
  if (accounts.length > 0 && faults.size === accounts.length) throw noAccount([...faults.values()]);
}

/** Says that nobody can ask, and why not. */
export function noAccount(faults: readonly string[]): UsageError {
  return new UsageError(`No account could authenticate: ${faults.join('; ')}`);
}

function asking(auth: AuthConfig | undefined, headers: Asking['headers'] = {}): Asking {
  return { ...(auth === undefined ? {} : { auth }), ...(Object.keys(headers).length === 0 ? {} : { headers }) };
}

function claimsOf(
  name: string,
  { auth, scopes, kind = kindOf(auth), tags, apiVersions }: AccountConfig,
): Pick<NamedAccount, 'claims' | 'asksForScopes'> {
  const asked = scopes === undefined ? askedOf(auth) : undefined;
  const had = scopes ?? asked;
  return {
    claims: {
      name,
      ...(kind === undefined ? {} : { kind }),
      ...(had === undefined ? {} : { scopes: had }),
      ...(tags === undefined ? {} : { tags }),
      ...(apiVersions === undefined ? {} : { apiVersions }),
    },
    ...(asked === undefined ? {} : { asksForScopes: true }),
  };
}

function kindOf(auth: AuthConfig | undefined): AccountKind | undefined {
  if (auth === undefined) return undefined;
  if ('azure' in auth) return auth.azure.deviceCode ? 'delegated' : 'application';
  if (!('oauth' in auth)) return undefined;
  return grantOf(auth.oauth) === 'clientCredentials' ? 'application' : 'delegated';
}

/** The scopes that OAuth asks for, where they are its own names: `/.default` stands for whatever was granted elsewhere. */
function askedOf(auth: AuthConfig | undefined): readonly string[] | undefined {
  const config = auth === undefined ? {} : 'oauth' in auth ? auth.oauth : 'azure' in auth ? auth.azure : {};
  const scopes = scopesOf(config).filter((scope) => !/^(?:openid|profile|email|offline_access)$/.test(scope));
  return scopes.length === 0 || scopes.some((scope) => /(?:^|\/)\.default$/.test(scope)) ? undefined : scopes;
}
