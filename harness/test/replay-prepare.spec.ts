import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { PagedExchange, PromisedBody } from '../model/fixture.ts';
import { headerValue, type Target } from '../model/http.ts';
import { isLoopback } from '../replay/gate.ts';
import { generate } from '../replay/generate.ts';
import { prepare, type PrepareOptions } from '../replay/prepare.ts';

const mock: Target = { name: 'mock', live: false, send: () => Promise.reject(new Error('not here')) };
const live = (base: string): Target => ({ ...mock, name: base, live: true, base });
const target = live('https://api.example/base');

interface Sketch {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly kind?: 'json' | 'text' | 'multipart' | 'placeholder';
  readonly readAs?: string;
}

function exchange(line: string, { headers = {}, body, kind = 'json', readAs }: Sketch = {}): PagedExchange {
  const [, method = '', url = ''] = /^(\S+) (.*)$/s.exec(line)!;
  const promised: PromisedBody = body === undefined ? { kind: 'empty' } : { kind, at: 2, text: body };
  return {
    id: line,
    title: line,
    file: 'page.md',
    request: {
      block: { line: 1, indent: 0 },
      at: 0,
      method,
      url,
      ...(readAs === undefined ? {} : { readAs }),
      headers: Object.entries(headers).map(([name, value]) => ({ name, value, at: 1 })),
      body: promised,
    },
    responses: [],
  };
}

function sent(line: string, sketch: Sketch = {}, options: Partial<PrepareOptions> = {}, to: Target = target) {
  const prepared = prepare(exchange(line, sketch), to, { writes: true, ...options });
  if ('missing' in prepared) throw new Error(prepared.missing.join(', '));
  return { ...prepared.request, body: new TextDecoder().decode(prepared.request.body) };
}

function missing(line: string, sketch: Sketch = {}, options: Partial<PrepareOptions> = {}): readonly string[] {
  const prepared = prepare(exchange(line, sketch), target, { writes: true, ...options });
  return 'missing' in prepared ? prepared.missing : [];
}

test.describe('URLs', () => {
  test('documented hosts are rewritten, the base path is put before theirs once', () => {
    expect(sent('GET https://graph.example/v1.0/me?$top=5').url).toBe('https://api.example/base/v1.0/me?$top=5');
    expect(sent('GET /base/me').url).toBe('https://api.example/base/me');
    expect(sent('GET /basement').url).toBe('https://api.example/base/basement');
    expect(sent('GET https://graph.example/v1.0/me', {}, {}, live('http://localhost:1/v1.0/')).url).toBe(
      'http://localhost:1/v1.0/me',
    );
    expect(sent('GET /docs\\api', { readAs: '/docs/api' }).url).toBe('https://api.example/base/docs/api');
  });

  test('no page leads a live request to another host, or out of the base path', () => {
    const hostile = [
      '//evil.example/x',
      'https://evil.example/x',
      '/../../x',
      '/%2e%2e/%2E%2e/x',
      '/..\\..\\x',
      '@evil.example/',
      ':1@evil.example/',
      'http://user:pw@evil.example/',
    ];
    for (const url of hostile) {
      expect(sent(`GET ${url}`).url, url).toMatch(/^https:\/\/api\.example\/base\//);
    }
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('/', '.', '\\', '@', ':', 'h', 'ttp:', '%2e', '%2f', '?', ' ', '[', '\ud800', '%'),
        }),
        (url) => {
          const prepared = new URL(sent(`GET ${url}`).url);
          expect(prepared.origin).toBe('https://api.example');
          expect(prepared.pathname).toMatch(/^\/base(\/|$)/);
        },
      ),
    );
  });

  test('the mock is sent documented URLs as they are', () => {
    const url = (line: string): string => sent(line, {}, { writes: false }, mock).url;
    expect(url('POST https://graph.example/users/{id}')).toBe('https://graph.example/users/%7Bid%7D');
    expect(url('GET /a b?x={y}')).toBe('https://mock.invalid/a%20b?x=%7By%7D');
    expect(url('GET https://{tenant}.example/a')).toBe('https://mock.invalid/a');
    expect(url('GET https://user:pw@host.example/a')).toBe('https://host.example/a');
  });
});

test.describe('values', () => {
  test('placeholders are filled in path, query, headers and JSON strings', () => {
    const request = sent(
      'POST /users/{id | userPrincipalName}/<thing>?$filter=mail%20eq%20{mail}',
      {
        headers: { 'If-Match': '{etag}' },
        body: '{"@odata.id": "https://x/{id}", "n": 12345678901234567890, "html": "{{keep}} {0}"}',
      },
      { values: { userPrincipalName: 'a/b?c@d', thing: '..x', mail: "'x y'", etag: 'W/"1"', id: '"7"' } },
    );
    expect(request.url).toBe('https://api.example/base/users/%227%22/..x?$filter=mail%20eq%20%27x%20y%27');
    expect(headerValue(request.headers, 'if-match')).toBe('W/"1"');
    expect(request.body).toBe('{"@odata.id": "https://x/\\"7\\"", "n": 12345678901234567890, "html": "{{keep}} {0}"}');
  });

  test('a value is one segment, whatever is in it', () => {
    expect(sent('GET /users/{id | upn}', {}, { values: { upn: 'a/b?c#d%41é' } }).url).toBe(
      'https://api.example/base/users/a%2Fb%3Fc%23d%2541%C3%A9',
    );
  });

  test('everything that is missing is named at once, each once', () => {
    const sketch = {
      headers: { 'If-Match': '{etag}', Authorization: 'Bearer {token}' },
      body: '{"a": "{id}", "b": "{other}"}',
    };
    expect(missing('PATCH /users/{id}/x/{__proto__}', sketch, { writes: false })).toEqual([
      'permission --allow-writes',
      'value {id}',
      'value {__proto__}',
      'value {etag}',
      'value {other}',
    ]);
    expect(missing('GET /users/{id}', {}, { writes: false })).toEqual(['value {id}']);
    expect(missing('OPTIONS /users', {}, { writes: false })).toEqual([]);
  });

  test('a read that asks for another method in a header is a write', () => {
    for (const name of ['X-HTTP-Method-Override', 'x-http-method', 'X-Method-Override']) {
      const sketch = { headers: { [name]: 'DELETE' } };
      expect(missing('GET /users/1', sketch, { writes: false })).toContain('permission --allow-writes');
      expect(missing('GET /users/1', { headers: { 'X-Methods': 'DELETE' } }, { writes: false })).toEqual([]);
    }
  });

  test('a page never supplies credentials or framing to a live target', () => {
    const headers = {
      Authorization: 'Bearer abc',
      cookie: 'a=1',
      'PROXY-authorization': 'x',
      Host: 'evil',
      'Content-length': '3',
      Connection: 'close',
      Accept: 'text/plain',
    };
    expect(sent('GET /a', { headers }).headers).toEqual([['Accept', 'text/plain']]);
    expect(sent('GET /a', { headers }, {}, mock).headers).toEqual([
      ['Authorization', 'Bearer abc'],
      ['cookie', 'a=1'],
      ['Accept', 'text/plain'],
    ]);
  });
});

test.describe('bodies', () => {
  const body =
    '{ "name": "String", "when": "String (timestamp)", "on": "Boolean", "type": "String", "tags": ["String"] }';

  test('type words become values for a live target and stay as written for the mock', () => {
    const request = sent('POST /a', { body });
    expect(request.body).toBe(
      '{ "name": "docwright", "when": "2026-01-01T00:00:00Z", "on": false, "type": "String", "tags": ["docwright"] }',
    );
    expect(headerValue(request.headers, 'content-type')).toBe('application/json');
    expect(sent('POST /a', { body }, {}, mock).body).toBe(body);
  });

  test('lenient JSON becomes strict, with bare placeholders filled', () => {
    const lenient = '{\n  // who\n  "id": {id},\n  "n": 1,\n}';
    expect(JSON.parse(sent('POST /a', { body: lenient }, { values: { id: '7' } }).body)).toEqual({ id: '7', n: 1 });
    expect(missing('POST /a', { body: lenient })).toEqual(['value {id}']);
    expect(sent('POST /a', { body: '{"a": ' }).body).toBe('{"a": ');
    expect(sent('POST /a', { body: lenient }, {}, mock).body).toBe(lenient);
  });

  test('strict JSON without anything to replace stays as written', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!/\{\s*[A-Za-z_]/.test(text));
        expect(sent('POST /a', { body: text }).body).toBe(text);
      }),
    );
  });

  test('multipart gets CRLF, a placeholder its value, text stays', () => {
    expect(sent('POST /a', { body: '--x\n\na', kind: 'multipart' }).body).toBe('--x\r\n\r\na');
    expect(sent('PUT /a', { body: '{content}', kind: 'placeholder' }, { values: { content: 'bytes' } }).body).toBe(
      'bytes',
    );
    expect(missing('PUT /a', { body: 'The contents of the file', kind: 'placeholder' })).toEqual(['value {body}']);
    expect(sent('PUT /a', { body: 'a {b}', kind: 'text' }).body).toBe('a {b}');
  });

  test('what a type word stands for', () => {
    const cases: [string, unknown][] = [
      ['String', 'docwright'],
      ['String (identifier)', 'docwright'],
      ['string (timestamp)', '2026-01-01T00:00:00Z'],
      ['DateTimeOffset', '2026-01-01T00:00:00Z'],
      ['Edm.Int32', 0],
      ['Guid', '00000000-0000-4000-8000-000000000000'],
      ['true | false', false],
      ['Collection(String)', ['docwright']],
      ['Int32 collection', [0]],
      ['string', undefined],
      ['Boolean value', undefined],
      ['constructor', undefined],
      ['', undefined],
    ];
    for (const [word, value] of cases) expect(generate(word), word).toEqual(value);
  });
});

test('only this machine by its own names is loopback', () => {
  const yes = [
    'http://localhost',
    'https://LOCALHOST:8080/x',
    'http://127.0.0.1:1',
    'http://127.255.3.4/',
    'http://[::1]:3000',
    'http://2130706433/',
    'http://0x7f.1/',
  ];
  const no = [
    'http://localhost.evil.com',
    'http://127.0.0.1.nip.io',
    'http://localhost.',
    'http://127.0.0.1@evil.com',
    'http://evil.com/localhost',
    'http://[::ffff:127.0.0.1]',
    'http://0.0.0.0',
    'http://[::]',
    'ftp://localhost',
    'foo://127.0.0.1',
    'localhost',
    '',
    'http://',
  ];
  for (const url of yes) expect(isLoopback(url), url).toBe(true);
  for (const url of no) expect(isLoopback(url), url).toBe(false);
});
