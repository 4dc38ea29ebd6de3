import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { runBuilt, startBuilt } from './built.ts';
import { selfSigned } from './certificate.ts';
import { page, workspace, type Workspace } from './workspace.ts';

let space: Workspace;
const servers: Server[] = [];
test.beforeEach(() => {
  space = workspace({ 'docs/a.md': page('A') });
});
test.afterEach(() => {
  space.remove();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A service that answers as the page says; what it was asked. */
async function service(listener: RequestListener = good): Promise<{ url: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createHttpServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  return { url: await listening(server), requests };
}

async function listening(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const good: RequestListener = (_, response) => {
  response.setHeader('Content-Type', 'application/json');
  response.end('{"id":"1"}');
};

const configure = (target: object, rest: object = {}): void =>
  space.write('docwright.config.json', JSON.stringify({ target: 'it', targets: { it: target }, ...rest }));

test.describe('who asks', () => {
  const sent = async (target: object, environment: Record<string, string> = {}) => {
    const { url, requests } = await service();
    configure({ url, ...target });
    const run = await space.cli(['run'], { environment: { PATH: process.env['PATH']!, ...environment } });
    return { ...run, headers: requests[0]?.headers, requests };
  };

  test('a bearer token, an API key, a user: from the config, the environment, a command', async () => {
    expect((await sent({ auth: { bearer: 'abc' } })).headers).toMatchObject({ authorization: 'Bearer abc' });
    expect((await sent({ auth: { bearer: { env: 'TOKEN' } } }, { TOKEN: 'def' })).headers).toMatchObject({
      authorization: 'Bearer def',
    });
    expect((await sent({ auth: { apiKey: { value: { command: 'echo geheim' } } } })).headers).toMatchObject({
      'x-api-key': 'geheim',
    });
    expect((await sent({ auth: { apiKey: { header: 'Api-Key', value: 'k' } } })).headers).toMatchObject({
      'api-key': 'k',
    });
    const basic = { user: 'me', password: { env: 'PASSWORD' } };
    expect((await sent({ auth: { basic } }, { PASSWORD: 'ü:x' })).headers).toMatchObject({
      authorization: `Basic ${Buffer.from('me:ü:x').toString('base64')}`,
    });
    const headers = { 'X-Tenant': 'contoso', 'X-Key': { env: 'KEY' } };
    expect((await sent({ headers }, { KEY: 'k' })).headers).toMatchObject({ 'x-tenant': 'contoso', 'x-key': 'k' });
  });

  test('a variable that is not set ends the run before anything is sent', async () => {
    const { code, stderr, requests } = await sent({ auth: { bearer: { env: 'NO_SUCH_TOKEN' } } });
    expect([code, requests.length]).toEqual([2, 0]);
    expect(stderr).toBe(
      'docwright: No account could authenticate: variable NO_SUCH_TOKEN of the environment, which target `it` needs for its bearer token, is not set\n',
    );
  });

  test('so does a command that fails, says nothing, or says too much', async () => {
    for (const [command, words] of [
      ['echo why not >&2; exit 3', 'its command ended with 3 (why not)'],
      ['true', 'its command printed nothing'],
      ['printf "a\\nb"', 'has more than one line'],
      ['no-such-command-here', 'its command ended with 127'],
    ] as const) {
      const { code, stderr, requests } = await sent({ auth: { bearer: { command } } });
      expect.soft([code, requests.length], command).toEqual([2, 0]);
      expect.soft(stderr, command).toContain('No account could authenticate: the bearer token of target `it`');
      expect.soft(stderr, command).toContain(words);
    }
  });

  test('a token of a command is renewed when it has run out', async () => {
    const { url, requests } = await service((request, response) => {
      response.statusCode = request.headers.authorization === 'Bearer 2' ? 200 : 401;
      good(request, response);
    });
    const command = 'echo x >> asked; grep -c x asked';
    configure({ url, auth: { bearer: { command } } });
    const { code, stderr } = await space.cli(['run'], { environment: { PATH: process.env['PATH']! } });
    expect(code, stderr).toBe(0);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer 1', 'Bearer 2']);
  });

  test('is told from whoever may not do one thing: an account that is refused ends the run with 2, with a report', async () => {
    const names = Array.from({ length: 30 }, (_, at) => `thing_${at}`);
    const pages = (of: readonly string[]): string =>
      of.map((name) => page(name, { name, url: `/v1.0/things/${name}` })).join('\n');
    const asked = async (isTaken: (nth: number, url: string) => boolean, of = names, ...words: string[]) => {
      const { url, requests } = await service((request, response) => {
        if (!isTaken(requests.length, request.url!)) response.statusCode = 401;
        good(request, response);
      });
      space.write('docs/a.md', pages(of));
      configure({ url, auth: { bearer: 'geheim-geheim' } });
      const { code, stderr } = await space.cli(['run', '-j', '1', ...words]);
      const { conforming, differing, blocked } = space.report().summary;
      return { code, stderr, sent: requests.length, outcomes: [conforming, differing, blocked] };
    };
    expect(await asked(() => false)).toMatchObject({ code: 2, sent: 3, outcomes: [0, 3, 27] });
    const late = await asked((nth) => nth <= 8);
    expect(late).toMatchObject({ code: 2, sent: 18, outcomes: [8, 10, 12] });
    expect(late.stderr).toContain('No account could authenticate: the target answers with 401; blocked: 12');
    expect(space.report().findings.at(-1)).toMatchObject({
      ruleId: 'replay/blocked',
      reason: 'Missing account that the target takes: it answers with `401`, expected before this request can be sent',
    });
    expect(await asked((_, url) => !url.endsWith('_7'))).toMatchObject({ code: 1, sent: 30, outcomes: [29, 1, 0] });
    expect(await asked(() => false, ['thing_one'])).toMatchObject({ code: 2, sent: 1, outcomes: [0, 1, 0] });
    const again = await asked((_, url) => !url.endsWith('_0'), names, '--retries', '4');
    expect(again).toMatchObject({ code: 1, sent: 34, outcomes: [29, 1, 0] });
  });

  test('does not go along to another --base-url', async () => {
    configure({ url: 'https://api.example.com', auth: { bearer: 'abc' } });
    const { code, stderr } = await space.cli(['run', '--base-url', 'http://127.0.0.1:9']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('`auth` of target `it` is not meant for --base-url')]);
  });

  test('is told right in the config', async () => {
    for (const target of [
      { auth: { bearer: 'a', apiKey: { value: 'b' } } },
      { auth: { bearr: 'a' } },
      { auth: { bearer: { env: 'A', command: 'b' } } },
      { headers: { 'a b': 'c' } },
      { hosts: ['*.example.com'] },
      { hosts: ['169.254.169.254'] },
      { rate: { perSecond: 0 } },
      { concurrency: 0 },
      { start: {} },
      { pages: -1 },
    ]) {
      configure({ url: 'http://127.0.0.1:9', ...target });
      const { code, stderr } = await space.cli(['run']);
      expect.soft(code, JSON.stringify(target)).toBe(2);
      expect.soft(stderr, JSON.stringify(target)).toContain('docwright:');
    }
    configure({ url: 'http://127.0.0.1:9', auth: { bearr: 'a' } });
    expect((await space.cli(['run'])).stderr).toContain('Unknown key `bearr`, did you mean `bearer`?');
    configure({ url: 'http://0xa9fea9fe/' });
    expect((await space.cli(['run'])).stderr).toContain('are never contacted');
  });
});

test.describe('further pages and operations', () => {
  const list = (next?: string, more: object = {}): string =>
    JSON.stringify({ value: [{ id: '1', ...more }], ...(next && { '@odata.nextLink': next }) });
  const LIST = page('A').replace('"id": "1"', '"value": [{ "id": "1" }]');

  test('pages are judged like the first, each fault once, and only as many as are asked for', async () => {
    const { url, requests } = await service((request, response) => {
      response.setHeader('Content-Type', 'application/json');
      const at = Number(new URL(request.url!, 'http://a').searchParams.get('page') ?? 1);
      response.end(list(`${url}/v1.0/things/1?page=${at + 1}`, at < 3 ? {} : { id: 7 }));
    });
    space.write('docs/a.md', LIST);
    configure({ url, pages: 4 });
    const { code } = await space.cli(['run']);
    expect(code).toBe(1);
    expect(requests).toHaveLength(5);
    const { findings, exchanges } = space.report();
    expect(exchanges).toMatchObject([{ outcome: 'differs' }]);
    expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([
      { ruleId: 'property/type', note: expect.stringContaining('On page 3 of the collection.') },
    ]);
    configure({ url });
    expect((await space.cli(['run'])).code).toBe(0);
    expect(requests).toHaveLength(6);
  });

  test('a next page elsewhere is not fetched, unless its host is named, and then without credentials', async () => {
    const other = await service((_, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(list());
    });
    const { url } = await service((_, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(list(`${other.url}/more`));
    });
    space.write('docs/a.md', LIST);
    configure({ url, pages: 1, auth: { bearer: 'geheim' } });
    expect((await space.cli(['run'])).code).toBe(0);
    expect(other.requests).toHaveLength(0);
    expect(space.report().findings).toMatchObject([
      { ruleId: 'replay/blocked', reason: `Missing host ${other.url.slice(7)}, expected before page 2 can be fetched` },
    ]);
    expect((await space.cli(['run', '--forbid-blocked'])).code).toBe(1);
    expect(space.report().findings).toMatchObject([{ ruleId: 'replay/blocked', severity: 'error' }]);
    configure({ url, pages: 1, auth: { bearer: 'geheim' }, hosts: [other.url.slice(7)] });
    expect((await space.cli(['run'])).code).toBe(0);
    expect(other.requests).toHaveLength(1);
    expect(JSON.stringify(other.requests[0]!.rawHeaders)).not.toContain('geheim');
    expect(space.report().findings).toEqual([]);
  });

  test('an upload URL of a live answer is sent to only where its host is named, and then without credentials', async () => {
    const up = await service();
    const { url } = await service((_, response) => {
      response.statusCode = 201;
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ uploadUrl: `${up.url}/sessions/8f14e45fceea167a` }));
    });
    const documented = 'https://up.example.com/sessions/4e732ced3463d06d';
    space.write(
      'docs/a.md',
      page('A', { method: 'POST', url: '/v1.0/sessions', status: 201, name: 'create_session' }).replace(
        '"id": "1"',
        `"uploadUrl": "${documented}"`,
      ) +
        page('B', { method: 'PUT', name: 'upload' })
          .replace('# B', '')
          .replace('https://api.example.com/v1.0/things/1', documented),
    );
    configure({ url, auth: { bearer: 'geheim' }, cleanup: false });
    await space.cli(['run']);
    expect(up.requests).toHaveLength(0);
    expect(space.report().findings.find(({ ruleId }) => ruleId === 'replay/blocked')).toMatchObject({
      reason: `Missing host ${up.url.slice(7)}, expected before this request can be sent`,
      note: expect.stringContaining('`hosts`'),
    });
    configure({ url, auth: { bearer: 'geheim' }, cleanup: false, hosts: [up.url] });
    await space.cli(['run']);
    expect(up.requests.map((request) => `${request.method} ${request.url}`)).toEqual([
      'PUT /sessions/8f14e45fceea167a',
    ]);
    expect(JSON.stringify(up.requests[0]!.rawHeaders)).not.toContain('geheim');
  });

  test('an operation that fails is an error on the status line', async () => {
    let polls = 0;
    const { url } = await service((request, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.setHeader('Retry-After', '0');
      if (request.method === 'GET') return response.end(JSON.stringify({ status: ++polls < 3 ? 'running' : 'failed' }));
      response.statusCode = 202;
      response.setHeader('Location', '/operations/1');
      response.end('{"id":"1"}');
    });
    space.write('docs/a.md', page('A', { method: 'POST', status: 202 }));
    const { code } = await space.cli(['run', '--target', url]);
    expect([code, polls]).toEqual([1, 3]);
    expect(space.report().findings.filter(({ severity }) => severity === 'error')).toMatchObject([
      { ruleId: 'replay/operation', reason: expect.stringContaining('its status is `failed`'), line: 10 },
    ]);
  });
});

test.describe('the service under test', () => {
  const SERVER = `
    const { createServer } = require('node:http');
    const { spawn } = require('node:child_process');
    // A helper of its own, that would outlive a careless stop.
    const helper = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    require('node:fs').writeFileSync('pids', process.pid + ' ' + helper.pid);
    setTimeout(() => createServer((request, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ id: process.env.SAYS }));
    }).listen(Number(process.env.PORT), '127.0.0.1'), 300);
  `;
  const isRunning = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  const pids = (): number[] => space.read('pids').split(' ').map(Number);
  const freePort = async (): Promise<string> => {
    const server = createHttpServer();
    const url = await listening(server);
    await new Promise((resolve) => servers.pop()!.close(resolve));
    return new URL(url).port;
  };
  const environment = { PATH: process.env['PATH']! };

  test('is started, waited for, and stopped with all it started', async () => {
    const port = await freePort();
    space.write('app/server.cjs', SERVER);
    configure({
      url: `http://127.0.0.1:${port}`,
      start: { command: 'node server.cjs', cwd: 'app', env: { PORT: port, SAYS: 'hello' } },
    });
    const { code, stderr } = await space.cli(['run'], { environment });
    expect(code, stderr).toBe(0);
    const ids = space.read('app/pids').split(' ').map(Number);
    await expect.poll(() => ids.some(isRunning)).toBe(false);
  });

  test('that does not come up ends the run with its last words', async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    configure({ url, start: { command: 'echo starting; echo no database >&2; exit 4' } });
    const ended = await space.cli(['run'], { environment });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('did not come up: its command ended with 4');
    expect(ended.stderr).toContain('no database');
    configure({ url, start: { command: 'echo waiting; sleep 60', timeout: 400 } });
    const late = await space.cli(['run'], { environment });
    expect([late.code, late.stderr]).toEqual([2, expect.stringContaining('400 ms have passed')]);
  });

  test('that answers already is taken only where the config says so', async () => {
    const { url } = await service();
    configure({ url, start: { command: 'exit 1' } });
    const refused = await space.cli(['run'], { environment });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('answers at')]);
    configure({ url, start: { command: 'exit 1', reuse: true } });
    expect((await space.cli(['run'], { environment })).code).toBe(0);
  });

  for (const signals of [['SIGINT'], ['SIGINT', 'SIGINT']] as const) {
    test(`is stopped by ${signals.join(' and ')} too`, async () => {
      const port = await freePort();
      space.write('server.cjs', SERVER.replace('response.end(', '0 && response.end(').replace('listen(', 'listen('));
      const server = `${SERVER.replace('response.end(', 'if (request.url !== "/") return; response.end(')}`;
      space.write('server.cjs', server);
      configure({
        url: `http://127.0.0.1:${port}`,
        start: { command: 'node server.cjs', env: { PORT: port, SAYS: 'x' } },
      });
      const child = startBuilt(['run'], space.folder);
      const exit = once(child, 'exit');
      await expect.poll(() => isUp(port), { timeout: 15_000 }).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 500));
      for (const signal of signals) child.kill(signal);
      expect(await exit).toEqual([130, null]);
      const ids = pids();
      await expect.poll(() => ids.some(isRunning)).toBe(false);
    });
  }

  function isUp(port: string): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
  }
});

test.describe('the way there', () => {
  test('a proxy of the environment, never for this machine, never where NO_PROXY says', async () => {
    const asked: string[] = [];
    const proxy = await service((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
      good(request, response);
    });
    const withUser = proxy.url.replace('//', '//me:geheim@');
    const run = (target: string, environment: Record<string, string>) =>
      space.cli(['run', '--target', target, '--timeout', '2000'], { environment });
    const { code, stderr } = await run('http://api.example.test', { HTTP_PROXY: withUser });
    expect(code, stderr).toBe(0);
    const authorization = `Basic ${Buffer.from('me:geheim').toString('base64')}`;
    expect(asked.splice(0)).toEqual([`GET http://api.example.test/v1.0/things/1 ${authorization}`]);
    await run('http://api.example.test', { http_proxy: withUser, NO_PROXY: 'example.test' });
    const { url } = await service();
    expect((await run(url, { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url })).code).toBe(0);
    expect(asked).toEqual([]);
  });

  test('a tunnel for https, and TLS inside it is strict', async () => {
    const { cert, key } = selfSigned();
    const secure = createTlsServer({ cert, key }, good);
    const port = new URL(await listening(secure)).port;
    const tunnels: string[] = [];
    const proxy = createHttpServer().on('connect', (request: IncomingMessage, socket: Socket) => {
      tunnels.push(request.url!);
      const there = connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        there.pipe(socket).pipe(there);
      });
      for (const end of [there, socket]) end.on('error', () => undefined);
    });
    const url = await listening(proxy);
    await space.cli(['run', '--target', 'https://api.example.test'], { environment: { HTTPS_PROXY: url } });
    expect(tunnels[0]).toBe('api.example.test:443');
    expect(space.report().findings[0]).toMatchObject({
      ruleId: 'replay/unanswered',
      reason: expect.stringContaining('TLS with api.example.test failed'),
    });
  });

  test('a certificate that nobody vouches for is refused; NODE_EXTRA_CA_CERTS vouches', async () => {
    const { cert, key } = selfSigned();
    const url = (await listening(createTlsServer({ cert, key }, good))).replace('http:', 'https:');
    space.write('ca.pem', cert);
    const target = url.replace('127.0.0.1', 'localhost');
    const strict = await runBuilt(['run', '--target', target], space.folder);
    expect(strict.code).toBe(1);
    expect(space.report().findings[0]!.reason).toContain('TLS with localhost');
    const extra = { NODE_EXTRA_CA_CERTS: path.join(space.folder, 'ca.pem') };
    expect(await runBuilt(['run', '--target', target], space.folder, extra)).toMatchObject({ code: 0 });
  });
});
