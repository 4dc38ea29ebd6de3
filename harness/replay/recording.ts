import { harUrl, headersOf, type HarEntry } from '../model/har.ts';
import { grouped } from '../model/grouped.ts';
import { hashOf } from '../model/hash.ts';
import type { PagedExchange } from '../model/fixture.ts';
import {
  hasNoContent,
  type RecordedAfter,
  type RequestMessage,
  type ResponseMessage,
  type Target,
} from '../model/http.ts';
import {
  canonical,
  isPlaceholder,
  queryParameters,
  requestKey,
  segments,
  tellingHeaders,
  urlParts,
} from '../model/url.ts';
import { UnansweredError } from './unanswered.ts';

/** A recording holds no answer to this request; nothing was sent. */
export class UnrecordedError extends Error {
  override readonly name = 'UnrecordedError';
}

/** What the documented request of an exchange is known by in a recording: equal for those that no server could tell apart. */
export function recordedAs({ request }: PagedExchange): string {
  return hashOf(requestKey(request)).slice(0, 16);
}

/**
 * A recording as a target: what was answered then is answered again. An exchange is found by what its documented request was known by
 * when it was recorded, whatever values stood in it; in a recording of others by method, path, query, telling headers and body, where a
 * placeholder stands for anything. Of several that fit equally well the last counts. Throws UnrecordedError where none does. `pages` is
 * how many further pages were to be asked for, where that is known.
 */
export function recordingTarget(
  name: string,
  entries: readonly HarEntry[],
  exchanges: readonly PagedExchange[],
  pages?: number,
): Target {
  const byId = new Map(exchanges.map((exchange) => [exchange.id, exchange]));
  const own = new Map<string, HarEntry>();
  for (const entry of entries) {
    const { _exchange, _request } = entry;
    if (_request === undefined) continue;
    own.set(_request, entry);
    own.set(`${_request} ${_exchange}`, entry);
  }
  const foreign = grouped(entries.filter(isUnnamed).map(foreignOf), ({ entry }) => entry.request.method.toUpperCase());
  const origins = new WeakMap<ResponseMessage, HarEntry>();
  let unnamed: ByRequest | undefined;
  return {
    name,
    live: false,
    after(answer) {
      const entry = origins.get(answer);
      if (entry === undefined) return undefined;
      unnamed ??= byRequest(entries);
      return { ...afterOf(entry, entries.indexOf(entry), unnamed), ...(pages === undefined ? {} : { pages }) };
    },
    async send(request, _signal, hints) {
      const exchange = hints?.exchange === undefined ? undefined : byId.get(hints.exchange);
      const key = exchange && recordedAs(exchange);
      const entry =
        own.get(`${key} ${exchange?.id}`) ??
        own.get(String(key)) ??
        nearest(foreign.get(request.method.toUpperCase()) ?? [], request);
      if (entry === undefined) throw new UnrecordedError('holds no such request');
      const answer = answerOf(entry);
      origins.set(answer, entry);
      return answer;
    },
  };
}

/**
 * What was asked for after an answer that promised more: nobody documents these requests, so they are found by method and URL. What came
 * after the answer goes before what came earlier; of the same request each entry counts once.
 */
function afterOf({ request: first }: HarEntry, place: number, unnamed: ByRequest): RecordedAfter {
  const { method, url, headers } = first;
  const asked = new Map<string, HarEntry[]>();
  return {
    sent: { method, url, headers: headersOf(headers) },
    async send(request) {
      const key = keyOf(request);
      let left = asked.get(key);
      if (left === undefined) {
        const all = unnamed.get(key) ?? [];
        const later = all.filter(({ at }) => at > place);
        left = (later.length > 0 ? later : all.slice(-1)).map(({ entry }) => entry);
        asked.set(key, left);
      }
      const entry = left.shift();
      if (entry === undefined) throw new UnrecordedError('holds no such request');
      return answerOf(entry);
    },
  };
}

/** Entries of requests that nobody documents, by method and URL, with their places in the recording. */
type ByRequest = ReadonlyMap<string, readonly { readonly at: number; readonly entry: HarEntry }[]>;

function byRequest(entries: readonly HarEntry[]): ByRequest {
  const placed = entries.map((entry, at) => ({ at, entry })).filter(({ entry }) => isUnnamed(entry));
  return grouped(placed, ({ entry }) => keyOf(entry.request));
}

/** Does nothing say which documented request it is? */
function isUnnamed({ _request }: HarEntry): boolean {
  return _request === undefined;
}

function keyOf({ method, url }: { readonly method: string; readonly url: string }): string {
  return `${method.toUpperCase()} ${new URL(harUrl(url)).href.replace(/#.*$/s, '')}`;
}

function answerOf({ response }: HarEntry): ResponseMessage {
  const { status, headers, content, _error } = response;
  if (status <= 0) throw new UnansweredError(_error ?? 'the recording has no answer either', 'ERECORDED');
  if (content?.text === undefined && (content?.size ?? 0) > 0 && !hasNoContent(status))
    throw new UnrecordedError(`has the answer to it, with ${status}, but not the ${content.size} bytes of its body`);
  const text = content?.text ?? '';
  const body = content?.encoding === 'base64' ? Buffer.from(text, 'base64') : Buffer.from(text);
  return { status, headers: headersOf(headers), body };
}

/** A request of a recording that others made, taken apart. */
interface Foreign {
  readonly entry: HarEntry;
  readonly path: readonly string[];
  readonly query: readonly string[];
  readonly headers: readonly string[];
  readonly body: string;
}

function foreignOf(entry: HarEntry): Foreign {
  const { url, headers, postData } = entry.request;
  const { path, query } = urlParts(url);
  const text = postData?.text ?? '';
  const body = postData?._encoding === 'base64' ? Buffer.from(text, 'base64').toString('latin1') : text;
  return {
    entry,
    path: segments(path),
    query: parameters(query),
    headers: tellingHeaders(headersOf(headers)),
    body: bodyKey(body),
  };
}

/** The last of those whose path and query fit, those with the same body first, then those with the same telling headers. */
function nearest(among: readonly Foreign[], { url, headers, body }: RequestMessage): HarEntry | undefined {
  const parts = urlParts(url);
  const [path, query, own] = [segments(parts.path), parameters(parts.query), tellingHeaders(headers)];
  const text = bodyKey(body === undefined ? '' : new TextDecoder().decode(body));
  let [best, highest] = [undefined as HarEntry | undefined, -1];
  for (const each of among) {
    if (!endsWith(each.path, path) || !isSameQuery(each.query, query)) continue;
    const isWhole = each.path.length === path.length;
    const shown = own.filter((header) => each.headers.includes(header)).length;
    const rank = (each.body === text ? 10_000 : 0) + Math.min(shown, 99) * 10 + (isWhole ? 1 : 0);
    if (rank >= highest) [best, highest] = [each.entry, rank];
  }
  return best;
}

/** Does a path end in the documented one? The recorded service may have a path of its own before it. */
function endsWith(recorded: readonly string[], documented: readonly string[]): boolean {
  const before = recorded.length - documented.length;
  return before >= 0 && documented.every((part, at) => isPlaceholder(part) || part === recorded[at + before]);
}

function isSameQuery(recorded: readonly string[], documented: readonly string[]): boolean {
  if (recorded.length !== documented.length) return false;
  const left = [...recorded];
  // What is written out takes its place before what stands for anything.
  for (const each of documented.toSorted((a, b) => Number(isOpen(a)) - Number(isOpen(b)))) {
    const at = left.findIndex((other) => other === each || (isOpen(each) && nameOf(other) === nameOf(each)));
    if (at < 0) return false;
    left.splice(at, 1);
  }
  return true;
}

function isOpen(parameter: string): boolean {
  return isPlaceholder(parameter.slice(nameOf(parameter).length + 1));
}

function nameOf(parameter: string): string {
  return parameter.split('=', 1)[0]!;
}

function parameters(query: string | undefined): readonly string[] {
  return queryParameters(query).map(([name, value]) => `${name}=${value}`);
}

function bodyKey(text: string): string {
  try {
    return JSON.stringify(canonical(JSON.parse(text)));
  } catch {
    return text.trim();
  }
}
