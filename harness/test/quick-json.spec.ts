import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { MAX_DEPTH, pointerToken, readJson, type JsonText } from '../model/json.ts';
import { quickJson } from '../model/quick-json.ts';

/** All that a reading tells. */
function told(json: JsonText, pointers: readonly string[]) {
  const { value, leniencies, error, elided } = json;
  // The order of names counts, too.
  return { value, text: JSON.stringify(value), leniencies, error, elided, places: pointers.map(json.locate) };
}

test('a quick reading tells what a thorough one does, of any text', () => {
  const words = ['{', '}', '[', ']', ',', ':', '"a"', '"b"', '"1"', '"__proto__"', '1', '-0', '1e400', '"\\ud800"'];
  const odd = ['...', '// x\n', '<a>', '{id}', "'c'", 'undefined', ' ', '\ufeff', '\n'];
  const texts = fc.oneof(
    fc.json(),
    fc.json().map((json) => JSON.stringify({ b: 1, a: [JSON.parse(json)], '/': { x: '{"[' } }, null, 2)),
    fc.json().map((json) => `[ {"\\u0061" : ${json} ,"a":[ ] , "b" :"\\"]" } , ${json} ]`),
    fc.array(fc.constantFrom(...words), { maxLength: 14 }).map((parts) => parts.join('')),
    fc.array(fc.constantFrom(...words, ...odd), { maxLength: 14 }).map((parts) => parts.join('')),
  );
  const pointers = [
    '',
    '/a',
    '/b',
    '/1',
    '/a/0',
    '/0',
    '/0/a',
    '/__proto__',
    '/a/a',
    '/0/0/0',
    '/00',
    '/-1',
    '/1.5',
    '/x',
    '/',
  ];
  fc.assert(
    fc.property(texts, (text) => {
      expect(told(quickJson(text), pointers)).toEqual(told(readJson(text), pointers));
    }),
    { numRuns: 1000 },
  );
});

test('of two properties of one name the last counts, at the place of the first, and it is told', () => {
  const text = '{"a": {"x": 1}, "b": 2, "a": {"y": 3}}';
  expect(told(quickJson(text), ['/a', '/b'])).toEqual(told(readJson(text), ['/a', '/b']));
  expect(JSON.stringify(quickJson(text).value)).toBe('{"a":{"y":3},"b":2}');
});

test('what is nested too deeply is refused as ever', () => {
  for (const depth of [MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1, MAX_DEPTH + 2, 100_000]) {
    for (const inner of ['', '1']) {
      const text = '['.repeat(depth) + inner + ']'.repeat(depth);
      expect(quickJson(text).error, `${depth} ${inner}`).toEqual(readJson(text).error);
    }
  }
});

test('where each value stands in strict JSON is told as ever', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(undefined, 2, '\t'), (json, indent) => {
      const text = JSON.stringify(JSON.parse(json), null, indent);
      const pointers = pointersIn(JSON.parse(text), '');
      const places = pointers.map(readJson(text).locate);
      expect(pointers.map(quickJson(text).locate)).toEqual(places);
      // Whoever asks once is told without a thorough reading.
      expect(pointers.map((pointer) => quickJson(text).locate(pointer))).toEqual(places);
    }),
    { numRuns: 500 },
  );
});

function pointersIn(value: unknown, pointer: string): string[] {
  if (typeof value !== 'object' || value === null) return [pointer];
  const below = Object.entries(value).flatMap(([key, member]) => pointersIn(member, `${pointer}/${pointerToken(key)}`));
  return [pointer, ...below];
}
