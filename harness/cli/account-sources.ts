import type { AccountConfig, AzureConfig, KeySource, OAuthConfig, OAuthGrant } from '../model/config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Something that an account is made of, and where it comes from. */
export interface NamedSource {
  readonly source: KeySource;
  /** As messages and placeholders name it. */
  readonly what: string;
  readonly isSecret: boolean;
  /** May it have several lines, as a key does? */
  readonly hasLines?: true;
}

/** The headers and the `auth` of an account. */
export type Asking = Pick<AccountConfig, 'auth' | 'headers'>;

/** Everything that an account is made of; that of Azure as the environment has it. */
export function sourcesOf({ auth, headers = {} }: Asking, environment: Environment): NamedSource[] {
  // What stands in the config as a plain header is no more secret than the config.
  const found = Object.entries(headers).map(([name, source]): NamedSource => {
    return { source, what: `header ${name}`, isSecret: typeof source !== 'string' };
  });
  if (auth === undefined) return found;
  if ('bearer' in auth) return [...found, { source: auth.bearer, what: 'bearer token', isSecret: true }];
  if ('apiKey' in auth) return [...found, { source: auth.apiKey.value, what: 'API key', isSecret: true }];
  if ('basic' in auth) {
    const { user, password } = auth.basic;
    return [
      ...found,
      { source: user, what: 'user', isSecret: typeof user !== 'string' },
      { source: password, what: 'password', isSecret: true },
    ];
  }
  if ('oauth' in auth) return [...found, ...oauthSources(auth.oauth)];
  const { tenantId: source = { env: 'AZURE_TENANT_ID' } } = auth.azure;
  return [
    ...found,
    { source, what: 'tenant', isSecret: false },
    ...oauthSources(azureOAuth(auth.azure, environment, '')),
  ];
}

/** The parts of an OAuth account by which it shows who it is; the ids of clients are public. */
function oauthSources({ clientId, ...oauth }: OAuthConfig): NamedSource[] {
  const { clientSecret, privateKey, clientAssertion, refreshToken, user, password } = oauth;
  const one = (what: string, source: KeySource | undefined, more: { readonly hasLines?: true } = {}): NamedSource[] =>
    source === undefined ? [] : [{ source, what, isSecret: true, ...more }];
  return [
    { source: clientId, what: 'client id', isSecret: false },
    ...one('client secret', clientSecret),
    ...one('private key', privateKey, { hasLines: true }),
    ...one('client assertion', clientAssertion),
    ...(grantOf(oauth) === 'refreshToken' ? one('refresh token', refreshToken) : []),
    ...(user === undefined ? [] : [{ source: user, what: 'user', isSecret: typeof user !== 'string' }]),
    ...one('password', password),
  ];
}

/** What of a value is secret: of a key its lines, but not its marks, and not a last line that may be two letters long. */
export function secretsIn(value: string, { hasLines }: NamedSource): readonly string[] {
  if (!hasLines) return [value];
  return value.split(/\r?\n|\\n/).filter((line) => line.length >= LEAST_OF_KEY && !line.startsWith('-----'));
}

const LEAST_OF_KEY = 16;

/** How an account asks for tokens: as it says, else as it can. */
export function grantOf({
  grant,
  refreshToken,
  clientSecret,
  privateKey,
  clientAssertion,
}: Omit<OAuthConfig, 'clientId'>): OAuthGrant {
  if (grant !== undefined) return grant;
  if (refreshToken !== undefined) return 'refreshToken';
  return (clientSecret ?? privateKey ?? clientAssertion) === undefined ? 'deviceCode' : 'clientCredentials';
}

/** The scopes that are asked for. */
export function scopesOf({ scope = [] }: Pick<OAuthConfig, 'scope'>): readonly string[] {
  return [scope].flat().flatMap((text) => text.split(/\s+/).filter((word) => word !== ''));
}

/**
 * An Azure account as one of OAuth: secret, else certificate, else federated token, those that the config names before those of the
 * environment. Its endpoints are known, so nothing has to be discovered. `home` is the origin of the target.
 */
export function azureOAuth(config: AzureConfig, environment: Environment, home: string): OAuthConfig {
  const set = (name: string): string | undefined => environment[name] || undefined;
  const file = (name: string): KeySource | undefined => (set(name) === undefined ? undefined : { file: set(name)! });
  const { tenantId = { env: 'AZURE_TENANT_ID' }, clientId = { env: 'AZURE_CLIENT_ID' }, deviceCode = false } = config;
  const tenant = typeof tenantId === 'string' ? tenantId : (set(tenantId.env) ?? '');
  const authority = config.authority ?? set('AZURE_AUTHORITY_HOST') ?? 'https://login.microsoftonline.com';
  const base = `${authority.replace(/\/+$/, '')}/${encodeURIComponent(tenant)}/oauth2/v2.0`;
  const own = [config.clientSecret, config.certificate, config.federatedToken] as const;
  const isNamed = own.some((source) => source !== undefined);
  const clientSecret = config.clientSecret ?? (isNamed || !set('AZURE_CLIENT_SECRET') ? undefined : SECRET);
  const privateKey = config.certificate ?? (isNamed ? undefined : file('AZURE_CLIENT_CERTIFICATE_PATH'));
  const clientAssertion = config.federatedToken ?? (isNamed ? undefined : file('AZURE_FEDERATED_TOKEN_FILE'));
  const proof =
    clientSecret !== undefined
      ? { clientSecret }
      : privateKey !== undefined
        ? { privateKey }
        : clientAssertion !== undefined
          ? { clientAssertion }
          : { clientSecret: SECRET };
  return {
    grant: deviceCode ? 'deviceCode' : 'clientCredentials',
    tokenEndpoint: `${base}/token`,
    deviceEndpoint: `${base}/devicecode`,
    clientId,
    clientAuth: 'post',
    // Whoever signs in by a device code does so at a public client, unless the config says otherwise.
    ...(deviceCode && !isNamed ? {} : proof),
    scope: config.scope ?? [`${home}/.default`, ...(deviceCode ? ['offline_access'] : [])],
  };
}

/** What is asked for where nothing is set, so that it is named as missing. */
const SECRET = { env: 'AZURE_CLIENT_SECRET' };
