import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBelow } from '../files/static.ts';

/** A folder that is served. */
export interface Served {
  /** Without a path: `http://127.0.0.1:3000/`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the files of a folder on loopback, to whoever asks for them by that name; port 0 takes a free one. Lists nothing, follows no link out. */
export async function serveFolder(root: string, port: number): Promise<Served> {
  const server = createServer((request, response) => {
    respond(root, request, response, (server.address() as AddressInfo | null)?.port ?? port);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${HOST}:${taken}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const HOST = '127.0.0.1';

function respond(
  root: string,
  { method, url = '/', headers }: IncomingMessage,
  response: ServerResponse,
  port: number,
) {
  // A page of somebody else whose name is made to lead here (DNS rebinding) says that name.
  if (![`${HOST}:${port}`, `localhost:${port}`].includes(headers.host?.toLowerCase() ?? ''))
    return refuse(response, 421, 'This server answers for 127.0.0.1 and localhost alone.');
  if (method !== 'GET' && method !== 'HEAD')
    return refuse(response, 405, 'There is only something to read here.', { Allow: 'GET, HEAD' });
  const segments = segmentsOf(url);
  const bytes = segments && readBelow(root, segments);
  if (bytes === undefined) return refuse(response, 404, 'There is no such file among the reports.');
  const ending = /\.([^.]+)$/.exec(segments!.at(-1)!)?.[1]?.toLowerCase() ?? '';
  response.writeHead(200, {
    ...ALWAYS,
    'Content-Type': TYPES[ending] ?? 'application/octet-stream',
    'Content-Length': bytes.length,
    // The page of the report says itself what it may run; nothing else here is to run anything.
    'Content-Security-Policy': ending === 'html' ? "frame-ancestors 'none'" : "default-src 'none'; sandbox",
  });
  response.end(method === 'HEAD' ? undefined : bytes);
}

/** The names on the way to the file that a request target (RFC 9112, 3.2.1) names; nothing for one that is not written as it should be. */
function segmentsOf(url: string): string[] | undefined {
  const [target = ''] = url.split(/[?#]/, 1);
  if (!target.startsWith('/')) return undefined;
  try {
    const segments = target.slice(1).split('/').map(decodeURIComponent);
    return segments.length === 1 && segments[0] === '' ? ['index.html'] : segments;
  } catch {
    return undefined;
  }
}

function refuse(response: ServerResponse, status: number, why: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...ALWAYS, ...headers, 'Content-Type': TYPES.txt });
  response.end(`${why}\n`);
}

const ALWAYS = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** Media types by the ending of a name. */
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  md: 'text/markdown; charset=utf-8',
  ndjson: 'application/x-ndjson',
  png: 'image/png',
  sarif: 'application/sarif+json',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  xml: 'application/xml',
};
