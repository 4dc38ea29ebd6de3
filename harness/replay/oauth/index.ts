import type { TokenEndpointResponse } from 'oauth4webapi';
import type { Header } from '../../model/http.ts';
import type { Credentials, Freshness } from '../auth.ts';
import { asking, type OAuthOptions } from './asking.ts';
import { authorityOf } from './authority.ts';
import { clientOf } from './client.ts';
import { faultOf } from './faults.ts';

/** Credentials whose token is renewed; closing them ends its connections. */
export interface OAuthCredentials extends Credentials {
  renew(): Promise<readonly Header[]>;
  freshness(): Freshness;
  /** The scopes that were granted, where the server says (RFC 6749, 5.1). */
  readonly granted?: readonly string[];
  close(): Promise<void>;
}

/** Milliseconds before the end of a token at most, and the part of its life, in which it is renewed. */
const [MARGIN, PART] = [60_000, 0.2];

/** Seconds that a token is taken to live at least: a server that says less would be asked for one a request. */
const SHORTEST = 1;

/** Milliseconds until a renewal that failed is tried again, while the token lasts. */
const PAUSE = 5000;

/** Gets a token of an account, and a new one whenever it is asked to. Tokens are in memory only. Rejects, in words, where there is none to be had. */
export async function oauthCredentials(options: OAuthOptions): Promise<OAuthCredentials> {
  options.signal?.throwIfAborted();
  const authority = await authorityOf(options);
  try {
    const client = await clientOf(options.clientId, options.proof, authority.server);
    const ask = await asking(options, authority, client);
    let { refreshToken } = options;
    let [until, staleAt] = [Infinity, Infinity];
    let granted: readonly string[] | undefined;
    const renew = async (): Promise<readonly Header[]> => {
      try {
        const token = await ask(refreshToken).catch((error: unknown) => {
          // A clock that goes wrong signs what is not valid yet, or no more: the server's own says by how much.
          if (!client.setRight(error, authority.ahead())) throw error;
          return ask(refreshToken);
        });
        const value = usable(token);
        options.secret('access token', value);
        if (token.refresh_token !== undefined) {
          options.secret('refresh token', token.refresh_token);
          refreshToken = token.refresh_token;
        }
        // What lives for no time at all is used all the same, and renewed when it is refused.
        const life = token.expires_in ? Math.max(token.expires_in, SHORTEST) * 1000 : Infinity;
        until = authority.sentAt() + life;
        staleAt = until - Math.min(MARGIN, life * PART);
        granted = token.scope?.split(' ').filter((scope) => scope !== '');
        return [['Authorization', `Bearer ${value}`]];
      } catch (error) {
        staleAt = Math.min(until, performance.now() + PAUSE);
        throw await faultOf(error, authority);
      }
    };
    const freshness = (): Freshness => {
      const now = performance.now();
      return now >= until ? 'expired' : now >= staleAt ? 'stale' : 'fresh';
    };
    const headers = await renew();
    authority.outlive();
    return { headers, renew, freshness, ...(granted === undefined ? {} : { granted }), close: authority.close };
  } catch (error) {
    await authority.close();
    throw await faultOf(error, authority);
  }
}

/** A token that can stand in a header, and of the one type that is sent (RFC 6750, 2.1). */
function usable({ access_token: token, token_type: type }: TokenEndpointResponse): string {
  if (type !== 'bearer') throw new TypeError(`a token of type \`${type.slice(0, 40)}\` came, expected \`Bearer\``);
  if (!/^[\x21-\x7e]+$/.test(token)) throw new TypeError('the token that came cannot stand in a header');
  return token;
}
