import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { fromApiDoctorPath, jsonPaths, NoSuchPlace, pathFault, placeTokens, withValue } from '../model/json-path.ts';

/** A normalized path (RFC 9535, 2.7). */
function normalized(tokens: readonly (string | number)[]): string {
  const quoted = (name: string): string =>
    JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `$${tokens.map((token) => (typeof token === 'number' ? `[${token}]` : `['${quoted(token)}']`)).join('')}`;
}

const name = fc.string({ unit: 'grapheme-ascii', maxLength: 6 });

test('what is set at a place is what a query finds there, whatever the names are', async () => {
  const query = await jsonPaths();
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), fc.jsonValue(), (names, value) => {
      const path = normalized(names);
      expect(placeTokens(path)).toEqual(names);
      const set = withValue({}, path, value);
      expect(query(set, path)).toEqual([value]);
      expect(JSON.stringify(withValue(set, path, undefined))).not.toBe(undefined);
    }),
  );
});

test('an item that is there is set, one that is not is refused, and nothing else changes', async () => {
  const query = await jsonPaths();
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 5 }), fc.nat(6), (items, index) => {
      const root = { items, other: 1 };
      const set = (): unknown => withValue(root, `$.items[${index}]`, 'new');
      if (index >= items.length) return expect(set).toThrow(NoSuchPlace);
      expect(query(set(), '$.items[*]')).toEqual(items.with(index, 'new' as never));
      expect(root).toEqual({ items, other: 1 });
    }),
  );
});

test('any text is a path or none, and never a crash', async () => {
  const query = await jsonPaths();
  const texts = fc.oneof(fc.string(), fc.stringMatching(/^\$[$.['\]"a0*@?()-]{0,12}$/));
  fc.assert(
    fc.property(texts, (text) => {
      const path = fromApiDoctorPath(text);
      const fault = pathFault(query, path);
      expect(fault === undefined || /^it cannot be read from character \d+ on$/.test(fault), fault).toBe(true);
      // What leads to one place is a path of the RFC, too.
      if (placeTokens(path) !== undefined) expect(fault, path).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

test('patterns, which may take for ever, are not run', async () => {
  const query = await jsonPaths();
  for (const path of ["$[?match(@.a, '(a+)+b')]", '$[?search (@.a,"x")]'])
    expect(pathFault(query, path)).toContain('are not answered');
  for (const path of ["$['match(']", "$[?@.a=='search(x)']", '$[?length(@.a)>1]'])
    expect(pathFault(query, path)).toBeUndefined();
});

test('names with other signs, as API Doctor writes them', () => {
  expect(fromApiDoctorPath('$.value[0].link-type.@odata.id')).toBe("$.value[0]['link-type']['@odata'].id");
  expect(fromApiDoctorPath("$.['@content.downloadUrl'].x")).toBe("$['@content.downloadUrl'].x");
});
