import { RefusedError } from './hosts.ts';

/** Why no whole answer came, in words for people; `code` is that of the system, TLS or HTTP layer, for scripts. */
export class UnansweredError extends Error {
  override readonly name = 'UnansweredError';
  readonly code: string;
  /** Is it certain that nothing of the request was written? */
  readonly unsent: boolean;

  constructor(message: string, code: string, { unsent = false, ...options }: ErrorOptions & { unsent?: boolean } = {}) {
    super(message, options);
    this.code = code;
    this.unsent = unsent;
  }
}

/** What is known of the failure of one request beside the error. */
export interface Failure {
  readonly unsent?: boolean;
  /** What had come of the answer, in words that stand behind others; empty where nothing had. */
  readonly soFar?: string;
}

/** Puts what a target threw into words: refused, unknown host, TLS, timeout, reset, cut short. `url` names the host. */
export function unanswered(thrown: unknown, url: string, { unsent = false, soFar = '' }: Failure = {}): Error {
  if (thrown instanceof UnansweredError) return thrown;
  const error = innermost(thrown);
  if (error instanceof RefusedError) return error;
  const code = codeOf(error);
  const host = URL.canParse(url) ? new URL(url).host : url;
  return new UnansweredError(messageFor(code, host, error) + soFar, code, { cause: thrown, unsent });
}

/** No whole answer within the time given, in milliseconds; `soFar` as in `Failure`. */
export function timedOut(timeout: number, soFar = ''): UnansweredError {
  return new UnansweredError(`No whole answer within ${timeout} ms${soFar}`, 'ETIMEDOUT');
}

/** The error that says most: an AggregateError (one per address tried) or a wrapper says little itself. */
function innermost(thrown: unknown): unknown {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return innermost(thrown.errors[0]);
  const hides = thrown instanceof Error && thrown.cause instanceof Error && !('code' in thrown);
  return hides ? innermost(thrown.cause) : thrown;
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : error instanceof Error ? error.name : 'Error';
}

function messageFor(code: string, host: string, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  const known = MESSAGES.get(`${code} ${reason}`) ?? MESSAGES.get(code);
  if (known) return known(host);
  if (TLS.test(code)) return `TLS with ${host} failed: ${reason}`;
  if (code.startsWith('HPE_') || code === 'HTTPParserError') return `The answer of ${host} is not HTTP: ${reason}`;
  return `No answer from ${host}: ${reason}`;
}

const reset = (host: string): string => `${host} closed the connection before the answer was whole`;
const unreachable = (host: string): string => `${host} cannot be reached`;

const MESSAGES: ReadonlyMap<string, (host: string) => string> = new Map([
  ['ECONNREFUSED', (host) => `Connection refused by ${host}`],
  ['ENOTFOUND', (host) => `Unknown host ${host}`],
  ['EAI_AGAIN', (host) => `The name ${host} could not be looked up`],
  ['EHOSTUNREACH', unreachable],
  ['ENETUNREACH', unreachable],
  ['ECONNRESET', reset],
  ['EPIPE', reset],
  ['UND_ERR_SOCKET', reset],
  // undici's words for a final answer that no request asked for, `100 Continue` among them, and for `101`.
  ['UND_ERR_SOCKET bad response', (host) => `${host} sent an answer that belongs to no request`],
  ['UND_ERR_SOCKET bad upgrade', (host) => `${host} changed to another protocol unasked`],
  ['ETIMEDOUT', (host) => `No connection to ${host} in time`],
  ['UND_ERR_CONNECT_TIMEOUT', (host) => `No connection to ${host} in time`],
  // The name of what AbortSignal.timeout() throws, which has no code of its own.
  ['TimeoutError', (host) => `No whole answer from ${host} in time`],
  ['UND_ERR_HEADERS_OVERFLOW', (host) => `The answer of ${host} has more headers than can be read`],
  [
    'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
    (host) => `The answer of ${host} was cut short: its body is not as long as its Content-Length says`,
  ],
]);

/** Codes of OpenSSL's verification and of Node's TLS. */
const TLS =
  /^(ERR_TLS_|ERR_SSL_|CERT_|EPROTO$|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH|CRL_)/;
