import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { conform } from '../conform.ts';
import type { Clock } from '../replay/clock.ts';
import { liveTarget } from '../replay/live.ts';
import { compilePages } from './docs.ts';
import { runBuilt } from './built.ts';
import { answer, bombs, GOOD, hostileServer, WAYS, type Answer, type Hostile } from './hostile.ts';
import { workspace } from './workspace.ts';

/** The system's time, in which waits pass fifty times as fast. */
const clock: Clock = {
  now: () => Date.now(),
  random: () => 0.5,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds / 50)),
};

const TIMEOUT = 1500;

let served: Hostile | undefined;
test.afterEach(() => {
  served?.close();
  served = undefined;
});

/** What each way comes to: the words of its finding, or `conforms`. */
const EXPECTED: Readonly<Record<string, string | RegExp>> = {
  'reset-at-once': /^Missing answer: 127\.0\.0\.1:\d+ closed the connection before the answer was whole, \d times$/,
  'reset-in-body':
    /closed the connection before the answer was whole \(status 200 and 6 bytes of its body had come\), \d times$/,
  hang: `Missing answer: No whole answer within ${TIMEOUT} ms`,
  drip: /No whole answer within 1500 ms \(status 200 and \d+ bytes of its body had come\)$/,
  'too-short': /was cut short: its body is not as long as its Content-Length says/,
  'too-long': /JSON/,
  'gzip-truncated': /The body of the answer is not whole, or not gzip/,
  'gzip-bad': /The body of the answer is not whole, or not gzip/,
  'json-bad': /JSON/,
  'ten-megabytes': 'conforms',
  'too-large': 'Missing answer: The body of the answer is larger than 33554432 bytes',
  storm: 'Unexpected status code `429`, expected `200`',
  'busy-for-ever': 'Unexpected status code `503`, expected `200`',
  'busy-negative': 'Unexpected status code `503`, expected `200`',
  'busy-nonsense': 'Unexpected status code `503`, expected `200`',
  'redirect-loop': 'Unexpected status code `302`, expected `200`',
  'http-1.0': 'conforms',
  'header-1mb': /has more headers than can be read/,
  'headers-for-ever': /No whole answer within 1500 ms|more headers than can be read/,
  'headers-by-thousands': /has more headers than can be read/,
  'early-close': 'conforms',
  continues: /sent an answer that belongs to no request/,
  'hints-for-ever': 'Missing answer: More than 100 interim answers came first',
  'one-hint': 'conforms',
  switches: /changed to another protocol unasked/,
  'status-line': /is not HTTP/,
  'not-http': /is not HTTP/,
  'two-lengths': /is not HTTP/,
  'length-and-chunked': /is not HTTP/,
  'chunk-sizes': /is not HTTP/,
  'status-999': 'Unexpected status code `999`, expected `200`',
  'nul-in-header': /is not HTTP/,
  smuggled: 'conforms',
};

test('each kind of hostility has its own clear outcome, and no other exchange is touched', async () => {
  served = await hostileServer(WAYS);
  const names = Object.keys(WAYS);
  const goods = Array.from({ length: 50 }, (_, index) => `good/${index}`);
  const paths = names.flatMap((name, index) => [name, ...goods.slice(index * 2, index * 2 + 2)]);
  const { outcomes, results } = await held(served.url, paths);
  expect(outcomes.size).toBe(names.length + goods.length);
  for (const name of goods) expect.soft(outcomes.get(name), name).toBe('conforms');
  for (const name of names) expect.soft(outcomes.get(name), name).toEqual(like(EXPECTED[name]!));
  for (const { durationMs = 0, id } of results) expect(durationMs, id).toBeLessThan(5 * TIMEOUT);
});

test('bombs are not unpacked', async () => {
  const packed = await bombs();
  const way = (coding: keyof typeof packed): Answer => {
    return (socket) => answer(socket, packed[coding], [`Content-Encoding: ${coding}`]);
  };
  served = await hostileServer({ gzip: way('gzip'), deflate: way('deflate'), br: way('br') });
  const before = process.memoryUsage().rss;
  const { outcomes } = await held(served.url, ['gzip', 'good/1', 'deflate', 'br', 'good/2'], 20_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(400e6);
  const tooLarge = 'Missing answer: The body of the answer is larger than 33554432 bytes';
  expect([...outcomes.values()]).toEqual([tooLarge, 'conforms', tooLarge, tooLarge, 'conforms']);
});

test('a redirect to another origin takes no credentials there, nor any request', async () => {
  let there = 0;
  const other = createServer((_, response) => {
    there++;
    response.end();
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  try {
    served = await hostileServer({
      away: (socket) => answer(socket, '', [`Location: ${elsewhere}/in?code=geheim`], '307 Temporary Redirect'),
      begun: (socket) => answer(socket, '', [`Location: ${elsewhere}/monitor`], '202 Accepted'),
    });
    const { findings } = await held(served.url.replace('//', '//user:geheim@'), ['away', 'begun'], TIMEOUT, [202]);
    expect(there).toBe(0);
    expect(findings.map(({ ruleId, reason, note }) => `${ruleId} ${reason} ${note}`)).toEqual([
      expect.stringMatching(`^status/undocumented .*307.* it leads to \`${elsewhere}/in\``),
      expect.stringMatching(
        `^replay/blocked Missing host ${elsewhere.slice(7)}, expected before the operation .*\`hosts\``,
      ),
    ]);
    expect(JSON.stringify(findings)).not.toContain('geheim');
  } finally {
    other.close();
  }
});

test('the program survives them all, and its report is whole', async () => {
  test.slow();
  const packed = await bombs();
  served = await hostileServer({ ...WAYS, bomb: (socket) => answer(socket, packed.gzip, ['Content-Encoding: gzip']) });
  const names = [
    'reset-at-once',
    'hang',
    'too-short',
    'bomb',
    'header-1mb',
    'hints-for-ever',
    'nul-in-header',
    'busy-for-ever',
    'early-close',
  ];
  const paths = names.flatMap((name, index) => [name, `good/${index}`]);
  const space = workspace({ 'docs/a.md': docs(paths) });
  try {
    const { code, stderr } = await runBuilt(
      ['run', '--target', served.url, '--timeout', '2000', '--reporter', 'list,json'],
      space.folder,
    );
    expect(code, stderr).toBe(1);
    const { summary } = space.report();
    expect(summary).toMatchObject({ exchanges: 18, conforming: 10, differing: 1, unanswered: 7 });
    expect(stderr).not.toContain('Internal error');
  } finally {
    space.remove();
  }
});

/** Holds a hostile server to pages that promise `GOOD` of each path. */
async function held(base: string, paths: readonly string[], timeout = TIMEOUT, statuses: readonly number[] = []) {
  const { exchanges, resources } = await compilePages({ 'a.md': docs(paths, statuses) });
  const target = liveTarget({ base, timeout, clock });
  try {
    const judged = await conform(exchanges, target, {
      all: exchanges,
      resources,
      workers: 16,
      timeout,
      writes: true,
      forbidBlocked: false,
    });
    const outcomes = new Map(
      judged.results.map(({ id, outcome }) => {
        const own = judged.findings.find(({ exchangeId, severity }) => exchangeId === id && severity === 'error');
        return [paths[judged.results.findIndex((each) => each.id === id)]!, own?.reason ?? outcome];
      }),
    );
    return { ...judged, outcomes };
  } finally {
    await target.close?.();
  }
}

function docs(paths: readonly string[], statuses: readonly number[] = []): string {
  const pages = paths.map((path, index) => {
    const name = `e${index}`;
    const more = statuses.map(
      (status) =>
        `<!-- { "blockType": "response", "name": "${name}" } -->\n\`\`\`http\nHTTP/1.1 ${status} Also\n\`\`\`\n`,
    );
    return `<!-- { "blockType": "request", "name": "${name}" } -->
\`\`\`http
GET https://api.example.com/${path}
\`\`\`

<!-- { "blockType": "response", "name": "${name}" } -->
\`\`\`http
HTTP/1.1 200 OK
Content-Type: application/json

${GOOD}
\`\`\`

${more.join('\n')}`;
  });
  return `# Hostile\n\n${pages.join('\n')}`;
}

function like(expected: string | RegExp): unknown {
  return typeof expected === 'string' ? expected : expect.stringMatching(expected);
}
