import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { MAX_DEPTH, pointerToken, readJson } from '../model/json.ts';

test('reads whatever JSON.parse reads, to the same value, without a leniency', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 2, '\t'), (json, indent) => {
      const text = JSON.stringify(JSON.parse(json), null, indent);
      const read = readJson(text);
      expect(read.error).toBeUndefined();
      expect(read.leniencies).toEqual([]);
      expect(JSON.stringify(read.value)).toBe(JSON.stringify(JSON.parse(text)));
    }),
  );
});

test('reads or refuses any text, with places inside it', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.string(),
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        "'",
        '...',
        '//',
        '/*',
        '<a>',
        '{id}',
        '\\',
        '\n',
        'null',
        '1',
      ),
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join('');
      const { error, leniencies } = readJson(text);
      if (error) expect(error.offset).toBeLessThanOrEqual(text.length);
      for (const { start, end } of leniencies) expect(0 <= start && start <= end && end <= text.length).toBe(true);
    }),
    { numRuns: 500 },
  );
});

for (const [text, value, leniencies] of [
  ["{ 'a': 'b' }", { a: 'b' }, ['a string in single quotes', 'a string in single quotes']],
  ['{ a: 1, $b_2: 2 }', { a: 1, $b_2: 2 }, ['the name `a` without quotes', 'the name `$b_2` without quotes']],
  ['[1, 2, ]', [1, 2], ['a trailing comma']],
  ['{ "a": 1 // one\n }', { a: 1 }, ['a comment']],
  ['{ /* x */ "a": 1 }', { a: 1 }, ['a comment']],
  ['{ "a": "b\nc" }', { a: 'b\nc' }, ['a line end or control character inside a string']],
  ['{ "a": 1, "a": 2 }', { a: 2 }, ['the last of two properties named `a`']],
  ['{\u00a0"a": 1 }', { a: 1 }, ['a blank that is none in JSON']],
  [
    '{ "a": 0x1F, "b": 010, "c": undefined }',
    { a: 31, b: 8, c: null },
    ['`0x1F` as a number', '`010` as a number', '`undefined` as null'],
  ],
  ['[ 1, ... ]', [1], ['`...` as what is left out']],
  ['{ "a": [ { "b": 1 } ... ] }', { a: [{ b: 1 }] }, ['`...` as what is left out']],
  [
    '{ "a": <bytes 0-25 of the file>, "b": {id} }',
    { a: null, b: null },
    ['`<bytes 0-25 of the file>` as a placeholder', '`{id}` as a placeholder'],
  ],
] as const)
  test(`reads ${JSON.stringify(text)} and says how`, () => {
    const read = readJson(text);
    expect(read.error).toBeUndefined();
    expect(read.value).toEqual(value);
    expect(read.leniencies.map(({ what }) => what)).toEqual(leniencies);
  });

for (const [text, offset] of [
  ['{ "a": 1; }', 8],
  ['{ "a" 1 }', 6],
  ['{ "a": 1 } x', 11],
  ['{ "a": tru }', 7],
  ['{ "a": 1, , "b": 2 }', 10],
  ['{ , "a": 1 }', 2],
  ['{ “a”: 1 }', 2],
  ['{ a-b: 1 }', 2],
  ['{ "a": "\\x" }', 8],
  ['{ "a": 1 # c\n }', 9],
  ['', 0],
  ['{ "a": [', 8],
] as const)
  test(`refuses ${JSON.stringify(text)} at ${offset}`, () => {
    expect(readJson(text).error?.offset).toBe(offset);
  });

test('says where every value and key stands', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value, null, 2);
      const read = readJson(text);
      const visit = (at: unknown, pointer: string): void => {
        const place = read.locate(pointer)!;
        expect(JSON.stringify(JSON.parse(text.slice(place.value.start, place.value.end)))).toBe(JSON.stringify(at));
        if (typeof at !== 'object' || at === null) return;
        for (const [key, member] of Object.entries(at)) {
          const below = `${pointer}/${pointerToken(key)}`;
          const found = read.locate(below)!;
          if (!Array.isArray(at)) expect(JSON.parse(text.slice(found.key!.start, found.key!.end))).toBe(key);
          visit(member, below);
        }
      };
      visit(value, '');
    }),
  );
});

test('keeps a hostile key a plain property', () => {
  const { value } = readJson('{ "__proto__": { "polluted": 1 }, "constructor": 2 }');
  expect(Object.hasOwn(value as object, '__proto__')).toBe(true);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('refuses nesting without end, and goes through a million brackets and a long string', () => {
  expect(readJson('['.repeat(1_000_000)).error?.message).toContain(String(MAX_DEPTH));
  expect(readJson(`"${'x\\n'.repeat(200_000)}"`).error).toBeUndefined();
});
