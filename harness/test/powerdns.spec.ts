import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBuilt } from './built.ts';
import { openGateway } from './gateway.ts';
import { hasPowerDns, howToGetPowerDns, plantMeadow, startPowerDns, type PowerDns } from './powerdns.ts';
import { workspace, type Workspace } from './workspace.ts';
import { FIGURE, WRONG } from './wrong-pages.ts';

const DOCS = fileURLToPath(new URL('../../docs/api/dns', import.meta.url));
const EXCHANGES = 22;

/** Two ways for the id of the created zone to come into later requests. */
const CHAINS = {
  'literal links': { values: { orchard: { generate: 'unique' } } },
  captures: {
    links: false,
    values: { orchard: { generate: 'unique' }, 'orchard.example.': { from: 'create_zone', pointer: '/body/id' } },
  },
} as const;

test('the pages are a model: nothing is found in them, and their mock conforms', async () => {
  const model = workspace();
  cpSync(DOCS, path.join(model.folder, 'docs'), { recursive: true });
  const { code, stderr } = await model.cli(['run', '--docs', 'docs']);
  expect(code, stderr).toBe(0);
  expect(model.report()).toMatchObject({ summary: { exchanges: EXCHANGES, conforming: EXCHANGES }, findings: [] });
  // Items of a bare list are held to their type, each value at its place.
  edit(model, 'get-statistic.md', FIGURE, '"value": 5174');
  edit(model, 'list-servers.md', '"version": "4.7.3",\n    ', '');
  const edited = await model.cli(['run', '--docs', 'docs']);
  expect(edited.code, edited.stderr).toBe(1);
  expect(model.report().findings.map(({ file, line, ruleId }) => `${file}:${line} ${ruleId}`)).toEqual([
    `docs/get-statistic.md:${lineOf(model, 'get-statistic.md', '"value": 5174')} property/type`,
    `docs/list-servers.md:${lineOf(model, 'list-servers.md', '{\n    "id"')} property/missing`,
  ]);
  model.remove();
});

test.describe('a real name server is held to docs/api/dns', () => {
  // Under CI whatever a test needs has to be there: then it fails instead.
  test.skip(!hasPowerDns() && !process.env.CI, howToGetPowerDns);

  let server: PowerDns;
  let space: Workspace;
  test.beforeAll(async () => {
    server = await startPowerDns();
    await plantMeadow(server);
  });
  test.afterAll(() => server.stop());
  test.beforeEach(() => {
    space = workspace();
    cpSync(DOCS, path.join(space.folder, 'docs'), { recursive: true });
  });
  test.afterEach(() => space.remove());

  for (const [chain, more] of Object.entries(CHAINS))
    test(`chained by ${chain}: all conforms, all is cleaned up, and what was there is as it was`, async () => {
      configure(space, server.url, more);
      const before = await everything(server);
      const { code, stdout, stderr } = await run(space, server);
      expect(code, stderr).toBe(0);
      expect(space.report().summary).toMatchObject({ exchanges: EXCHANGES, conforming: EXCHANGES, unseen: 0 });
      expect(space.report().findings).toEqual([]);
      expect(await everything(server)).toEqual(before);
      for (const [file, text] of [['output', stdout + stderr], ...textsIn(space.folder)])
        expect(text, file).not.toContain(server.key);
    });

  test('a plan shows how the zone flows, and asks nothing', async () => {
    const gateway = await openGateway(server.url);
    configure(space, gateway.url, CHAINS['literal links']);
    const { stdout } = await space.cli(['plan', '--docs', 'docs', '--target', 'dns'], environment(server));
    expect(stdout).toContain(`${EXCHANGES} of ${EXCHANGES} requests would be sent`);
    expect(stdout).toContain('create_zone /body/id -> delete_zone `orchard.example.`');
    expect(stdout).toContain('list_servers /body/0/id -> get_server `localhost`');
    expect(stdout).not.toContain(server.key);
    gateway.close();
    expect(gateway.asked).toEqual([]);
  });

  test('a run that ends at a failure in the middle leaves nothing behind', async () => {
    edit(space, 'get-zone.md', '"soa_edit_api": "DEFAULT"\n', '"soa_edit_api": "DEFAULT",\n  "hits": 7\n');
    configure(space, server.url, CHAINS['literal links']);
    const before = await everything(server);
    const { code, stderr } = await run(space, server, '-x');
    expect(code).toBe(1);
    expect(stderr).toContain('Deleted 1 thing that this run created');
    const { conforming, differing, skipped } = space.report().summary;
    expect([differing, skipped > 0, conforming + skipped]).toEqual([1, true, EXCHANGES - 1]);
    expect(outcomeOf(space, 'delete_zone')).toBe('skipped');
    expect(await everything(server)).toEqual(before);
  });

  test('nor does one that is interrupted', async () => {
    // It may have to be built first.
    test.slow();
    const gateway = await openGateway(server.url, (line) => line.startsWith('PATCH'));
    configure(space, gateway.url, CHAINS.captures);
    const before = await everything(server);
    const { environment: extra } = environment(server);
    const child = startBuilt(['run', '--docs', 'docs', '--target', 'dns'], space.folder, extra);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += String(text)));
    const isHeld = (): boolean => child.exitCode !== null || gateway.asked.some((line) => line.startsWith('PATCH'));
    await expect.poll(isHeld, { timeout: 60_000 }).toBe(true);
    expect(child.exitCode, said).toBeNull();
    expect(await server.zones()).toHaveLength(2);
    child.kill('SIGINT');
    expect(await once(child, 'exit'), said).toEqual([130, null]);
    gateway.close();
    expect(await everything(server)).toEqual(before);
    expect(outcomeOf(space, 'create_zone')).toBe('conforms');
    for (const text of [said, ...textsIn(space.folder).map(([, each]) => each)]) expect(text).not.toContain(server.key);
  });

  test('two runs at once do not meet', async () => {
    // SQLite takes one writer at a time, and the server does not wait for its turn.
    const gateway = await openGateway(server.url);
    const before = await everything(server);
    const other = workspace();
    cpSync(DOCS, path.join(other.folder, 'docs'), { recursive: true });
    configure(space, gateway.url, CHAINS['literal links']);
    configure(other, gateway.url, CHAINS.captures);
    const runs = await Promise.all([run(space, server), run(other, server)]);
    expect(
      runs.map(({ code }) => code),
      runs.map(({ stderr }) => stderr).join('\n'),
    ).toEqual([0, 0]);
    const created = gateway.asked.filter((line) => line.startsWith('DELETE') && line.includes('docwright-'));
    expect([created.length, new Set(created).size]).toEqual([2, 2]);
    gateway.close();
    other.remove();
    expect(await everything(server)).toEqual(before);
  });

  test('without permission nothing is changed, and what is read still conforms', async () => {
    const gateway = await openGateway(server.url);
    configure(space, gateway.url, CHAINS['literal links'], { writes: undefined, readOnly: true });
    const { code, stderr } = await run(space, server, '-g', 'list_|get_stat|get_server');
    expect(code, stderr).toBe(0);
    const whole = await run(space, server);
    gateway.close();
    expect(whole.code, whole.stderr).toBe(0);
    expect(gateway.asked.filter((line) => !line.startsWith('GET '))).toEqual([]);
    expect(outcomeOf(space, 'create_zone')).toBe('blocked');
  });

  test('a key that is refused ends the run with 2, with a report', async () => {
    const gateway = await openGateway(server.url);
    configure(space, gateway.url, CHAINS['literal links']);
    const words = ['run', '--docs', 'docs', '--target', 'dns'];
    const { code, stderr } = await space.cli(words, { environment: { DNS_API_KEY: 'not-the-key-of-anybody' } });
    gateway.close();
    expect([code, stderr]).toEqual([2, expect.stringContaining('No account could authenticate')]);
    expect(gateway.asked).toHaveLength(3);
    expect(space.report().summary).toMatchObject({ conforming: 0, differing: 3, blocked: EXCHANGES - 3 });
  });

  for (const { what, edits, at, rule } of WRONG)
    test(`a copy of the pages that is wrong is found out: ${what}`, async () => {
      const before = await everything(server);
      for (const [file, from, to] of edits) edit(space, file, from, to);
      configure(space, server.url, CHAINS['literal links']);
      await run(space, server);
      const errors = space.report().findings.filter(({ severity }) => severity === 'error');
      const [page, text, nth] = at;
      expect(errors.map(({ file, line, ruleId }) => `${file}:${line} ${ruleId}`)).toEqual([
        `docs/${page}:${lineOf(space, page, text, nth)} ${rule}`,
      ]);
      expect(await everything(server)).toEqual(before);
    });

  test('what the server answers beside the docs is a warning where it would stand', async () => {
    for (const file of ['list-servers.md', 'get-server.md', 'resources/server.md'])
      edit(space, file, /^ +"version": .*\n|^\|version\|.*\n/gm, '');
    configure(space, server.url, CHAINS['literal links']);
    const { code } = await run(space, server);
    expect(code).toBe(0);
    expect(space.report().findings.map(({ file, ruleId, pointer }) => `${file} ${ruleId} ${pointer}`)).toEqual([
      'docs/get-server.md property/undocumented /body/version',
      'docs/list-servers.md property/undocumented /body/0/version',
    ]);
  });
});

/** All that the server holds, byte by byte. */
async function everything({ ask }: PowerDns): Promise<readonly string[]> {
  const paths = [
    '/zones',
    '/zones/meadow.example.',
    '/zones/meadow.example./metadata',
    '/zones/meadow.example./export',
  ];
  return Promise.all(paths.map((each) => ask('GET', each)));
}

function configure(space: Workspace, url: string, more: object, target: object = {}): void {
  const auth = { apiKey: { header: 'X-API-Key', value: { env: 'DNS_API_KEY' } } };
  // One request at a time, in the order of the docs: the server loses a write where two come together.
  const dns = { url, writes: true, auth, concurrency: 1, ...target };
  space.write('docwright.config.json', JSON.stringify({ ...more, targets: { dns } }));
}

function environment({ key }: PowerDns): { readonly environment: Record<string, string> } {
  return { environment: { DNS_API_KEY: key } };
}

function run(space: Workspace, server: PowerDns, ...words: readonly string[]): ReturnType<Workspace['cli']> {
  return space.cli(['run', '--docs', 'docs', '--target', 'dns', ...words], environment(server));
}

function outcomeOf(space: Workspace, name: string): string | undefined {
  return space.report().exchanges.find(({ id }) => id.endsWith(`#${name}`))?.outcome;
}

/** Puts something in the place of what a page holds; that it holds it is part of the test. */
function edit(space: Workspace, page: string, from: string | RegExp, to: string): void {
  const text = space.read(`docs/${page}`);
  const edited = text.replace(from, () => to);
  expect(edited, `${page}: ${from}`).not.toBe(text);
  space.write(`docs/${page}`, edited);
}

/** The number of the line in which a text begins for the nth time. */
function lineOf(space: Workspace, page: string, text: string, nth = 1): number {
  const parts = space.read(`docs/${page}`).split(text);
  expect(parts.length, text).toBeGreaterThan(nth);
  return parts.slice(0, nth).join(text).split('\n').length;
}

/** Every file below a folder, hidden ones too. */
function textsIn(folder: string): (readonly [file: string, text: string])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => [file, readFileSync(file, 'latin1')] as const);
}
