import { expect, test } from '@playwright/test';
import { check } from '../check/index.ts';
import { compare } from '../compare/index.ts';
import { examine } from '../examine.ts';
import { mockApi } from '../mock/answer.ts';
import type { Header } from '../model/http.ts';
import { indexResources } from '../model/resource.ts';
import { strictJson } from '../model/strict.ts';
import { brief, compilePages, exchangePage } from './docs.ts';

async function told(
  pages: Readonly<Record<string, string>>,
  body: object | string,
  headers: readonly Header[] = [],
  status = 200,
): Promise<string[]> {
  const { exchanges, resources } = await compilePages(pages);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const actual = { status, headers, body: new TextEncoder().encode(text) };
  const { facts } = compare(exchanges[0]!, actual, indexResources(resources));
  return facts.map(({ ruleId, pointer }) => `${ruleId} ${pointer}`);
}

function shows(body: object, more: object = {}): string {
  return exchangePage('GET /note', [`HTTP/1.1 200 OK\n\n${JSON.stringify(body, null, 1)}`], { response: more });
}

test.describe('a form that the example shows', () => {
  const BODY = {
    '@odata.etag': 'W/"7"',
    eTag: '"7"',
    cTag: 'opaque',
    webUrl: 'https://example.com/notes/7',
    self: 'https://example.com/notes/7',
    parts: [{ href: 'http://example.com/1' }],
  };
  const page = { 'page.md': shows(BODY) };

  test('is kept by other values of it', async () => {
    const other = {
      '@odata.etag': '"x"',
      eTag: 'W/""',
      cTag: '"7"',
      webUrl: 'onenote:https://example.com',
      self: 'me',
      parts: [{ href: 'https://example.com/ä?x=1#y' }],
    };
    expect(await told(page, BODY)).toEqual([]);
    expect(await told(page, other)).toEqual([]);
  });

  test('is broken by values of another', async () => {
    for (const [change, pointer] of [
      [{ '@odata.etag': '7' }, '/body/@odata.etag'],
      [{ eTag: 'w/"7"' }, '/body/eTag'],
      [{ webUrl: '/notes/7' }, '/body/webUrl'],
      [{ parts: [{ href: 'http://example.com/1' }, { href: 'example.com' }] }, '/body/parts/1/href'],
    ] as const)
      expect(await told(page, { ...BODY, ...change })).toEqual([`property/format ${pointer}`]);
  });

  test('is none where the example is a placeholder, or shows nothing of the form', async () => {
    const loose = {
      eTag: 'etag-value',
      webUrl: 'webUrl-value',
      href: '/calls/7',
      link: 'https://{host}/x',
      url: 'https://{tenant}.example.com',
    };
    const answer = { eTag: 'x', webUrl: '7', href: 'x', link: 'x', url: 'https://x' };
    expect(await told({ 'page.md': shows(loose) }, answer)).toEqual([]);
  });
});

test('a type that only its other name documents is judged by that, and an answer may use either name', async () => {
  const resource =
    '<!-- { "blockType": "resource", "@odata.type": "drive.item" } -->\n```json\n{ "id": "Guid", "size": 1 }\n```\n';
  const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
  const pages = {
    'page.md': shows(
      { '@odata.type': '#ns.driveItem', id },
      { '@odata.type': 'ns.driveItem', '@type.aka': 'drive.item' },
    ),
    'item.md': resource,
  };
  for (const type of ['#ns.driveItem', '#drive.item', '#NS.driveItem'])
    expect(await told(pages, { '@odata.type': type, id, size: 3 })).toEqual([]);
  expect(await told(pages, { '@odata.type': '#ns.driveItem', id: 'x' })).toEqual(['property/format /body/id']);
  expect(await told(pages, { '@odata.type': '#ns.other', id })).toEqual(['property/foreign-type /body/@odata.type']);
  const { exchanges } = await compilePages(pages);
  expect(exchanges[0]!.responses[0]).toMatchObject({ type: 'ns.driveItem', typeAka: 'drive.item' });
  const rules = examine(await compilePages(pages)).map(({ ruleId }) => ruleId);
  expect(rules).not.toContain('property/foreign-type');
  expect(rules).not.toContain('type/unresolved');
});

test('headers of one hop are not asked for', async () => {
  const headers = [
    'Connection: keep-alive',
    'Keep-Alive: timeout=5',
    'Transfer-Encoding: chunked',
    'TE: trailers',
    'Trailer: Expires',
    'Upgrade: h2c',
  ];
  const proxy = [
    'Proxy-Connection: close',
    'Proxy-Authenticate: Basic',
    'Content-Length: 7',
    'Via: 1.1 x',
    'Date: today',
  ];
  const block = `HTTP/1.1 200 OK\n${[...headers, ...proxy, 'X-Own: 1'].join('\n')}\n\n{}`;
  expect(await told({ 'page.md': exchangePage('GET /x', [block]) }, '{}')).toEqual(['header/missing /headers/x-own']);
});

test('two lengths of one message are told once, and the length is not compared', async () => {
  const both =
    'HTTP/1.1 200 OK\nContent-Type: application/json\nTransfer-Encoding: chunked\nContent-Length: 9\n\n{ "id": 1 }';
  const docset = await compilePages({ 'page.md': exchangePage('GET /x', [both]) });
  expect(brief(check(docset), { notes: false })).toEqual(['13:1 warning http/framing']);
  const chunked = await compilePages({ 'page.md': exchangePage('GET /x', [both.replace('Content-Length: 9\n', '')]) });
  expect(brief(check(chunked), { notes: false })).toEqual([]);
});

test('the mock gives no content where HTTP has none', async () => {
  for (const [status, length] of [
    [204, undefined],
    [205, '0'],
    [304, undefined],
  ] as const) {
    const page = exchangePage('GET /x', [`HTTP/1.1 ${status} X\nContent-Type: application/json\n\n{ "id": 1 }`]);
    const { exchanges } = await compilePages({ 'page.md': page });
    const answer = mockApi(exchanges)({ method: 'GET', url: 'http://mock.invalid/x', headers: [] });
    expect({ status: answer.status, bytes: answer.body.length }).toEqual({ status, bytes: 0 });
    expect(answer.headers.find(([name]) => name === 'Content-Length')?.[1]).toBe(length);
  }
});

test('null in an example is worth a note where its type says of others what may be null', async () => {
  const table = (about: string): string =>
    `<!-- { "blockType": "resource", "@odata.type": "a.note" } -->\n\`\`\`json\n{ "id": "String", "text": "String", "place": "String" }\n\`\`\`\n\n| Property | Type | Description |\n|:--|:--|:--|\n| id | String | Key. |\n| text | String | ${about} |\n| place | String | PLACE |\n`;
  const notes = async (about: string, place = 'Where.'): Promise<number> => {
    const docset = await compilePages({
      'page.md': shows({ id: '1', text: null, place: null }, { '@odata.type': 'a.note' }),
      'note.md': table(about).replace('PLACE', place),
    });
    return examine(docset).filter(({ ruleId }) => ruleId === 'property/null').length;
  };
  expect(await notes('What it says.')).toBe(0);
  expect(await notes('What it says.', 'Nullable.')).toBe(1);
  for (const about of ['Or `null` if never written.', 'Nullable.', 'This value is **null** by default.'])
    expect(await notes(about, 'Nullable.'), about).toBe(0);
  for (const about of ['Not nullable.', 'Cannot be null.', 'Non-null text.', 'Never null.'])
    expect(await notes(about, 'Nullable.'), about).toBe(1);
});

test('JSON is made strict in one way, with stand-ins or without', () => {
  expect(strictJson('{"a": 1.50}')).toBe('{"a": 1.50}');
  expect(strictJson("{ a: 'x', } // y")).toBe('{\n  "a": "x"\n}');
  expect(JSON.parse(strictJson('{ "a": {id}, "b": [...], }'))).toEqual({ a: null, b: [] });
  expect(JSON.parse(strictJson('{ "a": {id}, "b": 1, }', (written) => written))).toEqual({ a: '{id}', b: 1 });
  expect(strictJson('no JSON')).toBe('no JSON');
});
