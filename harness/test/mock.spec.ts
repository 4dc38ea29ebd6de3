import { connect } from 'node:net';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { mockApi } from '../mock/answer.ts';
import { mockTarget } from '../mock/msw.ts';
import { ANY, routeIndex } from '../mock/routes.ts';
import { serveMock } from '../mock/server.ts';
import type { PagedExchange, PromisedBody } from '../model/fixture.ts';
import { headerValue, type ResponseMessage, type Target } from '../model/http.ts';
import type { Observation } from '../model/observation.ts';
import { queryParameters, segments, urlParts, wirePath, wireQuery } from '../model/url.ts';
import { replay } from '../replay/index.ts';
import { prepare } from '../replay/prepare.ts';

interface Sketch {
  readonly id?: string;
  readonly template?: string;
  readonly send?: string;
  readonly status?: number;
  readonly headers?: readonly (readonly [string, string])[];
  readonly answer?: string;
  readonly bodyKind?: 'json' | 'text' | 'placeholder';
}

/** An exchange from `METHOD url` and a few words more. */
function exchange(line: string, sketch: Sketch = {}): PagedExchange {
  const [, method = '', url = ''] = /^(\S+) (.*)$/s.exec(line)!;
  const body = (text: string | undefined): PromisedBody =>
    text === undefined ? { kind: 'empty' } : { kind: sketch.bodyKind ?? 'json', at: 2, text };
  const block = { line: 1, indent: 0 };
  const headers = (sketch.headers ?? [['Content-Type', 'application/json']]).map(([name, value]) => ({
    name,
    value,
    at: 1,
  }));
  return {
    id: sketch.id ?? line,
    title: line,
    file: 'page.md',
    request: {
      block,
      at: 0,
      method,
      url,
      ...(sketch.template === undefined ? {} : { template: sketch.template }),
      headers: [],
      body: body(sketch.send),
    },
    responses: [
      { block, at: 0, status: sketch.status ?? 200, headers, body: body(sketch.answer ?? JSON.stringify(line)) },
    ],
  };
}

function ask(exchanges: readonly PagedExchange[], line: string, body?: string): ResponseMessage {
  const [method = '', url = ''] = line.split(' ');
  const sent = body === undefined ? {} : { body: new TextEncoder().encode(body) };
  return mockApi(exchanges)({ method, url: `https://elsewhere.example${url}`, headers: [], ...sent });
}

const text = (answer: ResponseMessage): string => new TextDecoder().decode(answer.body);
const said = (answer: ResponseMessage): unknown => JSON.parse(text(answer));

async function replayAll(exchanges: readonly PagedExchange[], target: Target): Promise<Observation[]> {
  const observed: Observation[] = [];
  for await (const one of replay(exchanges, target, { workers: 4, timeout: 5000, writes: true })) observed.push(one);
  return observed;
}

function answerOf(observation: Observation): ResponseMessage {
  if (observation.kind !== 'answered') throw new Error(`${observation.exchange.id} is ${observation.kind}`);
  return observation.actual;
}

test.describe('what the mock answers', () => {
  const users = [
    exchange('GET /users/{id}'),
    exchange('GET https://graph.example/users/{userId}?$select=mail'),
    exchange('GET /users/me', { template: '/users/{id}' }),
    exchange('GET /users/{id}/drive', { template: '/users/{id}/drive' }),
    exchange("GET /drive/getByPath(path='a b')"),
  ];

  test('a literal path beats a placeholder, the text of a placeholder fits itself best', () => {
    expect(said(ask(users, 'GET /users/me'))).toBe('GET /users/me');
    expect(said(ask(users, 'GET /users/42'))).toBe('GET /users/{id}');
    expect(said(ask(users, 'GET /users/%7BuserId%7D'))).toBe('GET https://graph.example/users/{userId}?$select=mail');
    expect(said(ask(users, 'GET /users/{id}'))).toBe('GET /users/{id}');
    expect(said(ask(users, 'GET /users/42/drive'))).toBe('GET /users/{id}/drive');
    expect(said(ask(users, "GET /drive/getByPath(path='a%20b')"))).toBe("GET /drive/getByPath(path='a b')");
    expect(ask(users, "GET /drive/getByPath(path='c')").status).toBe(404);
  });

  test('the template of an exchange answers for other values', () => {
    expect(said(ask([exchange('GET /users/me', { template: '/users/{id}' })], 'GET /users/7'))).toBe('GET /users/me');
  });

  test('case matters first, then not', () => {
    const both = [exchange('GET /Me/Insights'), exchange('GET /me/insights')];
    expect(said(ask(both, 'GET /me/insights'))).toBe('GET /me/insights');
    expect(said(ask(both, 'GET /ME/INSIGHTS'))).toBe('GET /Me/Insights');
    expect(said(ask(both, 'GET /me/INSIGHTS'))).toBe('GET /me/insights');
    expect(said(ask([exchange('GET /{any}/insights'), exchange('GET /Me/Insights')], 'GET /me/insights'))).toBe(
      'GET /Me/Insights',
    );
  });

  test('the query decides by equal values, then names, then by what is left over', () => {
    const queries = ['', '?$select=a', '?$select=a&$top=5', '?$filter=x%20eq%20%27y%27'];
    const all = queries.map((query) => exchange(`GET /items${query}`));
    for (const query of queries) expect(said(ask(all, `GET /items${query}`))).toBe(`GET /items${query}`);
    expect(said(ask(all, 'GET /items?$top=5&$select=a'))).toBe('GET /items?$select=a&$top=5');
    expect(said(ask(all, 'GET /items?$select=b'))).toBe('GET /items?$select=a');
    expect(said(ask(all, 'GET /items?$top=9&$select=b'))).toBe('GET /items?$select=a&$top=5');
    expect(said(ask(all, "GET /items?$filter=x+eq+'y'"))).toBe('GET /items?$filter=x%20eq%20%27y%27');
    expect(said(ask(all, 'GET /items?other=1'))).toBe('GET /items');
  });

  test('the body decides by value, then by names, then the first wins', () => {
    const all = ['{"a":1,"b":2}', '{"a":2}', '{"a":3}', '// say\n{"c": {"d": 1},}'].map((send, index) =>
      exchange('POST /items', { id: String(index), send, answer: String(index) }),
    );
    expect(text(ask(all, 'POST /items', '{"b":2, "a":1}'))).toBe('0');
    expect(text(ask(all, 'POST /items', '{"a":3}'))).toBe('2');
    expect(text(ask(all, 'POST /items', '{"a":9}'))).toBe('1');
    expect(text(ask(all, 'POST /items', '{"c":{"d":1}}'))).toBe('3');
    expect(text(ask(all, 'POST /items', '{"c":{"d":5}}'))).toBe('3');
    expect(text(ask(all, 'POST /items', 'not json'))).toBe('0');
    expect(text(ask(all, 'POST /items', `${'['.repeat(200_000)}`))).toBe('0');
    expect(text(ask(all, 'POST /items', `${'['.repeat(200_000)}${']'.repeat(200_000)}`))).toBe('0');
    expect(text(ask(all, 'POST /items'))).toBe('0');
  });

  test('a trailing slash is known where the docs know it, and forgiven where not', () => {
    expect(said(ask([exchange('GET /a'), exchange('GET /a/')], 'GET /a/'))).toBe('GET /a/');
    expect(said(ask([exchange('GET /a')], 'GET /a/'))).toBe('GET /a');
    expect(said(ask([exchange('GET /a/')], 'GET /a'))).toBe('GET /a/');
  });

  test('HEAD is answered as GET, with its length and no content', () => {
    const answer = ask(users, 'HEAD /users/me');
    expect(answer).toMatchObject({ status: 200, body: new Uint8Array() });
    expect(headerValue(answer.headers, 'content-length')).toBe(String(JSON.stringify('GET /users/me').length));
    const documented = exchange('HEAD /users/me', { status: 204, bodyKind: 'text' });
    expect(ask([...users, documented], 'HEAD /users/me').status).toBe(204);
  });

  test('another method is 405 with Allow, an unknown path 404 with the nearest documented requests', () => {
    const wrong = ask([...users, exchange('PATCH /users/{id}')], 'DELETE /users/42');
    expect(wrong.status).toBe(405);
    expect(headerValue(wrong.headers, 'allow')).toBe('GET, HEAD, PATCH');
    const unknown = ask(users, 'GET /user/mee');
    expect(unknown.status).toBe(404);
    expect(headerValue(unknown.headers, 'content-type')).toBe('application/problem+json');
    const { nearest } = said(unknown) as { nearest: unknown[] };
    expect(nearest).toHaveLength(3);
    expect(nearest[0]).toEqual({ method: 'GET', path: '/users/me', id: 'GET /users/me' });
    expect(ask([], 'GET /').status).toBe(404);
  });

  test('names of the prototype are paths like any other', () => {
    expect(ask(users, 'GET /__proto__/constructor').status).toBe(404);
    expect(said(ask([exchange('GET /__proto__')], 'GET /__proto__'))).toBe('GET /__proto__');
  });
});

test.describe('the answer itself', () => {
  test('framing is computed, never copied', () => {
    const headers = [
      ['content-type', 'application/json'],
      ['Content-Length', '9999'],
      ['Transfer-Encoding', 'chunked'],
      ['Connection', 'close'],
      ['ETag', '"1"'],
    ] as const;
    const { headers: sent } = ask([exchange('GET /a', { headers, answer: '"é"' })], 'GET /a');
    expect(sent).toEqual([
      ['content-type', 'application/json'],
      ['ETag', '"1"'],
      ['Content-Length', '4'],
    ]);
  });

  test('lenient JSON is answered as strict JSON, strict JSON as written', () => {
    const lenient = exchange('GET /a', { answer: '{\n  // a comment\n  "a": [1, 2,],\n}' });
    expect(text(ask([lenient], 'GET /a'))).toBe(JSON.stringify({ a: [1, 2] }, null, 2));
    const strict = '{ "n":12345678901234567890 }\n';
    expect(text(ask([exchange('GET /a', { answer: strict })], 'GET /a'))).toBe(strict);
    const plain = exchange('GET /a', { answer: '{a: 1}', headers: [['Content-Type', 'text/plain']] });
    expect(text(ask([plain], 'GET /a'))).toBe('{a: 1}');
    const broken = exchange('GET /a', { answer: '{"a": ' });
    expect(text(ask([broken], 'GET /a'))).toBe('{"a": ');
  });

  test('a JSON body without documented type says application/json; a placeholder stays as it is', () => {
    const { headers } = ask([exchange('GET /a', { headers: [], answer: '{}' })], 'GET /a');
    expect(headerValue(headers, 'content-type')).toBe('application/json');
    const content = exchange('GET /a', { headers: [], answer: '{the content}', bodyKind: 'placeholder' });
    const answer = ask([content], 'GET /a');
    expect(text(answer)).toBe('{the content}');
    expect(headerValue(answer.headers, 'content-type')).toBeUndefined();
  });

  test('204 and 304 have no content', () => {
    for (const status of [204, 304]) {
      const answer = ask([exchange('GET /a', { status, answer: '{}' })], 'GET /a');
      expect(answer.body).toHaveLength(0);
      expect(headerValue(answer.headers, 'content-length')).toBeUndefined();
    }
  });

  test('of several responses the first is answered', () => {
    const first = exchange('GET /a', { status: 202 });
    const both = { ...first, responses: [...first.responses, ...exchange('GET /a').responses] };
    expect(ask([both], 'GET /a').status).toBe(202);
  });
});

test.describe('behind msw', () => {
  test('a changed byte in one documented answer is seen in that exchange and in no other', async () => {
    const docs = Array.from({ length: 20 }, (_, index) =>
      exchange(index % 2 ? `POST /items` : `GET /items/${index}`, {
        id: `page#${index}`,
        send: `{"n":${index}}`,
        answer: `{"value":"${index}"}`,
        template: index % 2 ? '/items' : '/items/{id}',
      }),
    );
    const changed = docs.map((one, index) => (index === 7 ? withAnswer(one, '{"valuf":"7"}') : one));
    const before = (await replayAll(docs, mockTarget(docs))).map(answerOf);
    const after = (await replayAll(docs, mockTarget(changed))).map(answerOf);
    const differing = docs.filter((_, index) => text(before[index]!) !== text(after[index]!)).map(({ id }) => id);
    expect(differing).toEqual(['page#7']);
    expect(text(after[7]!)).toBe('{"valuf":"7"}');
  });

  test('no way tells the mock which exchange is meant: equal requests have one answer', async () => {
    const twins = [exchange('GET /a', { id: 'one', answer: '1' }), exchange('GET /a', { id: 'two', answer: '2' })];
    expect((await replayAll(twins, mockTarget(twins))).map((one) => text(answerOf(one)))).toEqual(['1', '1']);
  });

  test('whatever Fetch cannot carry does not end a replay', async () => {
    const docs = [
      exchange('GET /with-body', { send: '{"a":1}' }),
      exchange('TRACE /trace'),
      exchange('patch /lower', { send: '{}' }),
      exchange('GET /no-content', { status: 204, answer: '{}' }),
      exchange('GET /reset', { status: 205, answer: '{}' }),
      exchange('GET /early', { status: 103 }),
      exchange('GET /odd', { status: 799 }),
      exchange('GET /header', {
        headers: [
          ['X-Name', 'Zoë — 1'],
          ['not a token', 'x'],
        ],
      }),
      exchange('GET https://{tenant}.example/x'),
      exchange('GET https://user:secret@host.example/y'),
    ];
    const observed = await replayAll(docs, mockTarget(docs));
    expect(observed.map((one) => answerOf(one).status)).toEqual([200, 200, 200, 204, 205, 103, 799, 200, 200, 200]);
    expect(headerValue(answerOf(observed[7]!).headers, 'x-name')).toBe('Zoë — 1');
  });

  test('any documented path and query is found again', async () => {
    const piece = fc.string({
      unit: fc.constantFrom(
        'a',
        ' ',
        '%',
        '%2F',
        '%7b',
        '{',
        '}',
        '|',
        '"',
        "'",
        '<',
        '\\',
        'é',
        '€',
        '.',
        '$',
        '(',
        ';',
        '+',
        '&',
        '=',
        '\ud800',
      ),
      minLength: 1,
      maxLength: 6,
    });
    const url = fc
      .tuple(fc.array(piece, { minLength: 1, maxLength: 4 }), piece)
      .map(([parts, query]) => `/${parts.join('/')}?${query}`);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(url, { minLength: 1, maxLength: 3 }), async (urls) => {
        const docs = urls.map((one) => exchange(`GET ${one}`));
        const answers = (await replayAll(docs, mockTarget(docs))).map(answerOf);
        const travelled = (line: string): string => {
          const { path, query = '' } = urlParts(line.slice('GET '.length));
          const parameters = queryParameters(wireQuery(query)).map((parameter) => JSON.stringify(parameter));
          return JSON.stringify([segments(wirePath(path)), parameters.sort()]);
        };
        expect(answers.map((answer) => travelled(said(answer) as string))).toEqual(docs.map(({ id }) => travelled(id)));
      }),
      { numRuns: 150 },
    );
  });

  test('a request prepared for the mock carries documented text and no documented framing', () => {
    const prepared = prepare(
      exchange('GET /users/{id}/a b|c?$filter="x"'),
      { name: 'mock', live: false, send: () => Promise.reject(new Error()) },
      { writes: false },
    );
    expect(prepared).toMatchObject({
      request: { url: 'https://mock.invalid/users/%7Bid%7D/a%20b%7Cc?$filter=%22x%22' },
    });
  });
});

test.describe('ten thousand routes', () => {
  const steps = (count: number): number => {
    const index = routeIndex<number>();
    for (let n = 0; n < count; n++) {
      index.add(['v1', `things${n}`, ANY, 'parts'], n);
      index.add(['v1', `things${n}`, '{id}', 'parts'], n);
    }
    const found = index.find(['v1', `things${count - 1}`, '17', 'parts']);
    expect(found.values).toEqual([count - 1]);
    return found.steps;
  };

  test('the last route is found in as many steps as among ten', () => {
    expect(steps(10_000)).toBe(steps(10));
  });

  test('ten thousand bodies on one path are told apart, each body read once', () => {
    const docs = Array.from({ length: 10_000 }, (_, n) =>
      exchange('POST /batch', { id: String(n), send: `{"n":${n}}`, answer: String(n) }),
    );
    const answer = mockApi(docs);
    const sent = (n: number) => ({
      method: 'POST',
      url: 'https://x.example/batch',
      headers: [],
      body: new TextEncoder().encode(`{"n": ${n}}`),
    });
    expect(docs.filter((_, n) => text(answer(sent(n))) !== String(n))).toEqual([]);
  });

  test('a path of many segments with every choice open ends', () => {
    const index = routeIndex<string>();
    for (let bits = 0; bits < 1024; bits++) {
      index.add(
        Array.from({ length: 10 }, (_, place) => (bits & (1 << place) ? ANY : 'a')),
        String(bits),
      );
    }
    const found = index.find(Array.from({ length: 10 }, () => 'a'));
    expect(found.values).toEqual(['0']);
    expect(found.steps).toBeLessThan(2048);
  });
});

test.describe('the mock as a server', () => {
  test('serves the docs and survives bad input', async () => {
    const docs = [
      exchange('GET /v1.0/users/{id}', {
        headers: [
          ['Content-Type', 'application/json'],
          ['Content-Encoding', 'gzip'],
        ],
      }),
      exchange('POST /items', { send: '{"a":1}', status: 201 }),
      exchange('GET /continue', { status: 100 }),
    ];
    const mock = await serveMock(docs);
    try {
      const user = await fetch(`${mock.url}/v1.0/users/7`);
      expect([user.status, await user.json()]).toEqual([200, 'GET /v1.0/users/{id}']);
      expect((await fetch(`${mock.url}/items`, { method: 'POST', body: '{"a":1}' })).status).toBe(201);
      expect((await fetch(`${mock.url}/v1.0/users/7`, { method: 'HEAD' })).headers.get('content-length')).toBe('22');
      expect((await fetch(`${mock.url}/items`)).status).toBe(405);
      expect((await fetch(`${mock.url}/continue`)).status).toBe(501);
      expect(
        await raw(
          mock.url,
          'POST /items HTTP/1.1\r\nHost: x\r\nContent-Length: 11000000\r\n\r\n' + 'x'.repeat(10_600_000),
        ),
      ).toContain('413');
      expect(await raw(mock.url, 'nonsense\r\n\r\n')).toContain('400 Bad Request');
      expect(await raw(mock.url, 'GET http://%zz/%zz?%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toContain(
        '404',
      );
      expect(await raw(mock.url, 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toContain('404');
      expect((await fetch(`${mock.url}/v1.0/users/7`)).status).toBe(200);
    } finally {
      await mock.close();
    }
    await expect(fetch(mock.url)).rejects.toThrow();
  });

  test('a port that is taken is an error', async () => {
    const mock = await serveMock([]);
    const port = Number(new URL(mock.url).port);
    await expect(serveMock([], { port })).rejects.toThrow(/EADDRINUSE/);
    await mock.close();
  });
});

/** What a server says to these bytes until it closes. */
function raw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.on('data', (chunk) => (heard += chunk.toString()));
    socket.on('error', () => resolve(heard));
    socket.on('close', () => resolve(heard));
  });
}

function withAnswer(one: PagedExchange, answer: string): PagedExchange {
  const [response] = one.responses;
  return { ...one, responses: [{ ...response!, body: { kind: 'json', at: 2, text: answer } }] };
}
