import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { startBuilt } from './built.ts';
import { briefPage, type Brief } from './tenant.ts';
import { workspace, type Workspace } from './workspace.ts';

const BRIEFS: readonly Brief[] = [
  { name: 'create_item', is: 'POST /v1.0/items {"name":"{name}"} => 201 {"id":"7","name":"x"}' },
  { name: 'get_item', is: 'GET /v1.0/items/7 => 200 {"id":"7","name":"x"}' },
  { name: 'delete_item', is: 'DELETE /v1.0/items/{id} => 204' },
];

let space: Workspace;
let service: Service;

test.beforeEach(async () => {
  service = await serve();
  const values = { name: { generate: 'unique' } };
  const targets = { here: { url: service.url }, readonly: { url: service.url, readOnly: true } };
  space = workspace({
    'docs/items.md': `# Items\n\n${briefPage(BRIEFS)}`,
    'docwright.config.json': JSON.stringify({ values, targets }),
  });
});
test.afterEach(() => {
  service.server.closeAllConnections();
  service.server.close();
  space.remove();
});

interface Service {
  readonly server: Server;
  readonly url: string;
  readonly asked: string[];
  readonly items: Map<string, object>;
  /** Hangs up, or never answers, where it says so. */
  hangs: (line: string) => boolean;
}

/** Items under numbers from 100 on. */
async function serve(): Promise<Service> {
  const items = new Map<string, object>([['7', { name: 'old' }]]);
  const asked: string[] = [];
  let next = 100;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const line = `${request.method} ${request.url}`;
    asked.push(line);
    if (made.hangs(line)) return;
    const id = request.url!.split('/').at(-1)!;
    const json = (status: number, value: object): unknown =>
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
    if (request.method === 'POST') {
      const item = { ...(JSON.parse(Buffer.concat(chunks).toString()) as object), id: `${next++}` };
      items.set(item.id, item);
      json(201, item);
    } else if (!items.has(id)) json(404, {});
    else if (request.method === 'GET') json(200, { id, ...items.get(id) });
    else {
      items.delete(id);
      response.writeHead(204).end();
    }
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const made: Service = { server, url, asked, items, hangs: () => false };
  return made;
}

const ledgers = (): string[] => {
  const folder = path.join(space.folder, '.docwright/ledger');
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jsonl')) : [];
};

test('a run deletes what it created and leaves no ledger', async () => {
  const { code, stderr } = await space.cli(['--target', 'here']);
  expect([code, stderr.includes('Deleted 1 thing that this run created')], stderr).toEqual([0, true]);
  expect(service.asked).toEqual(['POST /v1.0/items', 'GET /v1.0/items/100', 'DELETE /v1.0/items/100']);
  expect([...service.items.keys()]).toEqual(['7']);
  expect(ledgers()).toEqual([]);
});

test('what cannot be deleted is told, kept, and deleted later by cleanup', async () => {
  service.hangs = (line) => line.startsWith('DELETE');
  const { code, stderr } = await space.cli(['--target', 'here', '--timeout', '200', '--verbose']);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain(`Left at ${service.url}/v1.0/items/100: DELETE was not answered`);
  expect(stderr).toContain('replay/left-behind');
  expect(ledgers()).toHaveLength(1);
  service.hangs = () => false;
  const cleaned = await space.cli(['cleanup', '--json']);
  expect([cleaned.code, JSON.parse(cleaned.stdout)]).toMatchObject([
    0,
    { schemaVersion: 1, things: [{ url: `${service.url}/v1.0/items/100`, outcome: 'deleted' }] },
  ]);
  expect([...service.items.keys()]).toEqual(['7']);
  expect(ledgers()).toEqual([]);
  expect(await space.cli(['cleanup'])).toEqual({
    code: 0,
    stdout: '',
    stderr: 'Nothing to clean up: no run has left anything\n',
  });
});

test('cleanup goes to no other service than the run did, and asks for the same permission', async () => {
  service.hangs = (line) => line.startsWith('DELETE');
  await space.cli(['--target', 'here', '--timeout', '200']);
  const elsewhere = await serve();
  const refused = await space.cli(['cleanup', '--target', elsewhere.url]);
  expect([refused.code, refused.stderr]).toMatchObject([2, expect.stringContaining(`is not where the run of`)]);
  expect(elsewhere.asked).toEqual([]);
  elsewhere.server.close();
  const asked = service.asked.length;
  const unasked = await space.cli(['cleanup', '--target', 'readonly']);
  expect([unasked.code, unasked.stderr]).toMatchObject([2, expect.stringContaining('needs --allow-writes')]);
  expect((await space.cli(['cleanup', 'docs/items.md'])).code).toBe(2);
  expect(service.asked).toHaveLength(asked);
  const still = await space.cli(['cleanup', '--timeout', '200']);
  expect([still.code, still.stderr]).toMatchObject([1, expect.stringContaining(`left ${service.url}/v1.0/items/100`)]);
});

test('a process that is killed leaves a ledger that cleanup works through', async () => {
  service.hangs = (line) => line.startsWith('GET');
  const child = startBuilt(['--target', 'here'], space.folder);
  await expect.poll(() => service.asked, { timeout: 20_000 }).toContain('GET /v1.0/items/100');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect([...service.items.keys()]).toEqual(['7', '100']);
  const { code, stderr } = await space.cli(['cleanup']);
  expect([code, stderr]).toEqual([0, 'Deleted 1 of 1\n']);
  expect([...service.items.keys()]).toEqual(['7']);
});

test('a creation that nobody heard the end of is told and not guessed at', async () => {
  service.hangs = (line) => line.startsWith('POST');
  const child = startBuilt(['--target', 'here'], space.folder);
  await expect.poll(() => service.asked, { timeout: 20_000 }).toHaveLength(1);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const { code, stderr } = await space.cli(['cleanup']);
  expect([code, stderr]).toMatchObject([1, expect.stringContaining(`nobody knows of ${service.url}/v1.0/items`)]);
  expect(service.asked).toEqual(['POST /v1.0/items']);
});

test('Ctrl-C cleans up before it ends with 130', async () => {
  service.hangs = (line) => line.startsWith('GET');
  const child = startBuilt(['--target', 'here'], space.folder);
  await expect.poll(() => service.asked, { timeout: 20_000 }).toContain('GET /v1.0/items/100');
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([130, null]);
  expect(service.asked.at(-1)).toBe('DELETE /v1.0/items/100');
  expect([...service.items.keys()]).toEqual(['7']);
  expect(space.report().summary).toMatchObject({ exchanges: 3, conforming: 1, skipped: 1, blocked: 1 });
});

test.describe('plan', () => {
  test('shows every request in the order of its sending, where values come from and what is missing; sends nothing', async () => {
    const { code, stdout, stderr } = await space.cli(['plan', '--docs', 'docs', '--target', 'here']);
    expect(code, stderr).toBe(0);
    expect(stdout).toBe(
      [
        `2 of 3 requests would be sent to ${service.url}, in this order:`,
        '',
        `POST ${service.url}/v1.0/items`,
        '  create_item, docs/items.md:7',
        '  Content-Type: application/json',
        '  `name` from generated unique',
        '',
        `GET ${service.url}/v1.0/items/{/body/id of create_item}`,
        '  get_item, docs/items.md:25',
        '  `7` from link /body/id of create_item',
        '  after create_item',
        '',
        'not sent: DELETE https://api.example.com/v1.0/items/{id}',
        '  delete_item, docs/items.md:41',
        '  missing value {id}',
        '',
        'Links: what a live answer shows takes the place of the documented literal:',
        '  create_item /body/id -> get_item `7`',
        '',
        '',
      ].join('\n'),
    );
    expect(service.asked).toEqual([]);
    expect(existsSync(path.join(space.folder, '.docwright/ledger'))).toBe(false);
  });

  test('as JSON, and without links', async () => {
    const plan = async (...words: string[]) =>
      JSON.parse((await space.cli(['plan', '--docs', 'docs', '--json', ...words])).stdout) as {
        requests: { id: string; url: string; sent: boolean; values: object[] }[];
        links: object[];
      };
    const linked = await plan('--target', 'here');
    expect(linked.links).toEqual([
      { from: 'items#create_item', to: 'items#get_item', literal: '7', pointer: '/body/id' },
    ]);
    expect(linked.requests[1]).toMatchObject({ id: 'items#get_item', sent: true, values: [{ kind: 'link' }] });
    const bare = await plan('--target', 'here', '--no-links');
    expect([bare.links, bare.requests[1]!.url]).toEqual([[], `${service.url}/v1.0/items/7`]);
    const mock = await plan();
    expect(mock.requests.map(({ sent }) => sent)).toEqual([true, true, true]);
    const blocked = await space.cli(['plan', '--docs', 'docs', '--target', 'here', '--forbid-blocked']);
    expect(blocked.code).toBe(1);
  });

  test('tells no secret, and runs no command for one', async () => {
    space.write(
      'docwright.config.json',
      JSON.stringify({
        values: { name: 'x', id: { env: 'ITEM' } },
        targets: {
          here: {
            url: service.url,
            auth: { bearer: { command: 'echo ran > ran.txt' } },
            headers: { 'X-Own': { env: 'OWN' } },
          },
        },
      }),
    );
    const environment = { ITEM: 'hidden-item', OWN: 'hidden-own' };
    for (const form of [[], ['--json']]) {
      const words = ['plan', '--docs', 'docs', '--target', 'here', ...form];
      const { code, stdout, stderr } = await space.cli(words, { environment });
      expect(code, stderr).toBe(0);
      expect(stdout).not.toContain('hidden');
      expect(stdout).toContain('/v1.0/items/{environment ITEM}');
      expect(stdout).toContain('X-Own (from environment OWN)');
      expect(stdout).toContain('Bearer (from a command, not run now)');
    }
    expect(existsSync(path.join(space.folder, 'ran.txt'))).toBe(false);
    expect(service.asked).toEqual([]);
  });
});

test('a word that nothing can be generated of names the nearest', async () => {
  space.write('docwright.config.json', JSON.stringify({ values: { name: { generate: 'uniqe' } } }));
  const { code, stderr } = await space.cli([]);
  expect([code, stderr]).toMatchObject([2, expect.stringContaining('did you mean `unique`?')]);
});
