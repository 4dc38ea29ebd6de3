import { otherPhrase } from './phrases.ts';
import type { PromisedBody, PromisedHeader } from '../../model/fixture.ts';
import { isJsonType } from '../../model/http.ts';

/** A fact about HTTP text: `at` counts lines of the block from 0, `column` UTF-16 units into that line from 0. */
export interface TextFact {
  readonly ruleId: 'http/unreadable' | 'http/recovered' | 'http/reason';
  readonly reason: string;
  readonly at: number;
  readonly column: number;
  readonly length: number;
  readonly note?: string;
  /** Does a blank line before this one mend it? */
  readonly lacksBlankLine?: true;
}

export interface RequestText {
  readonly at: number;
  readonly method: string;
  readonly url: string;
  readonly readAs?: string;
  readonly version: string;
  readonly headers: readonly PromisedHeader[];
  readonly body: PromisedBody;
  readonly facts: readonly TextFact[];
}

export interface ResponseText {
  readonly at: number;
  readonly version: string;
  readonly status: number;
  readonly phrase: string;
  readonly headers: readonly PromisedHeader[];
  readonly body: PromisedBody;
  readonly facts: readonly TextFact[];
}

/** A text that is no request or response, and why. */
export interface Unreadable {
  readonly error: TextFact;
}

/** Was a text no request or response at all? */
export function isUnreadable(read: object): read is Unreadable {
  return 'error' in read;
}

const METHODS = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'MERGE',
  'COPY',
  'MOVE',
  'LOCK',
  'UNLOCK',
  'PROPFIND',
  'PROPPATCH',
  'MKCOL',
  'REPORT',
  'SEARCH',
  'PURGE',
  'LINK',
  'UNLINK',
  'QUERY',
]);
const VERSION = /^HTTP\/\d(?:\.\d)?$/i;
const REQUEST_LINE = /^\s*([A-Za-z]+)[ \t\u00a0]+(\S.*?)\s*$/;
const STATUS_LINE = /^\s*(?:(HTTP(?:\/[\w.]+)?)[ \t\u00a0]+|Status:\s*)?(\d{3})(?![\w.])[ \t\u00a0:,-]*(.*?)\s*$/i;
/** RFC 9110, 5.1: a field name is a token. */
const HEADER_LINE = /^\s*([!#$%&'*+.^_`|~\w-]+)(\s*):(\s*)(.*?)\s*$/;

/** Reads the text of a request block, RFC 9112 and what people make of it; recoveries are listed as facts. */
export function readRequest(text: string): RequestText | Unreadable {
  const lines = text.split('\n');
  const facts: TextFact[] = [];
  const at = firstLine(lines, facts);
  const line = lines[at];
  if (line === undefined) return nothing('a request line such as `GET /users`');
  const [, method = '', rest = ''] = REQUEST_LINE.exec(line) ?? [];
  if (!isMethod(method) || rest === '' || VERSION.test(rest))
    return {
      error: {
        ruleId: 'http/unreadable',
        ...onLine(line, at),
        reason: `Unexpected \`${clip(line)}\`, expected a request line such as \`GET /users\``,
      },
    };
  if (method !== method.toUpperCase())
    facts.push({
      ruleId: 'http/recovered',
      at,
      column: line.indexOf(method),
      length: method.length,
      reason: `Unexpected method \`${method}\`, read as \`${method.toUpperCase()}\``,
      note: 'Methods are case-sensitive: write them in capitals.',
    });

  const { next, parts } = continuedUrl(lines, at, rest, facts);
  const words = parts.split(/[ \t\u00a0]+/);
  let version = 'HTTP/1.1';
  if (words.length > 1 && VERSION.test(words.at(-1)!)) version = words.pop()!.toUpperCase();
  else if (words.length > 1 && VERSION.test(words[0]!)) {
    version = words.shift()!.toUpperCase();
    facts.push({
      ruleId: 'http/recovered',
      at,
      column: line.indexOf(version),
      length: version.length,
      reason: `Unexpected \`${version}\` before the URL, expected it after the URL`,
    });
  }
  const url = words.join(' ');
  const [head, ...query] = url.split('?');
  const readAs = head!.includes('\\') ? [head!.replaceAll('\\', '/'), ...query].join('?') : undefined;
  if (readAs !== undefined)
    facts.push({
      ruleId: 'http/recovered',
      at,
      column: line.indexOf('\\'),
      length: 1,
      reason: `Unexpected \`\\\` in the URL, read as \`/\``,
      note: 'Write the URL with slashes.',
    });
  return {
    at,
    method: method.toUpperCase(),
    url,
    ...(readAs === undefined ? {} : { readAs }),
    version,
    ...headersAndBody(lines, next, facts),
    facts,
  };
}

/** Reads the text of a response block, RFC 9112 and what people make of it; recoveries are listed as facts. */
export function readResponse(text: string): ResponseText | Unreadable {
  const lines = text.split('\n');
  const facts: TextFact[] = [];
  const at = firstLine(lines, facts);
  const line = lines[at];
  if (line === undefined) return nothing('a status line such as `HTTP/1.1 200 OK`');
  const [, version, status = '', phrase = ''] = STATUS_LINE.exec(line) ?? [];
  if (status === '' || Number(status) < 100 || Number(status) > 599)
    return {
      error: {
        ruleId: 'http/unreadable',
        ...onLine(line, at),
        reason: `Unexpected \`${clip(line)}\`, expected a status line such as \`HTTP/1.1 200 OK\``,
      },
    };
  if (version === undefined)
    facts.push({
      ruleId: 'http/recovered',
      ...onLine(line, at),
      reason: `Missing \`HTTP/1.1\` before the status \`${status}\``,
    });
  else if (!VERSION.test(version))
    facts.push({
      ruleId: 'http/recovered',
      ...onLine(line, at),
      reason: `Unexpected \`${version}\`, read as \`HTTP/1.1\``,
    });
  const own = otherPhrase(Number(status), phrase);
  if (own !== undefined)
    facts.push({
      ruleId: 'http/reason',
      ...onLine(line, at),
      reason: `Unexpected \`${status} ${clip(phrase)}\`, expected \`${status} ${own}\``,
      note: 'Make status and reason phrase say the same.',
    });
  return {
    at,
    version: version && VERSION.test(version) ? version.toUpperCase() : 'HTTP/1.1',
    status: Number(status),
    phrase,
    ...headersAndBody(lines, at + 1, facts),
    facts,
  };
}

/** Does this text begin like a request (`GET /me`)? For fences that no annotation names. */
export function looksLikeRequest(text: string): boolean {
  const [, method = '', rest = ''] = REQUEST_LINE.exec(text.trimStart().split('\n', 1)[0]!) ?? [];
  return METHODS.has(method) && /^(https?:|\/|\{|<|[\w-]+(\/|$))/i.test(rest);
}

/** Does this text begin like a response (`HTTP/1.1 200 OK`)? */
export function looksLikeResponse(text: string): boolean {
  return /^\s*HTTP(\/\d(\.\d)?)?\s+\d{3}/i.test(text);
}

/** A known method in any case, or a token of capitals: `hello world` is no request. */
function isMethod(token: string): boolean {
  return METHODS.has(token.toUpperCase()) || /^[A-Z]{3,}$/.test(token);
}

function firstLine(lines: readonly string[], facts: TextFact[]): number {
  const at = lines.findIndex((line) => line.trim() !== '');
  if (at > 0)
    facts.push({
      ruleId: 'http/recovered',
      at: 0,
      column: 0,
      length: 0,
      reason: 'Unexpected blank line before the first line',
      note: 'Take the blank line out.',
    });
  return at < 0 ? lines.length : at;
}

/** A URL that goes on in the next lines: those that are no header and begin as a URL goes on (`?`, `&`, `/`). */
function continuedUrl(
  lines: readonly string[],
  at: number,
  first: string,
  facts: TextFact[],
): { next: number; parts: string } {
  let next = at + 1;
  let parts = first;
  while (
    next < lines.length &&
    /^\s*[?&/]/.test(lines[next]!) &&
    !HEADER_LINE.test(lines[next]!.replace(/[?&=].*/, ''))
  ) {
    const part = lines[next]!.trim();
    facts.push({
      ruleId: 'http/recovered',
      ...onLine(lines[next]!, next),
      reason: 'Unexpected line break in the URL, read on',
      note: 'Write the URL on one line.',
    });
    parts += part;
    next++;
  }
  return { next, parts };
}

function headersAndBody(
  lines: readonly string[],
  from: number,
  facts: TextFact[],
): { headers: PromisedHeader[]; body: PromisedBody } {
  const headers: PromisedHeader[] = [];
  let at = from;
  for (; at < lines.length; at++) {
    const line = lines[at]!;
    if (line.trim() === '') break;
    const [, name, gap, space, value] = HEADER_LINE.exec(line) ?? [];
    if (name !== undefined && value !== undefined) {
      if (gap !== '' || space === '')
        facts.push({
          ruleId: 'http/recovered',
          at,
          column: line.indexOf(':'),
          length: 1,
          reason: `Unexpected \`${name}${gap}:\`, expected \`${name}: \``,
          note: 'Write a header as `Name: value`.',
        });
      headers.push({ name, value, at });
    } else if (startsBody(line)) {
      facts.push({
        ruleId: 'http/recovered',
        ...onLine(line, at),
        reason: 'Missing blank line before the body',
        note: 'Put a blank line between the headers and the body.',
        lacksBlankLine: true,
      });
      return { headers, body: bodyFrom(lines, at, headers) };
    } else if (/^\s/.test(line) && headers.length > 0) {
      const last = headers.pop()!;
      headers.push({ ...last, value: `${last.value} ${line.trim()}` });
      facts.push({
        ruleId: 'http/recovered',
        ...onLine(line, at),
        reason: `Unexpected line break in the header \`${last.name}\`, read on`,
      });
    } else
      facts.push({
        ruleId: 'http/unreadable',
        ...onLine(line, at),
        reason: `Unexpected \`${clip(line)}\`, expected a header such as \`Name: value\`, or a blank line before the body`,
      });
  }
  return { headers, body: bodyFrom(lines, at + 1, headers) };
}

function startsBody(line: string): boolean {
  return /^\s*[[{<]/.test(line) || /^\s*(\.{3}|…)/.test(line);
}

function bodyFrom(lines: readonly string[], from: number, headers: readonly PromisedHeader[]): PromisedBody {
  let start = from;
  while (start < lines.length && lines[start]!.trim() === '') start++;
  let end = lines.length;
  while (end > start && lines[end - 1]!.trim() === '') end--;
  if (start >= end) return { kind: 'empty' };
  const text = lines.slice(start, end).join('\n');
  return { kind: kindOf(text, headers), at: start, text };
}

function kindOf(text: string, headers: readonly PromisedHeader[]): 'json' | 'text' | 'multipart' | 'placeholder' {
  const type = headers.find((header) => header.name.toLowerCase() === 'content-type')?.value ?? '';
  if (/^multipart\//i.test(type)) return 'multipart';
  const trimmed = text.trim();
  if (
    /^(<[^<>\n]*>|\{[^{}":\n]+\}|\[[^[\]"{},\n]*[A-Za-z][^[\]"{},\n]*\]|\.{3,}|…)$/.test(trimmed) &&
    !/^<\w+\s*\/>$/.test(trimmed)
  )
    return 'placeholder';
  if (isJsonType(type) || (type === '' && /^[[{]/.test(trimmed))) return 'json';
  return 'text';
}

function onLine(line: string, at: number): { at: number; column: number; length: number } {
  const column = line.length - line.trimStart().length;
  return { at, column, length: Math.max(1, line.trim().length) };
}

function nothing(expected: string): Unreadable {
  return {
    error: {
      ruleId: 'http/unreadable',
      at: 0,
      column: 0,
      length: 1,
      reason: `Unexpected empty block, expected ${expected}`,
    },
  };
}

function clip(line: string): string {
  const trimmed = line.trim();
  return trimmed.length > 60 ? `${trimmed.slice(0, 60)}…` : trimmed;
}
