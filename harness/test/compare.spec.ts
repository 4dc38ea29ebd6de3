import { expect, test } from '@playwright/test';
import { compare } from '../compare/index.ts';
import type { ResponseMessage } from '../model/http.ts';
import { indexResources } from '../model/resource.ts';
import { compilePages, exchangeOf, exchangePage } from './docs.ts';

const JSON_TYPE = ['Content-Type', 'application/json'] as const;

function answer(
  status: number,
  body: unknown = '',
  headers: ResponseMessage['headers'] = [JSON_TYPE],
): ResponseMessage {
  return { status, headers, body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)) };
}

/** The differences of an answer as `line:column rule pointer`; the promised body begins on line 13. */
async function differences(promised: string, actual: ResponseMessage, annotation: object = {}): Promise<string[]> {
  const exchange = await exchangeOf('GET /me', [promised], { response: annotation });
  return compare(exchange, actual, indexResources([])).facts.map(
    ({ place, ruleId, pointer }) => `${place.position.start.line}:${place.position.start.column} ${ruleId} ${pointer}`,
  );
}

const USER =
  'HTTP/1.1 200 OK\nContent-Type: application/json\n\n{\n  "id": "1",\n  "age": 4,\n  "manager": { "id": "2" },\n  "tags": ["a"],\n  "items": [{ "id": "x", "n": 1 }],\n  "none": null\n}';
const GOOD = {
  id: '9',
  age: 4.5,
  manager: { id: 'm' },
  tags: [],
  items: [
    { n: 2, id: 'y' },
    { id: 'z', n: 3 },
  ],
  none: { any: 1 },
};

test('truthful answers differ in nothing: other values, key order, longer and shorter lists, extra headers, charset', async () => {
  expect(
    await differences(
      USER,
      answer(200, GOOD, [
        ['content-type', 'application/json; charset=utf-8'],
        ['X-Extra', '1'],
      ]),
    ),
  ).toEqual([]);
});

for (const [what, actual, expected] of [
  ['an undocumented status', answer(404, GOOD), ['10:1 status/undocumented /status']],
  [
    'another media type whose body still parses',
    answer(200, GOOD, [['Content-Type', 'text/plain']]),
    ['11:1 header/media-type /headers/content-type'],
  ],
  [
    'another media type and body: one error',
    answer(200, '<html>', [['Content-Type', 'text/html']]),
    ['11:1 header/media-type /headers/content-type'],
  ],
  ['a missing header', answer(200, GOOD, []), ['11:1 header/missing /headers/content-type']],
  ['a body that does not parse', answer(200, '{ "id": '), ['13:1 body/unreadable /body']],
  ['an empty body', answer(200, ''), ['13:1 body/missing /body']],
  ['a missing property', answer(200, { ...GOOD, id: undefined }), ['14:3 property/missing /body/id']],
  ['a retyped property', answer(200, { ...GOOD, age: '4' }), ['15:3 property/type /body/age']],
  ['null for a value', answer(200, { ...GOOD, id: null }), ['14:3 property/type /body/id']],
  ['an object for a string', answer(200, { ...GOOD, id: {} }), ['14:3 property/type /body/id']],
  ['a fault at depth', answer(200, { ...GOOD, manager: {} }), ['16:16 property/missing /body/manager/id']],
  [
    'a fault in a later item',
    answer(200, { ...GOOD, items: [{ id: 'a', n: 1 }, { id: 'b' }] }),
    ['18:26 property/missing /body/items/1/n'],
  ],
  ['a wrong item', answer(200, { ...GOOD, tags: ['a', 1] }), ['17:12 property/type /body/tags/1']],
  [
    'an object for a list: nothing below it',
    answer(200, { ...GOOD, items: { id: 1 } }),
    ['18:3 property/type /body/items'],
  ],
  ['an undocumented property', answer(200, { ...GOOD, extra: 1 }), ['13:1 property/undocumented /body/extra']],
  [
    'an undocumented property at depth',
    answer(200, { ...GOOD, manager: { id: '1', extra: 1 } }),
    ['16:3 property/undocumented /body/manager/extra'],
  ],
  ['another root', answer(200, [GOOD]), ['13:1 property/type /body']],
] as const)
  test(`finds ${what}, once, at its place`, async () => {
    expect(await differences(USER, actual)).toEqual(expected);
  });

test('what the annotation allows is no difference', async () => {
  expect(await differences(USER, answer(200, { ...GOOD, id: undefined }), { optionalProperties: ['id'] })).toEqual([]);
  expect(await differences(USER, answer(200, { ...GOOD, id: null }), { nullableProperties: ['id'] })).toEqual([]);
  expect(await differences(USER, answer(200, { ...GOOD, extra: 1 }), { truncated: true })).toEqual([]);
  expect(await differences(USER, answer(200, { ...GOOD, id: undefined }), { truncated: true })).toEqual([
    '14:3 property/missing /body/id',
  ]);
});

test('type words, placeholders and `...` are no values', async () => {
  const promised =
    'HTTP/1.1 200 OK\n\n{ "a": "String", "b": "Int32", "c": "String (timestamp)", "d": <bytes>, "e": [ { "x": 1 }, ... ], ... }';
  expect(
    await differences(promised, answer(200, { a: 'any', b: 5, c: '2026-01-01T00:00:00Z', d: {}, e: [{ x: 1 }], f: 1 })),
  ).toEqual([]);
  expect(await differences(promised, answer(200, { a: 5, b: true, c: 'x', d: 1, e: [] }))).toEqual([
    '12:3 property/type /body/a',
    '12:18 property/type /body/b',
    '12:32 property/format /body/c',
  ]);
});

test('properties that the resource documents are documented, inherited ones too', async () => {
  const page = exchangePage('GET /me', ['HTTP/1.1 200 OK\n\n{ "id": "1" }'], { response: { '@odata.type': 'a.user' } });
  const resources =
    '<!-- { "blockType": "resource", "@odata.type": "a.entity" } -->\n```json\n{ "id": "String" }\n```\n\n<!-- { "blockType": "resource", "@odata.type": "a.user", "baseType": "a.entity" } -->\n```json\n{ "mail": "String" }\n```\n\n## Properties\n\n| Property | Type | Description |\n|--|--|--|\n| age | Int32 | Nullable. |\n';
  const docset = await compilePages({ 'page.md': page, 'user.md': resources });
  const facts = compare(
    docset.exchanges[0]!,
    answer(200, { id: '1', mail: 'm', age: 4, extra: 1 }),
    indexResources(docset.resources),
  ).facts;
  expect(facts.map(({ pointer }) => pointer)).toEqual(['/body/extra']);
});

test('of several responses with one status the one with the fewest errors judges', async () => {
  const exchange = await exchangeOf('GET /me', [
    'HTTP/1.1 200 OK\n\n{ "a": 1, "b": 2 }',
    'HTTP/1.1 200 OK\n\n{ "c": 1 }',
    'HTTP/1.1 404 Not Found',
  ]);
  const { by, facts } = compare(exchange, answer(200, { c: 3 }), indexResources([]));
  expect([by, facts]).toEqual([exchange.responses[1], []]);
});

test('the place of a key is found through indentation and quotes', async () => {
  const page = exchangePage('GET /me', [USER])
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
  const { exchanges } = await compilePages({ 'page.md': page });
  const { facts } = compare(exchanges[0]!, answer(200, { ...GOOD, id: undefined }), indexResources([]));
  expect(facts.map(({ place }) => place.position.start)).toEqual([{ line: 14, column: 5 }]);
});

test('hostile keys are only keys', async () => {
  expect(await differences(USER, answer(200, JSON.stringify(GOOD).replace('{', '{"__proto__":{"x":1},')))).toEqual([
    '13:1 property/undocumented /body/__proto__',
  ]);
});
