import { expect, test } from '@playwright/test';
import { check } from '../check/index.ts';
import { brief, compilePages, exchangePage } from './docs.ts';

async function found(page: string, more: Readonly<Record<string, string>> = {}): Promise<string[]> {
  return brief(check(await compilePages({ 'a.md': page, ...more })));
}

const JSON_OK = 'HTTP/1.1 200 OK\nContent-Type: application/json\n\n{ "id": "7" }';
const DONE = 'HTTP/1.1 204 No Content';

// [what, request, response, findings]: the request stands on the 5th line.
const MESSAGES: readonly (readonly [what: string, request: string, response: string, findings: readonly string[]])[] = [
  ['all as it should be', 'GET /me\nAccept: */*', JSON_OK, []],
  ['a body with 204', 'DELETE /me', `${DONE}\nContent-Type: text/plain\n\ngone`, ['13:1 warning http/forbidden-body']],
  ['a body with 304', 'GET /me', 'HTTP/1.1 304 Not Modified\n\n{}', ['12:1 warning http/forbidden-body']],
  ['a body with 205', 'POST /me', 'HTTP/1.1 205 Reset Content\n\n{}', ['12:1 warning http/forbidden-body']],
  ['a body with 100', 'POST /me', 'HTTP/1.1 100 Continue\n\n{}', ['12:1 warning http/forbidden-body']],
  ['a body in an answer to HEAD', 'HEAD /me', JSON_OK, ['13:1 warning http/forbidden-body']],
  ['a body of a GET', 'GET /me\n\n{ "a": 1 }', JSON_OK, ['7:1 warning http/forbidden-body']],
  ['JSON as XML', 'POST /me\nContent-Type: application/xml\n\n{ "a": 1 }', DONE, ['8:1 warning http/body-type']],
  [
    'JSON as a form',
    'POST /me\nContent-Type: application/x-www-form-urlencoded\n\n{ "a": 1 }',
    DONE,
    ['8:1 warning http/body-type'],
  ],
  ['JSON as an image', 'PUT /me\nContent-Type: image/png\n\n{ "a": 1 }', DONE, ['8:1 warning http/body-type']],
  ['text as XML', 'POST /me\nContent-Type: text/xml\n\nhello', DONE, ['8:1 warning http/body-type']],
  ['XML as XML', 'POST /me\nContent-Type: application/atom+xml\n\n<a/>', DONE, []],
  ['JSON as text', 'POST /me\nContent-Type: text/plain\n\n{ "a": 1 }', DONE, []],
  ['a placeholder', 'PUT /me\nContent-Type: image/png\n\n<bytes of the file>', DONE, []],
  ['no media type', 'POST /me\n\n{ "a": 1 }', DONE, ['7:1 note http/no-media-type']],
  ['a dot for the slash', 'POST /me\nContent-Type: application.json\n\n{}', DONE, ['6:1 warning http/content-type']],
  ['a bare charset', 'POST /me\nContent-Type: application/json; utf-8\n\n{}', DONE, ['6:1 warning http/content-type']],
  ['a charset', 'POST /me\nContent-Type: application/json; charset="utf-8"; a=b\n\n{}', DONE, []],
  ['a type to fill in', 'POST /me\nContent-Type: {content-type}\n\nhello', DONE, []],
  ['two hosts', 'GET /me\nHost: a.b\nHOST: c.d', JSON_OK, ['7:1 warning http/duplicate-header']],
  ['two values of a list', 'GET /me\nAccept: a/b\nAccept: c/d\nPrefer: x\nPrefer: y', JSON_OK, []],
];

for (const [what, request, response, findings] of MESSAGES)
  test(`what HTTP forbids: ${what}`, async () => {
    expect(await found(exchangePage(request, [response]))).toEqual(findings);
  });

test('the headers of an example are those of the table, and the required ones; credentials are never missed', async () => {
  const page = (rows: string, headers: string): string =>
    `# T\n\n## Request headers\n\n| Name | Description |\n|--|--|\n${rows}\n\n## Example\n\n${exchangePage(`GET /me${headers}`, [JSON_OK]).replace('# Page\n\n', '')}`;
  const auth = '| Authorization | Bearer {token}. Required. |';
  const tag = '| If-Match | The ETag. Required. |';
  expect(await found(page(auth, '\nAccept: */*\nHost: a.b'))).toEqual([]);
  expect(await found(page(auth, '\nPrefer: x'))).toEqual(['14:1 warning header/unlisted']);
  expect(await found(page(`${auth}\n${tag}`, ''))).toEqual(['8:3 warning header/not-shown']);
  expect(await found(page(`${auth}\n${tag}`, '\nif-match: "a"'))).toEqual([]);
  expect(await found(page('| If-Match | The ETag. Optional. |', ''))).toEqual([]);
  expect(await found(exchangePage('GET /me\nPrefer: x', [JSON_OK]))).toEqual([]);
});

test('the Response section names the status of the example', async () => {
  const page = (text: string, status: string): string =>
    `# T\n\n## Response\n\n${text}\n\n## Example\n\n${exchangePage('GET /me', [`HTTP/1.1 ${status}`]).replace('# Page\n\n', '')}`;
  for (const text of [
    'Returns `201 Created`.',
    'A 201 Created response.',
    'The response code 201.',
    'Returns `201, Created`, or `400`.',
  ]) {
    expect(await found(page(text, '201 Created')), text).toEqual([]);
    expect(await found(page(text, '200 OK')), text).toEqual(['16:1 warning response/status']);
    expect(await found(page(text, '404 Not Found')), text).toEqual([]);
  }
  expect(await found(page('Returns up to 200 items.', '204 No Content'))).toEqual([]);
  expect(await found(page('`207` where something failed.', '200 OK'))).toEqual([]);
});

test('a section speaks of the examples beside it, not of another operation', async () => {
  const section = '### Response\n\nReturns `201 Created`.\n\n';
  const example = exchangePage('GET /me', ['HTTP/1.1 200 OK']).replace('# Page\n\n', '');
  expect(await found(`# T\n\n## Make\n\n${section}## Read\n\n### Example\n\n${example}`)).toEqual([]);
  expect(await found(`# T\n\n## Make\n\n${section}### Example\n\n${example}`)).toEqual([
    '18:1 warning response/status',
  ]);
  expect(await found(`# T\n\n${section}${example}`)).toEqual([]);
});

test('the Response section links to the type of the example, or one that it derives from', async () => {
  const resource = (name: string, more: object = {}): string =>
    `<!-- ${JSON.stringify({ blockType: 'resource', '@odata.type': name, ...more })} -->\n\`\`\`json\n{ "id": "String" }\n\`\`\`\n`;
  const more = {
    'note.md': resource('ns.note'),
    'list.md': resource('ns.list'),
    'long.md': resource('ns.longNote', { baseType: 'ns.note' }),
  };
  const page = (link: string, type: string): string =>
    `# T\n\n## Response\n\nReturns a ${link} object.\n\n## Example\n\n${exchangePage('GET /me', [JSON_OK], { response: { '@odata.type': type } }).replace('# Page\n\n', '')}`;
  expect(await found(page('[Note](note.md)', 'ns.note'), more)).toEqual([]);
  expect(await found(page('[Note](note.md)', 'ns.longNote'), more)).toEqual([]);
  expect(await found(page('[note](note.md) or [list](list.md)', 'ns.list'), more)).toEqual([]);
  expect(await found(page('[list](list.md)', 'ns.note'), more)).toEqual(['14:44 warning response/type']);
  expect(await found(page('note', 'ns.list'), more)).toEqual([]);
});

// [what, annotation, body, findings]: the annotation of the response stands on the 8th line.
const BODIES: readonly (readonly [what: string, annotation: object, body: string, findings: readonly string[]])[] = [
  ['a list said and shown', { isCollection: true }, '{ "value": [] }', []],
  ['a list at the root', { isCollection: true }, '[]', []],
  ['a list said and not shown', { isCollection: true }, '{ "id": "7" }', ['8:45 warning annotation/body']],
  [
    'its property said and not shown',
    { collectionProperty: 'items' },
    '{ "value": [] }',
    ['8:51 warning annotation/body'],
  ],
  ['its property said and shown', { collectionProperty: 'items', isCollection: true }, '{ "items": [1] }', []],
  [
    'empty said and not shown',
    { isCollection: true, isEmpty: true },
    '{ "value": [1] }',
    ['8:60 warning annotation/body'],
  ],
  ['empty said and shown', { isCollection: true, isEmpty: true }, '{ "value": [] }', []],
  ['an error said and not shown', { expectError: true }, '{ "id": "7" }', ['8:44 warning annotation/body']],
  ['an error said and shown', { expectError: true }, '{ "error": {} }', []],
  ['a list cut short', { isCollection: true }, '{ ... }', []],
];

for (const [what, annotation, body, findings] of BODIES)
  test(`what an annotation says of the body: ${what}`, async () => {
    const response = `HTTP/1.1 200 OK\nContent-Type: application/json\n\n${body}`;
    expect(await found(exchangePage('GET /me', [response], { response: annotation }))).toEqual(findings);
  });

test('a list of a type that has no property for it is told at the annotation, once', async () => {
  const response = 'HTTP/1.1 200 OK\nContent-Type: application/json\n\n{ "value": [{ "id": "7" }] }';
  const page = exchangePage('GET /me', [response], { response: { '@odata.type': 'ns.note' } });
  const resource = (body: string): string =>
    `<!-- {"blockType":"resource","@odata.type":"ns.note"} -->\n\`\`\`json\n${body}\n\`\`\`\n`;
  expect(await found(page, { 'note.md': resource('{ "id": "String" }') })).toEqual(['8:44 warning annotation/body']);
  expect(await found(page, { 'note.md': resource('{ "value": ["String"] }') })).toEqual([]);
});

test('sample keys are in the URL, a header or the body of their request', async () => {
  const page = (key: string): string =>
    exchangePage('POST /me/1\nPrefer: two\nContent-Type: text/plain\n\nthree', [DONE], {
      request: { sampleKeys: [key] },
    });
  for (const key of ['1', 'two', 'three']) expect(await found(page(key)), key).toEqual([]);
  expect(await found(page('four'))).toEqual(['3:55 warning annotation/sample-key']);
});

test('where docs tell of permissions, each page of an API does', async () => {
  const page = (permissions: string): string =>
    `---\ndoc_type: apiPageType\n---\n\n# T\n\n${permissions}## HTTP request\n\n<!-- {"blockType":"ignored"} -->\n\`\`\`http\nGET /me\n\`\`\`\n`;
  const told = page('## Permissions\n\n| Type | Permissions |\n|--|--|\n| Application | User.Read |\n\n');
  expect(await found(page(''))).toEqual([]);
  expect(await found(page(''), { 'b.md': told })).toEqual(['5:3 warning page/permissions']);
  expect(await found(page('## Permissions\n\nAsk.\n\n'))).toEqual(['7:1 warning page/permissions']);
  for (const text of ['Not supported.', 'One of User.Read, User.Write.', 'None.', '[!INCLUDE [p](p.md)]'])
    expect((await found(page(`## Permissions\n\n${text}\n\n`))).join(), text).not.toContain('page/permissions');
});
