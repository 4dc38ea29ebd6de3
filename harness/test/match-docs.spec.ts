import { expect, test } from '@playwright/test';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toMatchDocs } from '../doors/expect.ts';
import { expect as expectDocs } from '../doors/playwright.ts';
import { page, workspace, type Workspace } from './workspace.ts';

let space: Workspace;
let server: Server;
let url: string;
let body: string;

test.beforeAll(async () => {
  space = workspace({
    'docs/a.md': page('A thing', { name: 'get_thing' }),
    'docs/b.md': page('Another', { name: 'get_other', url: '/v1.0/others/1' }),
    'docs/c.md': page('The other again', { name: 'get_other', url: '/v1.0/others/2' }),
  });
  await space.cli(['compile', '--quiet']);
  server = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1.0/things/1`;
});
test.afterAll(() => {
  server.closeAllConnections();
  server.close();
  space.remove();
});

/** The message of the failure, without colour. */
async function failure(work: Promise<unknown>): Promise<string> {
  const message = await work.then(
    () => 'no failure',
    (error: Error) => error.message,
  );

  return message.replace(/\u001b\[[\d;]*m/g, '');
}

const DRAWN = `Expected the answer that is documented of \`a#get_thing\` (docs/a.md)

docs/a.md

14:3  error  Unexpected number for \`id\`, expected a string  property/type
    14 |   "id": "1"
       |   ^^^^
    expected  string
    actual    7`;

for (const kind of ['an APIResponse of Playwright', 'a Response of Fetch'])
  test(`${kind} keeps what is documented, or its fault is drawn on the line of the page`, async ({ request }) => {
    const cwd = space.folder;
    const ask = () => (kind.startsWith('an API') ? request.get(url) : fetch(url));
    body = '{ "id": "7" }';
    await expectDocs(await ask()).toMatchDocs('get_thing', { cwd });
    await expectDocs(await ask()).toMatchDocs('a#get_thing', { cwd });
    expect(await failure(expectDocs(await ask()).not.toMatchDocs('get_thing', { cwd }))).toContain(
      'Expected the answer to differ from what is documented of `a#get_thing` (docs/a.md)',
    );
    body = '{ "id": 7 }';
    await expectDocs(await ask()).not.toMatchDocs('get_thing', { cwd });
    expect(await failure(expectDocs(await ask()).toMatchDocs('get_thing', { cwd }))).toContain(DRAWN);
    // Whoever matches may read the body all the same.
    const answer = await ask();
    expect((await toMatchDocs(answer, 'get_thing', { cwd })).pass).toBe(false);
    expect(await answer.json()).toEqual({ id: 7 });
  });

test('what cannot be matched is named', async () => {
  const cwd = space.folder;
  const answer = new Response('{ "id": "7" }', { headers: { 'Content-Type': 'application/json' } });
  for (const [value, name, message] of [
    [answer, 'get_thin', 'No exchange `get_thin` is documented, did you mean `get_thing`?'],
    [answer, 'get_other', 'Several exchanges are named `get_other`, say which: `b#get_other`, `c#get_other`'],
    [{ status: 200 }, 'get_thing', 'Unexpected value, expected a Response of Fetch or an APIResponse of Playwright'],
    [undefined, 'get_thing', 'Unexpected value, expected a Response of Fetch or an APIResponse of Playwright'],
    [answer, undefined, "Missing name of an exchange, expected toMatchDocs('name')"],
  ] as [unknown, string, string][])
    expect(await failure(toMatchDocs(value, name, { cwd }))).toBe(message);
  await answer.text();
  expect(await failure(toMatchDocs(answer, 'get_thing', { cwd }))).toBe(
    'The body of the response was read already; match it before, or a clone',
  );
  expect(await failure(toMatchDocs(answer, 'get_thing', { cwd, config: 'nowhere.ts' }))).toBe(
    'No config file `nowhere.ts`',
  );
  for (const [options, message] of [
    [{ docz: 'docs' }, 'Unknown option `docz` of toMatchDocs(), did you mean `docs`?'],
    [{ match: 'exakt' }, 'Unexpected value `"exakt"` of option `match` of toMatchDocs(), expected `shape` or'],
  ] as const) {
    const error = (await toMatchDocs(answer, 'get_thing', { cwd, ...options } as object).catch(String)) as string;
    expect(error).toContain(message);
  }
});

test('the place of a fault of usage is that of the call', async () => {
  const answer = new Response('{ "id": "7" }', { headers: { 'Content-Type': 'application/json' } });
  const call = (): Promise<void> => expectDocs(answer).toMatchDocs('get_thin', { cwd: space.folder });
  const { stack } = (await call().catch((error: unknown) => error)) as Error;
  expect(stack).toMatch(/No exchange `get_thin`[^\n]*\n( +at .*\n)*? +at .*match-docs\.spec\.ts/);
});

test('the target of the config is not asked, and what its account needs is not', async () => {
  const target = { url: 'https://api.example.com', auth: { bearer: { env: 'NOT_SET_ANYWHERE' } } };
  space.write('live.json', JSON.stringify({ target: 'live', targets: { live: target } }));
  const answer = new Response('{ "id": "7" }', { headers: { 'Content-Type': 'application/json' } });
  const matched = await toMatchDocs(answer, 'get_thing', { cwd: space.folder, config: 'live.json' });
  expect(matched.pass).toBe(true);
});
