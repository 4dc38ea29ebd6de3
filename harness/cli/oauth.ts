import type { AuthConfig, OAuthConfig } from '../model/config.ts';
import { oauthCredentials, type OAuthCredentials } from '../replay/oauth/index.ts';
import type { Proof } from '../replay/oauth/client.ts';
import { azureOAuth, grantOf, scopesOf, sourcesOf } from './account-sources.ts';
import { AccountFault, valuesOf, type SecretTools } from './secret-values.ts';

/** The credentials of an account of OAuth 2.0, its first token got. `owner` names it: `` account `reader` of target `it` ``. */
export async function oauthOf(
  owner: string,
  auth: Extract<AuthConfig, { readonly oauth: unknown } | { readonly azure: unknown }>,
  tools: SecretTools,
): Promise<OAuthCredentials> {
  const { environment, secret, prompt, home = '', signal } = tools;
  const config = 'oauth' in auth ? auth.oauth : azureOAuth(auth.azure, environment, home);
  const grant = grantOf(config);
  if (grant === 'deviceCode' && prompt === undefined) {
    throw new AccountFault(
      `${owner} signs in by a device code, for which somebody has to sit at a terminal; elsewhere use a client secret, a key or a refresh token`,
    );
  }
  // A file is read when it is needed, for what is in it runs out, too.
  const sources = sourcesOf({ auth: { oauth: config } }, environment).filter(
    ({ what, source }) => !(what === 'client assertion' && typeof source !== 'string' && 'file' in source),
  );
  const value = await valuesOf(owner, sources, tools);
  const { timeout = LONGEST, ...connection } = tools.connection ?? {};
  const { issuer, tokenEndpoint, deviceEndpoint, resource, audience, refreshToken, redirectUri, user, password } =
    config;
  try {
    return await oauthCredentials({
      ...connection,
      timeout,
      grant,
      ...(issuer === undefined ? {} : { issuer }),
      ...(tokenEndpoint === undefined ? {} : { tokenEndpoint }),
      ...(deviceEndpoint === undefined ? {} : { deviceEndpoint }),
      clientId: value(config.clientId),
      proof: proofOf(config, value, owner, tools),
      scopes: scopesOf(config),
      parameters: { ...(resource === undefined ? {} : { resource }), ...(audience === undefined ? {} : { audience }) },
      ...(grant === 'refreshToken' ? { refreshToken: value(refreshToken!) } : {}),
      ...(redirectUri === undefined ? {} : { redirectUri }),
      ...(grant === 'password' ? { login: { username: value(user!), password: value(password!) } } : {}),
      secret,
      ...(prompt === undefined ? {} : { prompt: (asked) => prompt(owner, asked) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    throw new AccountFault(`${owner}: ${(cause as Error).message}`, { cause });
  }
}

/** Milliseconds for one answer, where nothing is said. */
const LONGEST = 30_000;

function proofOf(
  { clientSecret, clientAuth, privateKey, keyId, clientAssertion }: OAuthConfig,
  value: Awaited<ReturnType<typeof valuesOf>>,
  owner: string,
  tools: SecretTools,
): Proof {
  if (clientSecret !== undefined)
    return { kind: 'secret', secret: value(clientSecret), ...(clientAuth === undefined ? {} : { by: clientAuth }) };
  if (privateKey !== undefined)
    return { kind: 'key', pem: value(privateKey), ...(keyId === undefined ? {} : { keyId }) };
  if (clientAssertion === undefined) return { kind: 'none' };
  if (typeof clientAssertion === 'string' || !('file' in clientAssertion)) {
    const text = value(clientAssertion);
    return { kind: 'assertion', read: () => Promise.resolve(text) };
  }
  const named = { source: clientAssertion, what: 'client assertion', isSecret: true };
  return { kind: 'assertion', read: async () => (await valuesOf(owner, [named], tools))(clientAssertion) };
}
