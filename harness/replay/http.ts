import type { Dispatcher } from 'undici';
import { headerValue, type Header, type RequestMessage, type Target } from '../model/http.ts';
import { isForbiddenHost } from './addresses.ts';
import { openDispatcher, type ConnectOptions } from './dispatchers.ts';
import { forbidden, hostGate, RefusedError } from './hosts.ts';
import { receive } from './receive.ts';

/** Where a live target is, and how it is reached. */
export interface HttpTargetOptions extends ConnectOptions {
  /** `http:` or `https:` URL; a user and password in it are sent as Basic credentials and never shown. */
  readonly base: string;
  /** Milliseconds for one request and its whole answer; without it only the signal ends a wait. */
  readonly timeout?: number;
  /** Further hosts that may be contacted, without credentials: `host`, `host:port` or `https://host`. */
  readonly hosts?: readonly string[];
  /** Bytes of a body, as sent and as decoded; 32 MB where nothing is said. */
  readonly mostBytes?: number;
}

/**
 * A live HTTP service, and nothing but it and the hosts named. Redirects are answers and are not followed; headers keep their case
 * and order; the body comes decoded, whole, and of at most `mostBytes`. Throws at once where the base is no such URL.
 */
export function httpTarget({ base, timeout, hosts, mostBytes, ...connect }: HttpTargetOptions): Target {
  const home = URL.canParse(base) ? new URL(base) : undefined;
  if (!home || !/^https?:$/.test(home.protocol)) throw new TypeError('A base URL starts with http:// or https://');
  if (isForbiddenHost(home.hostname)) throw new TypeError(`Missing ${forbidden(home.hostname)}`);
  const credentials = credentialsOf(home);
  const shown = home.origin + home.pathname.replace(/\/+$/, '');
  const gate = hostGate(home.origin, hosts);
  const opened = new Map<string, Promise<Dispatcher>>();
  return {
    name: shown,
    live: true,
    base: shown,
    refusal: (url) => (URL.canParse(url) ? gate(new URL(url)) : 'a URL that can be read'),
    async send(request, signal) {
      const { origin, path } = partsOf(request.url, home.origin);
      if (origin !== home.origin) {
        const missing = gate(new URL(request.url));
        if (missing !== undefined) throw new RefusedError(missing);
      }
      let dispatcher = opened.get(origin);
      if (!dispatcher) opened.set(origin, (dispatcher = openDispatcher(origin, connect)));
      const headers = [...own(request, origin === home.origin ? credentials : undefined), ...request.headers];
      return receive(await dispatcher, {
        origin,
        path,
        request: { ...request, headers },
        signal,
        ...(timeout === undefined ? {} : { timeout }),
        ...(mostBytes === undefined ? {} : { mostBytes }),
      });
    },
    async close() {
      const dispatchers = await Promise.all(opened.values());
      opened.clear();
      await Promise.all(dispatchers.map((dispatcher) => dispatcher.destroy()));
    },
  };
}

/** The value of an `Authorization` header for a user and a password (RFC 7617, 2). */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Origin and path of a URL. Most are written in full below the target, and taken apart without being parsed as a whole. */
function partsOf(url: string, home: string): { readonly origin: string; readonly path: string } {
  const rest = url.startsWith(home) ? url.slice(home.length) : '';
  if (PLAIN.test(rest)) return { origin: home, path: rest };
  const { origin, pathname, search } = new URL(url);
  return { origin, path: pathname + search };
}

/** A path and query in which the URL standard finds nothing to encode or to resolve. */
const PLAIN = /^(?:\/(?!\.|%2e)[\w\-~!$&()*+,;=:@%.]*)+(?:\?[\w\-.~!$&()*+,;=:@%/?]*)?$/i;

/** Headers of ours, unless the request has its own. */
function own({ headers }: RequestMessage, credentials: string | undefined): Header[] {
  const ours: Header[] = [
    ['User-Agent', 'docwright'],
    ...(credentials ? [['Authorization', credentials] as const] : []),
  ];
  return ours.filter(([name]) => headerValue(headers, name) === undefined);
}

function credentialsOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return basic(decoded(username), decoded(password));
}

/** A user or password of a URL; one that is no whole percent-encoding stands for itself. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
