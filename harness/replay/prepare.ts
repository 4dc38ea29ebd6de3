import type { Exchange, PromisedRequest } from '../model/fixture.ts';
import { headerValue, type Header, type RequestMessage, type Target } from '../model/http.ts';
import { urlParts, wirePath, wireQuery } from '../model/url.ts';
import { liveBody } from './body.ts';
import { filler, type Filler } from './fill.ts';

/** What a request may be made of. */
export interface PrepareOptions {
  /** Values for placeholders, by name. */
  readonly values?: Readonly<Record<string, string>>;
  /** May a live target be asked to change something? */
  readonly writes: boolean;
}

/** A request that can be sent, or everything that is missing for it. */
export type Prepared = { readonly request: RequestMessage } | { readonly missing: readonly string[] };

/**
 * The documented request of an exchange as this target is sent it. The mock is sent what is written; a live target real
 * values for placeholders and types, and never a credential that a page wrote.
 */
export function prepare(exchange: Exchange, target: Target, options: PrepareOptions): Prepared {
  return target.live ? forLive(exchange.request, target.base, options) : { request: forMock(exchange.request) };
}

function forMock(request: PromisedRequest): RequestMessage {
  const { origin, path, query } = urlParts(request.readAs ?? request.url);
  const headers = headersOf(request, FRAMING);
  return {
    method: request.method,
    url: originOr(origin, 'https://mock.invalid') + wirePath(path) + queryPart(query, (text) => text),
    headers,
    ...(request.body.kind === 'empty' ? {} : { body: new TextEncoder().encode(request.body.text) }),
  };
}

function forLive(
  request: PromisedRequest,
  base: string | undefined,
  { values = {}, writes }: PrepareOptions,
): Prepared {
  const fill = filler(values);
  const url = liveUrl(request, base, fill);
  const headers = headersOf(request, NEVER_LIVE).map(([name, value]): Header => [name, fill.text(value)]);
  const body = liveBody(request.body, fill);
  const missing = [
    ...(writes || SAFE.has(request.method.toUpperCase()) ? [] : ['permission --allow-writes']),
    ...fill.missing,
  ];
  if (missing.length > 0) return { missing };
  const untyped = request.body.kind === 'json' && headerValue(headers, 'content-type') === undefined;
  return {
    request: {
      method: request.method,
      url,
      headers: untyped ? [...headers, ['Content-Type', 'application/json']] : headers,
      ...(body === undefined ? {} : { body: new TextEncoder().encode(body) }),
    },
  };
}

function liveUrl(request: PromisedRequest, base: string | undefined, fill: Filler): string {
  const { origin, path, query } = urlParts(request.readAs ?? request.url);
  const { origin: home, pathname } = new URL(base ?? originOr(origin, 'https://docwright.invalid'));
  const prefix = pathname.replace(/\/+$/, '');
  // Dot segments are resolved before the base path is put in front, so that no page can step out of it.
  const own = wirePath(fill.url(path));
  const whole = own === prefix || own.startsWith(`${prefix}/`) ? own : prefix + own;
  return home + whole + queryPart(query, fill.url);
}

function queryPart(query: string | undefined, fill: (text: string) => string): string {
  return query === undefined ? '' : `?${wireQuery(fill(query))}`;
}

/** Scheme and host without user and password; the other one where these are no real ones (`https://{tenant}.example`). */
function originOr(origin: string | undefined, other: string): string {
  if (origin === undefined || !URL.canParse(origin)) return other;
  const { protocol, hostname, origin: real } = new URL(origin);
  // The URL standard lets braces pass in a host.
  return /^https?:$/.test(protocol) && /^[\w.:[\]-]+$/.test(hostname) ? real : other;
}

function headersOf(request: PromisedRequest, without: ReadonlySet<string>): Header[] {
  return request.headers
    .filter(({ name }) => !without.has(name.toLowerCase()))
    .map(({ name, value }): Header => [name, value]);
}

/** Methods that change nothing (RFC 9110, 9.2.1). */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What the connection says for itself (RFC 9110, 7.6.1): never sent as written. */
const FRAMING = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const NEVER_LIVE = new Set([...FRAMING, 'authorization', 'cookie', 'proxy-authorization']);
