import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Exchange } from '../model/fixture.ts';
import { headerValue, type Header, type RequestMessage, type ResponseMessage } from '../model/http.ts';
import { mockApi } from './answer.ts';
import { problem } from './problem.ts';
import { toWire } from './wire.ts';

/** Serves what the docs answer over HTTP; port 0 takes a free one. `url` has no trailing slash. */
export async function serveMock(
  exchanges: readonly Exchange[],
  { host = '127.0.0.1', port = 0 }: { readonly host?: string; readonly port?: number } = {},
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const answer = mockApi(exchanges);
  const server = createServer((request, response) => {
    respond(request, response, answer).catch(() => response.destroy());
  });
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    else socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Bytes of a request body. */
const BODY_LIMIT = 10 * 1024 * 1024;

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: RequestMessage) => ResponseMessage,
): Promise<void> {
  const body = await bodyOf(request);
  if (body === undefined) {
    const large = problem(413, 'The body is too large', `The mock reads bodies of up to ${BODY_LIMIT} bytes.`);
    write(response, large, [['Connection', 'close']]);
    return;
  }
  const { method = 'GET', url = '/' } = request;
  const headers = pairs(request.rawHeaders);
  const absolute = url.startsWith('/') ? `http://mock.invalid${url}` : url;
  write(response, safely(answer, { method, url: absolute, headers, ...(body.length > 0 ? { body } : {}) }));
}

function safely(answer: (request: RequestMessage) => ResponseMessage, request: RequestMessage): ResponseMessage {
  try {
    const made = answer(request);
    if (made.status >= 200 && made.status <= 999) return made;
    return problem(501, 'The documented status cannot end an answer', `The docs promise status ${made.status}.`);
  } catch (error) {
    return problem(500, 'The mock failed', error instanceof Error ? error.message : String(error));
  }
}

function write(response: ServerResponse, answer: ResponseMessage, more: readonly Header[] = []): void {
  const written = toWire([...withoutCoding(answer.headers), ...more]);
  response.writeHead(answer.status, written.flat());
  response.end(answer.body);
}

/** The documented text travels as it is: a documented `Content-Encoding` would keep clients from reading it. */
function withoutCoding(headers: readonly Header[]): readonly Header[] {
  return headerValue(headers, 'content-encoding') === undefined
    ? headers
    : headers.filter(([name]) => name.toLowerCase() !== 'content-encoding');
}

/** The whole body, or nothing where it is over the limit; the rest is then not read. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += (chunk as Uint8Array).length;
    if (length > BODY_LIMIT) return undefined;
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}

function pairs(raw: readonly string[]): Header[] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1]!] as const] : []));
}
