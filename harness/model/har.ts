import type { Header } from './http.ts';

/** One request and its answer in a HAR 1.2 file, as far as it is written or read here; names with `_` are ours, as the format allows. */
export interface HarEntry {
  /** ISO 8601. */
  readonly startedDateTime: string;
  /** Milliseconds. */
  readonly time: number;
  readonly request: HarRequest;
  readonly response: HarResponse;
  readonly cache: object;
  /** Milliseconds; -1 where nobody knows. */
  readonly timings: { readonly send: number; readonly wait: number; readonly receive: number };
  /** A command line that sends it again. */
  readonly comment?: string;
  /** The id of the exchange that was asked. */
  readonly _exchange?: string;
  /** Equal for documented requests that no server could tell apart. */
  readonly _request?: string;
}

export interface HarRequest {
  readonly method: string;
  readonly url: string;
  readonly httpVersion: string;
  readonly cookies: readonly HarPair[];
  readonly headers: readonly HarPair[];
  readonly queryString: readonly HarPair[];
  readonly postData?: {
    readonly mimeType: string;
    readonly text: string;
    readonly params?: readonly HarPair[];
    /** `base64` where the body is no text. */
    readonly _encoding?: string;
  };
  readonly headersSize: number;
  readonly bodySize: number;
}

/** A status of 0: no answer came, and `_error` says why. */
export interface HarResponse {
  readonly status: number;
  readonly statusText: string;
  readonly httpVersion: string;
  readonly cookies: readonly HarPair[];
  readonly headers: readonly HarPair[];
  readonly content: {
    readonly size: number;
    readonly mimeType: string;
    readonly text?: string;
    readonly encoding?: string;
  };
  readonly redirectURL: string;
  readonly headersSize: number;
  readonly bodySize: number;
  readonly _error?: string;
}

export interface HarPair {
  readonly name: string;
  readonly value: string;
}

/** A URL as it stands in a recording: what stands there for a secret is encoded, as URLs want it. */
export function harUrl(url: string): string {
  return url.replace(/\[redacted:(?: |%20)[\w .@%-]*\]/g, (mark) => encodeURIComponent(mark.replaceAll('%20', ' ')));
}

/** Headers as they travel; what HTTP/2 writes as one (`:path`) is none. */
export function headersOf(pairs: readonly HarPair[]): readonly Header[] {
  return pairs.filter(({ name }) => !name.startsWith(':')).map(({ name, value }): Header => [name, value]);
}

/** The first thing that keeps a value from being a HAR 1.2 file, as a pointer and a reason; nothing where it is one. */
export function harFault(value: unknown): { readonly pointer: string; readonly reason: string } | undefined {
  const entries = at(at(value, 'log'), 'entries');
  if (!Array.isArray(entries))
    return { pointer: '', reason: 'No recording, expected HAR 1.2: `log` with its `entries`' };
  for (const [index, entry] of entries.entries()) {
    for (const [path, expected, fits] of PARTS) {
      const found = path.reduce<unknown>(at, entry);
      if (!fits(found))
        return {
          pointer: `/log/entries/${index}/${path.join('/')}`,
          reason: `\`log.entries[${index}].${path.join('.')}\`, expected ${expected}`,
        };
    }
  }
  return undefined;
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

const isPairs = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((pair) => typeof at(pair, 'name') === 'string' && typeof at(pair, 'value') === 'string');
const isTextIfAny = (value: unknown): boolean => value === undefined || typeof value === 'string';

/** What is looked at of an entry. */
const PARTS: readonly (readonly [path: readonly string[], expected: string, fits: (value: unknown) => boolean])[] = [
  [['request', 'method'], 'a method', (value) => typeof value === 'string' && value !== ''],
  [['request', 'url'], 'an absolute URL', (value) => typeof value === 'string' && URL.canParse(value)],
  [['request', 'headers'], 'headers', isPairs],
  [['request', 'postData', 'text'], 'a text', isTextIfAny],
  [
    ['response', 'status'],
    'a status',
    (value) => Number.isInteger(value) && (value as number) >= -1 && (value as number) < 1000,
  ],
  [['response', 'headers'], 'headers', isPairs],
  [['response', 'content', 'text'], 'a text', isTextIfAny],
];
