import { expect, test } from '@playwright/test';
import { FILE_PAGES, FILE_SCENARIOS } from './file-docs.ts';
import { openFileService, type FileService } from './file-service.ts';
import { workspace, type Workspace } from './workspace.ts';

/** Documented exchanges, each of which a scenario is for; and the requests that set them up. */
const [EXCHANGES, STEPS] = [13, 14];

let service: FileService;
let space: Workspace;
test.beforeEach(async () => {
  service = await openFileService();
  space = workspace({ ...FILE_PAGES, 'tests/scenarios.json': FILE_SCENARIOS });
  configure();
});
test.afterEach(() => {
  service.close();
  space.remove();
});

function configure(more: object = {}, target: object = {}): void {
  const files = { url: service.url, auth: { bearer: { env: 'FILES_TOKEN' } }, hosts: [service.storage], ...target };
  space.write('docwright.config.json', JSON.stringify({ scenarios: 'tests/*.json', targets: { files }, ...more }));
}

function run(...words: readonly string[]): ReturnType<Workspace['cli']> {
  const all = [...(words.length > 0 ? words : ['run']), '--target', 'files'];
  return space.cli(all, { environment: { FILES_TOKEN: service.token } });
}

/** What was found that is more than a note. */
function grave(): string[] {
  const found = space.report().findings.filter(({ severity }) => severity !== 'note');
  return found.map(({ file, line, column, ruleId }) => `${file}:${line}:${column} ${ruleId}`);
}

function lineOf(file: string, text: string): number {
  const before = space.read(file).split(text);
  expect(before.length, text).toBeGreaterThan(1);
  return before[0]!.split('\n').length;
}

test('scenarios of API Doctor run as they are: sessions, copies, redirects, random names, canned requests', async () => {
  const { code, stderr } = await run();
  expect(code, stderr).toBe(0);
  const { summary, exchanges } = space.report();
  expect(grave()).toEqual([]);
  expect(summary).toMatchObject({ exchanges: EXCHANGES + STEPS, conforming: EXCHANGES + STEPS, unseen: 0 });
  // A documented exchange keeps its id and its place; a step has those of the file it stands in.
  expect(exchanges.find(({ id }) => id === 'files#copy')).toMatchObject({
    file: 'docs/files.md',
    actual: { status: 202 },
  });
  expect(exchanges.find(({ id }) => id.endsWith('#Copy to its end/2 copy'))).toMatchObject({
    file: 'tests/scenarios.json',
    line: lineOf('tests/scenarios.json', '{ "method": "copy",\n'),
    expected: { status: 202, statuses: [202] },
  });
  expect(service.asked.filter((line) => line.includes('/monitor/')).length).toBeGreaterThan(2);
  // What a scenario knows the id of is deleted; the rest is told.
  const left = space.report().findings.filter(({ ruleId }) => ruleId === 'replay/left-behind');
  const files = service.there().filter((path) => !/\.bin$/.test(path));
  expect(files.length).toBeGreaterThan(0);
  expect(stderr).toContain('no documented DELETE reaches it');
  expect(left.every(({ file }) => /^(docs\/|tests\/)/.test(file))).toBe(true);
});

test('what is left of another host is asked without the token, and a host that is not named is not asked at all', async () => {
  configure({}, { hosts: [] });
  const { code, stderr } = await run();
  expect(code, stderr).toBe(0);
  const { findings, summary } = space.report();
  expect(summary.blocked).toBeGreaterThan(0);
  expect(findings.filter(({ ruleId }) => ruleId === 'replay/blocked').map(({ reason }) => reason)).toContainEqual(
    expect.stringContaining(`host ${service.storage}`),
  );
  expect(service.asked.filter((line) => /\/(up|down|monitor)\//.test(line))).toEqual([]);
});

test('a plan shows every step and sends nothing', async () => {
  const { code, stdout } = await run('plan', '--docs', 'docs');
  expect(code).toBe(0);
  expect(stdout).toContain('Scenario Resume a download, tests/scenarios.json:');
  expect(stdout).toContain(`GET ${service.url}/drive/items/{item-id}/content`);
  expect(stdout).toContain('GET {download-url}');
  expect(stdout).toContain('{download-url} is captured: header Location');
  expect(stdout).toContain('Not enabled: 1 scenario');
  expect(service.asked).toEqual([]);
  const { scenarios } = JSON.parse((await run('plan', '--docs', 'docs', '--json')).stdout) as {
    readonly scenarios: readonly { readonly name: string; readonly steps: readonly { readonly sent: boolean }[] }[];
  };
  expect(scenarios).toHaveLength(EXCHANGES);
  expect(scenarios.flatMap(({ steps }) => steps).every(({ sent }) => sent)).toBe(true);
});

test('against the mock scenarios are left out, and what they are for is asked as it is documented', async () => {
  const { code, stderr } = await space.cli(['run']);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain(`${EXCHANGES} scenarios are left out: they are played against a service alone`);
  expect(space.report().summary).toMatchObject({ exchanges: EXCHANGES, conforming: EXCHANGES });
});

test('an expectation that is not met, and a capture that finds nothing, are told on their lines; what comes after is blocked', async () => {
  const edited = FILE_SCENARIOS.replace('["personal", "business"]', '["documentLibrary"]').replace(
    '"capture": { "[monitor-url]": "Location:" }',
    '"capture": { "[monitor-url]": "Operation-Location:" }',
  );
  space.write('tests/scenarios.json', edited);
  const { code } = await run();
  expect(code).toBe(1);
  const file = 'tests/scenarios.json';
  const found = space.report().findings.filter(({ severity }) => severity !== 'note');
  expect(found.map(({ line, ruleId, reason }) => `${line} ${ruleId} ${reason}`)).toEqual([
    `${lineOf('docs/files.md', 'GET https://contoso.sharepoint.com/_api/v2.0/monitor')} replay/blocked Missing step \`copy\` of the scenario, expected before this request can be sent`,
    `${lineOf(file, '["documentLibrary"]')} scenario/expectation Unexpected \`"personal"\` of \`$.driveType\`, expected \`one of "documentLibrary"\``,
    `${lineOf(file, '"[monitor-url]": "Operation')} scenario/capture Missing header \`Operation-Location\` in the answer, expected a value for \`{monitor-url}\``,
  ]);
});

test('a C# expression is told where it stands, with how to write it here; the other scenarios are played', async () => {
  space.write(
    'tests/scenarios.json',
    FILE_SCENARIOS.replace(
      '"{item-path}": "/pictures/newfile.txt"',
      '"{item-path}": "#DateTimeOffset.UtcNow.AddHours(15)"',
    ),
  );
  const { code } = await run();
  expect(code).toBe(1);
  const [expression, ...others] = space.report().findings.filter(({ severity }) => severity === 'error');
  expect(others).toEqual([]);
  expect(expression).toMatchObject({
    ruleId: 'scenario/expression',
    file: 'tests/scenarios.json',
    line: lineOf('tests/scenarios.json', '#DateTimeOffset'),
    note: expect.stringContaining('now: { hours: 15 }') as unknown as string,
  });
  expect(space.report().exchanges.filter(({ outcome }) => outcome === 'conforms').length).toBeGreaterThan(20);
});

test('without permission a scenario changes nothing', async () => {
  configure({}, { readOnly: true });
  const { code, stderr } = await run();
  expect(code, stderr).toBe(0);
  expect(service.asked.filter((line) => !line.startsWith('GET '))).toEqual([]);
  expect(service.there()).toEqual([]);
});

test('init turns scenarios into YAML that runs in the same way, and says what it could not turn', async () => {
  space.write(
    'tests/odd.json',
    '{ "scenarios": [\n  { "method": "copy", "enabled": true, "request-parameters": { "$.name": "#Guid.NewGuid()" } }\n] }',
  );
  space.write('tests/tables.json', '{ "tableDefinitions": { "tables": [], "parsingRules": [] } }');
  space.write(
    'config/schema.json',
    '{ "schemaConfig": { "requiredYamlHeaders": ["title"], "baseUrls": [] },\n "checkServiceEnabledBranches": ["main"] }',
  );
  const account = {
    name: 'Prod',
    enabled: true,
    clientId: 'client',
    clientSecret: 'kept-by-nobody',
    tokenService: 'https://login.example.com/token',
    refreshToken: '$env:REFRESH',
    serviceUrl: 'https://files.example.com/v1.0',
  };
  space.write('tests/accounts.json', JSON.stringify({ accounts: [account] }, null, 2));
  const { unlinkSync } = await import('node:fs');
  unlinkSync(`${space.folder}/docwright.config.json`);
  const { code, stderr } = await space.cli(['init', '--from-apidoctor', '.']);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('Written: tests/scenarios.scenarios.yaml (14 scenarios)');
  expect(stderr).toContain('tests/odd.json:2:64  not turned: Unexpected C# expression `#Guid.NewGuid()`');
  expect(stderr).toContain(
    'config/schema.json:1:55  not turned: `schemaConfig.baseUrls`: every documented host is rewritten',
  );
  expect(stderr).toContain('config/schema.json:2:2  not turned: `checkServiceEnabledBranches`');
  expect(stderr).not.toContain('odd.scenarios');
  const config = space.read('docwright.config.mjs');
  expect(config).toContain('"tests/scenarios.scenarios.yaml"');
  expect(config).toContain('"grant": "refreshToken"');
  expect(config).not.toContain('kept-by-nobody');
  expect(stderr).toContain(
    'not turned: `clientSecret` stands in the file itself; give it in the environment as PROD_CLIENT_SECRET',
  );
  // What was written is a config, and its target one that can be planned for.
  const plan = await space.cli(['plan', '--docs', 'docs', '--target', 'Prod']);
  expect(plan.stdout, plan.stderr).toContain('would be sent to https://files.example.com/v1.0');
  expect(config).toContain('requiredFrontMatter: [\n    "title"\n  ]');
  expect(config).toContain('tables: "tests/tables.json"');
  expect(space.read('tests/scenarios.scenarios.yaml')).toContain('use: create-file');

  const yaml = space.read('tests/scenarios.scenarios.yaml');
  unlinkSync(`${space.folder}/docwright.config.mjs`);
  unlinkSync(`${space.folder}/tests/scenarios.json`);
  configure({ scenarios: ['tests/scenarios.scenarios.yaml'] });
  expect((await run()).code, yaml).toBe(0);
  expect(space.report().summary).toMatchObject({ exchanges: EXCHANGES + STEPS, conforming: EXCHANGES + STEPS });
});
