import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { schemaValidators } from '../compare/schema.ts';
import { schemaComment, type ResourceSchema } from '../model/resource.ts';
import { compilePages } from './docs.ts';
import { page, workspace } from './workspace.ts';

test('a resource is a JSON Schema that refers to others by the names of their files', async () => {
  const { schemas } = await compilePages({
    'docs/user.md': resource(
      'a.user',
      '{"id": "String", "born": "Date", "mood": "good | bad", "friends": [{"@odata.type": "a.user"}], "home": {"@odata.type": "a.place"}, "more": {"x": 1}, "at@odata.type": "String"}',
      { baseType: 'a.entity', keyProperty: 'id', optionalProperties: ['born'] },
    ),
    'docs/entity.md': resource('a.entity', '{"any": "Json"}', { nullableProperties: [] }),
    'docs/place.md': resource('a.place', '{"where": {"@odata.type": "a.nowhere"}}'),
  });
  expect([...schemas.keys()]).toEqual([
    'schemas/a.entity.schema.json',
    'schemas/a.place.schema.json',
    'schemas/a.user.schema.json',
  ]);
  expect(schemas.get('schemas/a.user.schema.json')).toEqual({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'a.user.schema.json',
    $comment: 'docwright resource schema, schemaVersion 1, of docs/user.md',
    $defs: { docwright: { const: expect.objectContaining({ name: 'a.user' }) } },
    title: 'a.user',
    type: 'object',
    allOf: [{ $ref: 'a.entity.schema.json' }],
    properties: {
      id: { type: 'string' },
      born: { type: ['string', 'null'], format: 'date' },
      mood: { type: ['string', 'null'], enum: ['good', 'bad', null] },
      friends: { type: ['array', 'null'], items: { $ref: 'a.user.schema.json' } },
      home: { anyOf: [{ $ref: 'a.place.schema.json' }, { type: 'null' }] },
      more: { type: ['object', 'null'], properties: { x: { type: ['integer', 'null'] } }, required: ['x'] },
      'at@odata.type': { type: ['string', 'null'] },
    },
    required: ['id', 'mood', 'friends', 'home', 'more'],
  });
  expect(schemas.get('schemas/a.place.schema.json')!.properties).toEqual({
    where: { $comment: 'a.nowhere is documented nowhere' },
  });
  const validate = strict(schemas)('a.user.schema.json');
  const whole = { id: '1', mood: 'good', friends: [], home: null, more: { x: 1 }, any: [1] };
  expect(validate({ ...whole, undocumented: true })).toBe(true);
  for (const broken of [
    { id: null },
    { mood: 'odd' },
    { friends: [{}] },
    { home: 1 },
    { more: {} },
    { born: '1/2/2003' },
  ])
    expect(validate({ ...whole, ...broken }), JSON.stringify(broken)).toBe(false);
});

test('every primitive type takes what OData sends and refuses the rest; strict ajv takes all of them', async () => {
  const values: Readonly<Record<string, readonly [good: readonly unknown[], bad: readonly unknown[]]>> = {
    String: [['', 'x'], [1]],
    Boolean: [[true], ['true', 0]],
    Byte: [
      [0, 255],
      [-1, 256],
    ],
    SByte: [[-128], [128]],
    Int16: [[-32768], [32768, 1.5]],
    Int32: [[2147483647], [2147483648, '1']],
    Int64: [[9007199254740991], [1.5]],
    Double: [
      [1, 1.5, 'NaN', '-INF'],
      ['x', true],
    ],
    Single: [[1], ['1']],
    Decimal: [[0.1], [[]]],
    Guid: [['9F328426-8A81-40D1-8F35-D619AA90A12C'], ['x']],
    DateTimeOffset: [
      ['2020-01-02T03:04:05.1234567Z', '2020-01-02T03:04:05+01:00'],
      ['2020-01-02', 'soon'],
    ],
    Date: [['2020-01-02'], ['2020-13-02']],
    TimeOfDay: [['12:30:00.0000000', '12:30'], ['25:00:00']],
    Duration: [
      ['PT1.5S', '-P1DT2H', 'P1W'],
      ['P', 'PT', '1 day'],
    ],
    Binary: [['AQID'], [1]],
    Stream: [['x'], [1]],
    Json: [[1, 'x', [], {}], []],
  };
  const names = Object.keys(values);
  const block = Object.fromEntries(names.map((name) => [`is${name}`, name]));
  const { schemas } = await compilePages({
    'a.md': resource('a.b', JSON.stringify(block), { nullableProperties: [] }),
  });
  const validator = schemaValidators(schemas)('a.b')!;
  for (const [name, [good, bad]] of Object.entries(values)) {
    const faults = (value: unknown) =>
      validator({ [`is${name}`]: value }).filter(({ keyword }) => keyword !== 'required');
    for (const value of good) expect(faults(value), `${name} ${JSON.stringify(value)}`).toEqual([]);
    for (const value of bad)
      expect(faults(value), `${name} ${JSON.stringify(value)}`).toMatchObject([{ pointer: `/is${name}` }]);
  }
  strict(schemas)('a.b.schema.json');
});

test('flags may be joined; where block and table contradict each other both are right', async () => {
  const text = `${resource('a.b', '{"days": "String", "list": "String", "state": true, "at": "String"}')}
## Properties

|Property|Type|Description|
|--|--|--|
|days|days|x|
|list|Collection(String)|x|
|state|Int32|x|
|at|DateTimeOffset|x|

### days flags

|Member|Value|
|--|--|
|mon.|1|
|tue|2|
`;
  const { schemas } = await compilePages({ 'a.md': text });
  const validator = schemaValidators(schemas)('a.b')!;
  const good = { days: 'tue,mon.', list: ['x'], state: 1, at: '2020-01-02T03:04:05Z' };
  for (const value of [good, { ...good, list: 'x', state: true, days: null }]) expect(validator(value)).toEqual([]);
  expect(
    validator({ ...good, days: 'monx', list: 1, at: 'x' }).map(({ pointer, keyword }) => `${pointer} ${keyword}`),
  ).toEqual(['/days pattern', '/list anyOf', '/at format']);
  strict(schemas)('a.b.schema.json');
});

test('file names are safe whatever a type is called, and give way to the fixtures of pages', async () => {
  const names = [
    'a.b',
    'con',
    '../../up',
    'a/b',
    'x y',
    'ä.ö',
    '.hidden',
    '__proto__',
    'long'.repeat(100),
    'a.c',
    'd.e',
  ];
  const { schemas, fixtures } = await compilePages({
    'types.md': names.map((name) => resource(name, '{"__proto__": "String", "a": 1}')).join('\n'),
    'schemas/A.B.schema.md': page('a page in the folder of schemas'),
    'schemas/d.e.schema.json/page.md': page('a folder that is called like a schema'),
  });
  const files = [...schemas.keys()];
  expect(files).toHaveLength(names.length);
  for (const file of files) expect(file).toMatch(/^schemas\/[\w][\w.~-]{0,160}\.schema\.json$/);
  expect(files).toContain('schemas/a.b~type.schema.json');
  expect(files).toContain('schemas/d.e~type.schema.json');
  expect(files).toContain('schemas/a.c.schema.json');
  const all = [...files, ...fixtures.keys()].map((file) => file.toLowerCase());
  expect(new Set(all).size).toBe(all.length);
  const validator = schemaValidators(schemas);
  for (const name of names) expect(validator(name)!({ a: 1 })).toEqual([]);
  strict(schemas);
});

test('validators: missing, nested, derived by @odata.type, in any case; unknown types have none', async () => {
  const { schemas } = await compilePages({
    'a.md': [
      resource('a.animal', '{"name": "String"}'),
      resource('a.cat', '{"lives": "Int32"}', { baseType: 'animal' }),
      resource('a.stone', '{"weight": 1}'),
      resource('a.nothingness', '{}'),
      resource('a.home', '{"pets": [{"@odata.type": "a.animal"}]}'),
    ].join('\n'),
  });
  const validator = schemaValidators(schemas);
  expect(validator('a.nothing')).toBeUndefined();
  expect(validator('a.nothingness')!({ x: 1 })).toEqual([]);
  expect(validator('a.nothingness')!('x')).toMatchObject([{ pointer: '', keyword: 'type', expected: 'object' }]);
  const home = validator('#A.Home')!;
  const told = (pets: unknown) => home({ pets }).map(({ pointer, keyword }) => `${pointer} ${keyword}`);
  expect(told([{ name: 'x' }, { '@odata.type': '#a.cat', name: 'x', lives: 9 }])).toEqual([]);
  expect(told([{}, { '@odata.type': '#a.cat', name: 1, lives: '9' }])).toEqual([
    '/pets/0/name required',
    '/pets/1/name type',
    '/pets/1/lives type',
  ]);
  // A type that is not derived is no reason to judge by it.
  expect(told([{ '@odata.type': '#a.stone', name: 'x' }])).toEqual([]);
  expect(validator('a.cat')!({}).map(({ pointer }) => pointer)).toEqual(['/name', '/lives']);
});

test('5,000 schemas cost nothing until one is used, and then that one; rings and chains of types do not overflow', () => {
  const count = 5000;
  const schemas = new Map(
    Array.from({ length: count }, (_, index): [string, ResourceSchema] => {
      const file = (at: number) => `t${at % count}.schema.json`;
      const schema: ResourceSchema = {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: file(index),
        $comment: schemaComment('docs/a.md'),
        title: `t${index}`,
        type: 'object',
        ...(index === 0 ? {} : { allOf: [{ $ref: file(index - 1) }] }),
        properties: { next: { $ref: file(index + 1) }, [`p${index}`]: { type: 'integer' } },
      };
      return [`schemas/${file(index)}`, schema];
    }),
  );
  let started = performance.now();
  const validator = schemaValidators(schemas);
  const created = performance.now() - started;
  expect(created).toBeLessThan(100);
  expect(validator('t4999')).toBeDefined();
  started = performance.now();
  expect(validator('t5')!({ next: { next: { p7: 'x' } } }).map(({ pointer }) => pointer)).toEqual(['/next/next/p7']);
  expect(performance.now() - started).toBeLessThan(2000);
  expect(validator('t400')!({ p0: 'x', p400: 1 }).map(({ pointer }) => pointer)).toEqual(['/p0']);
});

test('compile writes schemas, keeps their bytes, tells which are stale and removes those of types that are gone', async () => {
  const place = workspace({
    'docs/a.md': resource('a.one', '{"x": 1}'),
    'docs/b.md': `${resource('a.two', '{"y": 1}')}\n${resource('a.three', '{}')}`,
    'fixtures/schemas/foreign.schema.json': '{"title": "not ours"}',
  });
  const run = (...words: string[]) => place.cli(['compile', ...words]);
  expect((await run()).code).toBe(0);
  const file = 'fixtures/schemas/a.one.schema.json';
  const first = place.read(file);
  expect(first.endsWith('}\n')).toBe(true);
  expect((await run()).stderr).not.toContain('Fixtures in');
  expect(place.read(file)).toBe(first);
  expect((await run('--check')).code).toBe(0);

  place.write('docs/a.md', `\n\n${resource('a.one', '{"x": 1}')}`);
  expect((await run('--check')).code).toBe(0);
  place.write('docs/a.md', `\n\n${resource('a.one', '{"x": "String"}')}`);
  place.write('docs/b.md', resource('a.two', '{"y": 1}'));
  expect((await run('--check')).code).toBe(1);
  expect(place.report().findings.map(({ ruleId, file: at, line }) => `${ruleId} ${at}:${line}`)).toEqual([
    'fixture/stale docs/a.md:3',
    'fixture/stale fixtures/schemas/a.three.schema.json:1',
  ]);
  expect((await run()).stderr).toContain('1 written, 1 unchanged, 1 removed');
  expect(place.read('fixtures/schemas/foreign.schema.json')).toContain('not ours');
  expect(() => place.read('fixtures/schemas/a.three.schema.json')).toThrow();

  place.write('docs/c.md', resource('foreign', '{}'));
  const refused = await run();
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('schemas/foreign.schema.json');
  place.remove();
});

test('the config says how tables are known: definitions in a file as API Doctor has them, or in the config itself', async () => {
  const tables = {
    tableDefinitions: {
      tables: [{ type: 'ResourcePropertyDescriptions', titles: ['Felder'], parseAs: 'ParameterDefinition' }],
      parsingRules: [
        { type: 'ParameterDefinition', columns: { name: ['Feld'], type: ['Typ'], description: ['Text'] } },
      ],
    },
  };
  const place = workspace({
    'docs/a.md': `${resource('a.one', '{}')}\n## Felder\n\n|Feld|Typ|Text|\n|--|--|--|\n|x|Int32|-|\n`,
    'tables.json': `// read as it is\n${JSON.stringify({ ...tables, other: 1 })}`,
    'docwright.config.json': '{"tables": "tables.json"}',
  });
  const properties = async () => {
    const { code, stderr } = await place.cli(['compile']);
    expect(stderr + code).toMatch(/0$/);
    return (JSON.parse(place.read('fixtures/schemas/a.one.schema.json')) as ResourceSchema).properties;
  };
  expect(Object.keys(await properties())).toEqual(['x']);
  place.write('docwright.config.json', JSON.stringify({ tables }));
  expect(Object.keys(await properties())).toEqual(['x']);
  const refused = async (config: unknown, file?: string) => {
    if (file !== undefined) place.write('tables.json', file);
    place.write('docwright.config.json', JSON.stringify({ tables: config }));
    const { code, stderr } = await place.cli(['compile']);
    expect(code).toBe(2);
    return stderr;
  };
  expect(await refused('none.json')).toContain('No tables file `none.json`');
  expect(await refused('tables.json', '{')).toContain('tables.json:1:2');
  expect(await refused('tables.json', '{"tableDefinitions": {"tables": [{"type": "HttpHeader"}]}}')).toContain(
    'tables.json:1:35: `/tableDefinitions/tables/0/type` of the table config must be one of',
  );
  expect(await refused({})).toContain('must have an object `tableDefinitions`');
  place.remove();
});

/** Every schema compiled by ajv in its strict mode, as somebody elsewhere would. */
function strict(schemas: ReadonlyMap<string, ResourceSchema>): (file: string) => (value: unknown) => boolean {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  addFormats.default(ajv);
  for (const schema of schemas.values()) ajv.addSchema(schema);
  for (const schema of schemas.values()) ajv.getSchema(schema.$id);
  return (file) => (value) => ajv.getSchema(file)!(value) as boolean;
}

function resource(type: string, json: string, annotation: object = {}): string {
  const comment = JSON.stringify({ blockType: 'resource', '@odata.type': type, ...annotation });
  return `<!-- ${comment} -->\n\`\`\`json\n${json}\n\`\`\`\n`;
}
