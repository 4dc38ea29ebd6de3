import type { PagedExchange, PromisedRequest } from '../model/fixture.ts';
import { headerValue, isHopByHop, isWrite, type Header, type RequestMessage, type Target } from '../model/http.ts';
import { urlParts, wirePath, wireQuery } from '../model/url.ts';
import { chooseAccount, type Account } from './accounts.ts';
import { liveBody } from './body.ts';
import { filler, type Filler } from './fill.ts';
import { flowOf, type Flow, type FlowOptions, type Origin } from './flow/index.ts';
import type { Supply } from './flow/supply.ts';
import { usesOf, type Use } from './flow/uses.ts';

/** What a request may be made of. */
export interface PrepareOptions extends FlowOptions {
  /** May a live target be asked to change something? */
  readonly writes: boolean;
  /** Who may ask a live target, where it has several accounts. */
  readonly accounts?: readonly Account[];
}

/** A request that can be sent and who sends it, or everything that is missing for it. */
export type Prepared =
  { readonly request: RequestMessage; readonly account?: string } | { readonly missing: readonly string[] };

/**
 * The documented request of an exchange as this target is sent it. The mock is sent what is written; a live target real
 * values for placeholders and types, and never a credential that a page wrote.
 */
export function prepare(
  exchange: PagedExchange,
  target: Target,
  options: PrepareOptions,
  flow: Flow = flowOf([exchange], target, options),
  note?: (origin: Origin) => void,
): Prepared {
  if (!target.live) return { request: forMock(exchange.request) };
  return prepareFrom(exchange, target, options, flow.supply(exchange, note), usesOf(exchange));
}

function forMock(request: PromisedRequest): RequestMessage {
  const { origin, path, query } = urlParts(request.readAs ?? request.url);
  const headers = headersOf(request, OF_ITS_SENDER);
  return {
    method: request.method,
    url: originOr(origin, 'https://mock.invalid') + wirePath(path) + queryPart(query, undefined),
    headers,
    ...(request.body.kind === 'empty' ? {} : { body: new TextEncoder().encode(request.body.text) }),
  };
}

/** The request of an exchange as a live target is sent it, made of this supply; `uses` are the ids in it that are to be replaced. */
export function prepareFrom(
  exchange: PagedExchange,
  { base, refusal }: Pick<Target, 'base' | 'refusal'>,
  { writes, accounts }: Pick<PrepareOptions, 'writes' | 'accounts'>,
  supply: Supply,
  uses: readonly Use[],
): Prepared {
  const { request } = exchange;
  const fill = filler(supply, uses, request.sampleKeys);
  const url = supply.whole ? supply.whole.url : liveUrl(request, base, fill, uses);
  const headers = headersOf(request, NEVER_LIVE).map(([name, value]): Header => [name, fill.text(value)]);
  const body = liveBody(request.body, fill);
  const refused = url === undefined || supply.whole === undefined ? undefined : refusal?.(url);
  const choice = accounts && chooseAccount(exchange, accounts);
  const missing = [
    ...(choice && 'missing' in choice ? choice.missing : []),
    ...(writes || !isWrite(request) ? [] : ['permission --allow-writes']),
    ...supply.missing,
    ...(refused === undefined ? [] : [refused]),
  ];
  if (url === undefined || missing.length > 0) return { missing };
  const untyped = request.body.kind === 'json' && headerValue(headers, 'content-type') === undefined;
  return {
    request: {
      method: request.method,
      url,
      headers: untyped ? [...headers, ['Content-Type', 'application/json']] : headers,
      ...(body === undefined ? {} : { body: new TextEncoder().encode(body) }),
    },
    ...(choice && 'account' in choice ? choice : {}),
  };
}

function liveUrl(request: PromisedRequest, base: string | undefined, fill: Filler, uses: readonly Use[]): string {
  const { origin, path, query } = urlParts(request.readAs ?? request.url);
  const { home, prefix } = baseOf(base ?? originOr(origin, 'https://docwright.invalid'));
  const filled: string[] = [];
  // Dot segments are resolved before the base path is put in front, so that no page can step out of it.
  const livePath = (parts: readonly string[]): string => {
    const own = wirePath(parts.join('/'));
    return own === prefix || own.startsWith(`${prefix}/`) ? own : prefix + own;
  };
  path.split('/').forEach((raw, at) => {
    // The first part is what stands before the first slash.
    const here = uses.filter(({ segment }) => segment === at - 1);
    filled.push(fill.segment(raw, here, (text) => livePath([...filled, text])));
  });
  return home + livePath(filled) + queryPart(query, fill);
}

/** The origin of a base URL and its path without a slash at the end. Every request has the same: the last one is kept. */
function baseOf(url: string): typeof last {
  if (url === last.url) return last;
  const { origin, pathname } = new URL(url);
  last = { url, home: origin, prefix: pathname.replace(/\/+$/, '') };
  return last;
}

let last = { url: '', home: '', prefix: '' };

function queryPart(query: string | undefined, fill: Filler | undefined): string {
  if (query === undefined) return '';
  return `?${wireQuery(fill ? query.split('&').map(fill.parameter).join('&') : query)}`;
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
    .filter(({ name }) => !without.has(name.toLowerCase()) && !isHopByHop(name.toLowerCase()))
    .map(({ name, value }): Header => [name, value]);
}

/** What whoever sends says for itself, beside the headers of one hop: never sent as written. */
const OF_ITS_SENDER = new Set(['content-length', 'expect', 'host']);

const NEVER_LIVE = new Set([...OF_ITS_SENDER, 'authorization', 'cookie']);
