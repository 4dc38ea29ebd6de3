import type { AccountConfig, NamedTarget, SecretSource, Transformations } from '../../model/config.ts';

/** Accounts of API Doctor, turned into targets. */
export interface TurnedAccounts {
  /** By the names of the accounts. */
  readonly targets: Readonly<Record<string, NamedTarget>>;
  /** What cannot be turned: of whole accounts, and of single keys. */
  readonly left: readonly { readonly pointer: string; readonly reason: string }[];
}

/** Is this a file of accounts? */
export function hasAccounts(value: unknown): boolean {
  return (
    isObject(value) &&
    Array.isArray(value.accounts) &&
    value.accounts.some((each) => isObject(each) && 'serviceUrl' in each)
  );
}

/**
 * Turns accounts of API Doctor into targets: the service of each, who asks there, and the names that it has for what the docs call
 * otherwise. What is not enabled is left out; `$env:NAME` is a variable of the environment, read when it is needed. Secrets that stand in
 * the file itself become variables, too, where they are not to be kept.
 */
export function accountTargets(value: unknown, { keepSecrets = true } = {}): TurnedAccounts {
  const targets: Record<string, NamedTarget> = {};
  const left: { pointer: string; reason: string }[] = [];
  const accounts = isObject(value) && Array.isArray(value.accounts) ? (value.accounts as unknown[]) : [];
  accounts.forEach((account, at) => {
    const pointer = `/accounts/${at}`;
    const tell = (reason: string, key?: string): void =>
      void left.push({ pointer: key === undefined ? pointer : `${pointer}/${key}`, reason });
    if (!isObject(account) || typeof account.name !== 'string') return tell('it has no `name`');
    if (account.enabled !== true) return tell(`account \`${account.name}\` is not enabled`);
    const url = textOf(account.serviceUrl);
    if (url === undefined || !/^https?:\/\//i.test(url)) return tell('`serviceUrl` is no URL', 'serviceUrl');
    const who = accountOf(keepSecrets ? account : withoutSecrets(account, tell), tell);
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

/** One account; nothing, and a reason, where there is no way to sign in as it does. */
export function accountOf(
  account: Readonly<Record<string, unknown>>,
  tell: (reason: string, key?: string) => void,
): AccountConfig | undefined {
  // The code of API Doctor reads one name, its docs say the other.
  const flow = String(account.oauthType ?? account.oauthMode ?? 'RefreshToken');
  if (!/^refreshtoken$/i.test(flow)) {
    tell(
      `account \`${String(account.name)}\` signs in by \`${flow}\`: a password is not sent to an authorization server any more (RFC 9700, 2.4); write an account of \`clientCredentials\`, \`refreshToken\` or \`deviceCode\``,
      account.oauthType === undefined ? 'oauthMode' : 'oauthType',
    );
    return undefined;
  }
  const missing = ['tokenService', 'clientId', 'refreshToken'].filter((key) => textOf(account[key]) === undefined);
  if (missing.length > 0) {
    tell(`account \`${String(account.name)}\` has no ${missing.map((key) => `\`${key}\``).join(', ')}`);
    return undefined;
  }
  const secret = (key: string): SecretSource => sourceOf(textOf(account[key])!);
  const optional = (name: string, key: string): object =>
    textOf(account[key]) === undefined ? {} : { [name]: secret(key) };
  const headers = wordsOf(account.additionalHeaders).flatMap((line) => {
    const [, name, value] = /^([^:\s]+)\s*:\s*(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, sourceOf(value!)] as const];
  });
  const words = (key: 'scopes' | 'tags' | 'apiVersions'): object => {
    const said = wordsOf(account[key]);
    return said.length === 0 ? {} : { [key]: said };
  };
  return {
    auth: {
      oauth: {
        grant: 'refreshToken',
        tokenEndpoint: textOf(account.tokenService)!,
        clientId: secret('clientId'),
        ...optional('clientSecret', 'clientSecret'),
        ...(textOf(account.clientSecret) === undefined ? {} : { clientAuth: 'post' }),
        refreshToken: secret('refreshToken'),
        ...optional('resource', 'resource'),
      },
    },
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
    ...words('scopes'),
    ...words('tags'),
    ...words('apiVersions'),
  };
}

/** Nothing that signs anybody in is written into another file. */
function withoutSecrets(
  account: Readonly<Record<string, unknown>>,
  tell: (reason: string, key?: string) => void,
): Readonly<Record<string, unknown>> {
  const own = ['clientSecret', 'refreshToken'].filter((key) => {
    const text = textOf(account[key]);
    return text !== undefined && typeof sourceOf(text) === 'string';
  });
  const named = own.map((key) => {
    const name = `${String(account.name)}_${key}`.replace(/(?<=[a-z])(?=[A-Z])|\W+/g, '_').toUpperCase();
    tell(`\`${key}\` stands in the file itself; give it in the environment as ${name}`, key);
    return [key, `$env:${name}`];
  });
  return { ...account, ...Object.fromEntries(named) };
}

function sourceOf(text: string): SecretSource {
  const [, name] = /^\$env:(\w+)$/.exec(text.trim()) ?? [];
  return name === undefined ? text : { env: name };
}

function transformationsOf(said: unknown): Transformations | undefined {
  if (!isObject(said)) return undefined;
  const [request, response] = [said.request, said.response].map((each) => (isObject(each) ? each : {}));
  const names = (side: Readonly<Record<string, unknown>>): { properties?: Record<string, string> } => {
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

function wordsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
