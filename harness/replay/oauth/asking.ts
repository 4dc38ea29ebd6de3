import type { DeviceAuthorizationResponse, TokenEndpointResponse } from 'oauth4webapi';
import type { OAuthGrant } from '../../model/config.ts';
import { systemClock } from '../clock.ts';
import type { Authority, AuthorityOptions } from './authority.ts';
import type { AuthorityClient, Proof } from './client.ts';

/** An account of an authorization server, its secrets at hand. */
export interface OAuthOptions extends AuthorityOptions {
  readonly grant: OAuthGrant;
  readonly clientId: string;
  readonly proof: Proof;
  /** For the grant of that name. */
  readonly refreshToken?: string;
  /** Goes along with it, as some servers want it. */
  readonly redirectUri?: string;
  /** For the grant `password`. */
  readonly login?: { readonly username: string; readonly password: string };
  readonly scopes: readonly string[];
  /** Further parameters of the requests for tokens: `resource`, `audience`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Is told of every token before it is used. */
  readonly secret: (name: string, value: string) => void;
  /** Asks a person to sign in; for the grant `deviceCode`. */
  readonly prompt?: (prompt: DevicePrompt) => Promise<void>;
}

/** What a person is to do: open a page, and enter the code there. As the server says it. */
export interface DevicePrompt {
  readonly page: string;
  readonly code: string;
}

/** Asks for a token: by a refresh token where there is one, else as the grant says. */
export async function asking(
  { scopes, parameters, grant, secret, prompt, signal, redirectUri, login }: OAuthOptions,
  { server, call }: Authority,
  { self, authentication }: AuthorityClient,
): Promise<(refreshToken: string | undefined) => Promise<TokenEndpointResponse>> {
  const oauth = await import('oauth4webapi');
  const asked = (): URLSearchParams => {
    const scope = scopes.join(' ');
    return new URLSearchParams({ ...(scope === '' ? {} : { scope }), ...parameters });
  };
  const byRefreshToken = async (token: string): Promise<TokenEndpointResponse> => {
    const additionalParameters = asked();
    if (redirectUri !== undefined) additionalParameters.set('redirect_uri', redirectUri);
    const more = { ...call, additionalParameters };
    const answer = await oauth.refreshTokenGrantRequest(server, self, authentication, token, more);
    return oauth.processRefreshTokenResponse(server, self, answer);
  };
  const byDeviceCode = async (): Promise<TokenEndpointResponse> => {
    // Whoever wants to stop is not asked to sign in.
    signal?.throwIfAborted();
    const begun = await oauth.deviceAuthorizationRequest(server, self, authentication, asked(), call);
    const device = await oauth.processDeviceAuthorizationResponse(server, self, begun);
    secret('device code', device.device_code);
    await prompt!({ page: device.verification_uri, code: device.user_code });
    return signedIn(device, signal ?? new AbortController().signal, async () => {
      const answer = await oauth.deviceCodeGrantRequest(server, self, authentication, device.device_code, call);
      return oauth.processDeviceCodeResponse(server, self, answer);
    });
  };
  const byClient = async (): Promise<TokenEndpointResponse> => {
    const answer = await oauth.clientCredentialsGrantRequest(server, self, authentication, asked(), call);
    return oauth.processClientCredentialsResponse(server, self, answer);
  };
  let refused: Error | undefined;
  const byPassword = async (): Promise<TokenEndpointResponse> => {
    // Whoever says a wrong password again and again is locked out.
    if (refused !== undefined) throw refused;
    const form = new URLSearchParams([...asked(), ...Object.entries(login!)]);
    const answer = await oauth.genericTokenEndpointRequest(server, self, authentication, 'password', form, call);
    try {
      return await oauth.processGenericTokenEndpointResponse(server, self, answer);
    } catch (error) {
      if (error instanceof Error && isInvalidGrant(error)) refused = error;
      throw error;
    }
  };
  const anew = { clientCredentials: byClient, deviceCode: byDeviceCode, password: byPassword };
  return async (refreshToken) => {
    if (refreshToken === undefined && grant !== 'refreshToken') return anew[grant]();
    try {
      return await byRefreshToken(refreshToken!);
    } catch (error) {
      // A password outlives the refresh tokens that it brings.
      if (grant === 'password' && isInvalidGrant(error)) return byPassword();
      throw error;
    }
  };
}

/** Is what was shown no good, or no longer (RFC 6749, 5.2)? */
function isInvalidGrant(error: unknown): boolean {
  return (error as { readonly error?: unknown } | undefined)?.error === 'invalid_grant';
}

/** Seconds between two looks, whatever a server asks for, and for which a person is waited for at most. */
const [LEAST_PAUSE, MOST_PAUSE, MOST_PATIENCE] = [1, 60, 30 * 60];

/** Looks, as often as the server wants, whether the person has signed in (RFC 8628, 3.5). */
async function signedIn(
  { interval = 5, expires_in: life }: DeviceAuthorizationResponse,
  signal: AbortSignal,
  look: () => Promise<TokenEndpointResponse>,
): Promise<TokenEndpointResponse> {
  const patience = Math.min(life, MOST_PATIENCE);
  const end = performance.now() + patience * 1000;
  let pause = Math.max(interval, LEAST_PAUSE);
  while (performance.now() < end) {
    await systemClock.sleep(Math.min(pause, MOST_PAUSE) * 1000, signal);
    try {
      return await look();
    } catch (error) {
      const { error: word } = error as { readonly error?: unknown };
      if (word === 'slow_down') pause += 5;
      else if (word !== 'authorization_pending') throw error;
    }
  }
  throw new TypeError(`nobody signed in within ${patience} s`);
}
