import type { Pool } from 'undici';
import { headerValue, type Header, type RequestMessage, type ResponseMessage, type Target } from '../model/http.ts';
import { decode } from './decode.ts';
import { UnansweredError } from './unanswered.ts';

/** Where a live target is. */
export interface HttpTargetOptions {
  /** `http:` or `https:` URL; a user and password in it are sent as Basic credentials and never shown. */
  readonly base: string;
  /** Milliseconds for one request and its whole answer; without it only the signal ends a wait. */
  readonly timeout?: number;
}

/**
 * A live HTTP service. Redirects are answers and are not followed; headers keep their case and order; the body comes
 * decoded, whole, and of at most 32 MB. Throws at once where the base is no such URL.
 */
export function httpTarget({ base, timeout }: HttpTargetOptions): Target {
  const home = URL.canParse(base) ? new URL(base) : undefined;
  if (!home || !/^https?:$/.test(home.protocol)) throw new TypeError('A base URL starts with http:// or https://');
  const credentials = credentialsOf(home);
  const shown = home.origin + home.pathname.replace(/\/+$/, '');
  let pool: Promise<Pool> | undefined;
  return {
    name: shown,
    live: true,
    base: shown,
    async send(request, signal) {
      const url = new URL(request.url);
      if (url.origin !== home.origin) throw new Error(`${url.origin} is not the target ${home.origin}`);
      pool ??= open(home.origin);
      const headers = [...own(request, credentials), ...request.headers];
      return exchange(await pool, { ...request, headers }, `${url.pathname}${url.search}`, limited(signal, timeout));
    },
    async close() {
      const opened = await pool;
      pool = undefined;
      await opened?.destroy();
    },
  };
}

/** Bytes of a body, as sent and as decoded. */
const BODY_LIMIT = 32 * 1024 * 1024;

/** Imported late: commands that send nothing should not pay for it. */
async function open(origin: string): Promise<Pool> {
  const { Pool } = await import('undici');
  // How long an answer may take is the caller's to say, so undici's own limits are off.
  return new Pool(origin, { headersTimeout: 0, bodyTimeout: 0 });
}

async function exchange(
  pool: Pool,
  { method, headers, body }: RequestMessage,
  path: string,
  signal: AbortSignal,
): Promise<ResponseMessage> {
  const response = await pool.request({
    method: method as 'GET',
    path,
    headers: headers.flatMap(([name, value]) => [name, Buffer.from(value).toString('latin1')]),
    signal,
    responseHeaders: 'raw',
    ...(body ? { body } : {}),
  });
  // Asked for raw, undici gives a flat list of names and values; its types say otherwise.
  const received = pairs(response.headers as unknown as readonly string[]);
  const whole = await collect(response.body);
  return { status: response.statusCode, headers: received, body: await decode(whole, received, BODY_LIMIT) };
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > BODY_LIMIT) {
      throw new UnansweredError(`The body of the answer is larger than ${BODY_LIMIT} bytes`, 'BODY_TOO_LARGE');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Text from bytes: UTF-8 where they are that, as they are where not (RFC 9110, 5.5). */
function pairs(raw: readonly string[]): Header[] {
  return raw.flatMap((name, index) => {
    if (index % 2 === 1) return [];
    const bytes = Buffer.from(raw[index + 1]!, 'latin1');
    const text = bytes.toString('utf8');
    return [[name, Buffer.from(text).equals(bytes) ? text : raw[index + 1]!] as const];
  });
}

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
  return `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
}

function limited(signal: AbortSignal, timeout: number | undefined): AbortSignal {
  return timeout === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
}
