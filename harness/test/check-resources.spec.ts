import { expect, test } from '@playwright/test';
import { check } from '../check/index.ts';
import { brief, compilePages } from './docs.ts';

interface Parts {
  readonly block: string;
  readonly rows: readonly string[];
  readonly relations?: readonly string[];
  readonly annotation?: object;
}

const table = (title: string, rows: readonly string[]): string =>
  rows.length === 0 ? '' : `## ${title}\n\n| Property | Type | Description |\n|--|--|--|\n${rows.join('\n')}\n\n`;

/** The block begins on the 7th line when there is no table, each row stands on a line of its own from the 5th. */
function page({ block, rows, relations = [], annotation = {} }: Parts): string {
  const comment = JSON.stringify({ blockType: 'resource', '@odata.type': 'ns.note', ...annotation });
  return `# Note\n\n${table('Properties', rows)}${table('Relationships', relations)}<!-- ${comment} -->\n\`\`\`json\n${block}\n\`\`\`\n`;
}

async function found(pages: Readonly<Record<string, string>>): Promise<string[]> {
  return check(await compilePages(pages)).map(
    ({ line, column, ruleId, reason }) => `${line}:${column} ${ruleId} ${reason}`,
  );
}

const ID = '| id | String | The key |';

test('a property of the table is in the block, one of the block in the table, each told at its name', async () => {
  expect(
    await found({ 'a.md': page({ block: '{ "id": "String" }', rows: [ID, '| text | String | Words |'] }) }),
  ).toEqual(['8:3 resource/table-only Missing property `text`, expected in the JSON block of `ns.note`']);
  expect(await found({ 'a.md': page({ block: '{ "id": "String", "text": "String" }', rows: [ID] }) })).toEqual([
    '11:19 resource/block-only Missing row for `text`, expected in the table of `ns.note`',
  ]);
});

test('a name that the two write each in its way is one finding', async () => {
  const block = '{ "id": "String", "printerId": "String" }';
  expect(await found({ 'a.md': page({ block, rows: [ID, '| printerID | String | The printer |'] }) })).toEqual([
    '8:3 resource/table-only Missing property `printerID`, expected in the JSON block of `ns.note`, which shows `printerId`',
  ]);
});

test('relationships need not be in the block, nor what a base type has, nor the rows of another table', async () => {
  const base =
    '<!-- {"blockType":"resource","@odata.type":"ns.base"} -->\n```json\n{ "made": "String (timestamp)" }\n```\n';
  const derived = page({
    block: '{ "id": "String" }',
    rows: [ID, '| made | DateTimeOffset | When |'],
    relations: ['| owner | user | Whose |'],
    annotation: { baseType: 'ns.base' },
  });
  expect(await found({ 'a.md': derived, 'base.md': base })).toEqual([]);
  const other = `${page({ block: '{ "id": "String", "definition": "String" }', rows: [ID, '| definition | String | As below |'] })}\n${table('Properties of a definition', ['| Version | Integer | Of it |'])}`;
  expect(await found({ 'a.md': other })).toEqual([]);
  expect(await found({ 'a.md': page({ block: '{ "id": "String" }', rows: [] }) })).toEqual([]);
});

const PAIRS: readonly (readonly [written: string, cell: string, agrees: boolean])[] = [
  ['"String"', 'String', true],
  ['"String"', 'DateTimeOffset', true],
  ['"String (timestamp)"', 'String', true],
  ['"String (timestamp)"', 'TimeOfDay', true],
  ['"String"', 'season enum', true],
  ['1024', 'Int32', true],
  ['1.5', 'Int64', true],
  ['["String"]', 'String collection', true],
  ['[]', 'String collection', true],
  ['{ "@odata.type": "ns.other" }', '[other](other.md)', true],
  ['{ "@odata.type": "other" }', 'ns.other', true],
  ['"other"', 'ns.other', true],
  ['{ "@odata.type": "ns.derived" }', 'ns.other', true],
  ['"<Unknown Edm.Double>"', 'Double', true],
  ['"String"', 'Boolean', false],
  ['"4.2"', 'Double', false],
  ['true', 'String', false],
  ['"String"', 'String collection', false],
  ['["String"]', 'String', false],
  ['{ "@odata.type": "ns.other" }', 'ns.third', false],
  ['{ "@odata.type": "ns.other" }', 'String', false],
  ['"String"', 'ns.other', false],
  ['"Int64"', 'String (timestamp)', false],
];

for (const [written, cell, agrees] of PAIRS)
  test(`${written} in the block and ${cell} in the table ${agrees ? 'agree' : 'contradict each other'}`, async () => {
    const resource = (name: string, more: object = {}): string =>
      `<!-- ${JSON.stringify({ blockType: 'resource', '@odata.type': name, ...more })} -->\n\`\`\`json\n{ "a": "String" }\n\`\`\`\n`;
    const docset = await compilePages({
      'a.md': page({ block: `{ "id": "String",\n  "x": ${written} }`, rows: [ID, `| x | ${cell} | It |`] }),
      'other.md': resource('ns.other'),
      'third.md': resource('ns.third'),
      'derived.md': resource('ns.derived', { baseType: 'ns.other' }),
    });
    expect(brief(check(docset).filter(({ ruleId }) => ruleId !== 'link/dead'))).toEqual(
      agrees ? [] : ['13:3 warning resource/type'],
    );
  });

test('an annotation names properties that are there, at its words, with the nearest name', async () => {
  const annotated = (annotation: object): string =>
    page({ block: '{ "id": "String", "text": "String" }', rows: [], annotation });
  expect(
    await found({ 'a.md': annotated({ keyProperty: 'id', optionalProperties: ['text', '@odata.etag'] }) }),
  ).toEqual([]);
  expect(await found({ 'a.md': annotated({ keyProperty: 'key' }) })).toEqual([
    '3:68 annotation/no-such-property Unexpected `key` in `keyProperty`, expected a property of `ns.note`',
  ]);
  for (const list of ['optionalProperties', 'nullableProperties']) {
    const [told] = await found({ 'a.md': annotated({ [list]: ['txt'] }) });
    expect(told).toContain(
      `Unexpected \`txt\` in \`${list}\`, expected a property of \`ns.note\`, did you mean \`text\`?`,
    );
  }
  expect((await found({ 'a.md': annotated({ baseType: 'ns.nota' }) })).join()).toContain(
    'Missing resource `ns.nota`, expected a page that documents it, did you mean `ns.note`?',
  );
  expect(await found({ 'a.md': annotated({ keyProperty: 'key', openType: true }) })).toEqual([]);
  expect((await found({ 'a.md': annotated({ keyProperty: 'key', baseType: 'ns.gone' }) })).join()).not.toContain(
    'no-such',
  );
});
