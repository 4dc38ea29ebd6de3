import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { fits } from '../model/fits.ts';
import { schema, validator, type SchemaName } from '../model/schemas.ts';

const NAMES = ['config', 'fixture', 'print', 'report'] as const satisfies readonly SchemaName[];

const exchange = {
  id: 'users#get',
  title: 'Get',
  scopes: ['User.Read'],
  request: {
    block: { line: 3, indent: [0, 2] },
    at: 0,
    method: 'POST',
    url: '/users',
    headers: [{ name: 'Accept', value: '*/*', at: 1 }],
    body: { kind: 'json', at: 3, text: '{}' },
    matchers: { '/body/*/id': { type: ['string', 'null'], regex: '^a' }, '/status': { oneOf: [200, 201] } },
  },
  responses: [
    { block: { line: 9, indent: 0 }, at: 0, status: 204, headers: [], body: { kind: 'empty' }, truncated: true },
  ],
};
const fixture = { schemaVersion: 1, page: 'docs/users.md', exchanges: [exchange, exchange] };
const config = {
  docs: ['docs'],
  target: 'it',
  targets: { it: { url: 'http://127.0.0.1', cleanup: false, writes: true, rate: { perSecond: 1.5 } } },
  values: {
    a: 'b',
    c: { env: 'C' },
    d: { from: 'x', pointer: '/body/id', intoWrites: true },
    e: { generate: 'unique' },
  },
  retries: 2,
};

test('the quick judge knows every keyword of the schemas that values are held to, and refuses others', () => {
  for (const name of NAMES) expect(fits(schema(name)), name).toBeDefined();
  expect(fits(schema('event'))).toBeUndefined();
  expect(fits({ type: 'object', unevaluatedProperties: false })).toBeUndefined();
  expect(fits({ enum: [{}] })).toBeUndefined();
  expect(fits({ $ref: 'other.json' })).toBeUndefined();
});

test('the quick judge says of a good value that it is good', () => {
  expect(fits(schema('fixture'))!(fixture)).toBe(true);
  expect(fits(schema('config'))!(config)).toBe(true);
});

test('the quick judge says of every value what ajv says', () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  const judges = NAMES.map((name) => ({ quick: fits(schema(name))!, whole: ajv.compile(schema(name)) }));
  const ways = [fixture, config].flatMap((value) => pathsOf(value).map((path) => ({ value, path })));
  const other = fc.oneof(
    fc.constant(undefined),
    fc.constantFrom<unknown>('', 'json', 'empty', 0, -1, 1, 1.5, 99, 1000, true, null, [], {}, [1], ['a'], [{}], {
      a: 1,
    }),
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(...ways.map(({ value, path }) => at(value, path))),
  );
  fc.assert(
    fc.property(fc.constantFrom(...ways), other, fc.boolean(), ({ value, path }, member, isNew) => {
      const changed = path.length === 0 ? member : set(value, isNew ? [...path.slice(0, -1), 'new'] : path, member);
      return judges.every(({ quick, whole }) => quick(changed) === whole(changed));
    }),
    { numRuns: 2000 },
  );
});

test('what is not good is told with its place, in the words of the thorough judge', () => {
  const judge = validator('fixture');
  expect(judge(fixture)).toEqual([]);
  expect(judge(set(fixture, ['exchanges', '1', 'responses', '0', 'status'], '204'))).toEqual([
    { pointer: '/exchanges/1/responses/0/status', reason: 'must be integer' },
  ]);
});

type Path = readonly string[];

/** Every place in a value. */
function pathsOf(value: unknown): Path[] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([key, member]) => pathsOf(member).map((path) => [key, ...path]))];
}

function at(value: unknown, path: Path): unknown {
  return path.reduce((here, key) => (here as Record<string, unknown>)[key], value);
}

/** A copy with another value at one place; with `undefined` it is gone. */
function set(value: unknown, [key, ...path]: Path, member: unknown): unknown {
  if (key === undefined) return member;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  copy[key] = set(copy[key], path, member);
  return copy;
}
