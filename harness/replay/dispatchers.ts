import { createRequire } from 'node:module';
import type { LookupFunction } from 'node:net';
import type { Dispatcher, Pool } from 'undici';
import { isLoopback } from './gate.ts';
import { guardedLookup } from './lookup.ts';

/** The proxies of the environment: `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, or the same in lower case. */
export interface Proxies {
  readonly http?: string;
  readonly https?: string;
  readonly no?: string;
}

/** How connections are made. */
export interface ConnectOptions {
  readonly proxies?: Proxies;
  /** Resolves names, as `dns.lookup` does; for tests. */
  readonly lookup?: LookupFunction;
}

/** Opens what sends to one origin: by the proxy of the environment, where there is one and the host is not this very machine. */
export async function openDispatcher(origin: string, { proxies = {}, lookup }: ConnectOptions): Promise<Dispatcher> {
  // How long an answer may take is the caller's to say, so undici's own limits are off.
  const options = { headersTimeout: 0, bodyTimeout: 0, connect: { lookup: guardedLookup(lookup), timeout: 0 } };
  const { http = '', https = '', no = '' } = proxies;
  if ((http === '' && https === '') || isLoopback(origin)) return new (poolClass())(origin, options);
  const { EnvHttpProxyAgent } = await import('undici');
  // Plain HTTP goes to a proxy as such, which every proxy takes; a tunnel to port 80 few do.
  return new EnvHttpProxyAgent({ ...options, httpProxy: http, httpsProxy: https, noProxy: no, proxyTunnel: false });
}

/** The pool alone: the whole package takes 0.15 s to load, more than a hundred exchanges take. */
function poolClass(): typeof Pool {
  return createRequire(import.meta.url)('undici/lib/dispatcher/pool.js') as typeof Pool;
}
