import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runBuilt, startBuilt } from './built.ts';
import { workspace, type Workspace } from './workspace.ts';

const exchange = (
  name: string,
  line: string,
  status = 200,
): string => `<!-- { "blockType": "request", "name": "${name}" } -->
\`\`\`http
${line.replace(' ', ' https://api.example.com')}
\`\`\`

<!-- { "blockType": "response" } -->
\`\`\`http
HTTP/1.1 ${status} OK
Content-Type: application/json

{ "id": "1" }
\`\`\`
`;

const PAGE = [
  '# Things',
  exchange('make', 'POST /things', 201),
  exchange('remove', 'DELETE /things/{id}', 204),
  exchange('good', 'GET /good'),
  exchange('hang', 'GET /hang'),
  exchange('never', 'GET /never'),
].join('\n\n');

let space: Workspace;
let server: Server;
let asked: string[];
let url: string;
let hangsOnDelete: boolean;
test.beforeEach(async () => {
  space = workspace({ 'docs/things.md': PAGE });
  [asked, hangsOnDelete] = [[], false];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.url === '/hang' || (hangsOnDelete && request.method === 'DELETE')) return void server.emit('hanging');
    const status = request.method === 'POST' ? 201 : request.method === 'DELETE' ? 204 : 200;
    response
      .writeHead(status, { 'Content-Type': 'application/json' })
      .end(status === 204 ? '' : '{"id":"thing-9f8e7d6c5b"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
test.afterEach(() => {
  server.closeAllConnections();
  server.close();
  space.remove();
});

const WORDS = ['replay', '--docs', 'docs', '-j', '1', '--reporter', 'list,json', '--target'];
const outcomes = (): string[] => space.report().exchanges.map(({ outcome }) => outcome);

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal}: nothing new is sent, what was created is deleted, and what is known is reported`, async () => {
    const hanging = once(server, 'hanging');
    const child = startBuilt([...WORDS, url], space.folder);
    const ended = once(child, 'exit');
    await hanging;
    child.kill(signal);
    expect(await ended).toEqual([code, null]);
    expect(asked).toEqual(['POST /things', 'GET /good', 'GET /hang', 'DELETE /things/thing-9f8e7d6c5b']);
    expect(outcomes()).toEqual(['conforms', 'blocked', 'conforms', 'skipped', 'skipped']);
  });
}

test('whoever asks twice does not wait for the clean-up', async () => {
  hangsOnDelete = true;
  const hanging = once(server, 'hanging');
  const child = startBuilt([...WORDS, url], space.folder);
  const ended = once(child, 'exit');
  await hanging;
  const deleting = once(server, 'hanging');
  child.kill('SIGINT');
  await deleting;
  child.kill('SIGINT');
  expect(await ended).toEqual([130, null]);
});

test('the time for the whole run is up: the same, with 1 and words that say so', async () => {
  const run = await runBuilt([...WORDS, url, '--run-timeout', '1500'], space.folder);
  expect(run.code).toBe(1);
  expect(run.stderr).toContain('Stopped after 1500 ms, the time for the whole run; not asked for: 2');
  expect(asked).toEqual(['POST /things', 'GET /good', 'GET /hang', 'DELETE /things/thing-9f8e7d6c5b']);
  expect(outcomes()).toEqual(['conforms', 'blocked', 'conforms', 'skipped', 'skipped']);
});

test('the time for a run may stand with the target, and the flag goes before it; enough time changes nothing', async () => {
  const config = (runTimeout: number): void =>
    space.write('docwright.config.json', JSON.stringify({ targets: { here: { url, runTimeout } } }));
  config(1200);
  const run = await space.cli([...WORDS, 'here']);
  expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('Stopped after 1200 ms') });
  const done = await space.cli([...WORDS, 'here', '--run-timeout', '60000', '-g', 'good']);
  expect(done).toMatchObject({ code: 0, stderr: expect.not.stringContaining('Stopped') });
});
