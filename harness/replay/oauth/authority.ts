import type { AuthorizationServer } from 'oauth4webapi';
import { headerValue, type ResponseMessage } from '../../model/http.ts';
import { systemClock } from '../clock.ts';
import type { ConnectOptions } from '../dispatchers.ts';
import { isLoopback } from '../gate.ts';
import { httpTarget } from '../http.ts';
import { persistent } from '../retry.ts';

/** Where an authorization server is, and how it is reached. */
export interface AuthorityOptions extends ConnectOptions {
  /** What it offers is read from its discovery document. */
  readonly issuer?: string;
  /** Without discovery. */
  readonly tokenEndpoint?: string;
  readonly deviceEndpoint?: string;
  /** Hosts that its endpoints may be on beside its own origin. */
  readonly hosts?: readonly string[];
  /** Milliseconds for one answer. */
  readonly timeout: number;
  /** Ends requests, as long as nobody says that they outlive it. */
  readonly signal?: AbortSignal;
}

/** An authorization server that may be asked. */
export interface Authority {
  readonly server: AuthorizationServer;
  /** How the library is to ask it. */
  readonly call: Call;
  /** Seconds by which its clock is ahead of ours, by its last answer that has a `Date`. */
  ahead(): number;
  /** When it was asked last, by `performance.now()`. */
  sentAt(): number;
  /** Lets all further requests outlive the signal: what is cleaned up after it may need a new token. Each still has its time. */
  outlive(): void;
  /** The URL that was asked last, for people. */
  asked(): string;
  close(): Promise<void>;
}

type Call = Readonly<Record<symbol, unknown>>;

/** Bytes of an answer: a discovery document has some thousand, a token a few. */
const MOST_BYTES = 1024 * 1024;

/**
 * Finds an authorization server (OpenID Connect Discovery, 4; RFC 8414). It is asked as any target is: its own origin and the hosts that
 * are allowed, by the same connections, no redirect followed; in plain HTTP on this very machine alone. Rejects where it is elsewhere.
 */
export async function authorityOf(options: AuthorityOptions): Promise<Authority> {
  const { issuer, tokenEndpoint, deviceEndpoint, hosts = [], timeout, signal, ...connect } = options;
  const home = new URL(issuer ?? tokenEndpoint!);
  // What the config names is allowed by that.
  const named = [tokenEndpoint, deviceEndpoint].flatMap((url) => (url === undefined ? [] : [new URL(url).origin]));
  const http = { base: home.origin, hosts: [...hosts, ...named], timeout, mostBytes: MOST_BYTES, ...connect };
  const target = persistent(httpTarget(http), { clock: systemClock, longest: timeout });
  let [ahead, sentAt] = [0, 0];
  let ending = signal;
  let asked = shown(home);
  const fetched = async (url: string, { method, headers, body }: FetchOptions): Promise<Response> => {
    asked = shown(new URL(url));
    const refusal = refused(url, target.refusal!);
    if (refusal !== undefined) throw new TypeError(refusal);
    sentAt = performance.now();
    const answer = await target.send(
      {
        method,
        url,
        headers: Object.entries(headers),
        ...(body == null ? {} : { body: new TextEncoder().encode(String(body)) }),
      },
      ending ?? new AbortController().signal,
    );
    const date = Date.parse(headerValue(answer.headers, 'date') ?? '');
    if (!Number.isNaN(date)) ahead = Math.round((date - Date.now()) / 1000);
    return responseOf(answer);
  };
  const { allowInsecureRequests, customFetch } = await import('oauth4webapi');
  const call: Call = {
    [customFetch]: fetched,
    // What may be asked in plain HTTP is seen to here.
    [allowInsecureRequests]: true,
  };
  const rest = {
    call,
    ahead: () => ahead,
    sentAt: () => sentAt,
    outlive: () => void (ending = undefined),
    asked: () => asked,
    close: async () => target.close?.(),
  };
  const given = {
    ...(tokenEndpoint === undefined ? {} : { token_endpoint: tokenEndpoint }),
    ...(deviceEndpoint === undefined ? {} : { device_authorization_endpoint: deviceEndpoint }),
  };
  if (issuer === undefined) return { server: { issuer: tokenEndpoint!, ...given }, ...rest };
  try {
    const server = { ...(await discovered(home, call)), ...given };
    const refusal = refused(String(server.token_endpoint), target.refusal!);
    if (refusal !== undefined) throw new TypeError(`the discovery document ${asked} leads elsewhere: ${refusal}`);
    return { server, ...rest };
  } catch (error) {
    const { faultOf } = await import('./faults.ts');
    const fault = await faultOf(error, rest);
    await rest.close();
    throw fault;
  }
}

async function discovered(home: URL, call: Call): Promise<AuthorizationServer> {
  const { discoveryRequest, processDiscoveryResponse } = await import('oauth4webapi');
  const first = await discoveryRequest(home, { ...call, algorithm: 'oidc' });
  const answer = first.status === 404 ? await discoveryRequest(home, { ...call, algorithm: 'oauth2' }) : first;
  return processDiscoveryResponse(home, answer);
}

interface FetchOptions {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Why a URL is not asked; nothing where it may be. */
function refused(url: string, refusal: (url: string) => string | undefined): string | undefined {
  if (!URL.canParse(url)) return 'its endpoint is no URL';
  const { protocol } = new URL(url);
  if (protocol !== 'https:' && !isLoopback(url)) return `${shown(new URL(url))} is not https, and not on this machine`;
  const missing = refusal(url);
  return missing === undefined
    ? undefined
    : `missing ${missing}; name it under \`hosts\` of the target if it may be asked`;
}

function shown({ origin, pathname }: URL): string {
  return origin + pathname;
}

/** As the library reads it. */
function responseOf({ status, headers, body }: ResponseMessage): Response {
  // What a challenge says, the body says too, and better (RFC 6749, 5.2).
  const told = headers
    .filter(([name]) => /^content-type$/i.test(name))
    .map(([name, value]) => [name, value] as [string, string]);
  const isEmpty = status === 204 || status === 205 || status === 304;
  return new Response(isEmpty ? null : withoutIdToken(body), {
    status: Math.max(200, Math.min(status, 599)),
    headers: told,
  });
}

/** An ID token says who signed in to clients that ask for that; nobody here does, so it is not judged either. */
function withoutIdToken(body: Uint8Array): Uint8Array<ArrayBuffer> | string {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    if (typeof value === 'object' && value !== null && 'id_token' in value) {
      return JSON.stringify({ ...value, id_token: undefined });
    }
  } catch {
    // The library says what is wrong with it.
  }
  return new Uint8Array(body);
}
