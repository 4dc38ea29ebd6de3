import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { compare } from '../compare/index.ts';
import { examine } from '../examine.ts';
import { serialize } from '../files/serialize.ts';
import type { ExchangeMatchers, Match } from '../model/config.ts';
import type { Docset } from '../model/docset.ts';
import { FORMAT_WORDS, MATCHER_WORDS, readMatcher, readMatcherPointer, TYPE_WORDS } from '../model/matcher.ts';
import { indexResources } from '../model/resource.ts';
import { brief, compilePages, exchangePage } from './docs.ts';
import { workspace } from './workspace.ts';

const BODY = {
  id: '7',
  size: 3,
  when: '2026-01-01T00:00:00Z',
  tags: ['a', 'b'],
  owner: { id: 'o-1', mail: 'a@example.com' },
  value: [
    { id: '1', state: 'open' },
    { id: '2', state: 'done' },
  ],
};
const RESPONSE = `HTTP/1.1 200 OK\nContent-Type: application/json\nETag: "1"\n\n${JSON.stringify(BODY, null, 2)}`;
const GUID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';

type Told = readonly string[];

function docsetOf(matchers: object | undefined, request?: object): Promise<Docset> {
  const response = matchers === undefined ? {} : { matchers };
  return compilePages({
    'page.md': exchangePage('GET /note', [RESPONSE], {
      response,
      ...(request ? { request: { matchers: request } } : {}),
    }),
  });
}

interface How {
  readonly match?: Match;
  readonly config?: readonly ExchangeMatchers[];
  readonly status?: number;
  readonly headers?: readonly (readonly [string, string])[];
  readonly request?: object;
}

async function told(matchers: object | undefined, body: unknown, how: How = {}): Promise<Told> {
  const { exchanges, findings, resources } = await docsetOf(matchers, how.request);
  expect(brief(findings, { notes: false })).toEqual([]);
  const actual = {
    status: how.status ?? 200,
    headers:
      how.headers ??
      ([
        ['content-type', 'application/json'],
        ['etag', '"1"'],
      ] as const),
    body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
  };
  const { facts } = compare(exchanges[0]!, actual, indexResources(resources), how.match, how.config);
  return facts.map(({ ruleId, pointer }) => `${ruleId} ${pointer}`);
}

/** The body with values at top-level names put in, or taken out where undefined. */
function but(change: object): object {
  return { ...BODY, ...change };
}

/** Of each matcher values of `size` that it takes, and values that it does not. */
const TRUTHS: readonly (readonly [matcher: unknown, takes: readonly unknown[], refuses: readonly unknown[]])[] = [
  [3, [3], [4, '3', null, [3]]],
  [null, [null], [0, '', false]],
  [true, [true], [false, 'true', 1]],
  [{ equals: { a: [1, { b: 2 }] } }, [{ a: [1, { b: 2 }] }], [{ a: [1, { b: 3 }] }, { a: [1] }, {}, [], 'x', null]],
  ['any', [1, 'x', null, [], { a: { b: 1 } }], []],
  ['ignore', [1, 'x', null, [], undefined], []],
  ['absent', [undefined], [1, null, '']],
  ['string', ['', 'x'], [1, null, ['x']]],
  ['integer', [1, -3, 1e3], [1.5, '1', null]],
  ['number', [1, 1.5], ['1', null]],
  [{ type: ['string', 'null'] }, ['x', null], [1, {}]],
  ['guid', [GUID], ['x', '', 7, null]],
  [{ format: 'uuid', nullable: true }, [GUID, null], ['x']],
  [{ format: 'guid', optional: true }, [GUID, undefined], ['x', null]],
  ['date-time', ['2026-01-31T09:30:00Z'], ['2026-01-31', 'x']],
  ['date', ['2026-01-31'], ['2026-02-30']],
  ['time', ['09:30:00'], ['25:00']],
  ['duration', ['P1DT2H'], ['1 day']],
  ['url', ['https://example.com/x'], ['/x', 'example.com']],
  ['base64', ['aGk='], ['?']],
  ['etag', ['W/"7"', '"7"'], ['7', 'w/"7"']],
  [{ regex: '^[a-z]+-\\d+$' }, ['a-1'], ['A-1', 'a-1\n', 7]],
  [{ regex: '(?i)^A$' }, ['a'], ['b']],
  [{ oneOf: ['a', 1, null] }, ['a', 1, null], ['b', 2]],
  [{ min: 1, max: 3 }, [1, 2.5, 3], [0, 4, '2', null]],
  [{ length: 2 }, ['ab', '😀a', [1, 2]], ['a', [1], 2]],
  [{ type: 'string', minLength: 1, maxLength: 2 }, ['a', 'ab'], ['', 'abc', ['a']]],
];

for (const match of ['shape', 'exact', 'schema'] as const)
  test(`${match}: each matcher takes what it says and refuses the rest, whatever the example shows`, async () => {
    for (const [matcher, takes, refuses] of TRUTHS) {
      const what = JSON.stringify(matcher);
      for (const size of takes)
        expect
          .soft(
            await told({ '/body/size': matcher }, but({ size }), { match }),
            `${what} takes ${JSON.stringify(size)}`,
          )
          .toEqual([]);
      for (const size of refuses)
        expect
          .soft(
            await told({ '/body/size': matcher }, but({ size }), { match }),
            `${what} refuses ${JSON.stringify(size)}`,
          )
          .toEqual(['property/value /body/size']);
    }
  });

test('what a matcher asks for and is not there is missing, once', async () => {
  for (const match of ['shape', 'exact', 'schema'] as const) {
    expect(await told({ '/body/size': 'present' }, but({ size: undefined }), { match })).toEqual([
      'property/missing /body/size',
    ]);
    expect(await told({ '/body/more': { regex: 'x' } }, BODY, { match })).toEqual(['property/missing /body/more']);
  }
  expect(await told({ '/body/owner/mail': 'string' }, but({ owner: undefined }))).toEqual([
    'property/missing /body/owner',
  ]);
  expect(await told({ '/body/value/5/id': 'any' }, BODY)).toEqual(['property/missing /body/value/5']);
  expect(await told({ '/body/value/*/more': 'any' }, BODY)).toEqual([
    'property/missing /body/value/0/more',
    'property/missing /body/value/1/more',
  ]);
  expect(await told({ '/body/value/*/more': 'any' }, but({ value: [] }))).toEqual([]);
});

test('a star is every item and name; a name beats it; ~2 is a star', async () => {
  const value = [
    { id: 'x', state: 'open' },
    { id: '2', state: 'done' },
  ];
  expect(await told({ '/body/value/*/id': { regex: '^\\d$' } }, but({ value }))).toEqual([
    'property/value /body/value/0/id',
  ]);
  expect(await told({ '/body/value/*/id': { regex: '^\\d$' }, '/body/value/0/id': 'any' }, but({ value }))).toEqual([]);
  expect(await told({ '/body/owner/*': 'string' }, but({ owner: { id: 1, mail: 'x' } }))).toEqual([
    'property/value /body/owner/id',
  ]);
  expect(await told({ '/body/~2': 'integer' }, but({ '*': 'x' }))).toEqual(['property/value /body/*']);
});

test('below a value that is taken all is judged as documented, but below any, ignore and equals nothing is', async () => {
  const odd = but({ owner: { id: 7, mail: 'x' } });
  expect(await told({ '/body/owner': 'object' }, odd)).toEqual(['property/type /body/owner/id']);
  expect(await told({ '/body/owner': 'present' }, odd)).toEqual(['property/type /body/owner/id']);
  expect(await told({ '/body/tags': { minLength: 1 } }, but({ tags: ['a', 7] }))).toEqual([
    'property/type /body/tags/1',
  ]);
  for (const matcher of ['any', 'ignore', { equals: { id: 7, mail: 'x' } }])
    expect(await told({ '/body/owner': matcher }, odd)).toEqual([]);
  expect(await told({ '/body/extra': 'any' }, but({ extra: { a: 1 } }))).toEqual([]);
  expect(await told({ '/body/extra/id': 'guid' }, but({ extra: { id: 'x', more: 1 } }))).toEqual([
    'property/value /body/extra/id',
  ]);
  expect(await told({ '/body/size': 'any' }, but({ extra: 1 }))).toEqual(['property/undocumented /body/extra']);
});

test('exact: what no matcher speaks of is still equal', async () => {
  const matchers = { '/body/id': 'string', '/body/value': { minLength: 1 } };
  const body = but({ id: 'other', size: 4, value: [{ id: '1', state: 'open' }] });
  expect(await told(matchers, body, { match: 'exact' })).toEqual(['property/value /body/size']);
});

test('headers and the status are matched, too', async () => {
  const headers = [
    ['content-type', 'text/plain'],
    ['ETag', 'x'],
    ['Retry-After', '30'],
  ] as const;
  expect(await told({ '/headers/content-type': 'ignore', '/headers/ETag': 'etag' }, BODY, { headers })).toEqual([
    'header/value /headers/etag',
  ]);
  expect(await told({ '/headers/*': 'any', '/headers/retry-after': { max: 20 } }, BODY, { headers })).toEqual([
    'header/value /headers/retry-after',
  ]);
  expect(await told({ '/headers/x-id': 'guid' }, BODY)).toEqual(['header/missing /headers/x-id']);
  expect(await told({ '/headers/etag': 'absent' }, BODY)).toEqual(['header/value /headers/etag']);
  expect(await told({ '/status': { oneOf: [200, 201] } }, BODY, { status: 201 })).toEqual([]);
  expect(await told({ '/status': { oneOf: [200, 204] } }, '', { status: 204, headers: [['ETag', '"1"']] })).toEqual([]);
  expect(await told({ '/status': 201 }, BODY)).toEqual(['status/undocumented /status']);
});

test('the whole body may be matched, JSON or not', async () => {
  expect(await told({ '/body': 'ignore' }, '<html>')).toEqual([]);
  expect(await told({ '/body': { regex: '^<html>' } }, '<html>')).toEqual([]);
  expect(await told({ '/body': { regex: '^<html>' } }, 'x')).toEqual(['property/value /body']);
  expect(await told({ '/body': 'object' }, '')).toEqual(['property/missing /body']);
  expect(await told({ '/body': 'object' }, but({ size: 'x' }))).toEqual(['property/type /body/size']);
});

test('the config beats the annotation, the response the request; an id a name, a name a glob', async () => {
  const set = (exchanges: string, matcher: unknown): ExchangeMatchers => {
    const read = readMatcher(matcher);
    if ('fault' in read) throw new Error(read.fault.reason);
    return { exchanges, matchers: { '/body/id': read.matcher } };
  };
  const refused = ['property/value /body/id'];
  const annotation = { '/body/id': { equals: '7' } };
  expect(await told(annotation, BODY, { request: { '/body/id': 'guid' } })).toEqual([]);
  expect(await told(undefined, BODY, { request: { '/body/id': 'guid' } })).toEqual(refused);
  for (const glob of ['*', 'one', 'page#one', 'page#*', 'o?e', '**e'])
    expect(await told(annotation, BODY, { config: [set(glob, 'guid')] }), glob).toEqual(refused);
  for (const glob of ['two', 'page', '?', 'page#'])
    expect(await told(annotation, BODY, { config: [set(glob, 'guid')] }), glob).toEqual([]);
  expect(await told(undefined, BODY, { config: [set('*', 'guid'), set('one', 'string'), set('p*', 'guid')] })).toEqual(
    [],
  );
  expect(await told(undefined, BODY, { config: [set('one', 'string'), set('page#one', 'guid')] })).toEqual(refused);
});

test('a matcher that cannot be read is told of at its word, and the value judged without it', async () => {
  const comment = `<!-- {
  "blockType": "response",
  "matchers": {
    "/body/id": "guidd",
    "id": "guid",
    "/body/size": { "tipe": "integer" },
    "/body/when": { "regex": "(?=x)" },
    "/body/tags": { "min": 3, "max": 1 },
    "/body/owner": { "any": true, "type": "object" },
    "/body/value": "array"
  }
} -->`;
  const page = exchangePage('GET /note', [RESPONSE]).replace('<!-- {"blockType":"response"} -->', comment);
  const { findings, fixtures } = await compilePages({ 'page.md': page });
  expect(
    findings.map(
      ({ line, column, ruleId, reason }) =>
        `${line}:${column} ${ruleId} ${reason.replace(/^.*(, did| at least|alone)/, '$1')}`,
    ),
  ).toEqual([
    '11:17 annotation/matcher , did you mean `guid`?',
    '12:5 annotation/matcher , did you mean `/body/id`?',
    '13:21 annotation/matcher , did you mean `type`?',
    expect.stringContaining('14:21 annotation/matcher'),
    '15:31 annotation/matcher  at least `min`',
    '16:35 annotation/matcher alone',
  ]);
  expect([...fixtures.values()][0]!.exchanges[0]!.responses[0]!.matchers).toEqual({ '/body/value': { type: 'array' } });
  const wrong = await compilePages({
    'page.md': exchangePage('GET /note', [RESPONSE], { response: { matchers: ['x'] } }),
  });
  expect(brief(wrong.findings)).toEqual([expect.stringContaining('error annotation/property')]);
});

test('a pointer that meets nothing documented is told of at the pointer', async () => {
  const matchers = {
    '/body/idd': 'string',
    '/body/value/*/id': 'string',
    '/body/tags/0': 'any',
    '/body/gone': 'absent',
    '/body/a/b': 'ignore',
  };
  const findings = examine(await docsetOf(matchers)).filter(({ severity }) => severity !== 'note');
  expect(findings.map(({ ruleId, reason }) => `${ruleId} ${/`(.*?)`/.exec(reason)![1]}`)).toEqual([
    'annotation/no-such-property /body/idd',
    'annotation/no-such-property /body/a/b',
  ]);
});

test('an example is held to the matchers of its annotation', async () => {
  const findings = examine(await docsetOf({ '/body/id': 'guid' })).filter(({ severity }) => severity !== 'note');
  expect(findings.map(({ ruleId, pointer, line }) => `${ruleId} ${pointer} ${line}`)).toEqual([
    'property/value /body/id 15',
  ]);
});

test('fixtures keep matchers, names and values of the docs among them, in the same bytes', async () => {
  const matchers = {
    '/body/id': { equals: { zeta: 1, alpha: { line: 2, x: [null] } } },
    '/body/size': { max: 3, min: 1 },
  };
  const texts = await Promise.all(
    [1, 2].map(async () => serialize([...(await docsetOf(matchers)).fixtures.values()][0]!)),
  );
  expect(texts[0]).toBe(texts[1]);
  expect(texts[0]).toContain('"zeta": 1,\n');
  const { responses } = (JSON.parse(texts[0]!) as { exchanges: { responses: { matchers: object }[] }[] }).exchanges[0]!;
  expect(JSON.stringify(responses[0]!.matchers)).toBe(
    '{"/body/id":{"equals":{"zeta":1,"alpha":{"line":2,"x":[null]}}},"/body/size":{"min":1,"max":3}}',
  );
  const plain = [...(await docsetOf(undefined)).fixtures.values()][0]!;
  const withNone = {
    ...plain,
    exchanges: plain.exchanges.map((each) => ({
      ...each,
      responses: each.responses.map((one) => ({ ...one, matchers: {} })),
    })),
  };
  expect(serialize(withNone).replace(/,\n\s+"matchers": \{\}/, '')).toBe(serialize(plain));
});

test('no pattern of a page takes long, whatever the answer', async () => {
  const long = 'a'.repeat(50_000);
  const bombs = [
    '(a+)+$',
    '(a|aa)+$',
    '^(a|a?)+$',
    '(.*a){20}$',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(?:a?){100}a{100}b',
    '^([a-c]?[a-d]?){30}$',
  ];
  for (const regex of bombs) {
    const began = performance.now();
    const found = await told({ '/body/id': { regex } }, but({ id: `${long}!` }));
    expect(found, regex).toEqual(['property/value /body/id']);
    expect(performance.now() - began, regex).toBeLessThan(1000);
  }
  for (const regex of [
    '((a{100}){100}){100}',
    '(a{1,500}){1,500}',
    'a'.repeat(100_000),
    '(a)\\1',
    '[',
    '('.repeat(5000),
  ])
    expect(readMatcher({ regex }), regex.slice(0, 20)).toHaveProperty('fault');
});

const word = fc.constantFrom(...Object.keys(MATCHER_WORDS), 'tipe', '__proto__', 'toString');
const anyMatcher = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(...TYPE_WORDS, ...FORMAT_WORDS, 'any', 'absent', 'present', 'ignore'),
  fc.dictionary(
    word,
    fc.oneof(fc.constant(true), fc.nat(), fc.string(), fc.jsonValue(), fc.constantFrom(...TYPE_WORDS, ...FORMAT_WORDS)),
  ),
);
const names = fc.constantFrom(
  'id',
  'size',
  'value',
  'owner',
  'tags',
  '*',
  '0',
  '1',
  '~2',
  '__proto__',
  'constructor',
  '',
);
const pointer = fc.oneof(
  fc.array(names, { maxLength: 4 }).map((tokens) => ['/body', ...tokens].join('/')),
  fc.constantFrom('/status', '/headers/etag', '/headers/*', '/headers/__proto__'),
  fc.string(),
);

test('no matcher throws, whatever it says and whatever the answer is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(pointer, anyMatcher, { maxKeys: 6 }),
      fc.oneof(
        fc.json(),
        fc.string(),
        fc.jsonValue().map((value) => JSON.stringify({ ...BODY, id: value, value: [value] })),
      ),
      fc.constantFrom('shape', 'exact', 'schema') as fc.Arbitrary<Match>,
      async (matchers, body, match) => {
        // What ends a comment ends it in a string, too: such a page has no annotation to read.
        fc.pre(!/--!?>/.test(JSON.stringify(matchers)));
        const docset = await docsetOf(matchers);
        examine(docset);
        const actual = { status: 200, headers: [['etag', 'x']] as const, body: new TextEncoder().encode(body) };
        const { facts } = compare(docset.exchanges[0]!, actual, indexResources([]), match);
        for (const { reason } of facts) expect(reason.length).toBeLessThan(1500);
      },
    ),
    { numRuns: 300 },
  );
});

test('no answer is too deep for a matcher', async () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  for (const matcher of ['string', 'any', 'array', { equals: [[[1]]] }, { length: 7 }])
    expect((await told({ '/body/id': matcher }, `{"id":${deep}}`)).length).toBeGreaterThan(0);
});

test('pointers are read token by token', () => {
  expect(readMatcherPointer('/body/a~1b/*/~2/~0')).toEqual([
    { name: 'body' },
    { name: 'a/b' },
    'each',
    { name: '*' },
    { name: '~' },
  ]);
  expect(readMatcherPointer('/headers/ETag')).toEqual([{ name: 'headers' }, { name: 'etag' }]);
  for (const wrong of ['', 'id', '/id', '/bodi/id', '/headers', '/headers/a/b', '/status/x', '/body/~3', '/body/~'])
    expect(typeof readMatcherPointer(wrong), wrong).toBe('string');
});

test.describe('the config', () => {
  const page = exchangePage('GET https://api.example.com/note', [RESPONSE]);
  const run = async (matchers: unknown, words: readonly string[] = ['run'], file = 'docwright.config.json') => {
    const text = typeof matchers === 'string' ? matchers : JSON.stringify({ matchers }, null, 2);
    const space = workspace({ 'docs/page.md': page, [file]: text });
    const result = await space.cli([...words, '--reporter', 'json']);
    const findings = result.code < 2 ? space.report().findings.filter(({ severity }) => severity !== 'note') : [];
    space.remove();
    return { ...result, told: findings.map(({ ruleId, file, line, column }) => `${ruleId} ${file}:${line}:${column}`) };
  };

  test('pins values of answers', async () => {
    expect(await run({ one: { '/body/id': { equals: '7' } } })).toMatchObject({ code: 0, told: [] });
    const { code, told } = await run({ '*': { '/body/id': 'guid' } });
    expect({ code, told }).toEqual({ code: 1, told: ['property/value docs/page.md:15:3'] });
  });

  test('takes patterns of TypeScript', async () => {
    const config = `export default { matchers: { '*': { '/body/id': /^\\d$/, '/body/owner/id': { regex: /^O-/i } } } };`;
    expect(await run(config, ['run'], 'docwright.config.ts')).toMatchObject({ code: 0, told: [] });
  });

  test('a wrong one ends the run before it begins, by file and key', async () => {
    for (const [matchers, said] of [
      [
        { one: { '/body/id': 'guidd' } },
        'docwright.config.json:4:7: `matchers.one./body/id` cannot be read: Unexpected matcher `guidd`',
      ],
      [{ one: { '/bodi/id': 'guid' } }, 'did you mean `/body/id`?'],
      [{ one: { '/body/id': { regexp: 'x' } } }, 'did you mean `regex`?'],
      [{ '/body/id': 'guid' }, 'did you mean `"*": { "/body/id": … }`?'],
      [{ one: 'guid' }, 'must be object'],
      ['{ "matchers": 7 }', 'must be object'],
    ] as const) {
      const { code, stderr } = await run(matchers);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(said) as unknown });
    }
  });

  test('one that meets nothing is a warning where it is written', async () => {
    for (const words of [['run'], ['check'], ['replay', '--docs', 'docs']])
      expect(
        (
          await run(
            {
              one: { '/body/idd': 'ignore', '/body/x/y': { format: 'guid', optional: true } },
              oen: { '/body/id': 'any' },
            },
            words,
          )
        ).told,
      ).toEqual(['config/matcher docwright.config.json:5:7', 'config/matcher docwright.config.json:10:5']);
  });

  test('print shows the matchers of annotations', async () => {
    const space = workspace({
      'docs/page.md': exchangePage('GET /note', [RESPONSE], {
        response: { matchers: { '/body/id': { format: 'guid', nullable: true } } },
      }),
    });
    const { stdout } = await space.cli(['print', '--exchanges', 'docs/page.md']);
    expect(stdout).toContain('/body/id: the format `guid` or null');
    const json = JSON.parse((await space.cli(['print', '--json'])).stdout) as {
      exchanges: { responses: { matchers: unknown }[] }[];
    };
    expect(json.exchanges[0]!.responses[0]!.matchers).toEqual([
      { pointer: '/body/id', expected: 'the format `guid` or null' },
    ]);
    space.remove();
  });
});
