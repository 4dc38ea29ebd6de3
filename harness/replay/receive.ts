import type { Dispatcher } from 'undici';
import { headerValue, type Header, type RequestMessage, type ResponseMessage } from '../model/http.ts';
import { decode } from './decode.ts';
import { timedOut, unanswered, UnansweredError } from './unanswered.ts';

/** One request to send over a dispatcher. */
export interface Dispatch {
  readonly origin: string;
  readonly path: string;
  readonly request: RequestMessage;
  /** Milliseconds for the whole answer; without it only the signal ends a wait. */
  readonly timeout?: number;
  /** Bytes of the body, as sent and as decoded; 32 MB where nothing is said. */
  readonly mostBytes?: number;
  readonly signal: AbortSignal;
}

/** Bytes of a body, as sent and as decoded, where nothing is said. */
const BODY_LIMIT = 32 * 1024 * 1024;

/** Interim answers (RFC 9110, 15.2) to one request: a service sends one or two. */
const MOST_INTERIM = 100;

/**
 * Sends one request and takes in its whole answer. undici's handlers are used as they are: the streams that its `request` puts
 * around a body cost as much as the rest of an exchange. What goes wrong comes out in words, and says whether anything was written.
 */
export async function receive(dispatcher: Dispatcher, dispatch: Dispatch): Promise<ResponseMessage> {
  const { status, headers, body } = await whole(dispatcher, dispatch);
  return { status, headers, body: await decode(body, headers, dispatch.mostBytes ?? BODY_LIMIT) };
}

function whole(
  dispatcher: Dispatcher,
  { origin, path, request, timeout, mostBytes = BODY_LIMIT, signal }: Dispatch,
): Promise<ResponseMessage> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let failed: Error | undefined;
    let timer: NodeJS.Timeout | undefined;
    let [status, length, interim] = [0, 0, 0];
    let headers: readonly Header[] = [];
    const chunks: Uint8Array[] = [];
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (error: Error): void => {
      if (failed) return;
      failed = error;
      settle();
      reject(error);
      controller?.abort(error);
    };
    const soFar = (): string => (status === 0 ? '' : ` (status ${status} and ${length} bytes of its body had come)`);
    const onAbort = (): void => fail(signal.reason as Error);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort);
    if (timeout !== undefined) timer = setTimeout(() => fail(timedOut(timeout, soFar())), timeout);
    dispatcher.dispatch(
      {
        origin,
        path,
        method: request.method as 'GET',
        headers: request.headers.flatMap(([name, value]) => [name, latin1(value)]),
        ...(request.body ? { body: request.body } : {}),
      },
      {
        onRequestStart(started) {
          controller = started;
          // Given up while it waited for a connection: nothing is written then.
          if (failed) started.abort(failed);
        },
        onResponseStart({ rawHeaders }, code) {
          if (code < 200) {
            interim++;
            if (interim > MOST_INTERIM)
              fail(new UnansweredError(`More than ${MOST_INTERIM} interim answers came first`, 'TOO_MANY_INTERIM'));
            return;
          }
          status = code;
          headers = pairs((rawHeaders ?? []) as readonly Buffer[]);
        },
        onResponseData(_, chunk) {
          length += chunk.length;
          if (length <= mostBytes) chunks.push(chunk);
          else fail(new UnansweredError(`The body of the answer is larger than ${mostBytes} bytes`, 'BODY_TOO_LARGE'));
        },
        onResponseEnd() {
          if (failed) return;
          settle();
          resolve({ status, headers, body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) });
        },
        onResponseError(_, error) {
          const misread = status === 0 ? unreadableHead(error) : cutShort(error, headers, length);
          fail(unanswered(misread ?? error, origin, { unsent: controller === undefined, soFar: soFar() }));
        },
      },
    );
  });
}

const LENGTH_MISMATCH = 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';

/** undici takes any fault of a head that has a Content-Length for a wrong length, before there is a body. */
function unreadableHead(error: Error & { readonly code?: string }): Error | undefined {
  if (error.code !== LENGTH_MISMATCH) return undefined;
  return Object.assign(new Error('its headers cannot be read, or contradict each other'), { code: 'HPE_HEADERS' });
}

/** A connection that was closed in good order before as much had come as was announced. */
function cutShort(
  error: Error & { readonly code?: string },
  headers: readonly Header[],
  length: number,
): Error | undefined {
  const announced = Number(headerValue(headers, 'content-length') ?? 0);
  if (error.code !== 'UND_ERR_SOCKET' || !(announced > length)) return undefined;
  return Object.assign(new Error(error.message), { code: LENGTH_MISMATCH });
}

/** Header values travel as bytes; text beyond Latin-1 goes as UTF-8. */
function latin1(value: string): string {
  return /^[\x00-\x7f]*$/.test(value) ? value : Buffer.from(value).toString('latin1');
}

/** Text from bytes: UTF-8 where they are that, as they are where not (RFC 9110, 5.5). */
function pairs(raw: readonly Buffer[]): Header[] {
  const headers: Header[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const value = raw[index + 1]!;
    const text = value.toString('utf8');
    const isText = text.length === value.length || Buffer.from(text).equals(value);
    headers.push([raw[index]!.toString('latin1'), isText ? text : value.toString('latin1')]);
  }
  return headers;
}
