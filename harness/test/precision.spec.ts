import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { examine } from '../examine.ts';
import type { Finding } from '../model/finding.ts';
import { compilePages, exchangePage } from './docs.ts';

// What a docset says in its own ways, and what we must not take for a fault. Each with the fault beside it that is one.

test.describe('what the text says of a type', () => {
  const gradeTypes = {
    'grade.md': resource('a.gradeType', {}),
    'class.md': resource('a.class', { grading: { '@odata.type': 'a.gradeType' } }),
  };
  const get = (type: string): string => answer('a.class', { grading: { '@odata.type': `#${type}`, maxPoints: 5 } });

  for (const [words, isSaid] of [
    ['Used with grading. This is a subclass of [gradeType](grade.md).', true],
    ['A subclass of gradeType that counts points.', true],
    ['**points** inherits all the properties from the [gradeType](grade.md) resource.', true],
    ['Inherits from [Grade Type](grade.md).', true],
    ['Used with [gradeType](grade.md).', false],
    ['You must make a subclass of it.', false],
  ] as const)
    test(`${isSaid ? 'derived' : 'not derived'}: ${words}`, async () => {
      const found = await findingsOf({
        ...gradeTypes,
        'points.md': resource('a.points', { maxPoints: 'Double' }, words),
        'get.md': get('a.points'),
      });
      expect(rules(found)).toEqual(isSaid ? [] : ['property/foreign-type']);
    });

  for (const [name, words] of [
    [
      'a section',
      '## Derived types\n\n| Type | About |\n|:--|:--|\n| [points](points.md) | See [rubric](rubric.md). |\n\n## More',
    ],
    ['a sentence', 'This is a base class; the derived types are [points](points.md), and [passed](passed.md).'],
    ['a list', 'Supported derived types:\n\n- [points](points.md) is one.\n- [passed](passed.md)'],
  ] as const)
    test(`a base type lists what derives from it: ${name}`, async () => {
      const pages = {
        ...gradeTypes,
        'grade.md': resource('a.gradeType', {}, words),
        'points.md': resource('a.points', { maxPoints: 'Double' }),
        'rubric.md': resource('a.rubric', { maxPoints: 'Double' }),
        'passed.md': resource('a.passed', { maxPoints: 'Double' }),
      };
      expect(rules(await findingsOf({ ...pages, 'get.md': get('a.points') }))).toEqual([]);
      expect(rules(await findingsOf({ ...pages, 'get.md': get('a.rubric') }))).toEqual(['property/foreign-type']);
    });

  test('any text is read in time, and says nothing by chance', async () => {
    const words = fc.constantFrom(
      ...[
        'inherits',
        'from',
        'the',
        'base',
        'class',
        'derived',
        'types',
        'of',
        'is',
        'an',
        'open',
        'type',
        '## Derived types',
        '[',
        ']',
        '(',
        ')',
        '**',
        '|',
        '-',
        ':',
        '.',
        '\n',
        'aB',
      ],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(words, { maxLength: 40 }), async (text) => {
        const { resources } = await compilePages({ 'a.md': resource('a.b', { id: 'String' }, text.join(' ')) });
        // No other type is documented, so none is its base.
        expect(resources.map(({ name, baseType }) => [name, baseType])).toEqual([['a.b', undefined]]);
      }),
      { numRuns: 60 },
    );
    const start = performance.now();
    for (const part of [
      'derived types are [',
      'inherits from \n \n',
      '## Derived types\n',
      'is an open type [',
      '- [a](',
    ])
      await compilePages({ 'a.md': resource('a.b', { id: 'String' }, part.repeat(20_000)) });
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  test('a type that is said to be open takes any property', async () => {
    const page = answer('a.tokens', { Echo: true, Other: false });
    for (const [words, count] of [
      ['This is an _open type_ of flags.', 0],
      ['It is an Open Type.', 0],
      ['Used in the open type [tokens](tokens.md).', 1],
    ] as const)
      expect(
        await findingsOf({ 'tokens.md': resource('a.tokens', { Echo: true }, words), 'get.md': page }),
      ).toHaveLength(count);
  });

  test('a description may name other types that a property takes', async () => {
    const pages = {
      'user.md': resource('a.userIdentity', { mail: 'String' }),
      'app.md': resource('a.appIdentity', { appId: 'String' }),
      'identity.md': resource('a.identity', { id: 'String' }),
      'item.md': `${resource('a.item', { by: { '@odata.type': 'a.identity' } })}
| Property | Type | Description |
|:--|:--|:--|
| by | [identity](identity.md) | Can be of two types - userIdentity and one more. |
`,
    };
    const get = (type: string): string => answer('a.item', { by: { '@odata.type': `#${type}` } });
    expect(rules(await findingsOf({ ...pages, 'get.md': get('a.userIdentity') }))).toEqual([]);
    expect(rules(await findingsOf({ ...pages, 'get.md': get('a.appIdentity') }))).toEqual(['property/foreign-type']);
  });
});

test.describe('what stands in an example', () => {
  const note = {
    'note.md': `${resource('a.note', { at: 'String (timestamp)', kind: 'String', reason: 'String' })}
| Property | Type | Description |
|:--|:--|:--|
| at | DateTimeOffset | When. |
| kind | String | Possible values are: \`text\`, \`html\`. |
| reason | String | Possible values are: \`late\`, \`lost\`. This property is an empty string if all went well. |
`,
  };

  test('a stand-in for a value is none that could be wrong', async () => {
    for (const value of ['datetime-value', 'some-long-value', 'string', 'timestamp', 'String'])
      expect(await findingsOf({ ...note, 'get.md': answer('a.note', { at: value, kind: value }) })).toEqual([]);
    const wrong = await findingsOf({
      ...note,
      'get.md': answer('a.note', { at: 'soon', kind: 'HTML', reason: 'late' }),
    });
    expect(rules(wrong)).toEqual(['property/enum', 'property/format']);
  });

  test('an empty string is a value where the description says so', async () => {
    const found = await findingsOf({ ...note, 'get.md': answer('a.note', { kind: '', reason: '' }) });
    expect(found.map(({ reason }) => reason)).toEqual([
      'Unexpected empty string for `kind`, expected one of `text`, `html`',
    ]);
  });

  test('the name of a type lacks its namespace', async () => {
    const found = await findingsOf({
      'grade.md': resource('a.gradeType', { id: 'String' }),
      'points.md': resource('a.points', { id: 'String' }, 'Inherits from [gradeType](grade.md).'),
      'class.md': resource('a.class', { grading: { '@odata.type': 'a.gradeType' } }),
      'get.md': answer('a.class', { grading: { '@odata.type': 'points', id: '7' } }),
    });
    expect(found.map(({ reason }) => reason)).toEqual(['Unexpected type `points`, expected its whole name `a.points`']);
  });

  test('a primitive value comes in an object', async () => {
    expect(await findingsOf({ 'get.md': answer('Edm.String', { value: 'iVBORw0K' }) })).toEqual([]);
  });

  test('each of several answers in one may be an error', async () => {
    const pages = { 'note.md': resource('a.note', { id: 'String' }) };
    const items = { value: [{ id: '7', error: { code: 'gone', message: 'Gone' } }] };
    const page = (status: string): string =>
      exchangePage('GET https://api.example.com/notes', [message(status, items)], {
        response: { '@odata.type': 'a.note', isCollection: true, truncated: true },
      });
    expect(await findingsOf({ ...pages, 'get.md': page('207 Multi-Status') })).toEqual([]);
    expect(rules(await findingsOf({ ...pages, 'get.md': page('200 OK') }))).toEqual(['property/undocumented']);
  });
});

test.describe('what HTTP is shown', () => {
  test('a length may be that of a body with something for its placeholders', async () => {
    const post = (length: number): string =>
      exchangePage(
        `POST https://api.example.com/notes\nContent-Type: application/json\nContent-Length: ${length}\n\n{"id": "{id}"}`,
        ['HTTP/1.1 204 No Content'],
      );
    expect(await findingsOf({ 'post.md': post(46) })).toEqual([]);
    expect(rules(await findingsOf({ 'post.md': post(9) }))).toEqual(['http/content-length']);
  });

  test('an empty line makes a body of a header, and a second request is one', async () => {
    const get = (more: string): string =>
      exchangePage(`GET https://api.example.com/notes\n\n${more}`, ['HTTP/1.1 204 No Content']);
    const reasons = async (more: string): Promise<string[]> =>
      (await findingsOf({ 'get.md': get(more) })).map(({ reason }) => reason);
    expect(await reasons('Prefer: maxpagesize=2')).toEqual([
      'Unexpected body, since an empty line stands before `Prefer: maxpagesize=2`, expected none with GET',
    ]);
    expect(await reasons('GET https://api.example.com/notes/7')).toEqual([
      'Unexpected body, since a second request `GET https://api.example.com/notes/7` stands in the block, expected none with GET',
    ]);
    expect(await reasons('{ "id": "7" }')).toEqual(['Unexpected body, expected none with GET']);
  });

  test('a form in round brackets, a raw value, and a placeholder that is not to shift the form', async () => {
    const page = (form: string, request: string): string =>
      `# Page\n\n## HTTP request\n\n<!-- { "blockType": "ignored" } -->\n\n\`\`\`http\nGET ${form}\n\`\`\`\n\n## Example\n\n${exchangePage(`GET https://api.example.com${request}`, ['HTTP/1.1 204 No Content']).replace('# Page', '')}`;
    expect(await findingsOf({ 'a.md': page('/notes/(note-id)/tags', '/v1.0/notes/7/tags') })).toEqual([]);
    expect(await findingsOf({ 'a.md': page('/notes/{id}', '/v1.0/notes/7/$value') })).toEqual([]);
    expect(rules(await findingsOf({ 'a.md': page('/notes/{id}', '/v1.0/notes/{id}/tags') }))).toEqual([
      'request/template',
    ]);
  });
});

async function findingsOf(pages: Readonly<Record<string, string>>): Promise<Finding[]> {
  const docset = await compilePages(pages);
  return [...docset.findings, ...examine(docset)].filter(({ severity }) => severity !== 'note');
}

function rules(findings: readonly Finding[]): string[] {
  return findings.map(({ ruleId }) => ruleId).sort();
}

function resource(type: string, block: object, words = ''): string {
  return `# Type\n\n${words}\n\n<!-- ${JSON.stringify({ blockType: 'resource', '@odata.type': type })} -->\n\n\`\`\`json\n${JSON.stringify(block, null, 2)}\n\`\`\`\n`;
}

function answer(type: string, body: object): string {
  return exchangePage('GET https://api.example.com/things/7', [message('200 OK', body)], {
    response: { '@odata.type': type, truncated: true },
  });
}

function message(status: string, body: object): string {
  return `HTTP/1.1 ${status}\nContent-Type: application/json\n\n${JSON.stringify(body, null, 2)}`;
}
