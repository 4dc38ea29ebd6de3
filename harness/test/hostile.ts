import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { brotliCompressSync, constants, createGzip, deflateSync, gzipSync } from 'node:zlib';

/** A server of raw sockets: `/good/7` is answered well, `/NAME` in the way of that name. */
export interface Hostile {
  readonly url: string;
  /** Request lines, as they came. */
  readonly requests: readonly string[];
  close(): void;
}

/** One way to answer: what is written to the socket after the head of a request has come. */
export type Answer = (socket: Socket, hostile: { readonly url: string; readonly nth: number }) => void;

/** Starts a hostile server with these ways to answer. */
export async function hostileServer(ways: Readonly<Record<string, Answer>>): Promise<Hostile> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const nths = new Map<string, number>();
  let url = '';
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Whoever is hung up on has nothing to say here.
    socket.on('error', () => undefined);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const line = text.slice(0, text.indexOf('\r\n'));
        text = text.slice(end + 4);
        requests.push(line);
        const name = line.split(' ')[1]!.slice(1).split('?')[0]!;
        const nth = (nths.get(name) ?? 0) + 1;
        nths.set(name, nth);
        (name.startsWith('good/') ? good : (ways[name] ?? good))(socket, { url, nth });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** A whole answer; `headers` are lines. */
export function answer(
  socket: Socket,
  body: string | Uint8Array,
  headers: readonly string[] = [],
  status = '200 OK',
): void {
  const content = Buffer.from(body as Uint8Array);
  const head = [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json',
    `Content-Length: ${content.length}`,
    ...headers,
  ];
  socket.write(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), content]));
}

/** What the good answers say, and every exchange promises. */
export const GOOD = '{"id":"1"}';

const good: Answer = (socket) => answer(socket, GOOD);

const OK = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';

/** A gigabyte of zeros, packed as small as the coding allows. */
export function bombs(): Promise<Readonly<Record<'gzip' | 'deflate' | 'br', Buffer>>> {
  const block = Buffer.alloc(1 << 20);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const gzip = createGzip({ level: 9 });
    gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
    gzip.on('error', reject);
    gzip.on('end', () => {
      const eighth = Buffer.alloc(1 << 27);
      const params = { [constants.BROTLI_PARAM_QUALITY]: 1 };
      resolve({
        gzip: Buffer.concat(chunks),
        deflate: deflateSync(eighth),
        br: brotliCompressSync(eighth, { params }),
      });
    });
    let left = 1024;
    const write = (): void => {
      while (left-- > 0) {
        if (!gzip.write(block)) {
          gzip.once('drain', write);
          return;
        }
      }
      gzip.end();
    };
    write();
  });
}

/** The ways that need no preparation. Where they matter, the words that an exchange's own outcome is to have are in the spec. */
export const WAYS: Readonly<Record<string, Answer>> = {
  'reset-at-once': (socket) => socket.resetAndDestroy(),
  'reset-in-body': (socket) => {
    socket.write(`${OK}Content-Length: 1000\r\n\r\n{"id":`);
    setTimeout(() => socket.resetAndDestroy(), 30);
  },
  hang: () => undefined,
  drip: (socket) => {
    socket.write(`${OK}Content-Length: 1000\r\n\r\n`);
    const timer = setInterval(() => socket.write('x'), 100);
    socket.on('close', () => clearInterval(timer));
  },
  'too-short': (socket) => {
    socket.end(`${OK}Content-Length: 1000\r\n\r\n${GOOD}`);
  },
  'too-long': (socket) => {
    socket.write(`${OK}Content-Length: 3\r\n\r\n${GOOD}`);
  },
  'gzip-truncated': (socket) => answer(socket, gzipSync(GOOD).subarray(0, 12), ['Content-Encoding: gzip']),
  'gzip-bad': (socket) => answer(socket, 'this is no gzip', ['Content-Encoding: gzip']),
  'json-bad': (socket) => answer(socket, '{"id": '),
  'ten-megabytes': (socket) => answer(socket, JSON.stringify({ id: 'x'.repeat(10_000_000) })),
  'too-large': (socket) => {
    socket.write(`${OK}Transfer-Encoding: chunked\r\n\r\n`);
    const block = `100000\r\n${'x'.repeat(1 << 20)}\r\n`;
    const more = (): void => {
      while (!socket.destroyed && socket.write(block));
    };
    socket.on('drain', more);
    more();
  },
  storm: (socket) => answer(socket, '{}', [], '429 Too Many Requests'),
  'busy-for-ever': (socket) => answer(socket, '{}', ['Retry-After: 1000000000000'], '503 Service Unavailable'),
  'busy-negative': (socket) => answer(socket, '{}', ['Retry-After: -5'], '503 Service Unavailable'),
  'busy-nonsense': (socket) => answer(socket, '{}', ['Retry-After: soon; \u00e4'], '503 Service Unavailable'),
  'redirect-loop': (socket, { url }) => answer(socket, '', [`Location: ${url}/redirect-loop?code=secret`], '302 Found'),
  'http-1.0': (socket) => {
    socket.end(`HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n${GOOD}`);
  },
  'header-1mb': (socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(1 << 20)}\r\nContent-Length: 2\r\n\r\n{}`);
  },
  'headers-for-ever': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    const timer = setInterval(() => socket.write('X-More: and more\r\n'), 20);
    socket.on('close', () => clearInterval(timer));
  },
  'headers-by-thousands': (socket) => {
    const many = Array.from({ length: 5000 }, (_, index) => `X-${index}: ${index}`);
    answer(socket, GOOD, many);
  },
  'early-close': (socket) => {
    answer(socket, GOOD, ['Connection: keep-alive']);
    setImmediate(() => socket.destroy());
  },
  continues: (socket) => {
    socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    answer(socket, GOOD);
  },
  'hints-for-ever': (socket) => {
    const more = (): void => {
      for (let times = 0; times < 100; times++) socket.write('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n');
    };
    const timer = setInterval(more, 10);
    socket.on('close', () => clearInterval(timer));
  },
  'one-hint': (socket) => {
    socket.write('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n');
    answer(socket, GOOD);
  },
  switches: (socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
  },
  'status-line': (socket) => {
    socket.write('HTTP/1.1 OK 200\r\n\r\n');
  },
  'not-http': (socket) => {
    socket.end('SSH-2.0-OpenSSH_9.6\r\n');
  },
  'two-lengths': (socket) => {
    socket.write(`${OK}Content-Length: 10\r\nContent-Length: 12\r\n\r\n${GOOD}`);
  },
  'length-and-chunked': (socket) => {
    socket.write(`${OK}Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\na\r\n${GOOD}\r\n0\r\n\r\n`);
  },
  'chunk-sizes': (socket) => {
    socket.write(`${OK}Transfer-Encoding: chunked\r\n\r\nZZ\r\n${GOOD}\r\n0\r\n\r\n`);
  },
  'status-999': (socket) => answer(socket, '{}', [], '999 What'),
  'nul-in-header': (socket) => answer(socket, GOOD, ['X-Nul: a\0b']),
  smuggled: (socket) => {
    // A second answer behind the first, for whoever asks next on this connection.
    socket.write(`${OK}Content-Length: ${GOOD.length}\r\n\r\n${GOOD}${OK}Content-Length: 8\r\n\r\n{"id":2}`);
  },
};
