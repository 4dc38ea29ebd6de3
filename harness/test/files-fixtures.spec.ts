import { expect, test } from '@playwright/test';
import { existsSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { discover } from '../files/discover.ts';
import { staleFixtures, writeFixtures, type Scope } from '../files/fixtures.ts';
import { serialize } from '../files/serialize.ts';
import { readFixtures } from '../files/stored.ts';
import type { Docset } from '../model/docset.ts';
import type { Fixture } from '../model/fixture.ts';
import { validator } from '../model/schemas.ts';
import { workspace, type Workspace } from './workspace.ts';

/** Every key a fixture may have, once. */
const full: Fixture = {
  schemaVersion: 1,
  page: 'docs/a.md',
  exchanges: [
    {
      id: 'a#1',
      name: 'a',
      title: 'A',
      scopes: ['s'],
      tags: ['t'],
      apiVersions: ['v1.0'],
      request: {
        block: { file: 'docs/include.md', line: 7, indent: [0, 2] },
        at: 0,
        method: 'POST',
        url: '/a\\b',
        readAs: '/a/b',
        template: '/a/{id}',
        headers: [{ name: 'Accept', value: '*/*', at: 1 }],
        body: { kind: 'json', at: 3, text: '{}' },
        type: 'a.b',
        sampleKeys: ['1'],
      },
      responses: [
        {
          block: { line: 17, indent: 0 },
          at: 0,
          status: 200,
          headers: [],
          body: { kind: 'empty' },
          type: 'a.b',
          isCollection: true,
          collectionProperty: 'items',
          isEmpty: false,
          truncated: true,
          expectError: false,
          optionalProperties: ['x'],
          nullableProperties: ['y'],
        },
      ],
    },
  ],
};

const fixtureOf = (page: string, { line = 7, url = '/a' } = {}): Fixture => {
  const [exchange] = full.exchanges;
  const request = { ...exchange!.request, url, block: { line, indent: 0 } };
  return { ...full, page, exchanges: [{ ...exchange!, id: `${page}#1`, request }] };
};

const docsetOf = (fixtures: Record<string, Fixture>): Docset => ({
  fixtures: new Map(Object.entries(fixtures)),
  exchanges: [],
  skipped: [],
  resources: [],
  schemas: new Map(),
  findings: [],
  coverage: { files: 0, annotations: {} },
  annotations: new Map(),
  pages: [],
});

let space: Workspace;
let folder: string;
test.beforeEach(() => {
  space = workspace({ 'docs/a.md': '', 'docs/b.md': '' });
  folder = path.join(space.folder, 'fixtures');
});
test.afterEach(() => space.remove());

const scopeOf = async (roots = ['docs'], only?: string[]): Promise<Scope> => ({
  cwd: space.folder,
  ...(await discover(roots, space.folder)),
  ...(only ? { only: new Set(only) } : {}),
});

test('a fixture with every key passes its schema, and is written as it was', async () => {
  expect(validator('fixture')(full)).toEqual([]);
  expect(JSON.parse(serialize(full))).toEqual(full);
  expect(serialize(full)).toMatch(/^\{\n {2}"schemaVersion": 1,\n {2}"page"[^]*\}\n$/);
});

test('the order of keys in memory does not reach the file', () => {
  const turned = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(turned)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, member]) => [key, turned(member)]),
          )
        : value;
  expect(serialize(turned(full) as Fixture)).toBe(serialize(full));
});

test('the schema is closed', async () => {
  const judge = validator('fixture');
  expect(judge({ ...full, more: 1 })).toMatchObject([{ pointer: '/more', unknown: { key: 'more' } }]);
  const empty = { ...full.exchanges[0]!.request, body: { kind: 'empty', text: '' } };
  expect(judge({ ...full, exchanges: [{ ...full.exchanges[0], request: empty }] })).not.toEqual([]);
});

test('writes what is new, keeps what is equal, removes what is gone', async () => {
  const scope = await scopeOf();
  const both = docsetOf({ 'a.json': fixtureOf('docs/a.md'), 'in/b.json': fixtureOf('docs/in/b.md') });
  expect(await writeFixtures(folder, both, scope)).toEqual({
    written: ['a.json', 'in/b.json'],
    unchanged: [],
    removed: [],
  });
  utimesSync(path.join(folder, 'a.json'), 1, 1);
  const one = docsetOf({ 'a.json': fixtureOf('docs/a.md') });
  expect(await writeFixtures(folder, one, scope)).toEqual({
    written: [],
    unchanged: ['a.json'],
    removed: ['in/b.json'],
  });
  expect(statSync(path.join(folder, 'a.json')).mtimeMs).toBe(1000);
  expect(existsSync(path.join(folder, 'in'))).toBe(false);
});

test('removes nothing that is not its own', async () => {
  const kept: Record<string, string> = {
    'report.json': JSON.stringify({ schemaVersion: 1, tool: {}, exchanges: [] }),
    'other.json': '{"page": "docs/gone.md"}',
    'next.json': JSON.stringify({ ...fixtureOf('docs/gone.md'), schemaVersion: 2 }),
    'elsewhere.json': JSON.stringify(fixtureOf('handbook/gone.md')),
    'above.json': JSON.stringify(fixtureOf('docs/../gone.md')),
    'broken.json': '{"schemaVersion": 1, "page": "docs/gone.md", "exchanges": [',
    'note.txt': JSON.stringify(fixtureOf('docs/gone.md')),
    '.hidden/gone.json': JSON.stringify(fixtureOf('docs/gone.md')),
    'unmatched.json': JSON.stringify(fixtureOf('docs/b.md')),
  };
  for (const [file, content] of Object.entries(kept)) space.write(`fixtures/${file}`, content);
  space.write('fixtures/gone.json', JSON.stringify(fixtureOf('docs/gone.md')));
  const { removed } = await writeFixtures(
    folder,
    docsetOf({ 'a.json': fixtureOf('docs/a.md') }),
    await scopeOf(['docs/a*']),
  );
  expect(removed).toEqual(['gone.json']);
  for (const [file, content] of Object.entries(kept)) expect(space.read(`fixtures/${file}`)).toBe(content);
});

test('does not write over a file that is no fixture, but over one that a merge has broken', async () => {
  const docset = docsetOf({ 'a.json': fixtureOf('docs/a.md') });
  for (const foreign of ['{"mine": true}', 'text', JSON.stringify({ ...full, schemaVersion: 2 })]) {
    space.write('fixtures/a.json', foreign);
    await expect(writeFixtures(folder, docset, await scopeOf())).rejects.toThrow(
      '`a.json` in the folder of fixtures is no',
    );
    expect(space.read('fixtures/a.json')).toBe(foreign);
  }
  space.write('fixtures/a.json', serialize(full).replace('"title"', '<<<<<<< ours\n"title"'));
  expect((await writeFixtures(folder, docset, await scopeOf())).written).toEqual(['a.json']);
});

test('writes no fixture outside its folder', async () => {
  await expect(writeFixtures(folder, docsetOf({ '../a.json': full }), await scopeOf())).rejects.toThrow(
    'does not lie below',
  );
});

test('looks at selected pages alone', async () => {
  const docset = docsetOf({ 'a.json': fixtureOf('docs/a.md'), 'b.json': fixtureOf('docs/b.md') });
  space.write('fixtures/gone.json', JSON.stringify(fixtureOf('docs/gone.md')));
  const done = await writeFixtures(folder, docset, await scopeOf(['docs'], ['docs/a.md']));
  expect(done).toEqual({ written: ['a.json'], unchanged: [], removed: [] });
});

test('tells missing, changed, moved and gone apart', async () => {
  const stored = docsetOf({
    'same.json': fixtureOf('docs/same.md'),
    'changed.json': fixtureOf('docs/changed.md'),
    'moved.json': fixtureOf('docs/moved.md'),
    'gone.json': fixtureOf('docs/gone.md'),
  });
  await writeFixtures(folder, stored, await scopeOf());
  const now = docsetOf({
    'same.json': fixtureOf('docs/same.md'),
    'changed.json': fixtureOf('docs/changed.md', { url: '/b', line: 9 }),
    'moved.json': fixtureOf('docs/moved.md', { line: 9 }),
    'missing.json': fixtureOf('docs/missing.md'),
  });
  const stale = await staleFixtures(folder, now, await scopeOf());
  expect(stale).toEqual([
    { kind: 'changed', path: 'changed.json', page: 'docs/changed.md', line: 9 },
    { kind: 'moved', path: 'moved.json', page: 'docs/moved.md', line: 1 },
    { kind: 'missing', path: 'missing.json', page: 'docs/missing.md', line: 1 },
    { kind: 'gone', path: 'gone.json', page: 'docs/gone.md', line: 1 },
  ]);
});

test('reads fixtures back, and passes over the files of others', async () => {
  await writeFixtures(folder, docsetOf({ 'b/x.json': fixtureOf('docs/b/x.md'), 'a.json': full }), await scopeOf());
  space.write('fixtures/report.json', JSON.stringify({ schemaVersion: 1, tool: {}, exchanges: [] }));
  space.write('fixtures/notes.json', 'not JSON');
  const { exchanges, findings } = await readFixtures(folder, space.folder);
  expect(findings).toEqual([]);
  expect(exchanges.map(({ id, file }) => [id, file])).toEqual([
    ['a#1', 'docs/a.md'],
    ['docs/b/x.md#1', 'docs/b/x.md'],
  ]);
  expect(await readFixtures(path.join(space.folder, 'none'), space.folder)).toMatchObject({
    exchanges: [],
    resources: [],
    findings: [],
  });
});

test('tells of a broken fixture at its place', async () => {
  const broken = (change: (text: string) => string, file: string) =>
    space.write(`fixtures/${file}`, change(serialize(full)));
  broken((text) => text.replace('"status": 200', '"status": "200"'), 'a.json');
  broken((text) => text.replace('"method"', '"methodd"'), 'b.json');
  broken((text) => text.replace('"title": "A",', '"title": "A"'), 'c.json');
  broken((text) => text, 'd.json');
  broken((text) => text, 'e.json');
  const { exchanges, findings } = await readFixtures(folder, space.folder);
  expect(exchanges).toHaveLength(1);
  const lineOf = (file: string, text: string) =>
    space
      .read(`fixtures/${file}`)
      .split('\n')
      .findIndex((line) => line.includes(text)) + 1;
  expect(findings.map(({ ruleId, file, line, reason }) => [ruleId, file, line, reason])).toEqual([
    ['fixture/unreadable', 'fixtures/a.json', lineOf('a.json', '"status"'), expect.stringContaining('must be integer')],
    [
      'fixture/unreadable',
      'fixtures/b.json',
      lineOf('b.json', '"methodd"'),
      expect.stringContaining('not a known key'),
    ],
    [
      'fixture/unreadable',
      'fixtures/c.json',
      lineOf('c.json', '"scopes"'),
      expect.stringContaining('Unreadable fixture'),
    ],
    ['fixture/unreadable', 'fixtures/e.json', lineOf('e.json', '"id"'), expect.stringContaining('second exchange')],
  ]);
});
