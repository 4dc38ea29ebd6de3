import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { compare } from '../compare/index.ts';
import { FORMATS } from '../compare/formats.ts';
import { indexResources } from '../model/resource.ts';
import { compilePages, exchangePage } from './docs.ts';

const RESOURCES = `# Types

<!-- { "blockType": "resource", "@odata.type": "a.entity" } -->
\`\`\`json
{ "id": "Guid" }
\`\`\`

<!-- { "blockType": "resource", "@odata.type": "a.order", "baseType": "a.entity" } -->
\`\`\`json
{
  "placed": "DateTimeOffset", "count": "Int32", "total": "Double", "paid": true, "state": "open | paid", "lines": [{ "@odata.type": "a.line" }],
  "shipTo": { "@odata.type": "a.place" }, "took": "Duration", "seal": "Binary", "day": "Date"
}
\`\`\`

<!-- { "blockType": "resource", "@odata.type": "a.line" } -->
\`\`\`json
{ "sku": "String", "amount": "Int32" }
\`\`\`

<!-- { "blockType": "resource", "@odata.type": "a.gift", "baseType": "a.line" } -->
\`\`\`json
{ "card": "String" }
\`\`\`

<!-- { "blockType": "resource", "@odata.type": "a.place", "openType": true } -->
\`\`\`json
{ "city": "String" }
\`\`\`
`;

const PROMISED = `{
  "value": [
    { "id": "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "placed": "2026-01-31T09:30:00Z", "lines": [{ "sku": "x" }] }
  ]
}`;

const ORDER = { id: '00000000-0000-4000-8000-000000000000', placed: '2026-01-01T00:00:00.1234567+02:00', lines: [] };

/** What differs when the one order of the list is answered as given. */
async function differences(order: object, wrapper: object = {}): Promise<string[]> {
  const page = exchangePage('GET /orders', [`HTTP/1.1 200 OK\nContent-Type: application/json\n\n${PROMISED}`], {
    response: { '@odata.type': 'Collection(a.order)' },
  });
  const { exchanges, resources } = await compilePages({ 'p.md': page, 't.md': RESOURCES });
  const body = new TextEncoder().encode(JSON.stringify({ ...wrapper, value: [ORDER, { ...ORDER, ...order }] }));
  const { facts } = compare(
    exchanges[0]!,
    { status: 200, headers: [['Content-Type', 'application/json']], body },
    indexResources(resources),
  );
  return facts.map(({ ruleId, pointer, place }) => `${place.position.start.line} ${ruleId} ${pointer}`);
}

test('what the resource documents beyond the example is judged and allowed', async () => {
  const lines = [{ sku: 's', amount: 1 }, { '@odata.type': '#a.gift', sku: 's', amount: 2, card: 'c' }, { sku: 't' }];
  expect(
    await differences({
      count: 3,
      total: 4,
      paid: false,
      state: 'paid',
      lines,
      shipTo: { city: 'x', anything: 1 },
      took: 'P1DT2H',
      seal: 'aGk=',
      day: '2024-02-29',
    }),
  ).toEqual([]);
  expect(await differences({ total: 'INF', shipTo: null, count: null })).toEqual([]);
  expect(await differences({}, { '@odata.context': 'x', '@odata.count': 2, '@odata.nextLink': 'y' })).toEqual([]);
});

for (const [what, order, expected] of [
  ['a string for a number', { count: '3' }, ['15 property/type /body/value/1/count']],
  ['a fraction for an integer', { count: 3.5 }, ['15 property/type /body/value/1/count']],
  ['a number for a string', { lines: [{ sku: 5 }] }, ['15 property/type /body/value/1/lines/0/sku']],
  ['a date-time without an offset', { placed: '2026-01-01T00:00:00' }, ['15 property/format /body/value/1/placed']],
  ['a GUID that is none', { id: '7' }, ['15 property/format /body/value/1/id']],
  ['a day that is none', { day: '2026-02-30' }, ['15 property/format /body/value/1/day']],
  ['a duration that is none', { took: '2 hours' }, ['15 property/format /body/value/1/took']],
  ['base64 that is none', { seal: '?!' }, ['15 property/format /body/value/1/seal']],
  ['a value outside the enumeration', { state: 'lost' }, ['15 property/enum /body/value/1/state']],
  ['an object for a list', { lines: { sku: 'x' } }, ['15 property/type /body/value/1/lines']],
  [
    'a fault in the n-th item at depth',
    { lines: [{ sku: 'a' }, { sku: 'b' }, { sku: 'c', amount: 'x' }] },
    ['15 property/type /body/value/1/lines/2/amount'],
  ],
  [
    'an undocumented property at depth',
    { lines: [{ sku: 'a', odd: 1 }] },
    ['15 property/undocumented /body/value/1/lines/0/odd'],
  ],
  [
    'a type that does not derive from the documented one, once',
    { lines: [{ '@odata.type': '#a.place', sku: 'a' }] },
    ['15 property/foreign-type /body/value/1/lines/0/@odata.type'],
  ],
  [
    'a property of a derived type where the item is none',
    { lines: [{ sku: 'a', card: 'c' }] },
    ['15 property/undocumented /body/value/1/lines/0/card'],
  ],
] as const)
  test(`finds ${what}`, async () => {
    expect(await differences(order)).toEqual(expected);
  });

test('beside the items of a collection only control information is at home', async () => {
  expect(await differences({}, { extra: 1 })).toEqual(['13 property/undocumented /body/extra']);
});

test('what the example breaks itself is no promise', async () => {
  const page = exchangePage('GET /o', ['HTTP/1.1 200 OK\n\n{ "placed": "datetime-value", "state": "shut" }'], {
    response: { '@odata.type': 'a.order' },
  });
  const { exchanges, resources } = await compilePages({ 'p.md': page, 't.md': RESOURCES });
  const body = new TextEncoder().encode('{ "placed": "datetime-value", "state": "other" }');
  expect(compare(exchanges[0]!, { status: 200, headers: [], body }, indexResources(resources)).facts).toEqual([]);
});

test('a status that has no content is not held to a documented body', async () => {
  const page = exchangePage('DELETE /o', ['HTTP/1.1 204 No Content\nContent-Type: application/json\n\n{ "a": 1 }']);
  const { exchanges } = await compilePages({ 'p.md': page });
  expect(
    compare(exchanges[0]!, { status: 204, headers: [], body: new Uint8Array() }, indexResources([])).facts,
  ).toEqual([]);
});

test('every instant and day is in its format, whatever its fraction and offset', () => {
  fc.assert(
    fc.property(
      fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') }),
      fc.integer({ min: 0, max: 12 }),
      fc.constantFrom('Z', '+00:00', '-11:30', '+14:00'),
      (date, digits, offset) => {
        const plain = date.toISOString().slice(0, 19);
        const fraction = digits === 0 ? '' : `.${'1'.repeat(digits)}`;
        expect(FORMATS.DateTimeOffset!.is(`${plain}${fraction}${offset}`)).toBe(true);
        expect(FORMATS.Date!.is(plain.slice(0, 10))).toBe(true);
      },
    ),
  );
  for (const bad of [
    '',
    '2026-13-01T00:00:00Z',
    '2026-01-32T00:00:00Z',
    '2026-01-01',
    '2026-01-01T25:00:00Z',
    'yesterday',
    '2026-01-01T00:00:00',
  ])
    expect(FORMATS.DateTimeOffset!.is(bad), bad).toBe(false);
});
