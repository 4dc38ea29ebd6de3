import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runBuilt, startBuilt } from './built.ts';
import { workspace, type Workspace } from './workspace.ts';

/** A service that counts what it was asked, and never answers what `hangs` says. */
interface Counting {
  readonly url: string;
  readonly asked: string[];
  readonly server: Server;
  hangs: (line: string) => boolean;
}

async function counting(): Promise<Counting> {
  const asked: string[] = [];
  const things = new Map<string, object>();
  const self: { -readonly [Key in keyof Counting]: Counting[Key] } = {
    url: '',
    asked,
    hangs: () => false,
    server: createServer((request, response) => {
      const line = `${request.method} ${request.url}`;
      asked.push(line);
      if (self.hangs(line)) return void self.server.emit('hanging');
      const json = (status: number, body: object): void =>
        void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
      const id = /^\/v1\.0\/things\/([^/?]+)/.exec(request.url!)?.[1];
      if (request.method === 'POST') {
        const made = { id: `thing-${things.size + 1}-7f3a9c21`, name: 'made' };
        things.set(made.id, made);
        return json(201, made);
      }
      if (request.method === 'DELETE') {
        things.delete(id!);
        return void response.writeHead(204).end();
      }
      if (id !== undefined && !things.has(id)) return json(404, { error: { code: 'gone', message: id } });
      if (request.url === '/v1.0/wrong') return json(200, { id: 7, name: 'wrong' });
      json(200, { id: id ?? '1', name: 'x' });
    }),
  };
  await new Promise<void>((resolve) => self.server.listen(0, '127.0.0.1', resolve));
  self.url = `http://127.0.0.1:${(self.server.address() as AddressInfo).port}`;
  return self;
}

function exchange(name: string, line: string, status = 200, body = '{ "id": "1", "name": "x" }'): string {
  const fence = (text: string): string => `\`\`\`http\n${text}\n\`\`\`\n`;
  return [
    `<!-- { "blockType": "request", "name": "${name}" } -->`,
    fence(
      line.includes('POST') || line.includes('PATCH')
        ? `${line}\nContent-Type: application/json\n\n{ "name": "x" }`
        : line,
    ),
    '<!-- { "blockType": "response" } -->',
    fence(
      status === 204 ? 'HTTP/1.1 204 No Content' : `HTTP/1.1 ${status} OK\nContent-Type: application/json\n\n${body}`,
    ),
  ].join('\n');
}

const API = 'https://api.example.com/v1.0';

const PAGE = [
  '# Things',
  exchange('list', `GET ${API}/list`),
  exchange('wrong', `GET ${API}/wrong`),
  exchange('make', `POST ${API}/things`, 201),
  exchange('other', `POST ${API}/others`, 201),
  exchange('read', `GET ${API}/things/{made}`),
  exchange('change', `PATCH ${API}/things/{made}`),
  exchange('last', `GET ${API}/last`),
].join('\n\n');

const CONFIG = (url: string): string =>
  JSON.stringify({
    targets: {
      live: { url, values: { made: { from: 'make', pointer: '/body/id', intoWrites: true } }, timeout: 20_000 },
    },
  });

const WORDS = ['--target', 'live', '-j', '1', '--reporter', 'list,json'];

let space: Workspace;
let service: Counting;
test.beforeEach(async () => {
  service = await counting();
  space = workspace({ 'docs/things.md': PAGE, 'docwright.config.json': CONFIG(service.url) });
});
test.afterEach(() => {
  service.server.closeAllConnections();
  service.server.close();
  space.remove();
});

/** Starts a run and kills it, without mercy, as soon as the service hangs at this request, or so many milliseconds later. */
async function killedAt(line: string, words = WORDS, later = 0): Promise<void> {
  service.hangs = (asked) => asked === line;
  const hanging = once(service.server, 'hanging');
  const child = startBuilt(words, space.folder);
  const ended = once(child, 'exit');
  await Promise.race([hanging, ended]);
  if (later > 0) await sleep(later);
  child.kill('SIGKILL');
  await ended;
  service.hangs = () => false;
}

const resumed = () => runBuilt([...WORDS, '--resume'], space.folder);
const outcomes = (): Record<string, string> =>
  Object.fromEntries(space.report().exchanges.map(({ id, outcome }) => [id.split('#')[1]!, outcome]));
const runs = (): string[] => {
  const folder = path.join(space.folder, '.docwright/runs');
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jsonl')) : [];
};
const times = (line: RegExp): number => service.asked.filter((asked) => line.test(asked)).length;

test('a run that was killed while it read is gone on with: no write is repeated, and values flow on', async () => {
  // A judgement is written a moment after the next request has gone out, which may be long on a busy machine.
  await killedAt('GET /v1.0/last', WORDS, 500);
  expect(runs()).toHaveLength(1);
  if (process.platform !== 'win32') {
    expect(statSync(path.join(space.folder, '.docwright/runs', runs()[0]!)).mode & 0o777).toBe(0o600);
  }
  const run = await resumed();
  expect(run.stderr).toMatch(/Going on with the run of .*: 6 done/);
  expect(run.code).toBe(1);
  expect(outcomes()).toEqual({
    ...{ list: 'conforms', wrong: 'differs', make: 'conforms', other: 'conforms' },
    ...{ read: 'conforms', change: 'conforms', last: 'conforms' },
  });
  expect(space.report().findings.map(({ ruleId, exchangeId }) => [ruleId, exchangeId])).toContainEqual([
    'property/type',
    'things#wrong',
  ]);
  expect([times(/^POST/), times(/^PATCH/), times(/\/list/), times(/\/last/)]).toEqual([2, 1, 1, 2]);
  // What the killed run created is cleaned up by the one that goes on with it, and nothing is left to go on with.
  expect(times(/^DELETE/)).toBe(0);
  expect(runs()).toEqual([]);
  expect((await resumed()).stderr).toContain('Nothing to resume');
});

test('a value of the killed run flows into what was not sent yet', async () => {
  await killedAt('POST /v1.0/others');
  const run = await resumed();
  expect(outcomes()).toMatchObject({ make: 'conforms', other: 'unanswered', read: 'conforms', change: 'conforms' });
  expect(run.stderr).toContain('1 sent of which nobody knows the answer');
  expect(times(/^POST \/v1\.0\/things/)).toBe(1);
  expect(times(/^PATCH \/v1\.0\/things\/thing-1-7f3a9c21/)).toBe(1);
});

test('a write whose answer was never seen is told as unanswered, not sent again', async () => {
  await killedAt('POST /v1.0/things');
  await resumed();
  expect(times(/^POST \/v1\.0\/things/)).toBe(1);
  expect(outcomes()).toMatchObject({ make: 'unanswered', read: 'blocked', change: 'blocked', last: 'conforms' });
  const told = space.report().findings.find(({ exchangeId }) => exchangeId === 'things#make')!;
  expect(told).toMatchObject({ ruleId: 'replay/unanswered', severity: 'error' });
  expect(told.reason).toContain('sent in the interrupted run; its answer is not known');
});

test('killed again and again, at every request, no write goes out twice', async () => {
  test.setTimeout(120_000);
  await killedAt('GET /v1.0/wrong');
  for (const line of ['POST /v1.0/things', 'POST /v1.0/others', 'GET /v1.0/last']) {
    await killedAt(line, [...WORDS, '--resume']);
  }
  await resumed();
  expect([times(/^POST \/v1\.0\/things/), times(/^POST \/v1\.0\/others/), times(/\/list/)]).toEqual([1, 1, 1]);
  expect(Object.values(outcomes())).not.toContain('skipped');
});

test('a line that was cut off is passed over; a promise that changed is asked anew where it is a read', async () => {
  await killedAt('GET /v1.0/last');
  appendFileSync(path.join(space.folder, '.docwright/runs', runs()[0]!), '{"kind":"judged","id":"things#la');
  // The first page moves everything down; then two promises change.
  const moved = PAGE.replace('# Things', '# Things\n\nA line more.\n');
  const read = exchange('list', `GET ${API}/list`);
  const write = exchange('other', `POST ${API}/others`, 201);
  const more = (text: string): string => text.replace('"name": "x" }\n```\n', '"name": "x", "more": 1 }\n```\n');
  expect(moved).toContain(read);
  space.write(
    'docs/things.md',
    moved.replace(read, more(read)).replace(write, more(write).replace('"name": "x" }', '"name": "y" }')),
  );
  await resumed();
  expect([times(/\/list/), times(/^POST/), times(/\/wrong/)]).toEqual([2, 2, 1]);
  expect(outcomes()).toMatchObject({ list: 'differs', other: 'unanswered', make: 'conforms', wrong: 'differs' });
  const { line, exchangeId } = space.report().findings.find(({ ruleId }) => ruleId === 'property/type')!;
  expect(exchangeId).toBe('things#wrong');
  expect(space.read('docs/things.md').split('\n')[line - 1]).toContain('"id": "1"');
});

const LIFE = `scenarios:
  - name: life
    for: last
    values: { label: { generate: unique } }
    steps:
      - http: |
          POST /v1.0/things?as={label}
          Content-Type: application/json

          { "name": "x" }
        expect: { status: 201 }
        capture: { id: $.id }
      - { http: 'GET /v1.0/things/{id}', expect: { body: { $.name: x } } }
      - exchange: last
    cleanup:
      - http: DELETE /v1.0/things/{id}
`;

for (const [what, edit] of [
  ['nothing of it', (text: string) => `# A line more\n${text}`],
  ['what it expects', (text: string) => text.replace('$.name: x', '$.name: y')],
  ['what it sets', (text: string) => text.replace("'GET /v1.0/things/{id}'", "$&, set: { headers: { X-A: '1' } }")],
  ['what it fills in', (text: string) => text.replace('exchange: last', '$&\n        with: { last: first }')],
  ['a value', (text: string) => text.replace('generate: unique', '$&, suffix: .txt')],
] as const)
  test(`a scenario of which ${what} was edited meanwhile goes on, or is played anew as a whole`, async () => {
    space.write('docs/life.scenarios.yaml', LIFE);
    const words = [...WORDS, '-g', 'life'];
    await killedAt('GET /v1.0/last', words, 500);
    space.write('docs/life.scenarios.yaml', edit(LIFE));
    const run = await runBuilt([...words, '--resume'], space.folder);
    const isSame = what === 'nothing of it';
    const made = service.asked.filter((line) => line.startsWith('POST /v1.0/things'));
    expect(made, run.stderr).toHaveLength(isSame ? 1 : 2);
    // A new name: the first may be taken.
    expect(new Set(made).size).toBe(made.length);
    const outcome = (part: string) => space.report().exchanges.find(({ id }) => id.includes(part))?.outcome;
    expect([outcome('life/1 '), outcome('life/2 ')]).toEqual([
      'conforms',
      what === 'what it expects' ? 'differs' : 'conforms',
    ]);
    expect(outcome('life/4 ')).toBe('conforms');
    // It clears up after itself.
    const deleted = service.asked.filter((line) => line.startsWith('DELETE'));
    expect(deleted).toContain(`DELETE /v1.0/things/thing-${made.length}-7f3a9c21`);
  });

test('a run of another version cannot be gone on with; nor one that is under way', async () => {
  await killedAt('GET /v1.0/last');
  const file = path.join(space.folder, '.docwright/runs', runs()[0]!);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('"schemaVersion":1', '"schemaVersion":99'));
  expect(await resumed()).toMatchObject({ code: 2, stderr: expect.stringContaining('another version') });
  writeFileSync(file, text);

  service.hangs = (line) => line === 'GET /v1.0/last';
  const hanging = once(service.server, 'hanging');
  const first = startBuilt([...WORDS, '--resume'], space.folder);
  await hanging;
  expect(await resumed()).toMatchObject({ code: 2, stderr: expect.stringContaining('still under way') });
  // A run of its own is not kept from running, and does not take the other one's journal away.
  service.hangs = () => false;
  expect((await runBuilt(WORDS, space.folder)).code).toBe(1);
  expect(runs()).toHaveLength(1);
  const ended = once(first, 'exit');
  first.kill('SIGKILL');
  await ended;
});

test('a run that begins anew says so, and nothing is kept of the mock', async () => {
  await killedAt('GET /v1.0/wrong');
  const run = await runBuilt(WORDS, space.folder);
  expect(run.stderr).toMatch(/The run of \d{4}-.* was interrupted; --resume would go on with it/);
  expect(runs()).toEqual([]);
  expect(await runBuilt(['--resume'], space.folder)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('runs against the mock or a recording are not kept'),
  });
});
