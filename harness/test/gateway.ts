import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A gateway in front of a service: it passes on one request at a time, and tells what was asked. */
export interface Gateway {
  readonly url: string;
  /** `METHOD path` of every request. */
  readonly asked: readonly string[];
  close(): void;
}

/** Opens one; a request of which `holds` says so is neither passed on nor answered. */
export async function openGateway(service: string, holds: (line: string) => boolean = () => false): Promise<Gateway> {
  const asked: string[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const server = createServer((request, response) => {
    const line = `${request.method} ${request.url}`;
    asked.push(line);
    if (holds(line)) return;
    last = last.then(() => pass(request, response, service)).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function pass(request: IncomingMessage, response: ServerResponse, service: string): Promise<void> {
  const { method, headers } = request;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  await new Promise<void>((resolve, reject) => {
    const onward = ask(new URL(request.url!, service), { method: method!, headers }, (answer) => {
      const own = Object.entries(answer.headers).filter(([name]) => name !== 'connection');
      response.writeHead(answer.statusCode!, Object.fromEntries(own));
      answer.pipe(response);
      answer.once('end', resolve).once('error', reject);
    });
    onward.once('error', reject).end(Buffer.concat(chunks));
  });
}
