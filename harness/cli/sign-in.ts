import type { Header } from '../model/http.ts';
import type { Account } from '../replay/accounts.ts';
import type { Asker } from '../replay/auth.ts';
import { standingOf } from '../replay/standing.ts';
import { claimsIn, noAccount, type NamedAccount } from './accounts.ts';
import { credentialsOf, type Got } from './credentials.ts';
import { AccountFault, type SecretTools } from './secret-values.ts';

/** Those who have authenticated. */
export interface SignedIn {
  /** The one of a target that has but one. */
  readonly only?: Asker;
  /** By name, where there are several. */
  readonly several?: ReadonlyMap<string, Asker>;
  /** What each of several may ask for, by what was granted; with the fault of those that could not authenticate. */
  readonly claims?: readonly Account[];
  /** What says who asks: of the account named, or the only one. */
  headersOf(account: string | undefined): readonly Header[];
  /** Who has been refused, and how; nothing where nobody was. */
  refused(): string | undefined;
  close(): Promise<void>;
}

/** Who is needed, by what each may ask for. */
export type Needed = (claims: readonly Account[]) => Iterable<string>;

/**
 * Lets authenticate whoever is needed, one after another. One of several that cannot is noted; a UsageError where none of them can, or the
 * only one cannot.
 */
export async function signIn(accounts: readonly NamedAccount[], needed: Needed, tools: SecretTools): Promise<SignedIn> {
  const open: Got[] = [];
  const close = async (): Promise<void> => void (await Promise.all(open.map(async (got) => got.close?.())));
  const enter = async (account: NamedAccount): Promise<Got> => {
    const got = (await credentialsOf(account.owner, account, tools)) ?? { headers: [] };
    open.push(got);
    return got;
  };
  const first = claimsIn(accounts);
  if (first === undefined) {
    const [account] = accounts;
    if (account === undefined) return { headersOf: () => [], refused: () => undefined, close };
    const credentials = await enter(account).catch((error: unknown) => {
      throw error instanceof AccountFault ? noAccount([error.message]) : error;
    });
    const only = { credentials, standing: standingOf() };
    const headersOf = (): readonly Header[] => credentials.headers;
    return { only, headersOf, refused: () => refusalOf(only.standing, 'No account could authenticate')[0], close };
  }
  let claims: readonly Account[] = first;
  const several = new Map<string, Asker>();
  const faults = new Map<string, string>();
  // What is granted may be less than was asked for, and then somebody else is needed.
  for (;;) {
    const names: ReadonlySet<string> = new Set<string>(
      [...needed(claims)].filter((name) => !several.has(name) && !faults.has(name)),
    );
    if (names.size === 0) break;
    for (const account of accounts.filter((one) => names.has(one.claims!.name))) {
      const { name } = account.claims!;
      try {
        const got = await enter(account);
        several.set(name, { credentials: got, standing: standingOf() });
        const { granted } = got;
        if (account.asksForScopes && granted !== undefined)
          claims = claims.map((each) => (each.name === name ? { ...each, scopes: granted } : each));
      } catch (error) {
        if (!(error instanceof AccountFault)) throw error;
        const fault = error.message;
        faults.set(name, fault);
        claims = claims.map((each) => (each.name === name ? { ...each, fault } : each));
      }
    }
  }
  if (several.size === 0 && faults.size > 0) {
    await close();
    throw noAccount([...faults.values()]);
  }
  const refused = (): string | undefined => {
    const all = [...faults].map(([name, fault]) => `Account \`${name}\` could not authenticate: ${fault}`);
    for (const [name, { standing }] of several) all.push(...refusalOf(standing, `Account \`${name}\` was refused`));
    return all.length === 0 ? undefined : all.join('; ');
  };
  const headersOf = (account: string | undefined): readonly Header[] =>
    several.get(account ?? '')?.credentials.headers ?? [];
  return { several, claims, headersOf, refused, close };
}

function refusalOf({ isRefused, why }: Asker['standing'], words: string): string[] {
  return isRefused() ? [`${words}: ${why() ?? 'the target answers with 401'}`] : [];
}
