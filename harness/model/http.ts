import { createRequire } from 'node:module';

/** A header field as it travels: name in its written case, value without surrounding blanks (RFC 9110, 5). */
export type Header = readonly [name: string, value: string];

/** A request as a plain value: absolute URL, header list in order, body bytes. No Fetch object: those cost twice the loop. */
export interface RequestMessage {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly Header[];
  readonly body?: Uint8Array;
}

/** An answer as a plain value; `body` is empty, never absent, where no content came. */
export interface ResponseMessage {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
  /** Earlier tries of the same request, in order; absent where the first try was it. */
  readonly attempts?: readonly Attempt[];
}

/** A try that came to nothing: the status it was answered with, or the code of why it was not; and the wait after it. */
export interface Attempt {
  readonly status?: number;
  readonly code?: string;
  readonly waitedMs: number;
}

/** What a target may know of the exchange it sends for. */
export interface SendHints {
  /** Statuses documented for it: these are answers, nothing to be waited out. */
  readonly documented: readonly number[];
  /** Its id. */
  readonly exchange?: string;
  /** Who is to ask, where the target has several accounts. */
  readonly account?: string;
  /** Do the docs say that it is an action or a function (`target` of its annotation)? */
  readonly isAction?: boolean;
  /** Is it to be asked by nobody: without an `Authorization` of the target? */
  readonly isAnonymous?: boolean;
}

/** Where requests go. `send` rejects only when no whole answer came; a status such as 500 is an answer. */
export interface Target {
  /** For people and reports: `mock`, or the base URL. */
  readonly name: string;
  /** Does a live service answer? Then placeholders must be filled and writes need permission. */
  readonly live: boolean;
  /** Documented hosts are rewritten to this URL, its path put before theirs; without it a documented URL is sent as it is. */
  readonly base?: string;
  /**
   * Does the target itself hold each answer to its time, and end at once when its signal does? It may wait and try again then; any other
   * target is held to the time for one answer by whoever sends.
   */
  readonly keepsTime?: boolean;
  send(request: RequestMessage, signal: AbortSignal, hints?: SendHints): Promise<ResponseMessage>;
  /** Of a recording: what came after this answer of its own. */
  after?(answer: ResponseMessage): RecordedAfter | undefined;
  /** What is missing before this URL may be contacted: `host up.example.com`; nothing where it may be. */
  refusal?(url: string): string | undefined;
  close?(): Promise<void>;
}

/** How what a recorded answer promises beside itself was asked for. */
export interface RecordedAfter {
  /** What the answer is to. */
  readonly sent: RequestMessage;
  /** Answers each time as it was answered then, one after the other. */
  send(request: RequestMessage): Promise<ResponseMessage>;
  /** How many further pages were to be asked for; absent where nobody knows. */
  readonly pages?: number;
}

/** The first value of a header, by case-insensitive name (RFC 9110, 5.1). */
export function headerValue(headers: readonly Header[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  return headers.find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** `type/subtype` of a Content-Type value in lower case, without parameters (RFC 9110, 8.3.1). */
export function mediaType(contentType: string): string {
  return contentType.split(';', 1)[0]!.trim().toLowerCase();
}

/** The `charset` of a Content-Type value where it is none of UTF-8, in which all of US-ASCII is. */
export function foreignCharset(contentType: string): string | undefined {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(contentType)?.[1];
  return charset === undefined || /^(utf-?8|us-ascii)?$/i.test(charset) ? undefined : charset;
}

/** Is this media type JSON? `application/json`, or a `+json` suffix (RFC 6839, 3.1). */
export function isJsonType(contentType: string): boolean {
  return /^(application|text)\/(json|.+\+json)$/.test(mediaType(contentType));
}

/** Statuses whose answers never have content, whatever docs show of them (RFC 9110, 6.4.1 and 15.3.6). */
export function hasNoContent(status: number): boolean {
  return status < 200 || status === 204 || status === 205 || status === 304;
}

/** The name of a status (RFC 9110, 15.1), as Node knows it; empty for one without. All of `node:http` is loaded for it, so not before somebody asks. */
export function reasonPhrase(status: number): string {
  return (require('node:http') as typeof import('node:http')).STATUS_CODES[status] ?? '';
}

const require = createRequire(import.meta.url);

/** Is a header of one connection, not of the message (RFC 9110, 7.6.1 and 11.7)? Every hop makes its own. Names in lower case. */
export function isHopByHop(name: string): boolean {
  return HOP_BY_HOP.has(name) || name.startsWith('proxy-');
}

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * May a request change something? One with a method that is not safe (RFC 9110, 9.2.1), and one whose headers ask for another method
 * than it shows (`X-HTTP-Method-Override`), which some servers obey.
 */
export function isWrite({ method, headers }: Pick<RequestMessage, 'method' | 'headers'> | PromisedMethod): boolean {
  if (!SAFE.has(method.toUpperCase())) return true;
  return headers.some((header) => OVERRIDE.test('name' in header ? header.name : header[0]));
}

/** What a documented request says of its method. */
interface PromisedMethod {
  readonly method: string;
  readonly headers: readonly { readonly name: string }[];
}

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

const OVERRIDE = /^x-(?:http-)?method(?:-override)?$/i;
