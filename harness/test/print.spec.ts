import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import type { Understood } from '../model/print.ts';
import { validator } from '../model/schemas.ts';
import { runBuilt, startBuilt } from './built.ts';
import { page, workspace, type Workspace } from './workspace.ts';

const RESOURCE = `# Thing

## Properties

| Property | Type   | Description |
| -------- | ------ | ----------- |
| id       | String | The key.    |

<!-- { "blockType": "resource", "@odata.type": "example.thing", "baseType": "example.entity", "keyProperty": "id" } -->
\`\`\`json
{
  "id": "String",
  "tags": ["String"]
}
\`\`\`

<!-- { "blockType": "request" } -->

No fence.
`;

let space: Workspace;
test.beforeEach(() => {
  space = workspace({
    'docs/a.md': page('A'),
    'docs/b/b.md': page('B', { method: 'POST', url: '/v1.0/things', status: 201, name: 'create_thing' }),
    'docs/thing.md': RESOURCE,
  });
});
test.afterEach(() => space.remove());

const json = async (...words: string[]) => {
  const { code, stdout, stderr } = await space.cli(['print', '--json', ...words]);
  expect(code, stderr).toBe(0);
  const value = JSON.parse(stdout) as Understood;
  expect(validator('print')(value)).toEqual([]);
  return value;
};

test('says everything briefly, on standard output, within 80 columns', async () => {
  space.write(`docs/${'long'.repeat(30)}.md`, page('Long', { name: 'n'.repeat(100), url: `/${'x'.repeat(300)}` }));
  const { code, stdout } = await space.cli(['print']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^4 pages$/m);
  expect(stdout).toMatch(/^3 exchanges$/m);
  expect(stdout).toMatch(/^ {2}POST +\/v1\.0\/things +201 {2}b\/b#create_thing$/m);
  expect(stdout).toMatch(/^ {2}example\.thing : example\.entity +2 properties$/m);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('says what became of the annotations of each page', async () => {
  const { files } = await json('--files');
  expect(files).toMatchObject([
    { file: 'docs/a.md', title: 'A', exchanges: 1, annotations: { request: { found: 1, compiled: 1 } } },
    { file: 'docs/b/b.md' },
    {
      file: 'docs/thing.md',
      resources: 1,
      annotations: { request: { found: 1, reported: 1 }, resource: { found: 1, compiled: 1 } },
      findings: { error: 1 },
    },
  ]);
  const { stdout } = await space.cli(['print', '--files']);
  expect(stdout).toContain('docs/thing.md  Thing');
  expect(stdout).toMatch(/1 request +1 reported/);
});

test('says where each message stands and what it holds', async () => {
  const { exchanges, files, resources } = await json('--exchanges');
  expect([files, resources]).toEqual([undefined, undefined]);
  expect(exchanges![0]).toEqual({
    id: 'a#get_thing',
    name: 'get_thing',
    title: 'A',
    file: 'docs/a.md',
    request: {
      file: 'docs/a.md',
      line: 5,
      column: 1,
      method: 'GET',
      url: 'https://api.example.com/v1.0/things/1',
      headers: [],
      body: 'empty',
    },
    responses: [
      {
        file: 'docs/a.md',
        line: 10,
        column: 1,
        status: 200,
        headers: [{ name: 'Content-Type', value: 'application/json' }],
        body: 'json',
      },
    ],
  });
  const { stdout } = await space.cli(['print', '--exchanges']);
  expect(stdout).toContain('docs/a.md:5   GET https://api.example.com/v1.0/things/1\n');
  expect(stdout).toContain('docs/a.md:10  200 json\n');
});

test('says what resources have', async () => {
  const { resources } = await json('--resources');
  expect(resources).toMatchObject([
    {
      name: 'example.thing',
      baseType: 'example.entity',
      keyProperty: 'id',
      file: 'docs/thing.md',
      properties: [
        { name: 'id', type: 'String' },
        { name: 'tags', type: 'String', isCollection: true, line: 13, column: 3 },
      ],
    },
  ]);
  const { stdout } = await space.cli(['print', '--resources']);
  expect(stdout).toMatch(/^ {4}:13 {2}tags {2}Collection\(String\)$/m);
});

test('pages, lines and expressions select as elsewhere', async () => {
  expect((await json('b/b.md')).exchanges).toMatchObject([{ id: 'b/b#create_thing' }]);
  expect((await json('b/b.md', '--resources')).resources).toEqual([]);
  const some = await json('-g', 'POST');
  expect([some.files, some.exchanges, some.resources]).toMatchObject([[{ file: 'docs/b/b.md' }], [{}], []]);
  expect((await json('-g', 'example.thing')).resources).toHaveLength(1);
  expect(await space.cli(['print', '-g', 'nothing-of-this'])).toMatchObject({ code: 2, stdout: '' });
  expect(await space.cli(['print', '-g', 'nothing-of-this', '--pass-with-no-tests'])).toMatchObject({ code: 0 });
  expect(await space.cli(['print', 'gone.md'])).toMatchObject({ code: 2 });
  expect(await space.cli(['run', '--files'])).toMatchObject({ code: 2 });
});

test('colours only where they are allowed, and nothing from the docs acts', async () => {
  space.write('docs/a.md', page('A\u001b[31mred').replace('things/1', 'things/\u001b]0;x\u0007'));
  expect((await space.cli(['print', '--exchanges'])).stdout).not.toContain('\u001b');
  const coloured = (await space.cli(['print', '--exchanges', '--color'])).stdout;
  expect(coloured).toContain('\u001b[1m');
  expect(coloured).not.toContain('\u001b]0');
  expect(coloured).not.toContain('\u001b[31mred');
});

test('a reader that has seen enough is no crash', async () => {
  space.write(
    'docs/a.md',
    Array.from({ length: 3000 }, (_, n) => page(`P${n}`, { name: `n${n}`, url: `/v1.0/${n}` })).join('\n'),
  );
  const whole = await runBuilt(['print', '--exchanges'], space.folder);
  expect(whole.code).toBe(0);
  expect(whole.stdout.length).toBeGreaterThan(200_000);
  const child = startBuilt(['print', '--exchanges'], space.folder);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdout.once('data', () => child.stdout.destroy());
  const [code] = (await once(child, 'exit')) as [number | null];
  expect([code, said]).toEqual([0, '']);
});
