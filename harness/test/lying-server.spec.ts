import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { conform } from '../conform.ts';
import type { ExchangeMatchers } from '../model/config.ts';
import type { Docset } from '../model/docset.ts';
import type { PagedExchange, PromisedResponse } from '../model/fixture.ts';
import type { Target } from '../model/http.ts';
import { matcherToken, type Matcher } from '../model/matcher.ts';
import { httpTarget } from '../replay/http.ts';
import { compilePages } from './docs.ts';
import { changed, documentedJson, exchangeIn, lastOf, nodesOf, plantedPages, type Json, type Node } from './planted.ts';

interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  /** Breaks the connection after this many bytes of the body. */
  readonly cut?: number;
}

/** A matcher with an answer. */
interface Matched extends Lie {
  readonly matcher: Matcher;
  readonly pointer: string;
}

/** An answer and what is to be found in it: `rule pointer place`. */
interface Lie {
  readonly what: string;
  readonly answer: Answer;
  readonly found: readonly string[];
}

const PAGES = plantedPages();
const RESPONSES = [
  ['get-note.md', 0],
  ['get-note.md', 1],
  ['list-notes.md', 0],
  ['list-authors.md', 0],
  ['create-note.md', 0],
  ['delete-note.md', 0],
  ['find-tags.md', 0],
] as const;

let docset: Docset;
let target: Target;
let answer: Answer;
const server = createServer((request, response) => void (request.resume(), send(response)));

test.beforeAll(async () => {
  docset = await compilePages(PAGES);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  target = httpTarget({ base: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});

test.afterAll(async () => {
  await target.close?.();
  server.close();
});

for (const [file, index] of RESPONSES) {
  test(`${file}, response ${index + 1}: the truth and its variations differ in nothing`, async () => {
    const { exchange, response } = at(file, index);
    for (const { what, answer } of truths(response)) expect(await found(exchange, answer), what).toEqual([]);
  });

  test(`${file}, response ${index + 1}: each lie is found once, by its rule, at its pointer and place`, async () => {
    const { exchange, response } = at(file, index);
    const lies = [...liesAbout(file, response)];
    for (const { what, answer, found: told } of lies) expect.soft(await found(exchange, answer), what).toEqual(told);
    console.log(`${file} ${response.status}: ${lies.length} lies`);
    expect(lies.length).toBeGreaterThan(response.body.kind === 'empty' ? 2 : 30);
  });
}

for (const [file, index] of RESPONSES) {
  test(`${file}, response ${index + 1}: matchers find the lies they are about, and nothing in the truth`, async () => {
    const { exchange, response } = at(file, index);
    const rows = [...matchedLies(file, response)];
    for (const { what, answer, found: told, matcher, pointer } of rows)
      expect.soft(await found(exchange, answer, { [pointer]: matcher }), `${what}: ${pointer}`).toEqual(told);
    console.log(`${file} ${response.status}: ${rows.length} matched`);
    expect(rows.length).toBeGreaterThan(response.body.kind === 'empty' ? 1 : 30);
  });
}

test('an answer that is cut short on its way is no answer', async () => {
  const { exchange, response } = at('get-note.md', 0);
  const { body } = truth(response);
  const line = PAGES['get-note.md']!.split('\n').indexOf('GET https://garden.example.com/notes/n-7') + 1;
  for (const cut of [0, 1, body.length - 1])
    expect(await found(exchange, { ...truth(response), cut })).toEqual([`replay/unanswered undefined ${line}:1`]);
});

function at(file: string, index: number): { exchange: PagedExchange; response: PromisedResponse } {
  const exchange = exchangeIn(docset.exchanges, file);
  return { exchange, response: exchange.responses[index]! };
}

async function found(
  exchange: PagedExchange,
  next: Answer,
  matchers?: ExchangeMatchers['matchers'],
): Promise<string[]> {
  answer = next;
  const { findings } = await conform([exchange], target, {
    workers: 1,
    timeout: 5000,
    writes: true,
    resources: docset.resources,
    all: docset.exchanges,
    forbidBlocked: false,
    ...(matchers === undefined ? {} : { matchers: [{ exchanges: '*', matchers }] }),
  });
  return findings.map(({ ruleId, pointer, line, column }) => `${ruleId} ${pointer} ${line}:${column}`);
}

function send(response: ServerResponse): void {
  const { status, headers, body, cut } = answer;
  const bytes = Buffer.from(body);
  response.sendDate = false;
  response.writeHead(status, [...headers.flat(), ...(status === 204 ? [] : ['Content-Length', String(bytes.length)])]);
  if (cut === undefined) response.end(bytes);
  else response.write(bytes.subarray(0, cut), () => response.socket?.destroy());
}

function truth(response: PromisedResponse, body = documentedJson(response)): Answer {
  return {
    status: response.status,
    headers: response.headers.map(({ name, value }) => [name, value] as const),
    body: body === undefined ? '' : JSON.stringify(body),
  };
}

function* truths(response: PromisedResponse): Generator<{ what: string; answer: Answer }> {
  const plain = truth(response);
  const body = documentedJson(response);
  yield { what: 'the truth', answer: plain };
  yield { what: 'extra headers', answer: { ...plain, headers: [...plain.headers, ['X-Request', '7'], ['Age', '1']] } };
  const headers = (change: (header: readonly [string, string]) => readonly [string, string]): Answer => ({
    ...plain,
    headers: plain.headers.map(change),
  });
  yield { what: 'header case', answer: headers(([name, value]) => [name.toUpperCase(), value]) };
  yield { what: 'charset', answer: headers(([n, v]) => [n, n === 'Content-Type' ? `${v}; charset=utf-8` : v]) };
  yield { what: 'media type case', answer: headers(([n, v]) => [n, n === 'Content-Type' ? 'Application/JSON' : v]) };
  if (body === undefined) return;
  yield { what: 'laid out', answer: { ...plain, body: JSON.stringify(body, null, '\t') } };
  yield { what: 'doubles written as 1.0', answer: { ...plain, body: plain.body.replace(/:(\d+)(?=[,}])/g, ':$1.0') } };
  const told = (what: string, change: (value: Json, name: string) => Json): { what: string; answer: Answer } => ({
    what,
    answer: truth(response, everywhere(body, change)),
  });
  yield told('keys in another order', reversed);
  yield told('longer lists', (value) => (Array.isArray(value) ? [...value, ...value, ...value] : value));
  yield told('empty lists', (value) => (Array.isArray(value) ? [] : value));
  yield told('other values', (value, name) => OTHERS[name] ?? (FREE.has(name) ? `${String(value)}!` : value));
  yield told('offsets and fractions', (value, name) =>
    name === 'createdDateTime' ? '2024-02-29T23:59:59.1234567-05:30' : value,
  );
  yield told('control information', (value) =>
    isObject(value) ? { '@odata.id': 'x', '@odata.etag': 'W/"1"', 'x@odata.count': 2, ...value } : value,
  );
  if (response.type === undefined) {
    yield told('optional properties left out', (value) => without(value, 'hint'));
    yield told('nullable properties null', (value, name) => (name === 'last' ? null : value));
    return;
  }
  yield told('derived types', (value) =>
    isObject(value) && '@odata.type' in value
      ? { '@odata.type': '#garden.linkAttachment', name: 'a', size: 1, href: 'https://example.com/' }
      : value,
  );
  yield told('a documented property that the example leaves out', (value) =>
    isObject(value) && 'id' in value ? { ...value, archivedDateTime: '2026-01-01T00:00:00Z' } : value,
  );
  yield told('null for a nullable one', (value) =>
    isObject(value) && 'id' in value ? { ...value, archivedDateTime: null } : value,
  );
}

const OTHERS: Readonly<Record<string, Json>> = {
  state: 'dropped',
  size: 9007199254740991,
  rating: -3,
  pinned: false,
  workspaceId: '00000000-0000-0000-0000-000000000000',
  remindAfter: '-PT0.5S',
  dueDate: '2024-02-29',
  webUrl: 'http://localhost:8080/ä',
  contentBytes: '',
  total: 0.5,
};

const FREE = new Set(['id', 'title', 'displayName', 'mail', 'city', 'postalCode', 'code', 'message', 'tag']);

function* liesAbout(file: string, response: PromisedResponse): Generator<Lie> {
  const page = PAGES[file]!;
  const plain = truth(response);
  const first = at(file, 0).exchange.responses[0]!;
  for (const wrong of [202, 410, 500])
    yield {
      what: `status ${wrong}`,
      answer: { ...plain, status: wrong },
      found: [`status/undocumented /status ${first.block.line + first.at}:1`],
    };
  for (const { name, at } of response.headers)
    yield {
      what: `${name} gone`,
      answer: { ...plain, headers: plain.headers.filter(([each]) => each !== name) },
      found: [`header/missing /headers/${name.toLowerCase()} ${response.block.line + at}:1`],
    };
  const body = documentedJson(response);
  if (body === undefined || response.body.kind === 'empty') return;
  const start = `${response.block.line + response.body.at}:1`;
  const type = (media: string): Answer['headers'] =>
    plain.headers.map(([name, value]) => [name, name === 'Content-Type' ? media : value]);
  const media = [`header/media-type /headers/content-type ${response.block.line + 1}:1`];
  for (const other of ['text/html', 'text/plain; charset=utf-8', 'application/xml'])
    yield { what: `media type ${other}`, answer: { ...plain, headers: type(other) }, found: media };
  yield { what: 'a page', answer: { ...plain, headers: type('text/html'), body: '<html></html>' }, found: media };
  yield { what: 'an empty body', answer: { ...plain, body: '' }, found: [`body/missing /body ${start}`] };
  for (const text of [plain.body.slice(0, -1), plain.body.slice(0, 9), `${plain.body}}`, `${plain.body},`, '<html>'])
    yield {
      what: `body ${text.slice(-9)}`,
      answer: { ...plain, body: text },
      found: [`body/unreadable /body ${start}`],
    };
  for (const node of nodesOf(page, response)) yield* liesAt(node, body, response, start);
  yield* liesInLaterItems(page, body, response);
}

/** Lies about one value; the pointer is also where it stands in the documented body. */
function* liesAt(node: Node, body: Json, response: PromisedResponse, start: string): Generator<Lie> {
  const { pointer, value, place } = node;
  const name = lastOf(pointer);
  const spot = (rule: string, to = pointer, where = place): string[] => [`${rule} /body${to} ${where}`];
  const told = (what: string, lie: Json | undefined, found: string[]): Lie => ({
    what: `${what} at ${pointer}`,
    answer: truth(
      response,
      changed(body, pointer, () => lie),
    ),
    found,
  });
  const isItem = /^\d+$/.test(name);
  const isList = pointer === `/${response.collectionProperty ?? 'value'}` && response.isCollection;
  // The envelope of an error and the list of a collection are judged as a whole.
  const isEnvelope = response.expectError && ['/error', '/error/code', '/error/message'].includes(pointer);
  const whole = isList ? 'collection/shape' : isEnvelope ? 'body/error-shape' : undefined;
  const optional = response.optionalProperties?.includes(name);
  for (const other of [null, 7, 'word', true, ['item'], { zzz: 1 }] as const) {
    if (kindOf(other) === kindOf(value)) continue;
    if (other === null && response.nullableProperties?.includes(name)) continue;
    if (pointer === '') {
      const root = response.expectError
        ? spot('body/error-shape', '/error', lineBelow(start))
        : response.isCollection && kindOf(other) !== 'array'
          ? spot('collection/shape', '', start)
          : spot(response.isCollection ? 'collection/shape' : 'property/type', '', start);
      yield told(`${kindOf(other)} for ${kindOf(value)}`, other, root);
    } else yield told(`${kindOf(other)} for ${kindOf(value)}`, other, spot(whole ?? 'property/type'));
  }
  if (pointer !== '' && !isItem && !optional) yield told('dropped', undefined, spot(whole ?? 'property/missing'));
  if (
    pointer !== '' &&
    !isItem &&
    !optional &&
    whole === undefined &&
    name !== '@odata.type' &&
    name !== '@odata.context'
  ) {
    const renamed = `${name.slice(0, -1)}${name.at(-1)!.toUpperCase()}s`;
    const parent = pointer.slice(0, -name.length - 1);
    yield {
      what: `renamed at ${pointer}`,
      answer: truth(
        response,
        changed(body, parent, (holder) =>
          Object.fromEntries(
            Object.entries(holder!).map(([key, each]) => [key === name ? renamed : key, each as Json]),
          ),
        ),
      ),
      found: spot('property/missing'),
    };
  }
  if (!/\/\d/.test(pointer) && pointer.split('/').length > 2 && whole === undefined)
    yield {
      what: `moved to the root from ${pointer}`,
      answer: truth(response, {
        ...(changed(body, pointer, () => undefined) as { readonly [name: string]: Json }),
        [name]: value,
      }),
      found: spot('property/missing'),
    };
  if (isObject(value)) {
    const extra = { ...value, zzz: { n: 1 } };
    yield told('added', extra, spot('property/undocumented', `${pointer}/zzz`, pointer === '' ? start : place));
    if (pointer !== '' && whole === undefined) {
      const inner = without(value, '@odata.type');
      if (Object.keys(inner!).length > 1 && !('@odata.type' in value))
        yield told('wrapped', { data: inner }, spot('property/nesting', `${pointer}/data`));
      yield told('in a list', [value], spot('property/type'));
    }
  }
  for (const bad of BAD[name] ?? []) {
    const isEnum = name === 'state';
    if (response.type !== undefined)
      yield told(`bad ${String(bad)}`, bad, spot(isEnum ? 'property/enum' : 'property/format'));
  }
  if (name === 'size' && response.type !== undefined) yield told('a fraction', 1.5, spot('property/type'));
  if (name === '@odata.type')
    for (const foreign of ['#garden.note', '#garden.address', '#garden.unheardOf'])
      yield told(foreign, foreign, spot('property/foreign-type'));
}

/** Of every documented value matchers that are true of it, each with the truth and with another value of the same type. */
function* matchedLies(file: string, response: PromisedResponse): Generator<Matched> {
  const status = `${response.block.line + response.at}:1`;
  const plain = truth(response);
  yield { what: 'the status', pointer: '/status', matcher: { equals: response.status }, answer: plain, found: [] };
  yield {
    what: 'another status',
    pointer: '/status',
    matcher: { equals: 299 },
    answer: plain,
    found: [`status/undocumented /status ${at(file, 0).exchange.responses[0]!.block.line}:1`],
  };
  yield {
    what: 'a header that is not documented',
    pointer: '/headers/x-seven',
    matcher: { format: 'guid' },
    answer: plain,
    found: [`header/missing /headers/x-seven ${status}`],
  };
  const body = documentedJson(response);
  if (body === undefined) return;
  for (const { pointer: promised, value, place } of nodesOf(PAGES[file]!, response)) {
    if (promised === '') continue;
    const pointer = `/body${promised}`;
    const isMatched = (matcher: Matcher, what: string, answer: Answer, told: string[]): Matched => ({
      what: `${what} ${JSON.stringify(matcher)}`,
      pointer: `/body/${promised.slice(1).split('/').map(unescaped).map(matcherToken).join('/')}`,
      matcher,
      answer,
      found: told,
    });
    const other = otherThan(value);
    const lied = truth(
      response,
      changed(body, promised, () => other),
    );
    for (const matcher of truthsOf(value)) {
      yield isMatched(matcher, 'the truth', plain, []);
      if (matcher.type === undefined) yield isMatched(matcher, 'a lie', lied, [`property/value ${pointer} ${place}`]);
    }
    yield isMatched({ absent: true }, 'what is there', plain, [`property/value ${pointer} ${place}`]);
    const wrong = truth(
      response,
      changed(body, promised, () => (typeof value === 'boolean' ? 'word' : true)),
    );
    for (const free of ['any', 'ignore'] as const) yield isMatched({ [free]: true }, 'another type', wrong, []);
  }
}

function truthsOf(value: Json): Matcher[] {
  const type = kindOf(value) as 'string';
  if (typeof value === 'string')
    return [{ equals: value }, { oneOf: ['x', value] }, { type }, { type, length: [...value].length }];
  if (typeof value === 'number') return [{ equals: value }, { type }, { min: value - 0.5, max: value + 0.5 }];
  if (Array.isArray(value)) return [{ equals: value }, { type }, { minLength: value.length, maxLength: value.length }];
  return [{ equals: value }, { type }];
}

/** Of the same type, and of the same form where it has one to keep. */
function otherThan(value: Json): Json {
  if (typeof value === 'string') return `${value}${value}!`;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (Array.isArray(value)) return [...(value as Json[]), ...(value as Json[]), ...(value.length === 0 ? [1] : [])];
  return isObject(value) ? { ...value, zzz: 1 } : 1;
}

function unescaped(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}

const BAD: Readonly<Record<string, readonly Json[]>> = {
  state: ['OPEN', 'lost', '', 'open '],
  createdDateTime: ['July 8', '2026-03-01', '2026-03-01T09:30:00', '2026-02-30T09:30:00Z', '2026-03-01T25:30:00Z'],
  dueDate: ['2026-3-9', '2026-03-09T00:00:00Z', '2026-13-01', '9.3.2026'],
  workspaceId: ['3f2504e0', '3f2504e0-4f89-41d3-9a0c-0305e82c330g', '{3f2504e0-4f89-41d3-9a0c-0305e82c3301}'],
  remindAfter: ['1 day', 'P', 'PT', '26:00'],
  webUrl: ['../notes/n-7', '/notes/n-7', 'garden.example.com', 'string'],
  contentBytes: ['?', 'Y=m', 'a b'],
};

/** The same lies in the second and third item of a list that shows fewer. */
function* liesInLaterItems(page: string, body: Json, response: PromisedResponse): Generator<Lie> {
  const nodes = nodesOf(page, response);
  for (const list of nodes.filter(({ value }) => Array.isArray(value) && isObject((value as Json[])[0]!))) {
    const [item] = list.value as readonly Json[];
    for (const node of nodes.filter(({ pointer }) => pointer.startsWith(`${list.pointer}/0/`))) {
      const inner = node.pointer.slice(`${list.pointer}/0`.length);
      // One lie a value is enough here, and an item within an item is one of its own list.
      if (/^\d+$/.test(lastOf(inner))) continue;
      for (const index of [1, 2]) {
        const items = (lie: Json | undefined): Json[] =>
          Array.from({ length: 4 }, (_, at) => (at === index ? changed(item!, inner, () => lie) : item!));
        // The documented item in the same place documents it, else the first.
        const twin = nodes.find(({ pointer }) => pointer === `${list.pointer}/${index}${inner}`) ?? node;
        const spot = `/body${list.pointer}/${index}${inner} ${twin.place}`;
        const other = typeof node.value === 'string' ? 7 : 'word';
        for (const [lie, rule] of [
          [undefined, 'property/missing'],
          [other, 'property/type'],
          [null, 'property/type'],
        ] as const)
          yield {
            what: `${rule} in item ${index} at ${node.pointer}`,
            answer: truth(
              response,
              changed(body, list.pointer, () => items(lie)),
            ),
            found: [`${rule} ${spot}`],
          };
      }
    }
  }
}

function kindOf(value: Json): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

function isObject(value: Json): value is { readonly [name: string]: Json } {
  return kindOf(value) === 'object';
}

function without(value: Json, name: string): Json {
  return isObject(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)) : value;
}

function reversed(value: Json): Json {
  return isObject(value) ? Object.fromEntries(Object.entries(value).reverse()) : value;
}

/** Every value of a body made another, the innermost first. */
function everywhere(value: Json, change: (value: Json, name: string) => Json, name = ''): Json {
  if (Array.isArray(value))
    return change(
      (value as readonly Json[]).map((item) => everywhere(item, change)),
      name,
    );
  if (!isObject(value)) return change(value, name);
  const members = Object.entries(value).map(([key, member]) => [key, everywhere(member, change, key)] as const);
  return change(Object.fromEntries(members), name);
}

function lineBelow(place: string): string {
  return `${Number(place.split(':')[0]) + 1}:3`;
}
