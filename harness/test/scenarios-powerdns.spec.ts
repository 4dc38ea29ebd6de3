import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBuilt } from './built.ts';
import { openGateway } from './gateway.ts';
import { hasPowerDns, howToGetPowerDns, startPowerDns, type PowerDns } from './powerdns.ts';
import { workspace, type Workspace } from './workspace.ts';

const DOCS = fileURLToPath(new URL('../../docs/api/dns', import.meta.url));
const EXCHANGES = 22;
const FILE = 'docs/zones.scenarios.yaml';

/** A zone with records: made by documented requests and one of its own, changed, looked at, removed; \`get_zone\` is asked in the middle. */
const ZONES = `
scenarios:
  - name: A zone with records
    for: get_zone
    tags: [records]
    values:
      orchard: { generate: unique }
      zone: '{orchard}.example.'
    steps:
      - use: zone
      - name: add an address
        http: |
          PATCH /api/v1/servers/localhost/zones/{zone_id}
          Content-Type: application/json

          { "rrsets": [{ "name": "new.{zone_id}", "type": "A", "ttl": 60, "changetype": "REPLACE",
            "records": [{ "content": "192.0.2.99", "disabled": false }] }] }
        expect: { status: 204 }
      - exchange: get_zone
        with: { 'orchard.example.': '{zone_id}' }
        expect:
          body:
            $.kind: [Native, Master]
            $.rrsets[?@.name=='new.{zone_id}'].records[0].content: 192.0.2.99
      - name: ask until it is served
        http: GET /api/v1/servers/localhost/zones/{zone_id}
        poll: { every: 50, within: 5000, until: { body: { "$.rrsets[?@.name=='new.{zone_id}'].ttl": 60 } } }
      - name: remove the address
        http: |
          PATCH /api/v1/servers/localhost/zones/{zone_id}
          Content-Type: application/json

          {"rrsets": [{"name": "new.{zone_id}", "type": "A", "changetype": "DELETE"}]}
        expect: { status: 204 }
      - name: it is gone
        http: GET /api/v1/servers/localhost/zones/{zone_id}
        expect: { absent: ["$.rrsets[?@.name=='new.{zone_id}']"] }
    cleanup:
      - name: remove the zone
        http: DELETE /api/v1/servers/localhost/zones/{zone_id}

steps:
  zone:
    - exchange: create_zone
      expect: { status: 201 }
      capture: { zone_id: $.id }
`;
/** Steps of it that are no documented exchange in its own name. */
const STEPS = 6;

test.describe('scenarios against a real name server', () => {
  // Under CI whatever a test needs has to be there: then it fails instead.
  test.skip(!hasPowerDns() && !process.env.CI, howToGetPowerDns);

  let server: PowerDns;
  let space: Workspace;
  test.beforeAll(async () => {
    server = await startPowerDns();
    await server.ask('POST', '/zones', {
      name: 'meadow.example.',
      kind: 'Native',
      nameservers: ['ns.meadow.example.'],
    });
  });
  test.afterAll(() => server.stop());
  test.beforeEach(() => {
    space = prepared(server.url);
  });
  test.afterEach(() => space.remove());

  test('a zone with records is made, patched, looked at and removed, beside everything else', async () => {
    const { code, stderr } = await run(space, server);
    expect(code, stderr).toBe(0);
    const { summary, exchanges, findings } = space.report();
    expect(findings).toEqual([]);
    expect(summary).toMatchObject({ exchanges: EXCHANGES + STEPS, conforming: EXCHANGES + STEPS, unseen: 0 });
    expect(exchanges.filter(({ file }) => file === FILE).map(({ id, line }) => [id, line])).toEqual([
      [`${FILE}#A zone with records/1 create_zone`, lineOf('- exchange: create_zone')],
      [`${FILE}#A zone with records/2 add an address`, lineOf('- name: add an')],
      [`${FILE}#A zone with records/4 ask until it is served`, lineOf('- name: ask until')],
      [`${FILE}#A zone with records/5 remove the address`, lineOf('- name: remove the address')],
      [`${FILE}#A zone with records/6 it is gone`, lineOf('- name: it is gone')],
      [`${FILE}#A zone with records/7 remove the zone`, lineOf('- name: remove the zone')],
    ]);
    expect(await server.zones()).toEqual(['meadow.example.']);
  });

  test('--tag plays it alone, and what it is for', async () => {
    const { code, stderr } = await run(space, server, '--tag', 'records');
    expect(code, stderr).toBe(0);
    expect(space.report().summary).toMatchObject({ exchanges: STEPS + 1, conforming: STEPS + 1 });
    const none = await run(space, server, '--tag', 'nothing');
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('Nothing selected')]);
  });

  test('after a planted failure it is cleared up, and everything else goes on', async () => {
    space.write(FILE, ZONES.replace('$.kind: [Native, Master]', '$.kind: Slave'));
    const { code } = await run(space, server);
    expect(code).toBe(1);
    const { findings, summary } = space.report();
    const [wrong] = findings.filter(({ severity }) => severity === 'error');
    expect(wrong).toMatchObject({
      ruleId: 'scenario/expectation',
      file: FILE,
      line: lineOf('$.kind'),
      actual: '"Native"',
    });
    expect(findings.filter(({ ruleId }) => ruleId === 'replay/blocked')).toHaveLength(3);
    expect(summary).toMatchObject({ differing: 1, blocked: 3, conforming: EXCHANGES + STEPS - 4 });
    expect(outcome('7 remove the zone')).toBe('conforms');
    expect(await server.zones()).toEqual(['meadow.example.']);
  });

  test('a clean-up that fails is told, and what it left is deleted by the run', async () => {
    space.write(
      FILE,
      ZONES.replace(
        'DELETE /api/v1/servers/localhost/zones/{zone_id}',
        'DELETE /api/v1/servers/localhost/zones/{zone_id}/cryptokeys/77',
      ),
    );
    const { code } = await run(space, server, '--tag', 'records');
    expect(code).toBe(0);
    // 404 means that there is nothing to clear up; 405 does not.
    space.write(
      FILE,
      ZONES.replace('DELETE /api/v1/servers/localhost/zones/{zone_id}', 'DELETE /api/v1/servers/localhost/zones'),
    );
    const wrong = await run(space, server, '--tag', 'records');
    expect(wrong.code).toBe(1);
    expect(space.report().findings.map(({ file, line, ruleId }) => `${file}:${line} ${ruleId}`)).toEqual([
      `${FILE}:${lineOf('- name: remove the zone')} scenario/clean-up`,
    ]);
    expect(wrong.stderr).toContain('Deleted 1 thing that this run created');
    expect(await server.zones()).toEqual(['meadow.example.']);
  });

  test('after Ctrl-C it is cleared up', async () => {
    test.slow();
    const gateway = await openGateway(server.url, (line) => line.startsWith('PATCH'));
    space.remove();
    space = prepared(gateway.url);
    const child = startBuilt(['run', '--docs', 'docs', '--target', 'dns', '--tag', 'records'], space.folder, {
      DNS_API_KEY: server.key,
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += String(text)));
    const isHeld = (): boolean => child.exitCode !== null || gateway.asked.some((line) => line.startsWith('PATCH'));
    await expect.poll(isHeld, { timeout: 60_000 }).toBe(true);
    expect(await server.zones()).toHaveLength(2);
    child.kill('SIGINT');
    expect(await once(child, 'exit'), said).toEqual([130, null]);
    expect(gateway.asked.filter((line) => line.startsWith('DELETE'))).toHaveLength(1);
    gateway.close();
    expect(outcome('7 remove the zone')).toBe('conforms');
    expect(await server.zones()).toEqual(['meadow.example.']);
  });

  test('a run that was killed goes on: no write is sent again, what was captured is known, and it is cleared up', async () => {
    test.slow();
    let isHolding = true;
    const gateway = await openGateway(server.url, (line) => isHolding && line.startsWith('PATCH'));
    space.remove();
    space = prepared(gateway.url);
    const child = startBuilt(['run', '--docs', 'docs', '--target', 'dns', '--tag', 'records'], space.folder, {
      DNS_API_KEY: server.key,
    });
    const isHeld = (): boolean => child.exitCode !== null || gateway.asked.some((line) => line.startsWith('PATCH'));
    await expect.poll(isHeld, { timeout: 60_000 }).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await server.zones()).toHaveLength(2);
    isHolding = false;
    const { code, stderr } = await run(space, server, '--tag', 'records', '--resume');
    expect([code, stderr]).toEqual([1, expect.stringContaining('1 sent of which nobody knows the answer')]);
    expect(gateway.asked.filter((line) => !line.startsWith('GET')).map((line) => line.split(' ', 1)[0])).toEqual([
      'POST',
      'PATCH',
      'DELETE',
    ]);
    gateway.close();
    expect(['1 create_zone', '2 add an address', '5 remove the address', '7 remove the zone'].map(outcome)).toEqual([
      'conforms',
      'unanswered',
      'blocked',
      'conforms',
    ]);
    expect(await server.zones()).toEqual(['meadow.example.']);
  });

  test('two runs at once do not meet', async () => {
    const gateway = await openGateway(server.url);
    const spaces = [prepared(gateway.url), prepared(gateway.url)];
    const runs = await Promise.all(spaces.map((each) => run(each, server, '--tag', 'records')));
    expect(
      runs.map(({ code }) => code),
      runs.map(({ stderr }) => stderr).join('\n'),
    ).toEqual([0, 0]);
    const deleted = gateway.asked.filter((line) => line.startsWith('DELETE'));
    expect([deleted.length, new Set(deleted).size]).toEqual([2, 2]);
    gateway.close();
    for (const each of spaces) each.remove();
    expect(await server.zones()).toEqual(['meadow.example.']);
  });

  function outcome(step: string): string | undefined {
    return space.report().exchanges.find(({ id }) => id === `${FILE}#A zone with records/${step}`)?.outcome;
  }

  function lineOf(text: string): number {
    const [before, after] = space.read(FILE).split(text);
    expect(after, text).toBeDefined();
    return before!.split('\n').length;
  }
});

function prepared(url: string): Workspace {
  const space = workspace({ [FILE]: ZONES });
  cpSync(DOCS, path.join(space.folder, 'docs'), { recursive: true });
  const auth = { apiKey: { header: 'X-API-Key', value: { env: 'DNS_API_KEY' } } };
  const targets = { dns: { url, writes: true, auth, concurrency: 1 } };
  space.write('docwright.config.json', JSON.stringify({ values: { orchard: { generate: 'unique' } }, targets }));
  return space;
}

function run(space: Workspace, server: PowerDns, ...words: readonly string[]): ReturnType<Workspace['cli']> {
  const environment = { DNS_API_KEY: server.key };
  return space.cli(['run', '--docs', 'docs', '--target', 'dns', ...words], { environment });
}
