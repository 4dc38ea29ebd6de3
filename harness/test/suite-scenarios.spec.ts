import { expect, test } from '@playwright/test';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Report } from '../model/report.ts';
import { FILE_PAGES } from './file-docs.ts';
import { openFileService, type FileService } from './file-service.ts';
import { leaksIn } from './leaks.ts';
import { playwright, playwrightSpace, toldTests, type ToldResult } from './playwright-suite.ts';
import type { Workspace } from './workspace.ts';

const FILE = 'docs/files.scenarios.yaml';
const KEY = 'key/of"somebody%1234';

/** One that makes a file and looks at it, one that shows that it is not there, one that is for nothing documented. */
const SCENARIOS = `scenarios:
  - name: it is there
    for: get-item
    tags: [there]
    values: { file: { generate: unique }, key: { env: SHARED_KEY } }
    steps:
      - name: put it
        http: |
          PUT /drive/root:/{file}:/content
          Content-Type: text/plain
          X-Key: {key}

          Hello
        expect: { status: 201 }
        capture: { item-id: $.id }
      - { exchange: get-item, expect: { status: 200, body: { $.size: 5 } } }
      - name: look again
        http: GET /drive/items/{item-id}
    cleanup:
      - { exchange: delete-item }
  - name: it is not
    for: get-item
    steps:
      - { exchange: get-item, with: { item-id: F0!1 }, expect: { status: 404 } }
  - name: the drive
    steps:
      - { http: GET /drive, expect: { body: { $.driveType: personal } } }
`;

const FILES: Readonly<Record<string, string>> = {
  // A folder that is made a second time is answered otherwise.
  'docs/files.md': `${FILE_PAGES['docs/files.md']!.replace(/^<!-- .*"create-folder".*\n[^]*?(?=^<!-- .*"get-item")/m, '')}
<!-- { "blockType": "response", "name": "get-item" } -->
\`\`\`http
HTTP/1.1 404 Not Found
Content-Type: application/json

{ "error": { "code": "itemNotFound", "message": "It is not there." } }
\`\`\`
`,
  'docs/drive.md': FILE_PAGES['docs/drive.md']!,
  'docs.spec.ts': `import { subscribe } from 'node:diagnostics_channel';
import { documented, test } from 'docwright/playwright';

let asked = 0;
test.beforeEach(({}, info) => {
  // While it asks again and again the time runs out, or somebody stops the run.
  subscribe('undici:request:create', () => {
    if (++asked !== 5) return;
    if (process.env.ENDS === 'time') info.setTimeout(1);
    if (process.env.ENDS === 'run') process.kill(process.ppid, 'SIGINT');
  });
});
await documented({ per: process.env.PER as 'page' | undefined });
`,
  'playwright.config.ts': `export default {
  testDir: '.',
  testMatch: 'docs.spec.ts',
  fullyParallel: true,
  workers: 2,
  use: { docwright: { target: process.env.TARGET } },
  reporter: [['list'], ['blob'], ['docwright/playwright-reporter', { reports: process.env.REPORTS ?? 'reports' }]],
};
`,
  'merge.config.ts': `export default { testDir: '.', reporter: [['docwright/playwright-reporter', { reports: process.env.REPORTS }]] };\n`,
};

let service: FileService;
let space: Workspace;
let live: Record<string, string>;

test.describe.configure({ timeout: 300_000 });
test.beforeAll(async () => {
  service = await openFileService();
  space = playwrightSpace(FILES);
  const files = { url: service.url, auth: { bearer: { env: 'FILES_TOKEN' } }, hosts: [service.storage] };
  space.write('docwright.config.json', JSON.stringify({ targets: { files } }));
  live = { TARGET: 'files', FILES_TOKEN: service.token, SHARED_KEY: KEY };
  const compiled = await space.cli(['compile', '--quiet']);
  expect(compiled.code, compiled.stderr).toBe(0);
});
test.beforeEach(() => {
  space.write(FILE, SCENARIOS);
  for (const folder of ['reports', 'blob-report', 'test-results'])
    rmSync(path.join(space.folder, folder), { recursive: true, force: true });
});
test.afterAll(() => {
  service.close();
  space.remove();
});

const told = (words: readonly string[], environment: NodeJS.ProcessEnv = live) => toldTests(space, words, environment);

/** The line of a text in the file of scenarios. */
function lineOf(text: string): number {
  return (
    space
      .read(FILE)
      .split('\n')
      .findIndex((line) => line.includes(text)) + 1
  );
}

const timeless = (report: Report): unknown => ({
  ...report,
  exchanges: report.exchanges.map(({ durationMs: _, ...rest }) => rest),
});

test('each is a test at its line, with tags; its steps are steps, in order', async () => {
  const { code, specs, stderr } = await told(['--grep', 'yaml']);
  expect(code, stderr).toBe(0);
  expect(specs.map(({ title, file, line, tags, tests }) => [title, file, line, tags, tests[0]!.status])).toEqual([
    [`it is there (${FILE}#it is there)`, FILE, lineOf('name: it is there'), ['there'], 'expected'],
    [`it is not (${FILE}#it is not)`, FILE, lineOf('name: it is not'), [], 'expected'],
    [`the drive (${FILE}#the drive)`, FILE, lineOf('name: the drive'), [], 'expected'],
  ]);
  const [there, , drive] = specs.map(({ tests }) => tests[0]!);
  expect(there!.annotations.map(({ type, description }) => [type, description])).toEqual(
    [
      'files#get-item',
      `${FILE}#it is there/1 put it`,
      `${FILE}#it is there/3 look again`,
      `${FILE}#it is there/4 delete-item`,
    ].map((id) => ['exchange', id]),
  );
  expect(there!.results[0]!.steps!.map(({ title }) => title)).toEqual([
    `PUT /drive/root:/{file}:/content (${FILE}#it is there/1 put it)`,
    'GET /drive/items/{item-id} (files#get-item)',
    `GET /drive/items/{item-id} (${FILE}#it is there/3 look again)`,
    `DELETE /drive/items/{item-id} (${FILE}#it is there/4 delete-item)`,
  ]);
  expect(drive!.results[0]!.steps).toHaveLength(1);
  const [record, texts, ...more] = there!.results[0]!.attachments;
  expect([record!.name, texts!.name, more]).toEqual(['docwright', 'requests and answers', []]);
  const text = Buffer.from(texts!.body!, 'base64').toString();
  expect(text).toMatch(
    /^# docs\/files\.scenarios\.yaml#it is there\/1 put it\n\nPUT http:\/\/127.*\n[^]*X-Key: \[redacted: key\]\n[^]*# files#get-item\n[^]*HTTP\/1\.1 204 No Content/,
  );
  for (const { body } of there!.results[0]!.attachments)
    for (const secret of [KEY, service.token]) expect(leaksIn(Buffer.from(body!, 'base64'), secret)).toEqual([]);
  expect(service.there()).toEqual([]);
  const tagged = await told(['--grep', '@there']);
  expect([tagged.code, tagged.specs.length]).toEqual([0, 1]);
});

test('the report is that of the command; merged shards are one run, a test an exchange or a page', async () => {
  const words = ['replay', '--target', 'files', '--reports', 'own', '--reporter', 'json'];
  const own = await space.cli(words, { environment: live });
  expect(own.stderr).not.toContain('usage');
  const of = (report: Report) => ({
    ...(timeless(report) as Report),
    findings: report.findings.map((each) => each.fingerprint).sort(),
  });
  for (const PER of ['exchange', 'page']) {
    await playwright(space, ['test'], { ...live, PER, REPORTS: PER });
    expect(of(space.report(PER)), PER).toEqual(of(space.report('own')));
    rmSync(path.join(space.folder, 'blobs'), { recursive: true, force: true });
    for (const index of [1, 2, 3])
      await playwright(space, ['test', '--shard', `${index}/3`], {
        ...live,
        PER,
        PLAYWRIGHT_BLOB_OUTPUT_FILE: path.join(space.folder, 'blobs', `${index}.zip`),
      });
    const merged = await playwright(space, ['merge-reports', '-c', 'merge.config.ts', 'blobs'], { REPORTS: 'merged' });
    expect(merged.stderr).toBe('');
    expect(timeless(space.report('merged')), PER).toEqual(timeless(space.report(PER)));
  }
  // Each of the two scenarios for one exchange shows another answer of it; what is left is what differs.
  const { unseen, differing } = space.report('own').summary;
  expect(unseen).toBe(differing);
  for (const index of [1, 2])
    await space.cli([...words, '--shard', `${index}/2`, '--reports', `cut-${index}`], { environment: live });
  const joined = ['report', 'merge', 'cut-2', 'cut-1', '--reports', 'joined', '--reporter', 'json'];
  expect((await space.cli(joined)).stderr).toBe('');
  expect(timeless(space.report('joined'))).toEqual(timeless(space.report('own')));
  expect(service.there()).toEqual([]);
});

test('a step that fails stands on its line and keeps back the others; what clears up is done; a retry begins anew', async () => {
  space.write(FILE, SCENARIOS.replace('$.size: 5', '$.size: 6'));
  const before = service.asked.length;
  const { code, specs } = await told(['--grep', 'it is there', '--retries', '1']);
  expect(code).toBe(1);
  const [first, again, ...more] = specs[0]!.tests[0]!.results;
  expect(more).toEqual([]);
  for (const { errors, steps } of [first!, again!]) {
    expect(errors.map(({ location }) => [location!.file, location!.line])).toEqual([
      [path.join(space.folder, FILE), lineOf('$.size: 6')],
    ]);
    expect(errors[0]!.message.replace(/\u001b\[[\d;]*m/g, '')).toMatch(
      /Unexpected `5` of `\$\.size`, expected `6`[^]*\^/,
    );
    expect(steps!.map(({ error }) => error !== undefined)).toEqual([false, true, false, false]);
  }
  expect(specs[0]!.tests[0]!.annotations.filter(({ type }) => type !== 'exchange')).toEqual([
    expect.objectContaining({ type: 'scenario/expectation' }),
    expect.objectContaining({
      type: 'replay/blocked',
      description: expect.stringContaining('Missing step `get-item` of the scenario'),
    }),
  ]);
  expect(service.asked.slice(before).map((line) => line.split(' ')[0])).toEqual([
    'PUT',
    'GET',
    'DELETE',
    'PUT',
    'GET',
    'DELETE',
  ]);
  expect(service.there()).toEqual([]);
});

test('a clean-up that fails is an error on its line, and what it left is deleted all the same', async () => {
  space.write(
    FILE,
    SCENARIOS.replace('{ exchange: delete-item }', '{ exchange: delete-item, expect: { status: 418 } }'),
  );
  const { code, specs } = await told(['--grep', 'it is there']);
  expect(code).toBe(1);
  const [{ errors }] = specs[0]!.tests[0]!.results as [ToldResult];
  expect(errors.map(({ location }) => location!.line)).toEqual([lineOf('418')]);
  expect(errors[0]!.message).toContain('Unexpected status code `204`, expected `418`');
  space.write(FILE, SCENARIOS.replace('{ exchange: delete-item }', '{ http: GET /drive/items/none }'));
  const left = await told(['--grep', 'it is there']);
  expect(left.code).toBe(0);
  expect(service.there()).toEqual([]);
});

for (const [how, ENDS, ended, exit] of [
  ['a test that runs out of time', 'time', 'timedOut', 1],
  ['a run that is stopped', 'run', 'interrupted', 130],
] as const)
  test(`${how} clears up, and tells what it has done`, async () => {
    const endless = `http: GET /drive/items/{item-id}
        poll: { every: 50, within: 60000, until: { body: { $.size: 6 } } }`;
    space.write(FILE, SCENARIOS.replace('http: GET /drive/items/{item-id}', endless));
    const { code, specs } = await told(['--grep', 'it is there'], { ...live, ENDS });
    expect(code).toBe(exit);
    const [{ status, attachments }] = specs[0]!.tests[0]!.results as [ToldResult];
    expect(status).toBe(ended);
    expect(service.there()).toEqual([]);
    const record = JSON.parse(Buffer.from(attachments[0]!.body!, 'base64').toString()) as Pick<Report, 'exchanges'> & {
      results: Report['exchanges'];
    };
    expect(record.results.map(({ outcome }) => outcome)).toEqual(['conforms', 'conforms', 'skipped', 'conforms']);
  });

test('on the mock what they are for is asked as it is documented, once; the others are skipped', async () => {
  const { code, specs } = await told(['--grep', 'yaml'], { TARGET: 'mock' });
  expect(code).toBe(0);
  expect(specs.map(({ title, tests }) => [title.split(' (')[0], tests[0]!.status])).toEqual([
    ['it is there', 'expected'],
    ['it is not', 'skipped'],
    ['the drive', 'skipped'],
  ]);
  await playwright(space, ['test', '--grep', 'yaml'], { TARGET: 'mock' });
  expect(space.report().exchanges).toMatchObject([{ id: 'files#get-item', outcome: 'conforms' }]);
});

test('what may not be written is skipped with the reason; what cannot be read is a failure at its place', async () => {
  const read = readFileSync(path.join(space.folder, 'docwright.config.json'), 'utf8');
  space.write('docwright.config.json', read.replace('"url"', '"readOnly":true,"url"'));
  const kept = await told(['--grep', 'it is there']);
  space.write('docwright.config.json', read);
  expect([kept.code, kept.specs[0]!.tests[0]!.status]).toEqual([0, 'skipped']);
  expect(kept.specs[0]!.tests[0]!.annotations.find(({ type }) => type === 'skip')!.description).toMatch(
    /^Missing permission --allow-writes, expected before/,
  );
  space.write(FILE, SCENARIOS.replace('for: get-item', 'for: get-itme'));
  const wrong = await told(['--grep', 'can be read']);
  expect(wrong.code).toBe(1);
  expect(wrong.specs.map(({ title, file, line }) => [title, file, line])).toEqual([
    ['Fixtures, scenarios and config can be read', FILE, lineOf('get-itme')],
  ]);
});
