import { expect, test } from '@playwright/test';
import { compare } from '../compare/index.ts';
import type { Match } from '../model/config.ts';
import { indexResources } from '../model/resource.ts';
import { compilePages, exchangePage } from './docs.ts';
import { workspace } from './workspace.ts';

const PAGE = exchangePage(
  'GET /note',
  ['HTTP/1.1 200 OK\n\n{\n  "id": "7",\n  "size": 3,\n  "when": "String (timestamp)",\n  "tags": ["a", "b"]\n}'],
  { response: { '@odata.type': 'ns.note' } },
);
const RESOURCE =
  '<!-- { "blockType": "resource", "@odata.type": "ns.note" } -->\n```json\n{ "id": "String", "size": 1, "when": "String (timestamp)", "tags": ["String"] }\n```\n';
const TRUTH = { id: '7', size: 3, when: '2026-01-01T00:00:00Z', tags: ['a', 'b'] };

async function found(match: Match, body: object): Promise<string[]> {
  const { exchanges, resources } = await compilePages({ 'page.md': PAGE, 'note.md': RESOURCE });
  const actual = { status: 200, headers: [], body: new TextEncoder().encode(JSON.stringify(body)) };
  const { facts } = compare(exchanges[0]!, actual, indexResources(resources), match);
  return facts.map(({ ruleId, pointer, place }) => `${ruleId} ${pointer} ${place.position.start.line}`);
}

test('the truth keeps every promise, however near it is to be', async () => {
  for (const match of ['shape', 'exact', 'schema'] as const) expect(await found(match, TRUTH)).toEqual([]);
});

test('exact: other values and other numbers of items are found; type words stay open', async () => {
  const other = { ...TRUTH, id: '8', tags: ['a', 'c'], when: '2020-02-02T00:00:00Z' };
  expect(await found('shape', other)).toEqual([]);
  expect(await found('exact', other)).toEqual(['property/value /body/id 13', 'property/value /body/tags/1 16']);
  expect(await found('exact', { ...TRUTH, tags: ['a'] })).toEqual(['property/value /body/tags 16']);
  expect(await found('exact', { ...TRUTH, size: '3' })).toEqual(['property/type /body/size 14']);
  expect(await found('exact', { ...TRUTH, when: 'x' })).toEqual(['property/format /body/when 15']);
});

test('schema: the documented types judge alone', async () => {
  expect(await found('schema', { id: '8' })).toEqual([]);
  expect(await found('schema', { ...TRUTH, size: 'x' })).toEqual(['property/type /body/size 14']);
  expect(await found('schema', { ...TRUTH, extra: 1 })).toEqual(['property/undocumented /body/extra 12']);
});

test('--match takes no other word', async () => {
  const space = workspace({ 'docs/page.md': PAGE });
  const { code, stderr } = await space.cli(['run', '--match', 'exakt']);
  expect(code).toBe(2);
  expect(stderr).toContain('did you mean `exact`?');
  space.remove();
});
