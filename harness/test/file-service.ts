import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service that keeps files as OneDrive documents it: upload sessions by range, copies that are asked after, downloads by redirect. */
export interface FileService {
  /** Of the API, which wants `Authorization: Bearer <token>`. */
  readonly url: string;
  /** Host and port of uploads, downloads and monitors: their URLs are secrets of their own, and a token there is refused. */
  readonly storage: string;
  readonly token: string;
  /** `METHOD path` of every request, of both hosts. */
  readonly asked: readonly string[];
  /** Paths of what is there. */
  there(): string[];
  close(): void;
}

interface Item {
  readonly id: string;
  readonly path: string;
  readonly bytes: Buffer;
  readonly isFolder: boolean;
}

interface Session {
  readonly path: string;
  readonly size: number | undefined;
  bytes: Buffer;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly value?: unknown;
  readonly bytes?: Buffer;
}

/** Opens one on two free ports of loopback. */
export async function openFileService(): Promise<FileService> {
  const token = `token-${randomUUID()}`;
  const items = new Map<string, Item>();
  const sessions = new Map<string, Session>();
  const copies = new Map<string, { polls: number; readonly path: string; readonly from: Item }>();
  const asked: string[] = [];
  let storage = '';

  const at = (path: string): Item | undefined => [...items.values()].find((item) => item.path === path);
  const put = (path: string, bytes: Buffer, isFolder = false): Answer => {
    const before = at(path);
    const item = { id: before?.id ?? `F${randomUUID().replaceAll('-', '').toUpperCase()}!101`, path, bytes, isFolder };
    items.set(item.id, item);
    return { status: before === undefined ? 201 : 200, value: shown(item) };
  };
  const find = (path: string): Item | undefined => {
    const [, id] = /^\/drive\/items\/([^/:]+)/.exec(path) ?? [];
    const [, named] = /^\/drive\/(?:items\/)?root:([^:]+)/.exec(path) ?? [];
    return named === undefined ? items.get(id ?? '') : at(named);
  };

  const api = (method: string, path: string, request: IncomingMessage, body: Buffer): Answer => {
    if (request.headers.authorization !== `Bearer ${token}`) return failure(401, 'unauthenticated');
    const [, named] = /^\/drive\/root:(.+):\//.exec(path) ?? [];
    const item = find(path);
    if (method === 'GET' && path === '/drive') return { status: 200, value: { id: 'drive-1', driveType: 'personal' } };
    if (method === 'PUT' && named !== undefined && path.endsWith(':/content')) return put(named, body);
    if (method === 'POST' && path === '/drive/root/children') {
      const { name } = JSON.parse(body.toString()) as { readonly name: string };
      return at(`/${name}`) ? failure(409, 'nameAlreadyExists') : put(`/${name}`, Buffer.alloc(0), true);
    }
    if (method === 'POST' && named !== undefined && path.endsWith(':/createUploadSession')) {
      const id = randomUUID();
      sessions.set(id, { path: named, size: undefined, bytes: Buffer.alloc(0) });
      const uploadUrl = `http://${storage}/up/${id}?tempauth=${randomUUID()}`;
      const expirationDateTime = new Date(Date.now() + 3_600_000).toISOString();
      return { status: 200, value: { uploadUrl, expirationDateTime, nextExpectedRanges: ['0-'] } };
    }
    if (item === undefined) return failure(404, 'itemNotFound');
    if (method === 'GET' && path.endsWith('/content'))
      return { status: 302, headers: { Location: `http://${storage}/down/${item.id}?sig=${randomUUID()}` } };
    if (method === 'GET') return { status: 200, value: shown(item) };
    if (method === 'DELETE') {
      items.delete(item.id);
      return { status: 204 };
    }
    if (method === 'POST' && path.endsWith('/copy')) {
      const { name } = JSON.parse(body.toString()) as { readonly name: string };
      const id = randomUUID();
      copies.set(id, { polls: 0, path: `/${name}`, from: item });
      return { status: 202, headers: { Location: `http://${storage}/monitor/${id}` } };
    }
    return failure(405, 'notAllowed');
  };

  const stored = (method: string, path: string, request: IncomingMessage, body: Buffer): Answer => {
    if (request.headers.authorization !== undefined) return failure(401, 'tokenNotWanted');
    const [, kind, id = ''] = path.split('/');
    if (kind === 'down') {
      const bytes = items.get(id)?.bytes;
      if (bytes === undefined) return failure(404, 'itemNotFound');
      const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
      if (from === undefined) return { status: 200, bytes, headers: { 'Content-Type': 'text/plain' } };
      const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
      return {
        status: 206,
        bytes: bytes.subarray(Number(from)),
        headers: { 'Content-Range': range, 'Content-Type': 'text/plain' },
      };
    }
    if (kind === 'monitor') {
      const copy = copies.get(id);
      if (copy === undefined) return failure(404, 'itemNotFound');
      const percentageComplete = Math.min(100, copy.polls++ * 100);
      if (percentageComplete < 100) return { status: 202, value: { percentageComplete, status: 'inProgress' } };
      const { id: resourceId } = put(copy.path, copy.from.bytes).value as { readonly id: string };
      return { status: 200, value: { percentageComplete, status: 'completed', resourceId } };
    }
    const session = sessions.get(id);
    if (session === undefined) return failure(404, 'itemNotFound');
    if (method === 'DELETE') {
      sessions.delete(id);
      return { status: 204 };
    }
    if (method === 'GET') return { status: 200, value: { nextExpectedRanges: [`${session.bytes.length}-`] } };
    const [, from, to, size] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(String(request.headers['content-range'])) ?? [];
    if (size === undefined || Number(to) - Number(from) + 1 !== body.length) return failure(400, 'invalidRange');
    if (Number(from) !== session.bytes.length) return failure(416, 'invalidRange');
    session.bytes = Buffer.concat([session.bytes, body]);
    if (session.bytes.length < Number(size))
      return {
        status: 202,
        value: {
          expirationDateTime: '2030-01-01T00:00:00Z',
          nextExpectedRanges: [`${session.bytes.length}-${Number(size) - 1}`],
        },
      };
    sessions.delete(id);
    return put(session.path, session.bytes);
  };

  const servers = [await opened(asked, api), await opened(asked, stored)];
  storage = hostOf(servers[1]!);
  return {
    url: `http://${hostOf(servers[0]!)}`,
    storage,
    token,
    asked,
    there: () => [...items.values()].map(({ path }) => path).sort(),
    close() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

function shown({ id, path, bytes, isFolder }: Item): object {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return {
    id,
    name,
    size: bytes.length,
    ...(isFolder ? { folder: { childCount: 0 } } : { file: { mimeType: 'text/plain' } }),
  };
}

function failure(status: number, code: string): Answer {
  return { status, value: { error: { code, message: 'It cannot be done.' } } };
}

function hostOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function opened(
  asked: string[],
  answer: (method: string, path: string, request: IncomingMessage, body: Buffer) => Answer,
): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = decodeURIComponent(new URL(request.url!, 'http://x').pathname);
      asked.push(`${request.method} ${path}`);
      const { status, headers = {}, value, bytes } = answer(request.method!, path, request, Buffer.concat(chunks));
      const type = value === undefined ? {} : { 'Content-Type': 'application/json' };
      response.writeHead(status, { ...type, ...headers });
      response.end(bytes ?? (value === undefined ? undefined : JSON.stringify(value)));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
