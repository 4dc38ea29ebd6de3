import type { AccountKind } from '../model/config.ts';
import type { Exchange } from '../model/fixture.ts';

/** One of several who may ask a target. What is absent does not limit it. */
export interface Account {
  readonly name: string;
  readonly kind?: AccountKind;
  readonly scopes?: readonly string[];
  readonly tags?: readonly string[];
  readonly apiVersions?: readonly string[];
  /** Why it cannot be used at all, where that is known. */
  readonly fault?: string;
}

/** The account that sends an exchange, or what all of them miss. */
export type Choice = { readonly account: string } | { readonly missing: readonly string[] };

/** What an exchange says of who may ask for it. */
type Asking = Pick<Exchange, 'scopes' | 'tags' | 'apiVersions' | 'permissions'>;

/**
 * Chooses who sends an exchange: of those that have the scopes of its annotation and one alternative of its permissions table, and that
 * may be used for its tags and API versions, the one whose strongest documented permission is the weakest, then the one with the fewest
 * scopes, then the first. One that could not authenticate is chosen all the same, and named as missing: nobody with more steps in.
 */
export function chooseAccount(exchange: Asking, accounts: readonly Account[]): Choice {
  const weighed = accounts.map((account) => ({ account, missing: missingOf(exchange, account) }));
  const able = weighed.filter(({ missing }) => missing.length === 0).map(({ account }) => account);
  if (able.length === 0) {
    const nearest = weighed.toSorted((a, b) => a.missing.length - b.missing.length)[0];
    return { missing: nearest?.missing ?? ['account'] };
  }
  const [best] = able.toSorted((a, b) => strength(exchange, a) - strength(exchange, b) || count(a) - count(b) || 0) as [
    Account,
  ];
  return best.fault === undefined
    ? { account: best.name }
    : { missing: [`account \`${best.name}\`, which could not authenticate: ${best.fault}`] };
}

function missingOf(exchange: Asking, account: Account): string[] {
  return [
    ...lacking(exchange.scopes, account.scopes).map((scope) => `scope \`${scope}\``),
    ...missingPermission(exchange, account),
    ...lacking(exchange.tags, account.tags).map((tag) => `account for tag \`${tag}\``),
    ...lacking(exchange.apiVersions, account.apiVersions).map((version) => `account for API version \`${version}\``),
  ];
}

/** More alternatives than these are not told. */
const MOST_TOLD = 5;

function missingPermission(exchange: Asking, account: Account): string[] {
  const anyOf = alternativesFor(exchange, account);
  if (anyOf === undefined) return [];
  if (anyOf.length === 0)
    return [
      `account that is ${account.kind === 'application' ? 'delegated' : 'an application'}, the only one permitted`,
    ];
  if (anyOf.some((scopes) => lacking(scopes.split(' '), account.scopes).length === 0)) return [];
  const told = anyOf.slice(0, MOST_TOLD).map((scopes) => {
    const each = lacking(scopes.split(' '), account.scopes);
    return each.map((scope) => `\`${scope}\``).join(' and ');
  });
  const others = told.length > 1 ? ` (or ${told.slice(1).join(', ')}${anyOf.length > MOST_TOLD ? ', …' : ''})` : '';
  return [`scope ${told[0]!}${others}`];
}

/** The alternatives that speak of an account: of its own kind, else of either where it does not say. Nothing where there are none. */
function alternativesFor({ permissions }: Asking, { kind }: Account): readonly string[] | undefined {
  if (permissions === undefined) return undefined;
  if (kind !== undefined) return permissions[kind];
  const { application, delegated } = permissions;
  if (application === undefined || delegated === undefined) return undefined;
  return [...new Set([...application, ...delegated])];
}

/** How far down the documented list, which begins with the least, the strongest goes that an account has. */
function strength(exchange: Asking, account: Account): number {
  const anyOf = alternativesFor(exchange, account) ?? [];
  return anyOf.findLastIndex((scopes) => lacking(scopes.split(' '), account.scopes).length === 0);
}

function count({ scopes }: Account): number {
  return scopes?.length ?? Number.MAX_SAFE_INTEGER;
}

/** What is wanted and not there; all is there where nothing is said. Case does not count, nor what stands before a scope's own name. */
function lacking(wanted: readonly string[] = [], there: readonly string[] | undefined): readonly string[] {
  if (there === undefined || wanted.length === 0) return [];
  const known = new Set(there.map(plain));
  return wanted.filter((each) => !known.has(plain(each)));
}

/** `https://graph.example.com/User.Read` is `user.read`. */
function plain(scope: string): string {
  return scope.replace(/^[a-z][\w+.-]*:\/\/.*\//i, '').toLowerCase();
}
