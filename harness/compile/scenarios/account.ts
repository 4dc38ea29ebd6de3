import type { AccountConfig, OAuthConfig, SecretSource } from '../../model/config.ts';
import type { Foreign } from './turning.ts';

type Turn = (account: Foreign, optional: (name: string, key: string) => object) => Partial<OAuthConfig>;

/** The ways in which API Doctor signs in, each with what it needs. */
const FLOWS: Readonly<Record<string, { readonly needs: readonly string[]; readonly turn: Turn }>> = {
  refreshtoken: {
    needs: ['tokenService', 'clientId', 'refreshToken'],
    turn: (account, optional) => ({
      grant: 'refreshToken',
      tokenEndpoint: textOf(account.tokenService)!,
      ...optional('refreshToken', 'refreshToken'),
      ...optional('redirectUri', 'redirectUri'),
    }),
  },
  userpassword: {
    needs: ['tokenService', 'clientId', 'username', 'password'],
    turn: (account, optional) => {
      const scope = wordsOf(account.scopes);
      const isForResource = textOf(account.resource) !== undefined;
      return {
        grant: 'password',
        tokenEndpoint: tokenEndpointOf(textOf(account.tokenService)!, isForResource),
        ...optional('user', 'username'),
        ...optional('password', 'password'),
        // Whoever takes a resource knows no scopes of that name.
        ...(isForResource || scope.length === 0 ? {} : { scope }),
      };
    },
  },
};

/** One account; nothing, and a reason, where there is no way to sign in as it does. */
export function accountOf(account: Foreign, tell: (reason: string, key?: string) => void): AccountConfig | undefined {
  // The code of API Doctor reads one name, its docs say the other.
  const flow = String(account.oauthType ?? account.oauthMode ?? 'RefreshToken');
  const known = Object.entries(FLOWS).find(([name]) => name === flow.toLowerCase())?.[1];
  if (known === undefined) {
    tell(
      `account \`${String(account.name)}\` signs in by \`${flow}\`, expected \`RefreshToken\` or \`UserPassword\``,
      account.oauthType === undefined ? 'oauthMode' : 'oauthType',
    );
    return undefined;
  }
  const missing = known.needs.filter((key) => textOf(account[key]) === undefined);
  if (missing.length > 0) {
    tell(`account \`${String(account.name)}\` has no ${missing.map((key) => `\`${key}\``).join(', ')}`);
    return undefined;
  }
  const secret = (key: string): SecretSource => sourceOf(textOf(account[key])!);
  const optional = (name: string, key: string): object =>
    textOf(account[key]) === undefined ? {} : { [name]: secret(key) };
  const headers = headersOf(account, tell).map(({ name, value }) => [name, sourceOf(value)] as const);
  const words = (key: 'scopes' | 'tags' | 'apiVersions'): object => {
    const said = wordsOf(account[key]);
    return said.length === 0 ? {} : { [key]: said };
  };
  return {
    auth: {
      oauth: {
        ...known.turn(account, optional),
        clientId: secret('clientId'),
        ...optional('clientSecret', 'clientSecret'),
        ...(textOf(account.clientSecret) === undefined ? {} : { clientAuth: 'post' }),
        ...optional('resource', 'resource'),
      },
    },
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
    ...words('scopes'),
    ...words('tags'),
    ...words('apiVersions'),
  };
}

/** Where a password is sent to: the token endpoint, or that of an authority of Entra (`https://login.example.com/common`). */
function tokenEndpointOf(service: string, isForResource: boolean): string {
  const [, authority] = /^(https?:\/\/[^/?#]+\/(?![^/]*token)[^/?#]+)\/?$/i.exec(service) ?? [];
  if (authority === undefined) return service;
  return `${authority}/oauth2/${isForResource ? '' : 'v2.0/'}token`;
}

/** A header that an account sends. */
export interface GivenHeader {
  readonly name: string;
  readonly value: string;
  /** Where it stands in the account. */
  readonly key: string;
}

/** `additionalHeaders`: each a line. */
export function headersOf({ additionalHeaders }: Foreign, tell: (reason: string, key: string) => void): GivenHeader[] {
  return wordsOf(additionalHeaders).flatMap((line, at) => {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+)\s*:\s*(.*)$/.exec(line) ?? [];
    const key = `additionalHeaders/${at}`;
    if (name !== undefined) return [{ name, value: value!, key }];
    tell('it is no `Name: value`', key);
    return [];
  });
}

/** `$env:NAME` is a variable of the environment. */
export function sourceOf(text: string): SecretSource {
  const [, name] = /^\$env:(\w+)$/.exec(text.trim()) ?? [];
  return name === undefined ? text : { env: name };
}

function wordsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

/** A text that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
