import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { Header, RequestMessage, ResponseMessage, SendHints, Target } from '../model/http.ts';
import { authorized } from '../replay/auth.ts';
import { furtherPages } from '../replay/further.ts';
import { RefusedError } from '../replay/hosts.ts';
import { followOperation } from '../replay/operation.ts';
import { paced } from '../replay/pace.ts';
import { retryAfter } from '../replay/retry-after.ts';
import { persistent } from '../replay/retry.ts';
import { standingOf } from '../replay/standing.ts';
import { UnansweredError } from '../replay/unanswered.ts';
import { fakeClock } from './clock.ts';

type Send = (request: RequestMessage, nth: number) => Promise<ResponseMessage> | ResponseMessage;

const HOME = 'https://api.example.com';

function targetOf(send: Send): Target & { readonly sent: RequestMessage[] } {
  const sent: RequestMessage[] = [];
  return {
    name: 'test',
    live: true,
    base: HOME,
    sent,
    async send(request) {
      sent.push(request);
      return send(request, sent.length);
    },
  };
}

const reply = (status: number, headers: Readonly<Record<string, string>> = {}, body = ''): ResponseMessage => ({
  status,
  headers: Object.entries(headers),
  body: new TextEncoder().encode(body),
});

const request = (method = 'GET', path = '/x'): RequestMessage => ({ method, url: `${HOME}${path}`, headers: [] });

const lost = (code: string, unsent = false): UnansweredError => new UnansweredError(code, code, { unsent });

const never = new AbortController().signal;

test.describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 1);

  test('is seconds or a date in one of three forms', () => {
    expect(retryAfter('120', now)).toBe(120_000);
    expect(retryAfter(' 0 ', now)).toBe(0);
    for (const date of [
      'Thu, 01 Jan 2026 00:00:30 GMT',
      'Thursday, 01-Jan-26 00:00:30 GMT',
      'Thu Jan  1 00:00:30 2026',
    ])
      expect.soft(retryAfter(date, now), date).toBe(30_000);
    expect(retryAfter('Wed, 21 Oct 2015 07:28:00 GMT', now)).toBe(0);
    expect(retryAfter('9'.repeat(400), now)).toBe(Infinity);
  });

  test('is nothing else', () => {
    const others = [
      undefined,
      '',
      '-1',
      '1.5',
      '1e3',
      '+5',
      'soon',
      '2026-01-01',
      'Thu, 99 Jan 2026 00:00:30 GMT',
      '0x10',
    ];
    for (const value of others) expect.soft(retryAfter(value, now), value).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), (text) => {
        const wait = retryAfter(text, now);
        expect(wait === undefined || wait >= 0).toBe(true);
      }),
    );
  });
});

test.describe('trying again', () => {
  async function tried(send: Send, method = 'GET', hints?: SendHints) {
    const clock = fakeClock();
    const inner = targetOf(send);
    const target = persistent(inner, { clock });
    const result = await target.send(request(method), never, hints).catch((error: unknown) => error as Error);
    return { result, tries: inner.sent.length, slept: clock.slept };
  }

  test('what passes is asked again, ever later, five times', async () => {
    for (const status of [408, 502, 503, 504]) {
      expect(await tried(() => reply(status))).toMatchObject({ tries: 5, slept: [125, 250, 500, 1000] });
      expect(await tried((_, nth) => reply(nth < 3 ? status : 200))).toMatchObject({
        tries: 3,
        result: {
          status: 200,
          attempts: [
            { status, waitedMs: 125 },
            { status, waitedMs: 250 },
          ],
        },
      });
    }
    for (const status of [200, 404, 500, 501, 302]) expect((await tried(() => reply(status))).tries).toBe(1);
    expect((await tried(() => reply(200))).result).not.toHaveProperty('attempts');
  });

  test('Retry-After is waited for, in both forms, unless it is absurd', async () => {
    const busy =
      (after: string): Send =>
      (_, nth) =>
        reply(nth === 1 ? 503 : 200, { 'Retry-After': after });
    expect(await tried(busy('7'))).toMatchObject({ tries: 2, slept: [7000] });
    expect(await tried(busy('Thu, 01 Jan 2026 00:00:09 GMT'))).toMatchObject({ tries: 2, slept: [9000] });
    for (const after of ['1000000000000', '301', '9'.repeat(400)])
      expect(await tried(busy(after))).toMatchObject({ tries: 1, slept: [], result: { status: 503 } });
    for (const after of ['-5', 'soon']) expect(await tried(busy(after))).toMatchObject({ tries: 2, slept: [125] });
  });

  test('what may have changed something is sent again only where it cannot have been processed', async () => {
    const once =
      (answer: () => ResponseMessage): Send =>
      (_, nth) =>
        nth === 1 ? answer() : reply(200);
    const failing = (error: Error): Send =>
      once(() => {
        throw error;
      });
    for (const method of ['POST', 'PATCH', 'PUT', 'DELETE']) {
      for (const status of [408, 502, 503, 504])
        expect(
          (
            await tried(
              once(() => reply(status)),
              method,
            )
          ).tries,
        ).toBe(1);
      expect(
        (
          await tried(
            once(() => reply(429)),
            method,
          )
        ).tries,
      ).toBe(2);
      expect(
        (
          await tried(
            once(() => reply(503, { 'Retry-After': '1' })),
            method,
          )
        ).tries,
      ).toBe(2);
      expect(
        (
          await tried(
            once(() => reply(503, { 'Retry-After': 'x' })),
            method,
          )
        ).tries,
      ).toBe(1);
      for (const code of ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']) {
        expect((await tried(failing(lost(code)), method)).tries).toBe(1);
        expect((await tried(failing(lost(code, true)), method)).tries).toBe(2);
      }
      expect((await tried(failing(lost('ECONNREFUSED')), method)).tries).toBe(2);
    }
    for (const code of ['ECONNRESET', 'UND_ERR_SOCKET', 'ECONNREFUSED'])
      expect((await tried(failing(lost(code)))).tries).toBe(2);
    for (const code of ['ETIMEDOUT', 'ENOTFOUND', 'BODY_TOO_LARGE', 'CERT_HAS_EXPIRED'])
      expect((await tried(failing(lost(code)))).tries).toBe(1);
    expect((await tried(failing(new RefusedError('host x')))).tries).toBe(1);
    expect((await tried(failing(lost('ECONNREFUSED')), 'GET')).result).toMatchObject({
      attempts: [{ code: 'ECONNREFUSED', waitedMs: 125 }],
    });
  });

  test('a documented status is an answer', async () => {
    for (const status of [408, 429, 502, 503, 504])
      expect(
        await tried(() => reply(status, { 'Retry-After': '1' }), 'GET', { documented: [200, status] }),
      ).toMatchObject({
        tries: 1,
        slept: [],
      });
  });

  test('a 429 gives the whole target rest, and after that it is asked gently', async () => {
    const clock = fakeClock();
    const at: number[] = [];
    let flying = 0;
    let most = 0;
    const start = clock.now();
    const target = persistent(
      {
        name: 'test',
        live: true,
        async send() {
          flying++;
          at.push(clock.now() - start);
          if (at.length > 8) most = Math.max(most, at.length <= 10 ? flying : 0);
          const status = at.length <= 8 ? 429 : 200;
          await clock.sleep(10, never);
          flying--;
          return reply(status, { 'Retry-After': '5' });
        },
      },
      { clock },
    );
    const answers = await Promise.all(Array.from({ length: 8 }, () => target.send(request('POST'), never)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(at.slice(0, 8)).toEqual(Array(8).fill(0));
    // Nobody for five seconds; then one, two, four.
    expect(at[8]).toBeGreaterThanOrEqual(5010);
    expect(at.slice(9).map((time) => Math.round((time - at[8]!) / 10))).toEqual([1, 1, 2, 2, 2, 2, 3]);
  });

  test('a target that is down is not asked five times for each exchange', async () => {
    const clock = fakeClock();
    const inner = targetOf(() => {
      throw lost('ECONNREFUSED');
    });
    const target = persistent(inner, { clock });
    const send = () => target.send(request(), never).catch((error: unknown) => (error as Error).message);
    expect(await send()).toBe('ECONNREFUSED, 5 times');
    for (let times = 0; times < 20; times++) expect(await send()).toBe('ECONNREFUSED');
    expect(inner.sent).toHaveLength(25);
  });

  test('ends at once when it is to stop', async () => {
    const stop = new AbortController();
    const target = persistent(
      targetOf(() => reply(503)),
      {
        clock: {
          ...fakeClock(),
          sleep: (_, signal) =>
            new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
        },
      },
    );
    const sent = target.send(request(), stop.signal);
    setTimeout(() => stop.abort(new Error('enough')), 5);
    await expect(sent).rejects.toThrow('enough');
  });
});

test.describe('pace', () => {
  test('no more in flight than the target takes, in their order', async () => {
    let flying = 0;
    let most = 0;
    const order: string[] = [];
    const inner = targetOf(async ({ url }) => {
      order.push(url);
      most = Math.max(most, ++flying);
      await new Promise((resolve) => setTimeout(resolve, 3));
      flying--;
      return reply(200);
    });
    const target = paced(inner, { concurrency: 3 }, fakeClock());
    const asked = Array.from({ length: 12 }, (_, index) => request('GET', `/${index}`));
    await Promise.all(asked.map((each) => target.send(each, never)));
    expect(most).toBe(3);
    expect(order).toEqual(asked.map(({ url }) => url));
  });

  test('no more a second than the target takes, and a burst after a pause', async () => {
    const clock = fakeClock();
    const start = clock.now();
    const at: number[] = [];
    const target = paced(
      targetOf(() => {
        at.push(clock.now() - start);
        return reply(200);
      }),
      { rate: { perSecond: 10, burst: 3 } },
      clock,
    );
    const burst = () => Promise.all(Array.from({ length: 6 }, () => target.send(request(), never)));
    await burst();
    expect(at).toEqual([0, 0, 0, 100, 200, 300]);
    await clock.sleep(10_000, never);
    await burst();
    expect(at.slice(6).map((time) => time - at[6]!)).toEqual([0, 0, 0, 100, 200, 300]);
  });

  test('who waits in vain leaves the line', async () => {
    const stop = new AbortController();
    let free = (): void => undefined;
    const target = paced(
      targetOf(() => new Promise((resolve) => (free = () => resolve(reply(200))))),
      { concurrency: 1 },
      fakeClock(),
    );
    const first = target.send(request(), never);
    const second = target.send(request(), stop.signal);
    stop.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    free();
    await first;
    const third = target.send(request(), never);
    await new Promise((resolve) => setTimeout(resolve, 5));
    free();
    expect((await third).status).toBe(200);
  });
});

test.describe('credentials', () => {
  const bearer = (token: string): readonly Header[] => [['Authorization', `Bearer ${token}`]];

  test('go to the own origin, and beat what a page says', async () => {
    const inner = targetOf(() => reply(200));
    const target = authorized(inner, HOME, { headers: bearer('t') });
    await target.send({ ...request(), headers: [['authorization', 'Bearer page']] }, never);
    await target.send({ method: 'GET', url: 'https://up.example.com/', headers: [['X', 'y']] }, never);
    await target.send({ method: 'GET', url: 'http://api.example.com/', headers: [] }, never);
    expect(inner.sent.map(({ headers }) => headers)).toEqual([bearer('t'), [['X', 'y']], []]);
  });

  test('are renewed once for all who were refused; what was not carried out is sent again, whatever it does', async () => {
    let renewed = 0;
    const inner = targetOf(({ headers }) => reply(headers[0]![1] === 'Bearer new' ? 200 : 401));
    const renew = async () => {
      renewed++;
      await new Promise((resolve) => setTimeout(resolve, 5));
      return bearer('new');
    };
    const target = authorized(inner, HOME, { headers: bearer('old'), renew });
    const answers = await Promise.all(
      ['GET', 'HEAD', 'POST', 'GET'].map((method) => target.send(request(method), never)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(renewed).toBe(1);
    expect(inner.sent.filter(({ method }) => method === 'POST')).toHaveLength(2);
    expect(answers[0]!.attempts).toEqual([{ status: 401, waitedMs: 0 }]);
  });

  test('that are refused anew are not renewed for ever; a documented 401 is an answer', async () => {
    let renewed = 0;
    const renew = async () => bearer(`new ${++renewed}`);
    const target = authorized(
      targetOf(() => reply(401)),
      HOME,
      { headers: bearer('old'), renew },
    );
    for (let times = 0; times < 3; times++) expect((await target.send(request(), never)).status).toBe(401);
    expect(renewed).toBe(1);
    const other = authorized(
      targetOf(() => reply(401)),
      HOME,
      { headers: bearer('old'), renew },
    );
    await other.send(request(), never, { documented: [401] });
    expect(renewed).toBe(1);
  });

  test('that three requests in a row are refused with are sent no more; ten where they have worked', async () => {
    for (const [first, most] of [
      [401, 3],
      [404, 3],
      [200, 10],
    ] as const) {
      const standing = standingOf();
      const inner = targetOf((_, nth) => reply(nth === 1 ? first : 401));
      const target = authorized(inner, HOME, { headers: bearer('t') }, standing);
      const ask = (path: string) => target.send(request('GET', path), never);
      if (first !== 401) await ask('/first');
      const before = inner.sent.length;
      for (let at = 0; at < most; at++) {
        expect(standing.isOut()).toBe(false);
        // Asked again, the same request says nothing new.
        for (let times = 0; times < 4; times++)
          expect((await ask(`/${at}`).catch(() => reply(0))).status % 401).toBe(0);
      }
      expect([standing.isOut(), standing.isRefused()]).toEqual([true, true]);
      expect(inner.sent).toHaveLength(before + most * 4 - 3);
      await expect(ask('/more')).rejects.toThrow(RefusedError);
    }
  });

  test('that some requests are refused with are not given up: a 401 may mean that one request', async () => {
    const standing = standingOf();
    const inner = targetOf(({ url }) => reply(url.includes('admin') ? 401 : 200));
    const target = authorized(inner, HOME, { headers: bearer('t') }, standing);
    for (let at = 0; at < 40; at++) await target.send(request('GET', at % 4 ? `/admin/${at}` : `/${at}`), never);
    expect([standing.isOut(), standing.isRefused()]).toEqual([false, false]);
    const promised = standingOf();
    const documents = authorized(inner, HOME, { headers: bearer('t') }, promised);
    for (let at = 0; at < 9; at++) await documents.send(request('GET', `/admin/${at}`), never, { documented: [401] });
    expect([promised.isOut(), promised.isRefused()]).toEqual([false, false]);
    await documents.send(request('GET', '/admin'), never);
    expect([promised.isOut(), promised.isRefused()]).toEqual([false, true]);
  });

  test('are renewed before they run out, once for all; where that fails, what is there is used as long as it lasts', async () => {
    let [now, until, asked] = [0, 10, 0];
    let isDown = false;
    const inner = targetOf(() => reply(200));
    const standing = standingOf();
    const renew = async () => {
      asked++;
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (isDown) throw new Error('the server is down');
      until = now + 10;
      return bearer(`${asked}`);
    };
    const freshness = () => (now >= until ? 'expired' : now >= until - 2 ? 'stale' : 'fresh');
    const target = authorized(inner, HOME, { headers: bearer('0'), renew, freshness }, standing, 'reader');
    const last = () => inner.sent.at(-1)!.headers[0]![1];
    await target.send(request(), never);
    expect([last(), asked]).toEqual(['Bearer 0', 0]);
    now = 8;
    await Promise.all(Array.from({ length: 16 }, () => target.send(request(), new AbortController().signal)));
    expect([last(), asked]).toEqual(['Bearer 1', 1]);
    [now, isDown] = [17, true];
    await target.send(request(), never);
    expect([last(), asked, standing.isOut()]).toEqual(['Bearer 1', 2, false]);
    now = 18;
    await expect(target.send(request(), never)).rejects.toThrow(
      'Missing account `reader`, which could not be renewed: the server is down',
    );
    expect([asked, standing.isRefused(), standing.why()]).toEqual([3, true, 'the server is down']);
  });

  test('that cannot be renewed are refused at once', async () => {
    const standing = standingOf();
    let asked = 0;
    const renew = async (): Promise<never> => {
      asked++;
      throw new Error('the command fails');
    };
    const inner = targetOf((_, nth) => reply(nth === 1 ? 200 : 401));
    const target = authorized(inner, HOME, { headers: bearer('t'), renew }, standing);
    await target.send(request(), never);
    expect((await target.send(request(), never)).status).toBe(401);
    await expect(target.send(request(), never)).rejects.toThrow('account');
    expect([asked, inner.sent.length, standing.isRefused()]).toEqual([1, 2, true]);
  });
});

test.describe('operations', () => {
  async function followed(headers: Readonly<Record<string, string>>, send: Send, budget = 60_000) {
    const clock = fakeClock();
    const inner = targetOf(send);
    const options = { signal: never, clock, budget };
    const operation = await followOperation(inner, request('POST', '/things'), reply(202, headers), options);
    return { operation, slept: clock.slept, asked: inner.sent.map(({ method, url }) => `${method} ${url}`) };
  }
  const json = (body: unknown, status = 200, headers = {}): ResponseMessage =>
    reply(status, { 'Content-Type': 'application/json', ...headers }, JSON.stringify(body));

  test('are asked after until they have ended', async () => {
    const send: Send = (_, nth) => json({ status: nth < 4 ? 'inProgress' : 'succeeded' }, nth < 4 ? 202 : 200);
    expect(await followed({ Location: '/operations/1' }, send)).toEqual({
      operation: { state: 'succeeded', polls: 4 },
      slept: [1000, 1500, 2250, 3375],
      asked: Array(4).fill(`GET ${HOME}/operations/1`),
    });
    const after: Send = (_, nth) => json({ status: nth < 3 ? 'Running' : 'Succeeded' }, 200, { 'Retry-After': '2' });
    expect(await followed({ 'Operation-Location': `${HOME}/o`, Location: '/x', 'Retry-After': '3' }, after)).toEqual({
      operation: { state: 'succeeded', polls: 3 },
      slept: [3000, 2000, 2000],
      asked: Array(3).fill(`GET ${HOME}/o`),
    });
  });

  test('have many words and ways to end', async () => {
    const state = async (answer: ResponseMessage, header = 'Location') =>
      (await followed({ [header]: '/o' }, (_, nth) => (nth === 1 ? answer : reply(500)))).operation;
    for (const good of [
      reply(200),
      reply(201),
      reply(204),
      reply(303, { Location: '/thing' }),
      reply(302, { Location: 'https://elsewhere.example/' }),
      json({ status: 'completed' }),
      json({ properties: { provisioningState: 'Succeeded' } }),
      json({ id: '1', status: 'enabled' }),
      json([1]),
      reply(200, { 'Content-Type': 'application/json' }, '{"st'),
    ])
      expect.soft(await state(good)).toEqual({ state: 'succeeded', polls: 1 });
    for (const [bad, reason] of [
      [json({ status: 'Failed' }), 'its status is `Failed`'],
      [json({ status: 'failed' }, 202), 'its status is `failed`'],
      [json({ properties: { provisioningState: 'Canceled' } }), 'its status is `Canceled`'],
      [reply(404), 'its URL was answered with status `404`'],
      [reply(500), 'its URL was answered with status `500`'],
    ] as const)
      expect.soft(await state(bad)).toEqual({ state: 'failed', reason, polls: 1 });
    // Where a status is promised, a word that nobody knows is no end.
    expect(await state(json({ status: 'enabled' }), 'Azure-AsyncOperation')).toMatchObject({
      state: 'failed',
      polls: 2,
    });
  });

  test('that do not end, that do not answer, that lead elsewhere', async () => {
    expect((await followed({ Location: '/o' }, () => reply(202), 5000)).operation).toMatchObject({
      state: 'unfinished',
      reason: 'it had not ended after 5000 ms',
    });
    const absurd = await followed({ Location: '/o' }, () => reply(202, { 'Retry-After': '1000000000000' }), 5000);
    expect(absurd).toMatchObject({ operation: { state: 'unfinished', polls: 2 }, slept: [1000, 4000] });
    const dead: Send = () => {
      throw lost('ECONNRESET');
    };
    expect((await followed({ Location: '/o' }, dead)).operation).toMatchObject({
      state: 'failed',
      reason: 'ECONNRESET',
    });
    const refusing: Send = () => {
      throw new RefusedError('host up.example.com');
    };
    expect((await followed({ Location: 'https://up.example.com/o' }, refusing)).operation).toEqual({
      state: 'refused',
      reason: 'host up.example.com',
      polls: 0,
    });
    expect((await followed({}, () => reply(200))).operation).toBeUndefined();
    expect((await followed({ Location: 'http://[' }, () => reply(200))).operation).toBeUndefined();
  });
});

test.describe('further pages', () => {
  const listed = (value: readonly unknown[], next?: string): ResponseMessage =>
    reply(
      200,
      { 'Content-Type': 'application/json' },
      JSON.stringify({ value, ...(next && { '@odata.nextLink': next }) }),
    );
  const fetched = async (send: Send, first: ResponseMessage, most: number) => {
    const inner = targetOf(send);
    const pages = await furtherPages(inner, request('GET', '/list'), first, { most, signal: never });
    return { pages: pages.map(({ kind, number }) => `${number} ${kind}`), asked: inner.sent.map(({ url }) => url) };
  };

  test('as many as are asked for, and no loop', async () => {
    const send: Send = (_, nth) => listed([nth], `/list?page=${nth + 2}`);
    expect(await fetched(send, listed([0], '/list?page=2'), 2)).toEqual({
      pages: ['2 answered', '3 answered'],
      asked: [`${HOME}/list?page=2`, `${HOME}/list?page=3`],
    });
    expect((await fetched(() => listed([1], '/list?page=2'), listed([0], '/list?page=2'), 9)).pages).toHaveLength(1);
    expect((await fetched(send, listed([0], `${HOME}/list`), 9)).asked).toEqual([]);
    expect((await fetched(send, listed([0]), 9)).asked).toEqual([]);
    expect((await fetched(send, reply(200, { 'Content-Type': 'application/json' }, '{'), 9)).asked).toEqual([]);
  });

  test('end where one does not come', async () => {
    const refusing: Send = () => {
      throw new RefusedError('host a');
    };
    expect((await fetched(refusing, listed([], 'https://a/'), 5)).pages).toEqual(['2 blocked']);
    const dead: Send = () => {
      throw lost('ECONNRESET');
    };
    expect((await fetched(dead, listed([], '/n'), 5)).pages).toEqual(['2 unanswered']);
  });
});
