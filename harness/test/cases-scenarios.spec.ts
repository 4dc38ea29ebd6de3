import { expect, test } from '@playwright/test';
import { fromApiDoctorPath, jsonPaths, NoSuchPlace, withValue } from '../model/json-path.ts';
import { renameProperties } from '../replay/transform.ts';
import { casesMissing, casesOf, countStances, stanceOf, type Case } from './cases.ts';

const GET = casesOf(['jsonPathGet']);
const SET = casesOf(['jsonPathSet']);
const RENAME = casesOf(['rewritePropertyNames']);

/** Where we decide for ourselves, or know better. */
const OURS: Readonly<Record<string, unknown>> = {
  // The whole document: it is what an author who writes this means, and API Doctor's.
  'jp-$.': 'as the reference has it',
  // Descendants and quoted names are paths of RFC 9535, whoever writes them.
  'jp-$..c': 'x',
  "jp-$['a']": { b: [1, { c: 'x' }] },
  // The item is set, not the whole array.
  'jps-$.a.b[0]': ['V', { c: 'x' }],
};

test.describe('JSONPath cases of the reference system', () => {
  test.skip(casesMissing !== undefined, casesMissing);

  test('all of them are here, by stance', () => {
    expect(countStances(GET)).toEqual({ match: 17, differ: 0, judge: 3 });
    expect(countStances(SET)).toEqual({ match: 9, differ: 1, judge: 0 });
    expect(countStances(RENAME)).toEqual({ match: 2, differ: 0, judge: 0 });
    const own = [...GET, ...SET].filter((each) => stanceOf(each) !== 'match').map(({ name }) => name);
    expect(own.toSorted()).toEqual(Object.keys(OURS).toSorted());
  });

  for (const each of GET)
    test(`get ${each.name} (${stanceOf(each)})`, async () => {
      const query = await jsonPaths();
      const get = (): unknown => {
        const [first] = query(documentOf(each), fromApiDoctorPath(each.input.path));
        if (first === undefined) throw new Error('nothing there');
        return first;
      };
      const expected = each.name === 'jp-$.' || !(each.name in OURS) ? each.expected : { value: OURS[each.name] };
      if ('error' in expected) expect(get).toThrow();
      else expect(get()).toEqual(expected.value);
    });

  for (const each of SET)
    test(`set ${each.name} (${stanceOf(each)})`, () => {
      const document = documentOf(each);
      const set = (): unknown => withValue(document, fromApiDoctorPath(each.input.path), each.input.value);
      if ('error' in each.expected) return expect(set).toThrow(NoSuchPlace);
      const value = set();
      if (each.name in OURS) return expect((value as { a: { b: unknown } }).a.b).toEqual(OURS[each.name]);
      if (each.expected.then === undefined) return expect(value).toEqual(each.expected.value);
      const { pointer, value: wanted } = each.expected.then as { pointer: string; value: unknown };
      const found = pointer
        .split('/')
        .slice(1)
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], value);
      expect(found).toEqual(wanted);
      // What it was made of is left alone.
      expect(document).not.toEqual(value);
    });

  for (const each of RENAME)
    test(`rename ${each.name} (${stanceOf(each)})`, () => {
      const names = Object.fromEntries(each.input.map as [string, string][]);
      expect(renameProperties(documentOf(each), names)).toEqual(each.expected.value);
    });
});

function documentOf({ input }: Case): unknown {
  return (input.json as unknown) ?? (JSON.parse(input.jsonText as string) as unknown);
}
