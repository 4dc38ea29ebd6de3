import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { errors, type ClientMetadata, type Configuration } from 'oidc-provider';

/** A real authorization server on a real socket, and a service that takes its tokens and no others. */
export interface Authority {
  readonly issuer: string;
  /** URL of the service. */
  readonly api: string;
  /** Every request to the token endpoint: its grant type, and the status it was answered with. */
  readonly tokens: readonly { readonly grant: string; readonly status: number }[];
  /** Every request to the service: who asked (the id of the client; nothing where the token counts no more), and for what. */
  readonly asked: readonly { readonly client: string | undefined; readonly line: string; readonly status: number }[];
  /** Every token and secret that there was. */
  readonly secrets: readonly string[];
  /** Makes a refresh token for a client, as if somebody had signed in there. */
  refreshToken(client: string, scope?: string): Promise<string>;
  /** Takes every access token back that was given so far, and every refresh token where asked to. */
  revoke(kinds?: 'access' | 'all'): Promise<void>;
  close(): void;
}

export interface AuthorityOptions {
  /** Seconds that tokens live. */
  readonly life?: number;
  /** Answers in place of the token endpoint; false: that answers itself. */
  readonly instead?: (request: IncomingMessage, response: ServerResponse, nth: number) => boolean;
  /** What the service answers to whom it takes. */
  readonly answer?: (request: IncomingMessage, response: ServerResponse, nth: number) => void | Promise<void>;
}

/** The key of the client `signer`, as PEM. */
export const SIGNER = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const SIGNER_PEM = SIGNER.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;

/** The secret of the clients that have one. Characters that a form and a header write each in their own way. */
export const CLIENT_SECRET = 'geheim+geheim/:%&=9f8e7d';

const SCOPES = ['openid', 'offline_access', 'User.Read', 'User.Read.All', 'User.ReadWrite.All', 'Mail.Read'];

export async function authority({ life = 3600, instead, answer }: AuthorityOptions = {}): Promise<Authority> {
  const tokens: { grant: string; status: number }[] = [];
  const asked: { client: string | undefined; line: string; status: number }[] = [];
  const secrets: string[] = [CLIENT_SECRET, ...keyLines()];
  let nth = 0;
  const server = createServer((request, response) => {
    if (!request.url!.startsWith('/token') || instead?.(request, response, ++nth) !== true) handle(request, response);
  });
  const issuer = await listening(server);
  const provider = new Provider(issuer, configuration(life));
  quiet(provider);
  takesPasswords(provider, secrets);
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path !== '/token') return;
    tokens.push({ grant: String(ctx.oidc?.params?.['grant_type']), status: ctx.status });
    const { access_token: access, refresh_token: refresh } = (ctx.body ?? {}) as Record<string, string | undefined>;
    for (const token of [access, refresh]) if (token !== undefined) secrets.push(token);
  });
  const handle = provider.callback() as (request: IncomingMessage, response: ServerResponse) => void;
  let answers = 0;
  const service = createServer((request, response) => {
    void (async () => {
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const found = (await provider.ClientCredentials.find(token)) ?? (await provider.AccessToken.find(token));
      if (found === undefined) response.statusCode = 401;
      request.resume();
      response.setHeader('Content-Type', 'application/json');
      await answer?.(request, response, found === undefined ? answers : ++answers);
      asked.push({ client: found?.clientId, line: `${request.method} ${request.url}`, status: response.statusCode });
      if (!response.writableEnded) response.end('{"id":"1"}');
    })();
  });
  const api = await listening(service);
  return {
    issuer,
    api,
    tokens,
    asked,
    secrets,
    async refreshToken(clientId, scope = 'openid offline_access User.Read') {
      const client = (await provider.Client.find(clientId))!;
      const grant = new provider.Grant({ accountId: 'ada', clientId });
      grant.addOIDCScope(scope);
      const grantId = await grant.save();
      const token = new provider.RefreshToken({
        accountId: 'ada',
        client,
        grantId,
        gty: 'authorization_code',
        scope,
        authTime: Math.floor(Date.now() / 1000),
      } as ConstructorParameters<typeof provider.RefreshToken>[0]);
      const value = await token.save();
      secrets.push(value);
      return value;
    },
    async revoke(kinds = 'access') {
      for (const value of secrets) {
        await (await provider.ClientCredentials.find(value))?.destroy();
        await (await provider.AccessToken.find(value))?.destroy();
        if (kinds === 'all') await (await provider.RefreshToken.find(value))?.destroy();
      }
    },
    close() {
      for (const each of [server, service]) {
        each.closeAllConnections();
        each.close();
      }
    },
  };
}

/** Listens on this machine, at a free port. */
export async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The lines of the private key that are secret. */
function keyLines(): string[] {
  return SIGNER_PEM.split('\n').filter((line) => line.length >= 16 && !line.startsWith('-----'));
}

/** The client that signs who it is. */
export function signer(): ClientMetadata {
  const { kty, crv, x, y } = SIGNER.publicKey.export({ format: 'jwk' });
  return {
    redirect_uris: [],
    response_types: [],
    client_id: 'signer',
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks: { keys: [{ kty, crv, x, y, kid: 'one', use: 'sig' } as never] },
  };
}

function configuration(life: number): Configuration {
  const common = { redirect_uris: [], response_types: [] };
  const machine = (client_id: string, more: Partial<ClientMetadata>): ClientMetadata => ({
    ...common,
    client_id,
    grant_types: ['client_credentials'],
    client_secret: CLIENT_SECRET,
    ...more,
  });
  return {
    clients: [
      machine('robot', { token_endpoint_auth_method: 'client_secret_basic' }),
      machine('poster', { token_endpoint_auth_method: 'client_secret_post' }),
      machine('writer', { token_endpoint_auth_method: 'client_secret_post' }),
      signer(),
      {
        ...common,
        client_id: 'words',
        grant_types: ['password', 'refresh_token'],
        token_endpoint_auth_method: 'none',
      },
      machine('typist', { grant_types: ['password'], token_endpoint_auth_method: 'client_secret_post' }),
      {
        ...common,
        client_id: 'holder',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: ['https://client.example/back'],
        response_types: ['code'],
        client_secret: CLIENT_SECRET,
      },
      {
        ...common,
        client_id: 'person',
        grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
        token_endpoint_auth_method: 'none',
      },
    ],
    scopes: SCOPES,
    claims: { openid: ['sub'] },
    features: {
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      devInteractions: { enabled: true },
      resourceIndicators: { enabled: false },
    },
    rotateRefreshToken: true,
    ttl: { AccessToken: life, ClientCredentials: life, RefreshToken: 3600, DeviceCode: 600, Grant: 3600 },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  };
}

/** The one who may sign in with a password at the client `words`. */
export const LOGIN = { username: 'ada@tenant.example', password: 'kennwort+geheim/:%&=7c6b5a' };

/** Adds the grant of RFC 6749, 4.3, which the server has not: tokens of `ada`, with a refresh token where the client may have one. */
function takesPasswords(provider: Provider, secrets: string[]): void {
  secrets.push(LOGIN.password);
  provider.registerGrantType<{ username?: string; password?: string; scope?: string }>(
    'password',
    async (ctx) => {
      const { client, params } = ctx.oidc;
      const { username, password = '', scope = '' } = params;
      if (username !== LOGIN.username || password !== LOGIN.password)
        // Servers that say what they were told are the worst case.
        throw Object.assign(new errors.InvalidGrant(), {
          error_description: `no ${username} with ${password} or ${encodeURIComponent(password)}`,
        });
      const about = { accountId: 'ada', client, gty: 'password', scope };
      const grant = new provider.Grant({ accountId: 'ada', clientId: client.clientId });
      grant.addOIDCScope(scope);
      const grantId = await grant.save();
      const access = new provider.AccessToken({ ...about, grantId } as AccessTokenOptions);
      const body = { access_token: await access.save(), token_type: 'Bearer', expires_in: access.expiration, scope };
      if (!client.grantTypeAllowed('refresh_token')) return void (ctx.body = body);
      const refresh = new provider.RefreshToken({ ...about, grantId } as RefreshTokenOptions);
      ctx.body = { ...body, refresh_token: await refresh.save() };
    },
    ['username', 'password', 'scope'],
  );
}

type AccessTokenOptions = ConstructorParameters<Provider['AccessToken']>[0];
type RefreshTokenOptions = ConstructorParameters<Provider['RefreshToken']>[0];

/** What the server warns its makers of is not for the log of tests. */
function quiet(provider: Provider): void {
  provider.on('server_error', (_, error) => console.error(error));
}
