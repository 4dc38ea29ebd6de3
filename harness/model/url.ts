import type { PromisedRequest } from './fixture.ts';
import { quickJson } from './quick-json.ts';

/** A documented URL in its parts, none decoded. `path` starts with a slash; `query` has no `?`. */
export interface UrlParts {
  /** Scheme and authority in lower case, where the documentation writes them: `https://graph.microsoft.com`. */
  readonly origin?: string;
  readonly path: string;
  readonly query?: string;
}

/** Takes a documented URL apart without judging it: placeholders, blanks and quotes stay as written. The fragment is dropped. */
export function urlParts(url: string): UrlParts {
  const [, origin, rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)?([^#]*)/i.exec(url)!;
  const mark = rest.indexOf('?');
  const path = mark < 0 ? rest : rest.slice(0, mark);
  return {
    ...(origin === undefined ? {} : { origin: origin.toLowerCase() }),
    path: path.startsWith('/') ? path : `/${path}`,
    ...(mark < 0 ? {} : { query: rest.slice(mark + 1) }),
  };
}

/** The segments of a path, percent-decoded where that can be done. */
export function segments(path: string): string[] {
  return path.split('/').slice(1).map(decode);
}

/** The parameters of a query string in order, percent-decoded, `+` read as a blank (WHATWG URL, 5). */
export function queryParameters(query: string | undefined): [name: string, value: string][] {
  if (!query) return [];
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      const [name, value] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
      return [decode(name.replaceAll('+', ' ')), decode(value.replaceAll('+', ' '))];
    });
}

/** A documented path as it travels: percent-encoded where needed (RFC 3986, 3.3), dot segments resolved; what is encoded stays so. */
export function wirePath(path: string): string {
  if (PLAIN_PATH.test(path)) return path;
  return new URL(`http://_${percentEncode(path, /[^A-Za-z0-9\-._~!$&'()*+,;=:@/]/gu)}`).pathname;
}

/** A path in which there is nothing to encode or to resolve, as in most. */
const PLAIN_PATH = /^(?:\/(?:[\w\-~!$&'()*+,;=:@][\w\-.~!$&'()*+,;=:@]*)?)+$/;

/** A documented query string as it travels (RFC 3986, 3.4); what is encoded stays so. */
export function wireQuery(query: string): string {
  return percentEncode(query, /[^A-Za-z0-9\-._~!$&()*+,;=:@/?]/gu);
}

/** Is this path segment a placeholder: `{id}`, `<id>`, or `{id | userPrincipalName}`? */
export function isPlaceholder(segment: string): boolean {
  return /^(\{[^{}]*\}|<[^<>]*>)$/.test(segment);
}

/** Headers that say who asks or how the message travels, not what is asked. */
const UNTELLING = new Set([
  'accept-encoding',
  'authorization',
  'client-request-id',
  'connection',
  'content-length',
  'content-type',
  'cookie',
  'date',
  'host',
  'keep-alive',
  'proxy-authorization',
  'transfer-encoding',
  'user-agent',
]);

/** The headers of a request that may make its answer another one (`Prefer`, `Content-Range`), as `name: value`, names in lower case, in order of name. */
export function tellingHeaders(headers: readonly (readonly [name: string, value: string])[]): string[] {
  return headers
    .filter(([name]) => !UNTELLING.has(name.toLowerCase()))
    .map(([name, value]) => `${name.toLowerCase()}: ${value.trim()}`)
    .sort();
}

/** Equal for two documented requests that no server could tell apart: method, path, query in any order, telling headers, body as JSON. Hosts do not count. */
export function requestKey(request: PromisedRequest): string {
  const { path, query } = urlParts(request.readAs ?? request.url);
  const parameters = queryParameters(query).map(([name, value]) => `${name}=${value}`);
  const headers = tellingHeaders(request.headers.map(({ name, value }) => [name, value]));
  return JSON.stringify([request.method, segments(path), parameters.sort(), headers, bodyKey(request)]);
}

function bodyKey({ body }: PromisedRequest): unknown {
  if (body.kind === 'empty') return null;
  if (body.kind !== 'json') return body.text.trim();
  const json = quickJson(body.text);
  return json.error ? body.text.trim() : canonical(json.value);
}

/** The same value with the keys of every object in order. */
export function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => [key, canonical(member)]);
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function percentEncode(text: string, foreign: RegExp): string {
  return text
    .split(/(%[0-9a-f]{2})/i)
    .map((part, odd) => (odd % 2 ? part : part.replace(foreign, encodeCharacter)))
    .join('');
}

/** By bytes and not by encodeURIComponent, which throws at half a surrogate pair. */
function encodeCharacter(character: string): string {
  return Buffer.from(character).reduce(
    (text, byte) => `${text}%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    '',
  );
}
