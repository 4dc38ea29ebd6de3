import { expect, test } from '@playwright/test';
import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { HarEntry } from '../model/har.ts';
import type { Report } from '../model/report.ts';
import { recordingTarget } from '../replay/recording.ts';
import { launchBrowser } from './browser.ts';
import { compilePages, exchangePage } from './docs.ts';
import { leaksIn } from './leaks.ts';
import { page, workspace, type Workspace } from './workspace.ts';

const TOKEN = 'tok/7f3a+9c21"0c4e%55aa';

let space: Workspace;
let server: Server;
let url: string;

test.beforeEach(async () => {
  space = workspace();
  const made = new Set<string>();
  const polls = new Map<string, number>();
  server = createServer((request, response) => {
    const json = (status: number, value: object, headers: Record<string, string | string[]> = {}): void =>
      void response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value));
    const own = request.url!.replace(/^\/api/, '');
    if (request.headers['authorization'] !== `Bearer ${TOKEN}`) return json(401, { error: 'who asks?' });
    if (own.startsWith('/v1.0/echo')) {
      // A service that tells everything it knows.
      return json(
        200,
        {
          id: '1',
          base64: Buffer.from(`x${TOKEN}`).toString('base64'),
          asked: TOKEN,
          [TOKEN]: [encodeURIComponent(TOKEN)],
        },
        {
          'Set-Cookie': [`sid=${encodeURIComponent(TOKEN)}; Path=/`, 'session=5a4b3c2d1e0f; HttpOnly'],
          'X-Echo': TOKEN,
          Location: `https://api.example.com/back?access_token=${encodeURIComponent(TOKEN)}`,
        },
      );
    }
    if (own === '/v1.0/bytes')
      return void response
        .writeHead(200, { 'Content-Type': 'application/octet-stream' })
        .end(Buffer.concat([Buffer.from([0, 255, 254, 128]), Buffer.from(TOKEN)]));
    if (own === '/v1.0/reset') return void request.socket.destroy();
    if (own === '/v1.0/wrong') return json(200, { id: 7 });
    const [, job, state] = /^\/v1\.0\/jobs\/(\w+)(\/state)?/.exec(own) ?? [];
    if (job !== undefined && state === undefined) {
      const Location = `/api/v1.0/jobs/${job}/state?sig=${encodeURIComponent(TOKEN)}`;
      return void response.writeHead(202, { Location, 'Retry-After': '0' }).end();
    }
    if (job !== undefined) {
      polls.set(job, (polls.get(job) ?? 0) + 1);
      if (polls.get(job)! % 3 !== 0) return json(202, { status: 'running' }, { 'Retry-After': '0' });
      return json(200, { status: job === 'bad' ? 'failed' : 'succeeded' });
    }
    const [, on] = /^\/v1\.0\/items\?page=(\d)/.exec(own) ?? [];
    if (own.startsWith('/v1.0/items'))
      return json(200, {
        value: [on === '3' ? { id: 7 } : { id: '1' }],
        ...(on === '4' ? {} : { '@odata.nextLink': `/api/v1.0/items?page=${Number(on ?? 1) + 1}&key=${TOKEN}` }),
      });
    const id = /\/things\/([^/?]+)/.exec(own)?.[1];
    if (request.method === 'POST') {
      const name = `thing-${made.size + 1}-0c4e55aa1b`;
      made.add(name);
      return json(201, { id: name });
    }
    if (request.method === 'DELETE') return void response.writeHead(made.delete(id!) ? 204 : 404).end();
    if (id !== undefined && !made.has(id)) return json(404, { error: 'none' });
    json(200, { id: id ?? '1' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  const config = { targets: { live: { url, auth: { bearer: { env: 'TOKEN' } }, values: { key: { env: 'TOKEN' } } } } };
  space.write('docwright.config.json', JSON.stringify(config));
});
test.afterEach(() => {
  server.closeAllConnections();
  server.close();
  space.remove();
});

const ONE = '{ "id": "thing-7f3a9c21" }';
const block = (kind: string, name: string, text: string): string =>
  `<!-- { "blockType": "${kind}", "name": "${name}" } -->\n\`\`\`http\n${text}\n\`\`\`\n`;
const both = (name: string, sent: string, answer: string): string =>
  block('request', name, sent) + '\n' + block('response', name, answer);
const OK = 'HTTP/1.1 200 OK\nContent-Type: application/json\n\n';

const FLOW = `# Things

${both('create', `POST https://api.example.com/v1.0/things\nContent-Type: application/json\n\n{ "name": "x" }`, `HTTP/1.1 201 Created\nContent-Type: application/json\n\n${ONE}`)}
${both('get', 'GET https://api.example.com/v1.0/things/thing-7f3a9c21', OK + ONE)}
${both('delete', 'DELETE https://api.example.com/v1.0/things/thing-7f3a9c21', 'HTTP/1.1 204 No Content')}
${both('blocked', 'GET https://api.example.com/v1.0/things/{nobody-knows}', OK + ONE)}
${both('wrong', 'GET https://api.example.com/v1.0/wrong', OK + ONE)}
${both('reset', 'GET https://api.example.com/v1.0/reset', OK + ONE)}
`;

const TELLING = `# Telling

${both('echo', `POST https://api.example.com/v1.0/echo?key={key}\nContent-Type: application/x-www-form-urlencoded\nCookie: sid=abc\n\nkey={key}&a=b`, OK + '{ "id": "1" }')}
${both('echo_json', `POST https://api.example.com/v1.0/echo\nContent-Type: application/json\n\n{ "key": "{key}" }`, OK + '{ "id": "1" }')}
${both('bytes', 'GET https://api.example.com/v1.0/bytes', 'HTTP/1.1 200 OK\nContent-Type: application/octet-stream')}
`;

const live = (...words: string[]) =>
  space.cli(['replay', '--docs', 'docs', '--target', 'live', ...words], { environment: { TOKEN } });

/** A HAR file, read as JSON. */
const read = (file: string): { readonly log: { readonly version: string; readonly entries: readonly HarEntry[] } } =>
  JSON.parse(space.read(file)) as ReturnType<typeof read>;

/** What was found, by exchange. */
function told({ exchanges, findings }: Report): unknown {
  return exchanges.map(({ id, outcome, actual }) => ({
    id,
    outcome,
    actual,
    findings: findings
      .filter(
        (each) => each.exchangeId === id && each.ruleId !== 'replay/blocked' && each.ruleId !== 'replay/not-recorded',
      )
      .map(({ ruleId, line, column, reason }) => ({ ruleId, line, column, reason })),
  }));
}

test('a recording is HAR 1.2 and judged again as the live answers were, whatever ids came in the place of documented ones', async () => {
  space.write('docs/things.md', FLOW);
  const first = await live('--har', 'out/day.har');
  expect(first.code).toBe(1);
  expect(readdirSync(path.join(space.folder, 'out'))).toEqual(['day.har']);
  const { log } = read('out/day.har');
  expect(log.version).toBe('1.2');
  for (const { request, response, startedDateTime, time, timings } of log.entries) {
    expect(new Date(startedDateTime).toISOString()).toBe(startedDateTime);
    expect(time).toBe(timings.wait);
    expect(Object.keys(request).sort()).toEqual(
      expect.arrayContaining([
        'bodySize',
        'cookies',
        'headers',
        'headersSize',
        'httpVersion',
        'method',
        'queryString',
        'url',
      ]),
    );
    expect(Object.keys(response).sort()).toEqual(
      expect.arrayContaining([
        'bodySize',
        'content',
        'cookies',
        'headers',
        'headersSize',
        'httpVersion',
        'redirectURL',
        'status',
        'statusText',
      ]),
    );
  }
  expect(
    log.entries
      .map(({ request, response, _exchange }) => [_exchange?.split('#')[1], request.method, response.status])
      .sort(),
  ).toEqual([
    ['create', 'POST', 201],
    ['delete', 'DELETE', 204],
    ['get', 'GET', 200],
    ['reset', 'GET', 0],
    ['wrong', 'GET', 200],
  ]);
  const before = space.report();
  // Nobody is there any more.
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  const again = await space.cli(['replay', '--docs', 'docs', '--target', 'out/day.har']);
  expect([again.code, space.report().target]).toEqual([1, 'out/day.har']);
  expect(told(space.report())).toEqual(told(before));
  expect(before.summary).toMatchObject({ conforming: 3, differing: 1, unanswered: 1, blocked: 1 });
  const lacking = space.report().findings.filter(({ ruleId }) => ruleId === 'replay/not-recorded');
  expect(lacking.map(({ severity, reason, exchangeId }) => [severity, reason, exchangeId])).toEqual([
    ['warning', 'Missing answer: the recording holds no such request', 'things#blocked'],
  ]);
  await space.cli(['replay', '--docs', 'docs', '--target', 'out/day.har', '--forbid-blocked']);
  expect(space.report().findings.find(({ ruleId }) => ruleId === 'replay/not-recorded')!.severity).toBe('error');
});

test('operations and further pages are followed as they were then; what it does not hold of them is said', async () => {
  const job = (name: string): string =>
    both(
      name,
      `POST https://api.example.com/v1.0/jobs/${name}`,
      'HTTP/1.1 202 Accepted\nLocation: https://api.example.com/x',
    );
  const items = both('items', 'GET https://api.example.com/v1.0/items', `${OK}{ "value": [{ "id": "1" }] }`);
  space.write('docs/after.md', `# After\n\n${job('good')}\n${job('bad')}\n${items}`);
  const named = JSON.parse(space.read('docwright.config.json')) as { targets: { live: object } };
  space.write('docwright.config.json', JSON.stringify({ targets: { live: { ...named.targets.live, pages: 2 } } }));
  expect((await live('--har', 'day.har')).code).toBe(1);
  const before = space.report();
  expect(before.findings.map(({ ruleId, exchangeId }) => [ruleId, exchangeId])).toEqual([
    ['replay/operation', 'after#bad'],
    ['property/type', 'after#items'],
  ]);
  expect(before.findings[1]!.note).toContain('page 3');
  const { log } = read('day.har');
  const follows = log.entries.filter(({ _exchange }) => _exchange === undefined);
  expect(follows.map(({ request }) => request.method)).toEqual(Array<string>(8).fill('GET'));
  expect(leaksIn(Buffer.from(space.read('day.har')), TOKEN)).toEqual([]);

  /** Judges the recording with some entries left out, or otherwise changed. */
  const again = async (
    keep: (entry: HarEntry) => boolean,
    change = (entries: readonly HarEntry[]) => ({ ...log, entries }),
  ) => {
    space.write('part.har', JSON.stringify({ log: change(log.entries.filter(keep)) }));
    await space.cli(['replay', '--docs', 'docs', '--target', 'part.har']);
    return space.report();
  };
  const found = ({ findings }: Report) =>
    findings.map(({ ruleId, severity, reason, exchangeId }) => [ruleId, severity, reason, exchangeId?.split('#')[1]]);
  const url = ({ request }: HarEntry): string => request.url;

  expect(told(await again(() => true))).toEqual(told(before));
  expect(space.report().findings.map(({ note }) => note)).toEqual(before.findings.map(({ note }) => note));
  const wrong = found(before)[1]!;
  const ended = found(before)[0]!;
  expect(found(await again((entry) => !/page=2/.test(url(entry))))).toEqual([
    ended,
    ['replay/not-recorded', 'warning', 'Missing page 2: the recording holds no such request', 'items'],
  ]);
  expect(found(await again((entry) => !/bad\/state/.test(url(entry))))).toEqual([
    ['replay/not-recorded', 'warning', 'Missing the end of the operation: the recording holds no such request', 'bad'],
    wrong,
  ]);
  const last = follows.findLast((entry) => /good\/state/.test(url(entry)));
  expect(found(await again((entry) => entry !== last))).toEqual([
    ['replay/operation', 'error', 'Missing end of the operation: the recording ends before it does', 'good'],
    ended,
    wrong,
  ]);
  // A recording of others is followed as far as it goes.
  const others = (entries: readonly HarEntry[]) => {
    const { _furtherPages: _, ...rest } = log as typeof log & { _furtherPages: number };
    return { ...rest, entries: entries.map(({ _exchange, _request, ...entry }) => entry) };
  };
  expect(told(await again(() => true, others))).toEqual(told(before));
  expect(found(await again((entry) => !/page=3/.test(url(entry)), others))).toEqual([ended]);
  // What was not asked for then is not missed now.
  expect(
    found(
      await again(
        (entry) => !/page=/.test(url(entry)),
        (entries) => ({ ...log, _furtherPages: 0, entries }),
      ),
    ),
  ).toEqual([ended]);
});

test('it holds no secret, in no encoding, and a command line that sends each request again', async () => {
  space.write('docs/telling.md', TELLING);
  await live('--har', 'day.har');
  const text = space.read('day.har');
  expect(leaksIn(Buffer.from(text), TOKEN)).toEqual([]);
  // Nobody registered this one.
  expect(text).not.toContain('5a4b3c2d1e0f');
  const entries = read('day.har').log.entries;
  const echo = entries.find(({ _exchange }) => _exchange === 'telling#echo')!;
  expect(echo.request.queryString).toEqual([{ name: 'key', value: '[redacted: key]' }]);
  expect(echo.request.postData).toMatchObject({
    params: [
      { name: 'key', value: '{key}' },
      { name: 'a', value: 'b' },
    ],
  });
  const json = entries.find(({ _exchange }) => _exchange === 'telling#echo_json')!;
  expect(JSON.parse(json.request.postData!.text)).toEqual({ key: '[redacted: key]' });
  expect(echo.response.cookies).toEqual([
    { name: 'sid', value: '[redacted: cookie]' },
    { name: 'session', value: '[redacted: cookie]' },
  ]);
  expect(echo.request.headers).toContainEqual({ name: 'Authorization', value: 'Bearer [redacted: bearer token]' });
  expect(JSON.parse(echo.response.content.text!)).toMatchObject({ id: '1' });
  expect(entries.find(({ _exchange }) => _exchange === 'telling#bytes')!.response.content.encoding).toBe('base64');
  // What stands for a secret may stand in a URL, and in a command line it is a variable.
  expect(echo.request.url).toBe(`${url}/v1.0/echo?key=%5Bredacted%3A%20key%5D`);
  expect(echo.comment).toContain(` --globoff --url '${url}/v1.0/echo?key='"$REDACTED_KEY" `);
  expect(echo.comment).toContain(` --data-raw 'key={key}&a=b'`);
  expect(json.comment).toContain(` --data-raw '{ "key": "'"$REDACTED_KEY"'" }'`);
  for (const { comment, request } of entries) {
    expect(comment).toContain(`curl --request '${request.method}'`);
    expect(comment).toContain(`--header 'Authorization: Bearer '"$TOKEN"`);
  }
  // The HTML report says as much of what it shows.
  const html = space.read('reports/index.html');
  expect(leaksIn(Buffer.from(html), TOKEN)).toEqual([]);
});

test('a page in Chromium is served by it', async () => {
  space.write('docs/things.md', FLOW);
  await live('--har', 'day.har');
  const get = read('day.har').log.entries.find(({ _exchange }) => _exchange === 'things#get')!;
  const browser = await launchBrowser();
  try {
    const tab = await browser.newPage();
    await tab.routeFromHAR(path.join(space.folder, 'day.har'), { notFound: 'abort' });
    const response = await tab.goto(get.request.url);
    expect([response!.status(), await response!.json()]).toEqual([
      200,
      { id: /things\/(.*)$/.exec(get.request.url)![1] },
    ]);
    const missing = await tab.goto(`${url}/v1.0/never`).catch((error: Error) => error.message);
    expect(missing).toContain('ERR_FAILED');
  } finally {
    await browser.close();
  }
});

test.describe('of others', () => {
  const entry = (
    method: string,
    target: string,
    more: { sent?: string; headers?: [string, string][]; answer?: object; response?: object } = {},
  ): HarEntry => ({
    startedDateTime: '2026-11-28T12:00:00.000Z',
    time: 1,
    request: {
      method,
      url: target,
      httpVersion: 'h2',
      cookies: [],
      headers: [[':path', '/'] as const, ...(more.headers ?? [])].map(([name, value]) => ({ name, value })),
      queryString: [],
      ...(more.sent === undefined ? {} : { postData: { mimeType: 'application/json', text: more.sent } }),
      headersSize: -1,
      bodySize: -1,
    },
    response: {
      status: 200,
      statusText: '',
      httpVersion: 'h2',
      cookies: [],
      headers: [{ name: 'content-type', value: 'application/json' }],
      content: { size: 2, mimeType: 'application/json', text: JSON.stringify(more.answer ?? {}) },
      redirectURL: '',
      headersSize: -1,
      bodySize: -1,
      ...more.response,
    },
    cache: {},
    timings: { send: 0, wait: 1, receive: 0 },
  });

  const asked = async (request: string, entries: readonly HarEntry[]): Promise<string> => {
    const { exchanges } = await compilePages({ 'page.md': exchangePage(request, ['HTTP/1.1 200 OK']) });
    const target = recordingTarget('x.har', entries, exchanges);
    const { method, url: line, headers, body } = exchanges[0]!.request;
    const message = {
      method,
      url: new URL(line, 'https://mock.invalid').href,
      headers: headers.map(({ name, value }) => [name, value] as const),
      ...(body.kind === 'empty' ? {} : { body: Buffer.from(body.text) }),
    };
    const signal = new AbortController().signal;
    return target.send(message, signal, { documented: [200], exchange: exchanges[0]!.id }).then(
      ({ body: answer, status }) => `${status} ${Buffer.from(answer).toString()}`,
      (error: Error) => `${error.name}: ${error.message}`,
    );
  };

  test('a request is found by method, path, query, headers and body; a placeholder stands for anything', async () => {
    const base = 'https://staging.example.com/api';
    const users = [
      entry('GET', `${base}/v1/users/7`, { answer: { n: 1 } }),
      entry('GET', `${base}/v1/users/7`, { answer: { n: 2 } }),
      entry('GET', `${base}/v1/users/7?$select=id`, { answer: { n: 3 } }),
      entry('GET', `${base}/v1/users/7`, { answer: { n: 4 }, headers: [['Prefer', 'a=b']] }),
      entry('POST', `${base}/v1/users`, { answer: { n: 5 }, sent: '{"b":1, "a":2}' }),
      entry('POST', `${base}/v1/users`, { answer: { n: 6 }, sent: '{"a":3}' }),
      entry('GET', `${base}/v1/none`, { response: { status: 0, _error: 'net::ERR_FAILED' } }),
      entry('GET', `${base}/v1/cut`, { response: { content: { size: 900, mimeType: 'application/json' } } }),
    ];
    for (const [request, answer] of [
      ['GET https://api.example.com/v1/users/7', '200 {"n":4}'],
      ['GET https://api.example.com/v1/users/{id}', '200 {"n":4}'],
      ['GET https://api.example.com/v1/users/{id}\nPrefer: a=b', '200 {"n":4}'],
      ['GET https://api.example.com/v1/users/{id}?$select={fields}', '200 {"n":3}'],
      ['GET https://api.example.com/v1/users/{id}?$select=name', 'UnrecordedError: holds no such request'],
      ['GET https://api.example.com/users/7', '200 {"n":4}'],
      ['GET https://api.example.com/v1/users/8', 'UnrecordedError: holds no such request'],
      ['DELETE https://api.example.com/v1/users/7', 'UnrecordedError: holds no such request'],
      ['POST https://api.example.com/v1/users\nContent-Type: application/json\n\n{ "a": 2, "b": 1 }', '200 {"n":5}'],
      ['GET https://api.example.com/v1/none', 'UnansweredError: net::ERR_FAILED'],
      [
        'GET https://api.example.com/v1/cut',
        'UnrecordedError: has the answer to it, with 200, but not the 900 bytes of its body',
      ],
    ] as const)
      expect([request, await asked(request, users)]).toEqual([request, answer]);
  });

  test('what is no recording is named with its place', async () => {
    space.write('docs/a.md', page('A'));
    const text = (value: unknown): string => JSON.stringify(value, null, 1);
    const sample = entry('GET', 'https://a.example/b');
    for (const [content, message] of [
      ['{', /docwright: x\.har:1:2: /],
      ['[]', /x\.har:1:1: No recording, expected HAR 1\.2/],
      [
        text({ log: { entries: [sample, { ...sample, request: { ...sample.request, url: '/b' } }] } }),
        /x\.har:\d+:\d+: `log\.entries\[1\]\.request\.url`, expected an absolute URL/,
      ],
      [
        text({ log: { entries: [{ ...sample, response: {} }] } }),
        /x\.har:\d+:\d+: `log\.entries\[0\]\.response\.status`, expected a status/,
      ],
      [
        '{ "log": { "entries": [\n  { "request": { "method": "GET", "url": "https://a.example/b" } }\n] } }',
        /x\.har:2:5: `log\.entries\[0\]\.request\.headers`, expected headers/,
      ],
    ] as const) {
      space.write('x.har', content);
      const { code, stderr } = await space.cli(['--docs', 'docs', '--target', 'x.har']);
      expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    }
    for (const [words, message] of [
      [['--target', 'nowhere.har'], 'No recording `nowhere.har`'],
      [['--target', 'x.har', '--base-url', 'http://localhost'], 'A recording has no URL'],
      [['--target', 'x.har', '--resume'], 'runs against the mock or a recording are not kept'],
      [['--har', 'docs/a.md/x.har'], 'The recording of --har cannot be written: '],
      [['--har', 'docs'], 'docs` is a folder'],
    ] as const)
      expect(await space.cli(['--docs', 'docs', ...words])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(message),
      });
    // A byte order mark is none of our business, and the config counts from its own folder.
    space.write(
      'har/y.har',
      `\ufeff${text({ log: { entries: [entry('GET', 'https://a.example/v1.0/things/1', { answer: { id: '1' } })] } })}`,
    );
    space.write('har/docwright.config.json', '{ "docs": "../docs", "target": "y.har" }');
    expect((await space.cli(['replay', '--docs', 'docs', '-c', 'har/docwright.config.json'])).code).toBe(0);
    expect(space.report()).toMatchObject({ target: 'har/y.har', summary: { conforming: 1 } });
  });
});
