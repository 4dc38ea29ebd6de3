import { createServer, type RequestListener, type Server } from 'node:http';
import {
  createServer as createSocketServer,
  type AddressInfo,
  type Server as SocketServer,
  type Socket,
} from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import type { PagedExchange } from '../model/fixture.ts';
import { headerValue, type RequestMessage, type ResponseMessage, type Target } from '../model/http.ts';
import type { Observation } from '../model/observation.ts';
import { httpTarget } from '../replay/http.ts';
import { replay, type ReplayOptions } from '../replay/index.ts';

const OPTIONS: ReplayOptions = { workers: 8, timeout: 5000, writes: true };

function exchange(line: string, headers: readonly (readonly [string, string])[] = [], body?: string): PagedExchange {
  const [method = '', url = ''] = line.split(' ');
  return {
    id: line,
    title: line,
    file: 'page.md',
    request: {
      block: { line: 1, indent: 0 },
      at: 0,
      method,
      url,
      headers: headers.map(([name, value]) => ({ name, value, at: 1 })),
      body: body === undefined ? { kind: 'empty' } : { kind: 'json', at: 2, text: body },
    },
    responses: [],
  };
}

const numbered = (count: number): PagedExchange[] =>
  Array.from({ length: count }, (_, index) => exchange(`GET /${index}`));

async function gather(
  exchanges: readonly PagedExchange[],
  target: Target,
  options: Partial<ReplayOptions> = {},
): Promise<Observation[]> {
  const observed: Observation[] = [];
  for await (const one of replay(exchanges, target, { ...OPTIONS, ...options })) observed.push(one);
  return observed;
}

/** Replays one exchange against a server that handles it so. */
async function once(
  handler: RequestListener,
  line = 'GET /',
  options: Partial<ReplayOptions> = {},
): Promise<Observation> {
  return within(createServer(handler), async (base) => {
    const target = httpTarget({ base });
    const [observed] = await gather([exchange(line)], target, options);
    await target.close?.();
    return observed!;
  });
}

/** The same against raw bytes. */
async function onceRaw(answer: (socket: Socket) => void, options: Partial<ReplayOptions> = {}): Promise<Observation> {
  const server = createSocketServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
  return within(server, async (base) => {
    const target = httpTarget({ base });
    const [observed] = await gather([exchange('GET /')], target, options);
    await target.close?.();
    return observed!;
  });
}

async function within<T>(server: Server | SocketServer, use: (base: string) => Promise<T>): Promise<T> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  }
}

function answered(observed: Observation): ResponseMessage {
  if (observed.kind === 'unanswered') throw observed.cause;
  if (observed.kind !== 'answered') throw new Error(observed.kind);
  return observed.actual;
}

function causeOf(observed: Observation): { message: string; code: unknown } {
  if (observed.kind !== 'unanswered') throw new Error(observed.kind);
  return { message: observed.cause.message, code: (observed.cause as Error & { code?: unknown }).code };
}

const text = ({ body }: ResponseMessage): string => new TextDecoder().decode(body);

test.describe('answers over HTTP', () => {
  test('status, headers in their case and order, body', async () => {
    const observed = await once((_, response) => {
      response.sendDate = false;
      response.writeHead(418, [
        'X-Second',
        '2',
        'x-first',
        '1',
        'Set-Cookie',
        'a=1',
        'Set-Cookie',
        'b=2',
        'X-Name',
        Buffer.from('Zoë').toString('latin1'),
        'Content-Length',
        '2',
      ]);
      // As bytes: Node would join a text to the head and write both as UTF-8.
      response.end(Buffer.from('hi'));
    });
    const actual = answered(observed);
    expect(actual.status).toBe(418);
    expect(actual.headers.slice(0, 6)).toEqual([
      ['X-Second', '2'],
      ['x-first', '1'],
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
      ['X-Name', 'Zoë'],
      ['Content-Length', '2'],
    ]);
    expect(text(actual)).toBe('hi');
  });

  test('the request arrives as it was prepared', async () => {
    await within(
      createServer((request, response) => {
        const chunks: Uint8Array[] = [];
        request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
        request.on('end', () => {
          const { method, url, rawHeaders: headers } = request;
          response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
        });
      }),
      async (origin) => {
        const target = httpTarget({ base: `${origin.replace('//', '//me:p%40ss@')}/base/` });
        expect(target).toMatchObject({ name: `${origin}/base`, base: `${origin}/base`, live: true });
        const patch = exchange(
          'PATCH https://graph.example/v1.0/a|b?$select=x',
          [
            ['X-Some', 'é'],
            ['Content-Length', '9999'],
            ['Authorization', 'Bearer {token}'],
          ],
          '{"é":1}',
        );
        const [observed] = await gather([patch], target);
        const seen = JSON.parse(text(answered(observed!))) as { headers: string[] };
        expect(seen).toMatchObject({ method: 'PATCH', url: '/base/v1.0/a%7Cb?$select=x', body: '{"é":1}' });
        const sent = seen.headers.join('\n');
        expect(sent).toContain(`Authorization\nBasic ${Buffer.from('me:p@ss').toString('base64')}`);
        expect(sent.toLowerCase()).toContain('content-length\n8');
        expect(sent).not.toContain('Bearer');
        expect(sent).toContain(Buffer.from('é').toString('latin1'));
        await target.close?.();
      },
    );
  });

  test('a redirect is an answer and is not followed', async () => {
    let asked = 0;
    const observed = await once((_, response) => {
      asked++;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(answered(observed).status).toBe(302);
    expect(headerValue(answered(observed).headers, 'location')).toBe('/elsewhere');
    expect(asked).toBe(1);
  });

  for (const [title, coding, code] of [
    ['gzip', 'gzip', gzipSync],
    ['deflate', 'deflate', deflateSync],
    ['bare deflate', 'deflate', deflateRawSync],
    ['br', 'br', brotliCompressSync],
  ] as const) {
    test(`${title} is decoded`, async () => {
      const observed = await once((_, response) => {
        response.writeHead(200, { 'content-encoding': coding }).end(code(Buffer.from('plain words')));
      });
      expect(text(answered(observed))).toBe('plain words');
    });
  }

  test('HEAD and 204 have no content, whatever their headers say', async () => {
    const head = await once(
      (_, response) => response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': 99 }).end(),
      'HEAD /',
    );
    expect(answered(head).body).toHaveLength(0);
    expect(answered(await once((_, response) => response.writeHead(204).end())).status).toBe(204);
  });

  test('connections are kept', async () => {
    const sockets = new Set<unknown>();
    const server = createServer((request, response) => {
      sockets.add(request.socket);
      response.end();
    });
    await within(server, async (base) => {
      const target = httpTarget({ base });
      const observed = await gather(numbered(50), target, { workers: 4 });
      expect(observed.every(({ kind }) => kind === 'answered')).toBe(true);
      // undici may open one more while a socket that just answered is not free yet.
      expect(sockets.size).toBeLessThanOrEqual(8);
      await target.close?.();
    });
  });
});

test.describe('no whole answer', () => {
  test('connection refused', async () => {
    const base = await within(createServer(), (url) => Promise.resolve(url));
    const [observed] = await gather([exchange('GET /')], httpTarget({ base }));
    expect(causeOf(observed!)).toEqual({
      message: `Connection refused by ${new URL(base).host}`,
      code: 'ECONNREFUSED',
    });
  });

  test('a hang before the answer, and one within it', async () => {
    const silent = await once(() => undefined, 'GET /', { timeout: 100 });
    expect(causeOf(silent)).toEqual({ message: 'No whole answer within 100 ms', code: 'ETIMEDOUT' });
    const half = await onceRaw((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'), {
      timeout: 100,
    });
    expect(causeOf(half).code).toBe('ETIMEDOUT');
  });

  test('a reset', async () => {
    const observed = await onceRaw((socket) => socket.resetAndDestroy());
    expect(causeOf(observed).message).toContain('closed the connection before the answer was whole');
    expect(['ECONNRESET', 'UND_ERR_SOCKET']).toContain(causeOf(observed).code);
  });

  test('an early close, before and within the body', async () => {
    const nothing = await onceRaw((socket) => socket.end());
    expect(causeOf(nothing).code).toBe('UND_ERR_SOCKET');
    const short = await onceRaw((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'));
    expect(causeOf(short).message).toMatch(/whole|cut short/);
    const chunked = await onceRaw((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal'),
    );
    expect(causeOf(chunked).message).toMatch(/whole|cut short/);
  });

  test('something that is not HTTP, also under https', async () => {
    const observed = await onceRaw((socket) => socket.end('SSH-2.0-hello\r\n'));
    expect(causeOf(observed).message).toContain('is not HTTP');
    await within(createServer(), async (base) => {
      const [tls] = await gather([exchange('GET /')], httpTarget({ base: base.replace('http:', 'https:') }));
      expect(causeOf(tls!).message).toMatch(/^TLS with 127\.0\.0\.1:\d+ failed/);
    });
  });

  test('a body that is not what its coding says, or is too large decoded', async () => {
    const cut = await once((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('plain words').subarray(0, 15));
    });
    expect(causeOf(cut)).toMatchObject({ code: 'BODY_UNREADABLE' });
    const bomb = gzipSync(Buffer.alloc(33 * 1024 * 1024));
    const large = await once((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    expect(causeOf(large)).toEqual({
      message: 'The body of the answer is larger than 33554432 bytes',
      code: 'BODY_TOO_LARGE',
    });
  });

  test('a body without end', async () => {
    const observed = await onceRaw((socket) => {
      const more = (): void => void (socket.writable && socket.write(Buffer.alloc(1024 * 1024), more));
      socket.write('HTTP/1.1 200 OK\r\n\r\n', more);
    });
    expect(causeOf(observed).code).toBe('BODY_TOO_LARGE');
  });

  test('a target of its own limit', async () => {
    await within(
      createServer(() => undefined),
      async (base) => {
        const [observed] = await gather([exchange('GET /')], httpTarget({ base, timeout: 50 }));
        expect(causeOf(observed!).message).toBe('No whole answer within 50 ms');
      },
    );
  });

  test('a header that cannot be sent', async () => {
    const [observed] = await gather(
      [exchange('GET /', [['X-Id', '{id}']])],
      httpTarget({ base: 'http://127.0.0.1:9' }),
      {
        values: { id: 'a\r\nX-Evil: 1' },
      },
    );
    expect(causeOf(observed!).message).toContain('invalid');
  });

  test('one that fails does not stop the others', async () => {
    const target = sender(({ url }) => {
      if (url.endsWith('/3')) throw new Error('thrown at once');
      return url.endsWith('/5') ? Promise.reject(new Error('rejected')) : Promise.resolve(empty);
    });
    const observed = await gather(numbered(10), target);
    expect(observed.map(({ kind }) => kind === 'answered')).toEqual(
      numbered(10).map((_, index) => index !== 3 && index !== 5),
    );
  });
});

test.describe('order, look-ahead and abort', () => {
  test('observations come in the order of the exchanges, however long each takes', async () => {
    const server = createServer((_, response) => void setTimeout(() => response.end(), Math.random() * 20));
    await within(server, async (base) => {
      const target = httpTarget({ base });
      const observed = await gather(numbered(100), target, { workers: 16 });
      expect(observed.map((one) => one.exchange.id)).toEqual(numbered(100).map(({ id }) => id));
      await target.close?.();
    });
  });

  test('no more than the workers are in flight, and a slow reader slows the sending', async () => {
    let flying = 0;
    let most = 0;
    let sent = 0;
    const target = sender(async () => {
      sent++;
      most = Math.max(most, ++flying);
      await new Promise((resolve) => setTimeout(resolve, 1));
      flying--;
      return empty;
    });
    const reader = replay(numbered(200), target, { ...OPTIONS, workers: 4 });
    await reader.next();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(sent).toBeLessThanOrEqual(16);
    let rest = 0;
    for await (const one of reader) rest += Number(one.kind === 'answered');
    expect([rest, sent, most]).toEqual([199, 200, 4]);
  });

  test('abort: nothing new is sent, the rest come out as skipped', async () => {
    const controller = new AbortController();
    let sent = 0;
    let cancelled = 0;
    const target = sender(({ url }, signal) => {
      sent++;
      if (Number(new URL(url).pathname.slice(1)) < 5) return Promise.resolve(empty);
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error(String(++cancelled)))));
    });
    setTimeout(() => controller.abort(), 50);
    const observed = await gather(numbered(100), target, { workers: 3, signal: controller.signal });
    const kinds = observed.map(({ kind }) => kind);
    expect(kinds).toEqual(numbered(100).map((_, index) => (index < 5 ? 'answered' : 'skipped')));
    expect([sent, cancelled]).toEqual([8, 3]);
    expect(await gather(numbered(3), target, { signal: AbortSignal.abort() })).toMatchObject([
      { kind: 'skipped' },
      { kind: 'skipped' },
      { kind: 'skipped' },
    ]);
    expect(sent).toBe(8);
  });

  test('a target that listens to no signal is held to the time, and a reader may leave', async () => {
    const deaf = sender(() => new Promise(() => undefined));
    const [observed] = await gather([exchange('GET /')], deaf, { timeout: 30 });
    expect(causeOf(observed!).code).toBe('ETIMEDOUT');
    let sent = 0;
    const counting = sender(() => {
      sent++;
      return sent > 1 ? new Promise(() => undefined) : Promise.resolve(empty);
    });
    for await (const one of replay(numbered(100), counting, { ...OPTIONS, workers: 2 })) {
      expect(one.kind).toBe('answered');
      break;
    }
    expect(sent).toBeLessThanOrEqual(3);
  });
});

test.describe('what a target is', () => {
  test('only http and https', () => {
    for (const base of ['ftp://host', 'host', '', 'file:///etc/passwd', 'javascript:alert(1)']) {
      expect(() => httpTarget({ base })).toThrow('A base URL starts with http:// or https://');
    }
  });

  test('nothing is sent to another origin', async () => {
    const target = httpTarget({ base: 'http://127.0.0.1:9' });
    const request = { method: 'GET', url: 'http://127.0.0.1:10/', headers: [] };
    await expect(target.send(request, AbortSignal.timeout(1000))).rejects.toThrow('Missing host 127.0.0.1:10');
  });
});

const empty: ResponseMessage = { status: 200, headers: [], body: new Uint8Array() };

function sender(send: (request: RequestMessage, signal: AbortSignal) => Promise<ResponseMessage>): Target {
  return { name: 'test', live: false, send };
}
