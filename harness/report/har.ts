import { harUrl, type HarEntry, type HarPair, type HarRequest, type HarResponse } from '../model/har.ts';
import {
  headerValue,
  mediaType,
  reasonPhrase,
  type Header,
  type RequestMessage,
  type ResponseMessage,
} from '../model/http.ts';
import { queryParameters, urlParts } from '../model/url.ts';
import { curl } from './html/curl.ts';

/** What is known of one request that was sent, secrets taken out of it. */
export interface Recorded {
  readonly sent: RequestMessage;
  /** The answer, or why none came. */
  readonly actual: ResponseMessage | Error;
  readonly startedAt: Date;
  /** Milliseconds. */
  readonly duration: number;
  /** The exchange that was asked, and what its documented request is known by. */
  readonly exchange?: string;
  readonly request?: string;
}

/** What stands before the entries of a HAR 1.2 file, between two, and behind them. `further` is how many further pages are asked for. */
export function harFrame(
  version: string,
  further: number,
): { readonly head: string; readonly between: string; readonly tail: string } {
  const creator = { name: 'docwright', version };
  const log = { version: '1.2', creator, pages: [], _furtherPages: further, entries: [] };
  return { head: `${JSON.stringify({ log }).slice(0, -3)}\n`, between: ',\n', tail: '\n]}}\n' };
}

/** One entry, with a command line that sends it again: credentials are `$TOKEN` there. */
export function harEntry({ sent, actual, startedAt, duration, exchange, request }: Recorded): HarEntry {
  const time = Math.round(duration * 1000) / 1000;
  return {
    startedDateTime: startedAt.toISOString(),
    time,
    request: requestOf(sent),
    response: actual instanceof Error ? noAnswer(actual) : responseOf(actual),
    cache: {},
    timings: { send: -1, wait: time, receive: -1 },
    comment: curl(sent.method, sent.url, sent.headers, textOf(sent.body).text),
    ...(exchange === undefined ? {} : { _exchange: exchange }),
    ...(request === undefined ? {} : { _request: request }),
  };
}

function requestOf({ method, url, headers, body }: RequestMessage): HarRequest {
  return {
    method,
    url: harUrl(url),
    httpVersion: 'HTTP/1.1',
    cookies: headers.filter(([name]) => /^cookie$/i.test(name)).flatMap(([, value]) => value.split(';').map(cookie)),
    headers: headers.map(pair),
    queryString: queryParameters(urlParts(url).query).map(pair),
    ...(body === undefined ? {} : { postData: postData(headers, body) }),
    headersSize: -1,
    bodySize: body?.length ?? 0,
  };
}

function postData(headers: readonly Header[], body: Uint8Array): NonNullable<HarRequest['postData']> {
  const mimeType = headerValue(headers, 'content-type') ?? '';
  const { text, isText } = textOf(body);
  const isForm = mediaType(mimeType) === 'application/x-www-form-urlencoded';
  return {
    mimeType,
    text: isText ? text : base64(body),
    ...(isForm ? { params: queryParameters(text).map(pair) } : {}),
    ...(isText ? {} : { _encoding: 'base64' }),
  };
}

function responseOf({ status, headers, body }: ResponseMessage): HarResponse {
  const { text, isText } = textOf(body);
  return {
    status,
    statusText: reasonPhrase(status),
    httpVersion: 'HTTP/1.1',
    cookies: headers.filter(([name]) => /^set-cookie$/i.test(name)).map(([, value]) => cookie(value.split(';', 1)[0]!)),
    headers: headers.map(pair),
    content: {
      size: body.length,
      mimeType: headerValue(headers, 'content-type') ?? 'x-unknown',
      text: isText ? text : base64(body),
      ...(isText ? {} : { encoding: 'base64' }),
    },
    redirectURL: harUrl(headerValue(headers, 'location') ?? ''),
    headersSize: -1,
    bodySize: -1,
  };
}

function noAnswer({ message }: Error): HarResponse {
  return {
    status: 0,
    statusText: '',
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: [],
    content: { size: 0, mimeType: 'x-unknown' },
    redirectURL: '',
    headersSize: -1,
    bodySize: -1,
    _error: message,
  };
}

function pair([name, value]: readonly [string, string]): HarPair {
  return { name, value };
}

function cookie(text: string): HarPair {
  const [name, ...value] = text.trim().split('=');
  return { name: name!, value: value.join('=') };
}

function textOf(body: Uint8Array | undefined): { readonly text: string; readonly isText: boolean } {
  if (body === undefined) return { text: '', isText: true };
  try {
    return { text: UTF8.decode(body), isText: true };
  } catch {
    return { text: `(${body.length} bytes that are not UTF-8)`, isText: false };
  }
}

/** A byte order mark stays: it is part of the body. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function base64(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64');
}
