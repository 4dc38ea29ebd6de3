import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { schemaValidators } from '../compare/schema.ts';
import { indexResources, type Property, type Resource } from '../model/resource.ts';
import { brief, compilePages } from './docs.ts';

test('block, tables, relationships and enumerations make one resource, with the place of each', async () => {
  const page = [
    '# season resource type',
    '',
    'Namespace: a',
    '',
    '## Properties',
    '',
    '| Property | Type | Description |',
    '|:--|:--|:--|',
    '| id | String | Key. |',
    '| **Divider** | | |',
    '| kind | kind | What it is. |',
    '| days | Int32 collection | Optional. Nullable. |',
    '| owner | [person](person.md) | Who. |',
    '| `extra` | Edm.Guid | Only here. |',
    '',
    '### Kind values',
    '',
    '| Member | Value | Description |',
    '|--|--|--|',
    '| warm | 0 | |',
    '| cold | 1 | |',
    '',
    '## Relationships',
    '',
    '| Relationship | Type | Description |',
    '|--|--|--|',
    '| guests | Collection(Person) | Who comes. |',
    '',
    '<!-- { "blockType": "resource", "@odata.type": "a.season", "keyProperty": "id" } -->',
    '```json',
    '{',
    '  "@odata.type": "#a.season",',
    '  "id": "String (identifier)",',
    '  "kind": "String",',
    '  "days": [1],',
    '  "owner": { "@odata.type": "a.person" },',
    '  "place": { "name": "string", "at": [{ "x": 1.5 }] },',
    '  "guests": [{ "@odata.type": "#a.person" }]',
    '}',
    '```',
    '',
  ].join('\n');
  const { resources, findings } = await compilePages({ 'season.md': page, 'person.md': resource('a.person', '{}') });
  expect(brief(findings, { notes: false })).toEqual([]);
  const season = resources.find(({ name }) => name === 'a.season')!;
  expect(season.properties.map(shown)).toEqual([
    'id: String, both 33:3 9:3',
    'kind: a.Kind = warm|cold, both 34:3 11:3',
    'days: [Int32]?, optional, both 35:3 12:3',
    'owner: a.person, both 36:3 13:3',
    'place: {name: String, json 37:14; at: [{x: Double, json 37:41}], json 37:32}, json 37:3',
    'guests: [a.person], navigation, both 38:3 27:3',
    'extra: Guid, table 14:3',
  ]);
  expect(season.properties.find(({ name }) => name === 'kind')).toMatchObject({
    block: { type: 'String' },
    table: { type: 'a.Kind' },
  });
});

test('what a block says of types', async () => {
  const block = {
    word: 'Int32',
    stamp: 'String (timestamp)',
    list: ['String'],
    typed: [{ '@odata.type': 'Collection(a.x)' }],
    members: 'a | b (default)',
    cut: 'a | b | ...',
    words: 'String | Int64',
    texts: 'string | string',
    named: 'a.other',
    capital: 'Sunday',
    nothing: null,
    empty: [],
    lists: [['x']],
    link: 'string (url)',
    more: ['red|green'],
  };
  const { resources } = await compilePages({ 'a.md': resource('a.b', JSON.stringify(block)) });
  expect(resources[0]!.properties.map(brieflyTyped)).toEqual([
    'word: Int32',
    'stamp: DateTimeOffset',
    'list: [String]',
    'typed: [a.x]',
    'members: String = a|b',
    'cut: String',
    'words: String|Int64',
    'texts: String',
    'named: a.other',
    'capital: String',
    'nothing: -',
    'empty: [-]',
    'lists: [Json]',
    'link: String <url>',
    'more: [String] = red|green',
  ]);
});

test('unqualified names mean a type of the namespace of the page or one around it, in any case; others stay as written', async () => {
  const page = (cells: readonly string[]) =>
    `Namespace: a.b\n\n${resource('a.b.page', '{}')}\n## Properties\n\n|Property|Type|Description|\n|--|--|--|\n${cells.map((cell, index) => `|p${index}|${cell}|x|`).join('\n')}\n`;
  const { resources } = await compilePages({
    'page.md': page([
      '[Inner](x.md)',
      'outer',
      'Collection(B.Inner)',
      'a.b.INNER',
      'nowhere',
      'c.far',
      '[far](far.md)',
    ]),
    'inner.md': resource('a.b.inner', '{}'),
    'outer.md': resource('a.outer', '{}'),
    'far.md': resource('c.far', '{}'),
  });
  const named = resources.find(({ name }) => name === 'a.b.page')!;
  expect(named.properties.map(brieflyTyped)).toEqual([
    'p0: a.b.inner',
    'p1: a.outer',
    'p2: [a.b.inner]',
    'p3: a.b.inner',
    'p4: nowhere',
    'p5: c.far',
    'p6: far',
  ]);
});

test('a table belongs to the resource that its heading names, else to the one that shows its rows, else to the nearest', async () => {
  const table = (...names: string[]) =>
    `\n|Property|Type|Description|\n|--|--|--|\n${names.map((name) => `|${name}|String|x|`).join('\n')}\n\n`;
  const page = [
    resource('a.one', '{"x": "String"}'),
    resource('a.two', '{"y": "String"}'),
    '## Properties of one\n',
    table('named'),
    '## Properties\n',
    table('x', 'shared'),
    '### More properties\n',
    table('near'),
  ].join('\n');
  const { resources } = await compilePages({ 'a.md': page });
  expect(resources.map(({ properties }) => properties.map(({ name }) => name).join(' '))).toEqual([
    'x named shared',
    'y near',
  ]);
});

test('a type that several pages document is all of them together; a second one is reported', async () => {
  const { resources, findings } = await compilePages({
    'a.md': resource('a.x', '{"id": "String", "one": 1}'),
    'b.md': resource('A.X', '{"id": "String", "two": 2}'),
  });
  expect(resources).toHaveLength(2);
  expect(brief(findings)).toEqual(['1:44 warning resource/duplicate']);
  const properties = indexResources(resources).properties('a.x')!;
  expect([...properties.values()].map(({ name, optional }) => `${name}${optional ? '?' : ''}`)).toEqual([
    'id',
    'one?',
    'two?',
  ]);
});

test('bases are inherited across files; cycles are cut and told, a chain of 2,000 types is read in linear time', async () => {
  const cyclic = await compilePages({
    'a.md': resource('a.a', '{"one": 1}', { baseType: 'a.b' }),
    'b.md': resource('a.b', '{"two": 2}', { baseType: 'A' }),
    'c.md': resource('a.c', '{"three": 3}', { baseType: 'b' }),
    'd.md': resource('a.d', '{}', { baseType: 'a.d' }),
  });
  expect(cyclic.findings.map(({ file, ruleId }) => `${file} ${ruleId}`)).toEqual([
    'a.md resource/base-cycle',
    'd.md resource/base-cycle',
  ]);
  expect([...indexResources(cyclic.resources).properties('a.c')!.keys()].sort()).toEqual(['one', 'three', 'two']);

  const names = Array.from({ length: 2000 }, (_, index) => `a.t${index}`);
  const chain = await compilePages({
    'chain.md': names
      .map((name, index) => resource(name, `{"p${index}": 1}`, index === 0 ? {} : { baseType: names[index - 1]! }))
      .join('\n'),
  });
  const index = indexResources(chain.resources);
  const started = performance.now();
  expect(index.properties('a.t1999')!.size).toBe(2000);
  expect(index.isA('a.t1999', 'A.T0')).toBe(true);
  expect(index.isA('a.t0', 'a.t1999')).toBe(false);
  expect(performance.now() - started).toBeLessThan(200);
  expect(chain.schemas.size).toBe(2000);
  expect(schemaValidators(chain.schemas)('a.t1999')!({})).toHaveLength(2000);
});

test('headers, parameters, permissions and errors are read from tables, each with its place', async () => {
  const page = [
    '# Get',
    '## Permissions',
    '|Permission type|Permissions (from least to most privileged)|',
    '|--|--|',
    '|Delegated|Mail.Read, Mail.ReadWrite|',
    '|Application|Not supported.|',
    '',
    '## Path parameters',
    '|Parameter|Type|Description|',
    '|--|--|--|',
    '|id|String|Required. The key.|',
    '',
    '## Optional query parameters',
    '|Name|Value|Description|',
    '|--|--|--|',
    '|$top|integer|Optional.|',
    '',
    '## Request headers',
    '|Header|Value|',
    '|--|--|',
    '|Authorization|Bearer {token}. Required.|',
    '',
    '## Request body',
    '|Property|Type|Description|',
    '|--|--|--|',
    '|names|Collection(String)|The names.|',
    '',
    '## Response headers',
    '|Name|Description|',
    '|--|--|',
    '|Location|Where it is.|',
    '',
    '## Error response',
    '|HTTP code|Error code|Error message|',
    '|--|--|--|',
    '|404 Not Found|itemNotFound|There is none.|',
  ].join('\n');
  const { pages } = await compilePages({ 'get.md': page });
  const place = (line: number) => ({ place: expect.objectContaining({ file: 'get.md', position: at(line) }) });
  expect(pages[0]!.tables).toEqual({
    permissions: [
      {
        title: 'Delegated',
        scopes: ['Mail.Read', 'Mail.ReadWrite'],
        anyOf: ['Mail.Read', 'Mail.ReadWrite'],
        ...place(5),
      },
      { title: 'Application', scopes: [], anyOf: [], isUnsupported: true, ...place(6) },
    ],
    parameters: [
      { name: 'id', in: 'path', type: 'String', required: true, ...place(11) },
      { name: '$top', in: 'query', type: 'Int64', required: false, ...place(16) },
      { name: 'names', in: 'request body', type: 'String', isCollection: true, ...place(26) },
    ],
    headers: [
      { name: 'Authorization', of: 'request', value: 'Bearer {token}. Required.', required: true, ...place(21) },
      { name: 'Location', of: 'response', ...place(31) },
    ],
    errors: [{ status: 404, code: 'itemNotFound', message: 'There is none.', ...place(36) }],
    enums: [],
  });
});

test('any table is read without a crash, and every place lies within the page', async () => {
  const cell = fc.constantFrom(
    'String',
    'a',
    '**b**',
    '',
    'Collection(',
    '[x](y)',
    '`|`',
    '\\|',
    '<br>',
    '$top',
    '1',
    'Property',
  );
  const row = fc.array(cell, { maxLength: 5 }).map((cells) => `|${cells.join('|')}|`);
  const heading = fc.constantFrom('Properties', 'x values', 'Request headers', 'Errors', 'Relationships', 'Members');
  const head = fc.constantFrom('|Property|Type|Description|', '|Member|Value|', '|Name|', '|HTTP code|x|');
  await fc.assert(
    fc.asyncProperty(heading, head, fc.array(row, { maxLength: 5 }), async (title, columns, rows) => {
      const rule = columns.replace(/[^|]+/g, '--');
      const page = `${resource('a.b', '{"a": 1}')}\n# ${title}\n\n${[columns, rule, ...rows].join('\n')}\n`;
      const { resources, schemas } = await compilePages({ 'p.md': page });
      const lines = page.split('\n').length;
      for (const { place } of resources[0]!.properties) {
        expect(place.position.start.line).toBeGreaterThan(0);
        expect(place.position.end.line).toBeLessThanOrEqual(lines);
      }
      expect(schemas.size).toBe(1);
    }),
    { numRuns: 60 },
  );
});

function resource(type: string, json: string, annotation: object = {}): string {
  const comment = JSON.stringify({ blockType: 'resource', '@odata.type': type, ...annotation });
  return `<!-- ${comment} -->\n\`\`\`json\n${json}\n\`\`\`\n`;
}

function at(line: number): unknown {
  return expect.objectContaining({ start: { line, column: 2 } });
}

function shown(property: Property): string {
  const start = ({ position }: Resource['place']) => `${position.start.line}:${position.start.column}`;
  const { block, table, from, navigation, optional } = property;
  const members = property.properties && `{${property.properties.map(shown).join('; ')}}`;
  const typed = members === undefined ? brieflyTyped(property) : `${property.name}: ${listed(property, members)}`;
  return [
    `${typed}${property.nullable ? '?' : ''}`,
    ...(optional ? ['optional'] : []),
    ...(navigation ? ['navigation'] : []),
    [from, ...[block, table].flatMap((written) => (written ? [start(written.place)] : []))].join(' '),
  ].join(', ');
}

function brieflyTyped(property: Property): string {
  const { name, type = '-', values, format } = property;
  return `${name}: ${listed(property, type)}${format ? ` <${format}>` : ''}${values ? ` = ${values.join('|')}` : ''}`;
}

function listed({ isCollection }: Property, text: string): string {
  return isCollection ? `[${text}]` : text;
}

test('what the text says a type inherits from is its base type, where that is documented and the annotation names none', async () => {
  const page = (name: string, text: string, more = ''): string =>
    `# ${name}\n\n${text}\n\n<!-- { "blockType": "resource", "@odata.type": "a.${name}"${more} } -->\n\`\`\`json\n{ "own": "String" }\n\`\`\`\n`;
  const { resources } = await compilePages({
    'base.md': page('base', 'The root of all.'),
    'one.md': page('one', 'Inherits from [base](base.md).'),
    'two.md': page('two', 'It derives from [**a.base**](base.md).'),
    'three.md': page('three', 'Inherits from [something else](base.md), or from [gone](gone.md).'),
    'four.md': page('four', 'Inherits from [base](base.md).', ', "baseType": "a.one"'),
  });
  expect(resources.map(({ name, baseType }) => [name, baseType])).toEqual([
    ['a.base', undefined],
    ['a.one', 'a.base'],
    ['a.two', 'a.base'],
    ['a.three', undefined],
    ['a.four', 'a.one'],
  ]);
});
