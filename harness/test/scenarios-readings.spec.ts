import { createServer, type Server } from 'node:http';
import { expect, test } from '@playwright/test';
import { listening } from './authority.ts';
import { page, workspace, type Workspace } from './workspace.ts';

// What scenario files of other docsets have taught about the grammar of API Doctor.

let space: Workspace;
let server: Server;
let url: string;
let asked: { readonly line: string; readonly body: string }[];
test.beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      asked.push({ line: `${request.method} ${request.url}`, body });
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ id: '1', at: `${url}/elsewhere/7`, key: 'k-42' }));
    });
  });
  url = await listening(server);
  space = workspace({
    'docs/feed.md': page('Feed', { name: 'feed', url: '/v1.0/feed/{part}?token=latest' }),
    'docs/note.md': page('Note', { name: 'note', url: '/v1.0/notes' }),
  });
});
test.afterEach(() => {
  server.closeAllConnections();
  server.close();
  space.remove();
});

const configure = (target: object = {}, more: object = {}): void =>
  space.write(
    'docwright.config.json',
    JSON.stringify({ scenarios: 'tests/*.json', target: 'it', targets: { it: { url, ...target } }, ...more }),
  );

const scenarios = (...list: readonly object[]): void =>
  space.write(
    'tests/some.json',
    JSON.stringify({ scenarios: list.map((each) => ({ enabled: true, ...each })) }, null, 2),
  );

test('a name in braces is what the URL has in braces, and no parameter, key or captured name beside it', async () => {
  configure();
  space.write(
    'docs/post.md',
    page('Post', { name: 'post', method: 'POST', url: '/v1.0/notes' }).replace(
      /^POST .+$/m,
      '$&\nContent-Type: application/json\n\n{ "ownerId": "ada", "id": "as-documented" }',
    ),
  );
  scenarios(
    { name: 'Feed', method: 'feed', 'request-parameters': { '{part}': 'new', '{token}': 'none of it' } },
    {
      name: 'Post',
      method: 'post',
      'test-setup': [{ method: 'note', capture: { '[id]': '$.key', '[ownerId]': '$.key' } }],
      'request-parameters': { '{id}': '[id]' },
    },
  );
  const { stderr } = await space.cli(['run']);
  const lines = asked.map(({ line, body }) => `${line} ${body}`);
  expect(lines, stderr).toContain('GET /v1.0/feed/new?token=latest ');
  expect(lines.find((line) => line.startsWith('POST'))).toContain('"ownerId": "ada", "id": "as-documented"');
  // Turned into a file of ours, it is the same.
  const before = lines.toSorted();
  const { unlinkSync } = await import('node:fs');
  unlinkSync(`${space.folder}/docwright.config.json`);
  const turned = await space.cli(['init', '--from-apidoctor', 'tests']);
  expect(turned.code, turned.stderr).toBe(0);
  unlinkSync(`${space.folder}/docwright.config.mjs`);
  configure({}, { scenarios: 'tests/some.scenarios.yaml' });
  asked = [];
  await space.cli(['run']);
  expect(asked.map(({ line, body }) => `${line} ${body}`).toSorted()).toEqual(before);
});

test('a URL that begins with a captured one goes on behind it, and only to a host that may be asked', async () => {
  configure();
  const setup = (more: object) => [
    { method: 'note', capture: { '[there]': '$.at', '[key]': '$.key' } },
    {
      'http-request': 'GET {where}?of={key}&again=1',
      'request-parameters': { '{where}': '[there]', '{key}': '[key]' },
      ...more,
    },
  ];
  scenarios({ name: 'Behind', method: 'note', 'test-setup': setup({}) });
  const plan = await space.cli(['plan', '--docs', 'docs']);
  expect(plan.stdout, plan.stderr).toContain('GET {where}?of={key}&again=1');
  const ran = await space.cli(['run']);
  expect(ran.code, ran.stderr).toBe(0);
  expect(asked.map(({ line }) => line)).toContain('GET /elsewhere/7?of=k-42&again=1');
  const away = setup({ 'request-parameters': { '{where}': 'https://files.example.com/a', '{key}': '[key]' } });
  scenarios({ name: 'Away', method: 'note', 'test-setup': away });
  await space.cli(['run']);
  expect(space.report().findings.map(({ reason }) => reason)).toContainEqual(
    expect.stringContaining('Missing host files.example.com'),
  );
});

test('words of a path that a scenario asks for are sent to any target: nobody takes them for ids', async () => {
  // Another machine, for a plan: writes send no ids of the docs there.
  configure({ url: 'https://api.example.com/v1.0', writes: true });
  space.write('docs/drive.md', page('Drive', { name: 'drive', url: '/drive' }));
  space.write(
    'docs/item.md',
    page('Item', { name: 'item', method: 'DELETE', url: '/drive/items/{item-id}', status: 204 }),
  );
  space.write(
    'docs/known.md',
    page('Known', { name: 'known', method: 'DELETE', url: '/drive/items/2c5d8e1f4a7b9c0d3e6f' }),
  );
  scenarios(
    { name: 'Item', method: 'item', 'request-parameters': { '{item-id}': 'root:/a.txt' } },
    { name: 'Known', method: 'known' },
  );
  const { stdout, stderr } = await space.cli(['plan', '--docs', 'docs', '--allow-writes']);
  expect(stdout, stderr).toContain('DELETE https://api.example.com/v1.0/drive/items/root:/a.txt');
  expect(stdout).toMatch(/not sent: DELETE \S+\/drive\/items\/2c5d8e1f4a7b9c0d3e6f\n/);
});

test('other JSON that a glob means is passed over; a file that is named by itself is not', async () => {
  configure();
  scenarios({ name: 'Note', method: 'note' });
  const accounts = { accounts: [{ name: 'a', enabled: true, serviceUrl: 'https://a.example.com' }] };
  space.write('tests/accounts.json', JSON.stringify(accounts));
  space.write('tests/tables.json', '{ "tableDefinitions": {} }');
  const ran = await space.cli(['run', '-g', 'note']);
  expect(ran.code, ran.stderr).toBe(0);
  expect(space.report().findings.filter(({ ruleId }) => ruleId.startsWith('scenario/'))).toEqual([]);
  configure({}, { scenarios: ['tests/some.json', 'tests/accounts.json'] });
  await space.cli(['run', '-g', 'note']);
  expect(space.report().findings.map(({ file, reason }) => `${file} ${reason}`)).toContainEqual(
    expect.stringContaining('tests/accounts.json Unexpected key `accounts`'),
  );
});

test('random names of the old form are paths below the root, whatever stands around them', async () => {
  configure();
  scenarios({
    name: 'Feed',
    method: 'feed',
    'request-parameters': { '{part}': 'sub-!random-filename-txt' },
    'test-setup': [{ 'http-request': 'GET /v1.0/x/{a}', 'request-parameters': { '{a}': 'sub-!random-filename-txt!' } }],
  });
  await space.cli(['run']);
  const lines = asked.map(({ line }) => line.replace(/docwright-\w+/, 'NAME'));
  expect(lines).toContain('GET /v1.0/x/sub-NAME.txt');
  expect(lines).toContain('GET /v1.0/feed//sub-NAME.txt?token=latest');
});
