import { expect, test } from '@playwright/test';
import { examine } from '../examine.ts';
import { brief, compilePages } from './docs.ts';
import { PAGES, edit } from './planted-edit.ts';

/** Damages of the sample pages beside those of planted-docs: what is to be found, where the mark `‸` stands. */
const DAMAGES: readonly (readonly [rule: string, file: string, from: string | RegExp, to: string])[] = [
  // A status, a reason and a body that contradict each other are one fault.
  ['http/forbidden-body', 'get-note.md', /HTTP\/1\.1 200 OK([^]*?)\n\{/, 'HTTP/1.1 304 Not Modified$1\n‸{'],
  [
    'http/content-type',
    'get-note.md',
    'Content-Type: application/json\nETag',
    '‸Content-Type: application/json; charset=utf-16\nETag',
  ],
  ['http/content-type', 'create-note.md', 'notes\nContent-Type: application/json', 'notes\n‸Content-Type: text/plain'],
  ['request/url', 'get-note.md', 'GET https://garden', '‸GET https:/garden'],
  ['request/url', 'get-note.md', 'GET https://garden', '‸GET https://garden .'],
  ['request/url', 'get-note.md', 'GET https://garden', '‸GET https://mira:beans@garden'],
  [
    'request/url',
    'get-note.md',
    'GET https://garden.example.com/notes/n-7',
    '‸GET https://garden.example.com/notes/n%zz7',
  ],
  [
    'request/url',
    'find-tags.md',
    'GET https://garden.example.com/tags?$search',
    '‸GET https://garden.example.com/tags?$serach',
  ],
  [
    'resource/row',
    'resources/note.md',
    '| pinned | Boolean | Does it stand first? |',
    '| pinned | Boolean | Does it stand first? | ‸Or last? |',
  ],
  ['resource/row', 'resources/note.md', '| pinned | Boolean |', '| ‸pin ned | Boolean |'],
  ['resource/row', 'resources/note.md', '| pinned | Boolean |', '| ‸pinned\u200b | Boolean |'],
  ['resource/row', 'resources/note.md', '| pinned | Boolean |', '| ‸Boolean | pinned |'],
  ['resource/enum', 'resources/note.md', '| done |\n', '| done |\n| ‸done |\n'],
  ['resource/type', 'resources/note.md', '{\n  "id"', '{\n  ‸"@odata.type": "#garden.person",\n  "id"'],
  ['page/permissions', 'get-note.md', '| Application | Notes.Read.All |', '| ‸Application |  |'],
  [
    'page/permissions',
    'get-note.md',
    '| Application | Notes.Read.All |',
    '| Application | Notes.Read.All |\n| ‸Application | Notes.Read |',
  ],
  ['page/permissions', 'get-note.md', 'Notes.Read, Notes.ReadWrite', '‸Notes.Read, Notes.ReadWrite, Notes.Read'],
  [
    'property/type',
    'list-notes.md',
    '"@odata.context": "https://garden.example.com/$metadata#notes"',
    '‸"@odata.context": 7',
  ],
  ['property/type', 'get-note.md', '"size": 120', '‸"size": 1e30'],
  ['property/format', 'get-note.md', '"createdDateTime": "2026-03-01T', '‸"createdDateTime": "2026-03-01 '],
];

for (const [rule, file, from, to] of DAMAGES)
  test(`${file}: ${to
    .split('\n')
    .find((line) => line.includes('‸'))!
    .slice(0, 70)}: ${rule}, once and there`, async () => {
    const { text, at } =
      typeof from === 'string' ? edit(file, from, to) : edit(file, from, (all, one) => to.replace('$1', one!));
    expect(text).not.toBe(PAGES[file]);
    const told = await found({ ...PAGES, [file]: String(text) });
    expect(told).toEqual([`${at} ${rule}`]);
  });

/** The same said otherwise, and all of it true. */
const VARIATIONS: readonly (readonly [file: string, from: string, to: string])[] = [
  ['resources/note.md', '{\n  "id"', '{\n  "@odata.type": "#garden.note",\n  "id"'],
  ['resources/note.md', '{\n  "id"', '{\n  "@odata.type": "String",\n  "id"'],
  ['create-note.md', 'application/json. Required.', '`application/json` or `text/plain`. Required.'],
  ['create-note.md', 'application/json. Required.', 'application/*. Required.'],
  [
    'get-note.md',
    'Permissions (from least to most privileged) |\n|:---|:---|',
    'Least privileged permissions | Higher privileged permissions |\n|:---|:---|:---|',
  ],
  [
    'get-note.md',
    '| Application | Notes.Read.All |',
    '| Application | Notes.Read.All and User.Read, Notes.ReadWrite and User.Read |',
  ],
  [
    'get-note.md',
    '"@odata.type": "garden.note", "truncated": true',
    '"@odata.type": "garden.note", "truncated": "True"',
  ],
  ['delete-note.md', '"blockType": "response"', '"blockType": "response", "@odata.type": "microsoft.graph.None"'],
];

for (const [file, from, to] of VARIATIONS)
  test(`${file}: ${to.slice(0, 60).replaceAll('\n', ' ')}: nothing is found`, async () => {
    expect(PAGES[file]).toContain(from);
    expect(await found({ ...PAGES, [file]: PAGES[file]!.replace(from, () => to) })).toEqual([]);
  });

test('a reference that nothing defines is still the name of a type, and a head of Value its column', async () => {
  const page = [
    '# Folder',
    '<!-- { "blockType": "resource", "@odata.type": "drive.item" } -->',
    '```json\n{ "folder": { "@odata.type": "drive.folder" }, "roles": [ "String" ] }\n```',
    '| Property name | Value |',
    '|:---|:---|',
    '| **folder** | [folder][] |',
    '| roles | String[] |',
  ];
  const { resources } = await compilePages({
    'page.md': `${page.slice(0, 3).join('\n\n')}\n\n${page.slice(3).join('\n')}\n`,
  });
  const types = resources
    .find(({ name }) => name === 'drive.item')!
    .properties.map(({ table }) => [table?.type, table?.isCollection ?? false]);
  expect(types).toEqual([
    ['folder', false],
    ['String', true],
  ]);
});

test('a translated page is read by the text that it translates', async () => {
  const both = (translated: string, source: string): string =>
    `<span data-ttu-id="1-1">${translated}</span><span class="sxs-lookup"><span data-stu-id="1-1">${source}</span></span>`;
  const page = [
    `# <a name="get-note"></a>${both('Lire une note', 'Get note')}`,
    `## <a name="http-request"></a>${both('Requête HTTP', 'HTTP request')}`,
    '<!-- { "blockType": "ignored" } -->\n\n```http\nGET /notes/{id}\n```',
    `## <a name="request-headers"></a>${both('En-têtes', 'Request headers')}`,
    `| ${both('Nom', 'Name')} | ${both('Valeur', 'Value')} |\n|:---|:---|\n| ${both('If-Match', 'If-Match')} | ${both('étiquette', 'etag')} |`,
    `## ${both('Exemple', 'Example')}`,
    '<!-- { "blockType": "request", "name": "get_note" } -->\n\n```http\nGET https://garden.example.com/notes/n-7\n```',
    '<!-- { "blockType": "response" } -->\n\n```http\nHTTP/1.1 204 No Content\n```',
    '[1](#get-note) [2](#http-request)',
  ].join('\n\n');
  const { pages, exchanges } = await compilePages({ 'page.md': page });
  expect(exchanges[0]!.title).toBe('Get note');
  expect(exchanges[0]!.request.template).toBeDefined();
  expect(pages[0]!.tables.headers).toMatchObject([{ name: 'If-Match', of: 'request', value: 'etag' }]);
  expect(await found({ 'page.md': page })).toEqual([]);
  expect(await found({ 'page.md': page.replace('example.com/notes/n-7', 'example.com/note/n-7') })).toEqual([
    '22:1 request/template',
  ]);
});

async function found(pages: Readonly<Record<string, string>>): Promise<string[]> {
  const docset = await compilePages(pages);
  return brief([...docset.findings, ...examine(docset, {})], { notes: false }).map((each) =>
    each.replace(/ (error|warning) /, ' '),
  );
}
