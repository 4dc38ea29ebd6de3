import { expect, test } from '@playwright/test';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { indexResources } from '../model/resource.ts';
import { storedResource } from '../model/stored-resource.ts';
import { compilePages } from './docs.ts';
import { workspace } from './workspace.ts';

const RESOURCE = `# Note

<!-- { "blockType": "resource", "@odata.type": "example.note", "baseType": "example.base", "keyProperty": "id", "optionalProperties": ["mood"] } -->
\`\`\`json
{
  "id": "String (identifier)",
  "place": "String",
  "written": "DateTimeOffset",
  "mood": "String",
  "size": "Int32",
  "owner": { "@odata.type": "example.person" }
}
\`\`\`

| Property | Type | Description |
|:--|:--|:--|
| id | String | Its key. |
| place | String | Where. Nullable. |
| written | DateTimeOffset | When. |
| mood | example.mood | How. Possible values are: \`good\`, \`bad\`. |
| size | String | Contradicts. |
`;

const BASE = `# Base

<!-- { "blockType": "resource", "@odata.type": "example.base", "openType": true } -->
\`\`\`json
{ "__proto__": "String", "stamp": "Guid" }
\`\`\`
`;

const GET = `# Get

<!-- { "blockType": "request", "name": "get" } -->
\`\`\`http
GET https://api.example.com/notes/7
\`\`\`

<!-- { "blockType": "response", "@odata.type": "example.note", "truncated": true } -->
\`\`\`http
HTTP/1.1 200 OK
Content-Type: application/json

{
  "id": "7"
}
\`\`\`
`;

test('a type comes back from its schema as the docs said it, but for the places', async () => {
  const { resources, schemas } = await compilePages({ 'note.md': RESOURCE, 'base.md': BASE });
  const back = [...schemas.values()].map((schema) => storedResource(JSON.parse(JSON.stringify(schema)))!);
  const bare = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (key, member: unknown) => (key === 'place' ? undefined : member)));
  const byName = (list: readonly { name: string }[]) => list.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  expect(bare(byName(back))).toEqual(bare(byName(resources)));
  expect(back[0]!.place).toMatchObject({ file: expect.stringMatching(/\.md$/), position: { start: { line: 1 } } });
  expect(indexResources(back).isA('example.note', 'example.base')).toBe(true);
});

test('what is no schema of ours brings no type', () => {
  const ours = '$comment';
  const comment = 'docwright resource schema, schemaVersion 1, of a.md';
  for (const value of [
    null,
    1,
    {},
    { $defs: { docwright: { const: { name: 'x', properties: [] } } } },
    { [ours]: comment },
  ])
    expect(storedResource(value)).toBeUndefined();
  for (const held of [null, 'x', { name: 1, properties: [] }, { name: 'x' }])
    expect(storedResource({ [ours]: comment, $defs: { docwright: { const: held } } })).toBeUndefined();
});

test('replay finds from fixtures what run finds from the docs', async () => {
  const answer = { id: '7', stamp: 'none', written: 'yesterday', mood: 'odd', size: true, extra: 1 };
  const server = createServer((_, response) =>
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const space = workspace({ 'docs/note.md': RESOURCE, 'docs/base.md': BASE, 'docs/get.md': GET });
  try {
    const answers = () =>
      space.report().findings.filter(({ exchangeId, ruleId }) => exchangeId && ruleId.startsWith('property/'));
    await space.cli(['--target', url]);
    const run = answers();
    await space.cli(['replay', '--target', url]);
    expect(run.length).toBeGreaterThan(3);
    expect(answers()).toEqual(run);
  } finally {
    server.close();
    space.remove();
  }
});
