import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { validator } from '../model/schemas.ts';
import { FILE_PAGES } from './file-docs.ts';
import { openFileService, type FileService } from './file-service.ts';
import { workspace, type Run, type Workspace } from './workspace.ts';

let service: FileService;
let space: Workspace;
test.beforeEach(async () => {
  service = await openFileService();
  space = workspace({ 'docs/files.md': FILE_PAGES['docs/files.md']! });
  configure();
});
test.afterEach(() => {
  service.close();
  space.remove();
});

function configure(more: object = {}, target: object = {}): void {
  const files = { url: service.url, auth: { bearer: { env: 'FILES_TOKEN' } }, hosts: [service.storage], ...target };
  space.write('docwright.config.json', JSON.stringify({ targets: { files }, ...more }));
}

/** Only what scenarios ask for: the pages themselves are asked for elsewhere. */
function run(...words: readonly string[]): Promise<Run> {
  const environment = { FILES_TOKEN: service.token, SHARED_KEY: 'key-of-somebody-1234' };
  return space.cli(['run', '--target', 'files', '-g', 'yaml#', ...words], { environment });
}

function found(severity?: string): string[] {
  return space
    .report()
    .findings.filter((each) => (severity === undefined ? each.severity !== 'note' : each.severity === severity))
    .filter(({ file }) => file.endsWith('.yaml'))
    .map(({ file, line, column, ruleId, reason }) => `${file}:${line}:${column} ${ruleId} ${reason}`);
}

const UPLOAD = `
      - http: |
          PUT /drive/root:/{file}:/content
          Content-Type: text/plain

          Hello
        expect: { status: 201 }
        capture: { id: $.id }`;

test('what cannot be read is told where it stands, with what was meant; the rest is played', async () => {
  space.write(
    'docs/a.scenarios.yaml',
    `scenarios:
  - name: fine
    steps: [{ http: GET /drive }]
  - name: misspelt
    steps:
      - http: GET /drive
        expct: { status: 200 }
  - name: no such exchange
    for: get-itme
  - name: no such steps
    steps: [{ use: prepair }]
  - name: round and round
    steps: [{ use: round }]
  - name: two at once
    steps: [{ http: GET /drive, exchange: upload }]
  - name: no path
    steps: [{ http: GET /drive, capture: { id: '$.' } }]
  - name: no request
    steps: [{ http: 'to be written' }]
  - name: who asks
    steps: [{ exchange: upload, set: { headers: { Authorization: Bearer mine } } }]
  - name: nothing at all
steps:
  prepare: [{ http: GET /drive }]
  round: [{ use: about }]
  about: [{ use: round }]
`,
  );
  space.write('docs/b.scenarios.yaml', 'scenarios:\n  - name: [unclosed\n');
  space.write('docs/c.scenarios.yaml', 'scenarios: {}\n');
  const { code } = await run();
  expect(code).toBe(1);
  const file = 'docs/a.scenarios.yaml';
  expect(found()).toEqual([
    `${file}:7:9 scenario/unreadable Unexpected key \`expct\`, expected one of \`name\`, \`exchange\`, \`http\`, \`use\`, \`account\`, \`values\`, \`with\`, \`set\`, \`expect\`, \`capture\`, \`poll\`, did you mean \`expect\`?`,
    `${file}:9:5 scenario/reference Unexpected \`get-itme\`, expected the name or id of a documented exchange, did you mean \`get-item\`?`,
    `${file}:11:15 scenario/reference Unexpected \`prepair\`, expected the name of steps that can be used, did you mean \`prepare\`?`,
    `${file}:15:13 scenario/unreadable Unexpected \`exchange\` and \`http\`, expected one of \`exchange\`, \`http\` and \`use\``,
    `${file}:17:44 scenario/unreadable Unexpected \`$.\`, expected a JSONPath (RFC 9535) such as \`$.id\`: it cannot be read from character 3 on`,
    `${file}:19:15 scenario/unreadable Unexpected \`to be written\`, expected a request line such as \`GET /users\``,
    `${file}:21:51 scenario/unreadable Unexpected header \`Authorization\`, expected one that a request may choose`,
    `${file}:22:5 scenario/unreadable Missing steps, expected \`steps\`, or an exchange that the scenario is \`for\``,
    `${file}:26:13 scenario/cycle Unexpected circle of steps \`round\` → \`about\` → \`round\`, expected an end`,
    expect.stringMatching(/^docs\/b\.scenarios\.yaml:\d+:\d+ scenario\/unreadable Unexpected text, expected YAML: /),
    'docs/c.scenarios.yaml:1:1 scenario/unreadable Unexpected value of `scenarios`: it must be array',
  ]);
  expect(service.asked).toEqual(['GET /drive']);
  expect(space.report().summary).toMatchObject({ exchanges: 1, conforming: 1 });
  // Nothing has to be sent for that: check says the same, each time.
  const faults = found();
  for (let times = 0; times < 2; times++) {
    expect((await space.cli(['check'])).code).toBe(1);
    expect(found()).toEqual(faults);
  }
});

test('a scenario in the config is held to the same; what is wrong with it ends the run before anything is sent', async () => {
  const scenario = { name: 'typed', steps: [{ http: 'GET /drive', expect: { body: { '$.driveType': 'personal' } } }] };
  configure({ scenarios: [scenario] });
  const fine = await space.cli(['run', '--target', 'files', '-g', 'typed'], {
    environment: { FILES_TOKEN: service.token },
  });
  expect(fine.code, fine.stderr).toBe(0);
  expect(space.report().exchanges).toEqual([
    expect.objectContaining({
      id: 'docwright.config.json#typed/1 GET /drive',
      file: 'docwright.config.json',
      outcome: 'conforms',
    }),
  ]);
  configure({ scenarios: [{ ...scenario, fors: 'get-item' }] });
  const { code, stderr } = await run();
  expect(code).toBe(2);
  expect(stderr).toMatch(/docwright\.config\.json:1:\d+: Unexpected key `fors`.*did you mean `for`\?/);
  configure({ scenarios: 'nowhere/*.yaml' });
  expect((await run()).stderr).toContain('No scenario file `nowhere/*.yaml`');
  expect(service.asked).toHaveLength(1);
});

test('values: text of text, new names, times, base64, a secret that nobody is told; types survive', async () => {
  space.write(
    'docs/values.scenarios.yaml',
    `scenarios:
  - name: values
    values:
      run: { generate: unique, suffix: .txt }
      file: 'it was {run}'
      tomorrow: { now: { days: 1 } }
      key: { env: SHARED_KEY }
      coded: { base64url: '{id}?', prefix: 'u!' }
    steps:${UPLOAD}
      - exchange: get-item
        with: { item-id: '{id}' }
        capture: { size: $.size, name: $.name }
      - name: all of them
        http: |
          PUT /drive/root:/{file}.copy:/content
          X-Key: {key}
          X-Until: {tomorrow}
          X-Code: {coded}
          Content-Type: application/json

          { "name": "{name}", "size": {size}, "until": "{tomorrow}", "other": "{no name}" }
        capture: { copy: $.id }
    cleanup:
      - { exchange: delete-item, with: { item-id: '{id}' } }
      - { exchange: delete-item, with: { item-id: '{copy}' } }
`,
  );
  const { code, stdout, stderr } = await run();
  expect(code, stderr).toBe(0);
  expect(found()).toEqual([]);
  expect(service.there()).toEqual([]);
  const [, put = ''] = service.asked.filter((line) => line.startsWith('PUT'));
  expect(put).toMatch(/^PUT \/drive\/root:\/it was docwright-[a-z2-7]+\d\.txt\.copy:\/content$/);
  for (const text of [stdout, stderr, readFileSync(`${space.folder}/reports/index.html`, 'utf8')])
    expect(text).not.toContain('key-of-somebody-1234');
});

test('several scenarios for one exchange show it in several states; the first is reported as the exchange', async () => {
  const page = FILE_PAGES['docs/files.md']!;
  const missing =
    '<!-- { "blockType": "response", "name": "get-item" } -->\n```http\nHTTP/1.1 404 Not Found\nContent-Type: application/json\n\n{ "error": { "code": "itemNotFound", "message": "It is not there." } }\n```\n';
  space.write('docs/files.md', `${page}\n${missing}`);
  space.write(
    'docs/states.scenarios.yaml',
    `scenarios:
  - name: it is there
    for: get-item
    tags: [there]
    values: { file: { generate: unique } }
    steps:${UPLOAD}
      - { exchange: get-item, with: { item-id: '{id}' }, expect: { status: 200 } }
    cleanup: [{ exchange: delete-item, with: { item-id: '{id}' } }]
  - name: it is not
    for: get-item
    tags: [gone]
    steps:
      - { exchange: get-item, with: { item-id: F0!1 }, expect: { status: 404 } }
`,
  );
  expect((await run()).code).toBe(0);
  const outcomes = (): unknown[] =>
    space.report().exchanges.map(({ id, outcome, actual }) => [id, outcome, actual?.status]);
  expect(outcomes()).toEqual([
    ['files#get-item', 'conforms', 200],
    ['docs/states.scenarios.yaml#it is there/1 PUT /drive/root:/{file}:/content', 'conforms', 201],
    ['docs/states.scenarios.yaml#it is there/3 delete-item', 'conforms', 204],
    ['docs/states.scenarios.yaml#it is not/1 get-item', 'conforms', 404],
  ]);
  expect(space.report().summary.unseen).toBe(0);
  await space.cli(['run', '--target', 'files', '--tag', 'gone'], { environment: { FILES_TOKEN: service.token } });
  expect(outcomes()).toEqual([['files#get-item', 'conforms', 404]]);
  expect(space.report().summary.unseen).toBe(1);
});

test('what is never sent clears up nothing; what is made is in the ledger, whatever becomes of the scenario', async () => {
  space.write(
    'docs/ledger.scenarios.yaml',
    `scenarios:
  - name: made and forgotten
    values: { file: { generate: unique } }
    steps:${UPLOAD}
      - { http: GET /drive/items/none }
    cleanup: [{ http: 'DELETE /drive/items/{id}', expect: { status: 418 } }]
  - name: never begun
    steps: [{ http: 'GET {nowhere}/x', account: nobody }]
    cleanup: [{ http: DELETE /drive/items/none }]
`,
  );
  const { code } = await run();
  expect(code).toBe(1);
  const file = 'docs/ledger.scenarios.yaml';
  expect(found()).toEqual([
    `${file}:12:9 scenario/expectation Unexpected status code \`404\`, expected a success`,
    `${file}:13:61 scenario/clean-up Unexpected status code \`204\`, expected \`418\``,
    `${file}:15:13 replay/blocked Missing account nobody, value {nowhere}, expected before this request can be sent`,
  ]);
  expect(
    space.report().exchanges.find(({ id }) => id.endsWith('never begun/2 DELETE /drive/items/none'))?.outcome,
  ).toBe('skipped');
  expect(service.there()).toEqual([]);
});

test('a request without the account, and blocks of testParams in pages', async () => {
  space.write(
    'docs/files.md',
    `${FILE_PAGES['docs/files.md']!.replace(
      '<!-- { "blockType": "request", "name": "delete-item" } -->',
      `<!-- { "blockType": "testParams" } -->
\`\`\`json
[
  { "name": "stranger", "enabled": true, "request-parameters": { "{item-id}": "1", "Authorization:": null }, "allowed-status-codes": [401] }
]
\`\`\`

<!-- { "blockType": "request", "name": "delete-item" } -->`,
    )}`,
  );
  const { code, stderr } = await space.cli(['run', '--target', 'files', '-g', 'stranger'], {
    environment: { FILES_TOKEN: service.token },
  });
  expect(code, stderr).toBe(0);
  expect(space.report().exchanges).toEqual([
    expect.objectContaining({ id: 'files#get-item', actual: { status: 401 } }),
  ]);
});

test('names of properties and actions are changed on the way there and back', async () => {
  configure(
    {},
    {
      transformations: {
        request: { properties: { '@graph.': '@drive.' }, actions: { prefix: 'drive.' } },
        response: { properties: { size: '@graph.size' } },
      },
    },
  );
  space.write(
    'docs/files.md',
    FILE_PAGES['docs/files.md']!.replace('"name": "copy" }', '"name": "copy", "target": "action" }'),
  );
  space.write(
    'docs/names.scenarios.yaml',
    `scenarios:
  - name: names
    values: { file: { generate: unique } }
    steps:${UPLOAD}
      - { exchange: get-item, with: { item-id: '{id}' }, expect: { body: { "$['@graph.size']": 5 }, absent: [$.size] } }
      - { exchange: copy, with: { item-id: '{id}' }, set: { json: { "$['@graph.x']": 1 } }, expect: { status: 405 } }
    cleanup: [{ exchange: delete-item, with: { item-id: '{id}' } }]
`,
  );
  const { code, stderr } = await run();
  expect(code, stderr + found().join('\n')).toBe(0);
  expect(service.asked.some((line) => line.endsWith('/drive.copy'))).toBe(true);
});

test('accounts of API Doctor are targets of their names', async () => {
  const account = {
    name: 'Prod',
    enabled: true,
    clientId: 'client',
    clientSecret: '$env:PROD_SECRET',
    tokenService: 'http://127.0.0.1:1/token',
    refreshToken: 'secret-refresh-token',
    serviceUrl: service.url,
    scopes: ['files.read'],
    additionalHeaders: ['X-Tenant: a'],
  };
  const accounts = [
    account,
    { ...account, name: 'Off', enabled: false },
    { ...account, name: 'Words', oauthType: 'UserPassword' },
    {
      ...account,
      name: 'Person',
      oauthType: 'userPassword',
      username: '$env:PERSON',
      password: 'secret-password',
      tokenService: 'https://login.example.com/tenant',
      additionalHeaders: ['X-API-Key: secret-key', 'no header'],
    },
    { ...account, name: 'Where', serviceUrl: '$env:WHERE_URL', oauthType: 'RefreshToken', redirectUri: 'urn:back' },
    { ...account, name: 'Other', oauthType: 'Implicit' },
  ];
  space.write('tests/accounts.json', JSON.stringify({ accounts }, null, 2));
  const { accountTargets } = await import('../compile/scenarios/accounts.ts');
  const { targets, left } = accountTargets({ accounts }, { keepSecrets: false });
  expect(targets).toEqual({
    Prod: {
      url: service.url,
      accounts: {
        Prod: {
          auth: {
            oauth: {
              grant: 'refreshToken',
              tokenEndpoint: 'http://127.0.0.1:1/token',
              clientId: 'client',
              clientSecret: { env: 'PROD_SECRET' },
              clientAuth: 'post',
              refreshToken: { env: 'PROD_REFRESH_TOKEN' },
            },
          },
          headers: { 'X-Tenant': 'a' },
          scopes: ['files.read'],
        },
      },
    },
    Person: {
      url: service.url,
      accounts: {
        Person: {
          auth: {
            oauth: {
              grant: 'password',
              tokenEndpoint: 'https://login.example.com/tenant/oauth2/v2.0/token',
              user: { env: 'PERSON' },
              password: { env: 'PERSON_PASSWORD' },
              scope: ['files.read'],
              clientId: 'client',
              clientSecret: { env: 'PROD_SECRET' },
              clientAuth: 'post',
            },
          },
          headers: { 'X-API-Key': { env: 'PERSON_X_API_KEY' } },
          scopes: ['files.read'],
        },
      },
    },
  });
  const pointers = left.map(({ pointer }) => pointer);
  expect(pointers).toEqual([
    '/accounts/0/refreshToken',
    '/accounts/1',
    '/accounts/2/refreshToken',
    '/accounts/2',
    '/accounts/3/refreshToken',
    '/accounts/3/password',
    '/accounts/3/additionalHeaders/1',
    '/accounts/3/additionalHeaders/0',
    '/accounts/4/serviceUrl',
    '/accounts/5/refreshToken',
    '/accounts/5/oauthType',
  ]);
  expect(JSON.stringify(left)).not.toMatch(/secret-/);
  const forResource = {
    ...accounts[3],
    resource: 'https://files.example.com',
    tokenService: 'https://x.example/t/token',
  };
  const known = accountTargets({ accounts: [accounts[4], forResource] }, { environment: { WHERE_URL: service.url } });
  expect(known.targets).toMatchObject({
    Where: { url: service.url, accounts: { Where: { auth: { oauth: { redirectUri: 'urn:back' } } } } },
    Person: {
      accounts: {
        Person: {
          auth: { oauth: { tokenEndpoint: 'https://x.example/t/token', resource: 'https://files.example.com' } },
        },
      },
    },
  });
  expect(JSON.stringify(known.targets['Person'])).not.toContain('"scope"');
  configure({ accounts: 'tests/accounts.json' });
  const plan = await space.cli(['plan', '--docs', 'docs', '--target', 'Prod', '-g', 'get-item']);
  expect(plan.stdout, plan.stderr).toContain(service.url);
  expect(plan.stdout).not.toContain('secret-refresh-token');
  // What is no target says why.
  for (const [name, reason] of [
    ['Off', 'account `Off` is not enabled'],
    ['Words', 'account `Words` has no `username`, `password`'],
    ['Where', '`serviceUrl` is variable WHERE_URL of the environment, which is not set'],
    ['Other', 'account `Other` signs in by `Implicit`, expected `RefreshToken` or `UserPassword`'],
  ] as const)
    expect.soft(await space.cli(['plan', '--docs', 'docs', '--target', name])).toMatchObject({
      code: 2,
      stderr: `docwright: Account \`${name}\` cannot be a target; tests/accounts.json: ${reason}\n`,
    });
});

test('scenarios per account: the one that is named asks, else the one that has the scopes and tags; nobody has them: blocked', async () => {
  const right = { bearer: { env: 'FILES_TOKEN' } };
  const accounts = {
    reader: { auth: { bearer: 'a token of nobody' }, scopes: ['files.read'], tags: [] },
    owner: { auth: right, scopes: ['files.read', 'files.write'], tags: ['service.one'] },
  };
  configure({}, { auth: undefined, accounts });
  space.write(
    'docs/accounts.scenarios.yaml',
    `scenarios:
  - name: named
    steps:
      - { http: GET /drive, account: reader, expect: { status: 401 } }
      - { http: GET /drive, account: owner }
  - name: chosen
    scopes: [files.write]
    tags: [service.one]
    steps: [{ http: GET /drive }]
  - name: nobody
    scopes: [files.all]
    steps: [{ http: GET /drive }]
`,
  );
  const { code, stderr } = await run();
  expect(code, stderr).toBe(0);
  expect(space.report().exchanges.map(({ outcome, actual }) => [outcome, actual?.status])).toEqual([
    ['conforms', 401],
    ['conforms', 200],
    ['conforms', 200],
    ['blocked', undefined],
  ]);
  expect(found()).toEqual([expect.stringContaining('replay/blocked Missing scope `files.all`')]);
});

test('what is hostile does no harm: deep nesting, aliases of aliases, names and values with signs of their own', async () => {
  const laughs = Array.from(
    { length: 12 },
    (_, at) =>
      `a${at}: &a${at} [${Array(10)
        .fill(at === 0 ? 'x' : `*a${at - 1}`)
        .join(', ')}]`,
  );
  space.write('docs/a.scenarios.yaml', `scenarios: ${'['.repeat(20_000)}\n`);
  space.write('docs/b.scenarios.yaml', `${laughs.join('\n')}\nscenarios: []\n`);
  space.write('docs/c.scenarios.json', `{ "scenarios": ${'['.repeat(20_000)}`);
  space.write(
    'docs/d.scenarios.yaml',
    `scenarios:
  - name: "# <b> \\u001b[31m ::error:: x"
    values: { file: "a'b\\"c", line: "x\\r\\nX-Other: y" }
    steps:${UPLOAD}
      - http: GET /drive/items/{id}
        expect: { body: { "$[?@=='{file}']": "a'b\\"c", '$[?@=="{file}"]': "a'b\\"c" } }
      - http: |
          GET /drive
          X-Line: {line}
      - { http: 'GET /drive/items/{line}', expect: { status: 404 } }
    cleanup: [{ exchange: delete-item, with: { item-id: '{id}' } }]
`,
  );
  const { code, stderr, stdout } = await run();
  expect(code, stderr).toBe(1);
  expect(found().map((each) => each.split(':', 1)[0])).toEqual(['docs/a.scenarios.yaml', 'docs/b.scenarios.yaml']);
  expect(space.report().findings.map(({ file, ruleId }) => `${file} ${ruleId}`)).toContain(
    'docs/c.scenarios.json scenario/unreadable',
  );
  expect(stderr + stdout).not.toContain('\u001b[31m');
  const outcomes = space.report().exchanges.map(({ outcome }) => outcome);
  expect(outcomes, JSON.stringify(space.report().findings.slice(3))).toEqual(Array(5).fill('conforms'));
  expect(validator('report')(space.report())).toEqual([]);
});
