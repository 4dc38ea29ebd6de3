import { expect, test } from '@playwright/test';
import { conform } from '../conform.ts';
import type { Docset } from '../model/docset.ts';
import type { Header } from '../model/http.ts';
import { compilePages } from './docs.ts';
import { documentedJson, exchangeIn, plantedPages } from './planted.ts';

/** Damages that need the bytes of an answer, or its headers, to be what they are; each with what is to be found. */
type Row = readonly [what: string, change: (text: string) => string | Uint8Array, ...found: string[]];

const PAGES = plantedPages();
const PAGE = PAGES['get-note.md']!.split('\n');
let docset: Docset;

test.beforeAll(async () => {
  docset = await compilePages(PAGES);
});

const put = (from: string, to: string) => (text: string) => {
  expect(text).toContain(from);
  return text.replace(from, () => to);
};
const begin = (member: string) => put('{', `{${member},`);
const at = (name: string): string => {
  const line = PAGE.findIndex((text) => text.trimStart().startsWith(`"${name}"`));
  return `${line + 1}:${PAGE[line]!.indexOf('"') + 1}`;
};
const BODY = `${PAGE.indexOf('{') + 1}:1`;

const BODIES: readonly Row[] = [
  ['a property twice', put('"title":', '"title":"x","title":'), `json/duplicate /body/title ${at('title')}`],
  ['twice, of another type', put('"size":120', '"size":"x","size":120'), `json/duplicate /body/size ${at('size')}`],
  [
    'twice, at depth',
    put('"city":"Lund"', '"city":"Lund","city":"Ystad"'),
    `json/duplicate /body/author/address/city ${at('city')}`,
  ],
  [
    'twice, once escaped',
    put('"name":', '"n\\u0061me":"x","name":'),
    `json/duplicate /body/attachments/0/name ${at('name')}`,
  ],
  ['a byte order mark', (text) => `\ufeff${text}`, `body/unreadable /body ${BODY}`],
  ['UTF-16', (text) => Buffer.from(`\ufeff${text}`, 'utf16le'), `body/unreadable /body ${BODY}`],
  ['Latin-1', (text) => Buffer.from(text.replace('Mira', 'Mïra'), 'latin1'), `body/unreadable /body ${BODY}`],
  ['a number no double holds', put('4.5', '1e999'), `property/type /body/rating ${at('rating')}`],
  ['an integer no Int64 holds', put(':120', ':1e30'), `property/type /body/size ${at('size')}`],
  ['a next link that is a number', begin('"@odata.nextLink":7'), `property/type /body/@odata.nextLink ${BODY}`],
  ['a next link that is null', begin('"@odata.nextLink":null'), `property/type /body/@odata.nextLink ${BODY}`],
  ['a count that is text', begin('"tags@odata.count":"2"'), `property/type /body/tags@odata.count ${BODY}`],
  ['an etag that is a number', begin('"@odata.etag":7'), `property/type /body/@odata.etag ${BODY}`],
  [
    'a blank for T',
    put('2026-03-01T', '2026-03-01 '),
    `property/format /body/createdDateTime ${at('createdDateTime')}`,
  ],
  [
    'an offset without a colon',
    put('09:30:00Z', '09:30:00+0200'),
    `property/format /body/createdDateTime ${at('createdDateTime')}`,
  ],
  ['one slash', put('"https://garden', '"https:/garden'), `property/format /body/webUrl ${at('webUrl')}`],
  [
    'a type in another case',
    put('#garden.fileAttachment', '#garden.FileAttachment'),
    `property/foreign-type /body/attachments/0/@odata.type ${at('@odata.type')}`,
  ],
  [
    'too much padding',
    put('YmVhbnM=', 'YmVhbnM=='),
    `property/format /body/attachments/0/contentBytes ${at('contentBytes')}`,
  ],
];

const TRUTHS: readonly Row[] = [
  ['a string with colons, braces and quotes', put('"Water the beans"', JSON.stringify('a": {b: \\"c\\\\": [1,2]'))],
  ['the greatest Int64', put(':120', ':9223372036854775807')],
  [
    'control information',
    begin('"@odata.id":"notes/1","@odata.etag":"W/\\"7\\"","tags@odata.count":2,"@odata.x":null'),
  ],
  ['a padded length', put('YmVhbnM=', 'YmVhbnM5')],
  ['no padding', put('YmVhbnM=', 'YmVhbnM')],
  ['lower case', put('2026-03-01T09:30:00Z', '2026-03-01t09:30:00z')],
  ['another scheme', put('"https://garden', '"urn:garden')],
];

for (const [what, change, ...expected] of [...BODIES, ...TRUTHS])
  test(`${what}: ${expected.length === 0 ? 'nothing is found' : 'is found once, at its place'}`, async () => {
    const [type, ...rest] = documented();
    expect(await found([type!, ...rest], change(body()))).toEqual(expected);
  });

const HEADERS: readonly (readonly [what: string, change: (headers: Header[]) => Header[], ...found: string[]])[] = [
  [
    'another charset',
    (all) => typed(all, 'application/json; charset=utf-16'),
    'header/media-type /headers/content-type',
  ],
  ['a second media type', (all) => [...all, ['Content-Type', 'text/html']], 'header/media-type /headers/content-type'],
  ['a tag without quotes', (all) => tagged(all, '1a2b'), 'header/value /headers/etag'],
  ['an empty tag', (all) => tagged(all, ''), 'header/value /headers/etag'],
  ['a weak tag', (all) => tagged(all, 'W/"x"')],
  ['the charset of JSON', (all) => typed(all, 'application/json;odata.metadata=minimal;charset="UTF-8"')],
  ['its subset', (all) => typed(all, 'application/json; charset=us-ascii')],
];

for (const [what, change, ...expected] of HEADERS)
  test(`${what}: ${expected.length === 0 ? 'nothing is found' : 'is found once, at its header'}`, async () => {
    const told = await found(change(documented()), body());
    expect(told.map((each) => each.replace(/ \d+:\d+$/, ''))).toEqual(expected);
  });

test('what an open type takes is judged by the type it says it is of', async () => {
  const page = [
    '# Board',
    '<!-- { "blockType": "resource", "@odata.type": "board.slots", "openType": true } -->',
    '```json\n{ "free": "Boolean" }\n```',
    '<!-- { "blockType": "resource", "@odata.type": "board.slot" } -->',
    '```json\n{ "since": "String (timestamp)" }\n```',
    '<!-- { "blockType": "request", "name": "slots" } -->',
    '```http\nGET https://board.example.com/slots\n```',
    '<!-- { "blockType": "response", "@odata.type": "board.slots", "truncated": true } -->',
    '```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{ "free": true }\n```',
  ].join('\n\n');
  const { exchanges, resources } = await compilePages({ 'page.md': page });
  const judge = async (since: unknown, type = '#board.slot'): Promise<string[]> => {
    const answer = JSON.stringify({ free: true, 'a-1': { '@odata.type': type, since } });
    const { findings } = await conform([exchanges[0]!], targetOf([['Content-Type', 'application/json']], answer), {
      ...OPTIONS,
      resources,
      all: exchanges,
    });
    return findings.map(({ ruleId, pointer }) => `${ruleId} ${pointer}`);
  };
  expect(await judge('2026-03-01T09:30:00Z')).toEqual([]);
  expect(await judge('anything', '#board.unheardOf')).toEqual([]);
  expect(await judge('2026-03-01T09:30:00')).toEqual(['property/format /body/a-1/since']);
  expect(await judge(7)).toEqual(['property/type /body/a-1/since']);
});

function response() {
  return exchangeIn(docset.exchanges, 'get-note.md').responses[0]!;
}

function body(): string {
  return JSON.stringify(documentedJson(response()));
}

function documented(): Header[] {
  return response().headers.map(({ name, value }) => [name, value]);
}

function typed(headers: readonly Header[], type: string): Header[] {
  return headers.map(([name, value]) => [name, name === 'Content-Type' ? type : value]);
}

function tagged(headers: readonly Header[], tag: string): Header[] {
  return headers.map(([name, value]) => [name, name === 'ETag' ? tag : value]);
}

const OPTIONS = { workers: 1, timeout: 5000, writes: true, forbidBlocked: false } as const;

function targetOf(headers: readonly Header[], text: string | Uint8Array) {
  const body = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return { name: 'a liar', live: true, send: () => Promise.resolve({ status: 200, headers, body }) };
}

async function found(headers: readonly Header[], text: string | Uint8Array): Promise<string[]> {
  const { findings } = await conform([exchangeIn(docset.exchanges, 'get-note.md')], targetOf(headers, text), {
    ...OPTIONS,
    resources: docset.resources,
    all: docset.exchanges,
  });
  return findings.map(({ ruleId, pointer, line, column }) => `${ruleId} ${pointer} ${line}:${column}`);
}
