import { expect, test } from '@playwright/test';
import { spawnSync, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { calmLine, progressLine, type ProgressState } from '../cli/progress-line.ts';
import { progressOf } from '../cli/progress.ts';
import { statusLine } from '../cli/status-line.ts';
import { builtMain } from './built.ts';
import { terminal } from './screen.ts';
import { page, workspace, type Workspace } from './workspace.ts';

const state = (change: Partial<ProgressState> = {}): ProgressState => ({
  what: 'Replaying',
  done: 1234,
  total: 3341,
  findings: 12,
  hasError: true,
  elapsed: 20_000,
  inFlight: 16,
  ...change,
});

test.describe('a line', () => {
  test('says all there is room for, the count to the last', () => {
    const line = (columns: number) => progressLine(state(), columns, false);
    expect(line(120)).toBe(
      'Replaying  [===========>                  ]  1,234/3,341   36%  16 in flight  12 findings  ETA 0:35',
    );
    expect(line(60)).toMatch(/^\[=+> +\] {2}1,234\/3,341 {2}12 findings {2}ETA 0:35$/);
    expect(line(30)).toBe('1,234/3,341  12 findings');
    expect(line(20)).toBe('1,234/3,341   36%');
    expect([line(9), line(5)]).toEqual([' 36%', '']);
    expect(progressLine(state({ findings: 0, elapsed: 500 }), 20, false)).toBe('1,234/3,341   36%');
    expect(calmLine(state({ done: 3340, elapsed: 4_000_000, total: 16_000 }))).toBe(
      'Replaying: 3,340 of 16,000 (20 %), 16 in flight, 12 findings, ETA 4:12:42',
    );
  });

  test('is never as wide as the terminal, not even with the ^C of whoever has enough', () => {
    const states = fc.record({
      what: fc.constantFrom('Reading', 'Checking', 'Replaying'),
      done: fc.nat(200_000),
      total: fc.nat(100_000),
      findings: fc.nat(1_000_000),
      hasError: fc.boolean(),
      elapsed: fc.nat(1e9),
      inFlight: fc.option(fc.nat(1000), { nil: undefined }),
    });
    fc.assert(
      fc.property(states, fc.integer({ min: 1, max: 250 }), (given, columns) => {
        const { inFlight, ...rest } = given;
        const full = { ...rest, ...(inFlight === undefined ? {} : { inFlight }) };
        const plain = progressLine(full, columns, false);
        expect(plain.length).toBeLessThanOrEqual(Math.max(0, columns - 3));
        expect(plain).toMatch(/^[ -~]*$/);
        expect(progressLine(full, columns, true).replace(/\u001b\[\d+m/g, '')).toBe(plain);
      }),
    );
  });
});

/** Progress on a fake terminal or log, by a clock of our own. */
function watched({ isTTY = true, columns = 80, environment = {}, quiet = false } = {}) {
  let time = 0;
  const written: { text: string; at: number }[] = [];
  const stream = { isTTY, columns, write: (text: string) => void written.push({ text, at: time }) };
  const status = statusLine(stream);
  const progress = progressOf({ stream, status, environment, quiet, color: false, now: () => time });
  return { progress, status, written, pass: (milliseconds: number) => (time += milliseconds) };
}

test.describe('on a terminal', () => {
  for (const columns of [20, 40, 80, 200]) {
    test(`of ${columns} columns: one row, drawn at most ten times a second, gone at the end`, async () => {
      const { progress, status, written, pass } = watched({ columns });
      const phase = progress.begin('Replaying', 3341);
      for (let count = 0; count < 3341; count++) {
        pass(3);
        if (count === 2000) {
          // What the stream does for whoever else speaks.
          status.clear();
          written.push({ text: 'somebody else\n', at: 0 });
        }
        phase.inFlight(count % 2 === 0 ? 1 : -1);
        phase.advance(count % 300 === 0 ? 1 : 0, false);
      }
      const screen = terminal(columns);
      for (const { text } of written) {
        await screen.write(text);
        expect(screen.rows().length).toBeLessThanOrEqual(2);
      }
      expect(screen.rows()).toHaveLength(2);
      expect(screen.rows()[1]).toMatch(columns > 20 ? /findings/ : /\d,\d{3}\/3,341/);
      phase.end();
      await screen.write(written.at(-1)!.text);
      expect(screen.rows()).toEqual(['somebody else']);
      expect(screen.wrapped()).toBe(0);
      const frames = written.filter(({ text }) => /\d\/3,341/.test(text)).map(({ at }) => at);
      expect(frames.length).toBeGreaterThan(50);
      expect(Math.min(...frames.slice(1).map((at, index) => at - frames[index]!))).toBeGreaterThanOrEqual(99);
      expect(frames[0]).toBeGreaterThanOrEqual(1000);
      // Nothing is switched off that would have to be switched on again.
      expect(written.map(({ text }) => text).join('')).not.toMatch(/\u001b\[\?|\u001b\[[^K]/);
    });
  }

  test('nothing for work that is done within a second', () => {
    const { progress, written, pass } = watched();
    const phase = progress.begin('Reading', 2);
    pass(400);
    phase.advance();
    pass(400);
    phase.advance();
    phase.end();
    expect(written).toEqual([]);
  });
});

test.describe('elsewhere', () => {
  for (const [where, how] of [
    ['a pipe', { isTTY: false }],
    ['a CI with a terminal', { environment: { CI: 'true' } }],
    ['a dumb terminal', { environment: { TERM: 'dumb' } }],
  ] as const) {
    test(`${where} gets a calm line for each tenth, or every ten seconds`, () => {
      const { progress, written, pass } = watched(how);
      const phase = progress.begin('Replaying', 100);
      for (let count = 0; count < 100; count++) {
        pass(500);
        phase.advance();
      }
      phase.end();
      expect(written).toHaveLength(9);
      expect(written[0]!.text).toBe('Replaying: 10 of 100 (10 %), ETA 0:45\n');
      for (const { text } of written) expect(text).toMatch(/^[ -~]+\n$/);
      const slow = watched(how);
      const next = slow.progress.begin('Reading', 1000);
      for (let count = 0; count < 30; count++) {
        slow.pass(1000);
        next.advance();
      }
      next.end();
      expect(slow.written.map(({ at }) => at)).toEqual([10_000, 20_000, 30_000]);
    });
  }

  test('nothing where quiet is wanted, and nothing but lines in CI=false on a pipe', () => {
    const quiet = watched({ quiet: true });
    const phase = quiet.progress.begin('Replaying', 10);
    quiet.pass(20_000);
    phase.advance();
    phase.inFlight(1);
    phase.end();
    expect(quiet.written).toEqual([]);
    const bar = watched({ environment: { CI: 'false' } });
    const drawn = bar.progress.begin('Replaying', 10);
    bar.pass(2000);
    drawn.advance();
    drawn.end();
    expect(bar.written.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^\rReplaying.*\u001b\[K$/),
      '\r\u001b[K',
    ]);
  });
});

/** Python is how a test gets a terminal of its own: it is told the columns, what to type and after which words, and the command. */
const PTY = `
import fcntl, os, pty, struct, sys, termios
columns, keys, awaited = int(sys.argv[1]), sys.argv[2].encode().decode('unicode_escape').encode(), sys.argv[3].encode()
seen = b''
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
    os.execvp(sys.argv[4], sys.argv[4:])
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
    seen += data
    if keys and awaited in seen:
        os.write(terminal, keys)
        keys = b''
status = os.waitpid(pid, 0)[1]
sys.exit(os.waitstatus_to_exitcode(status))
`;

const hasPython = spawnSync('python3', ['-c', 'import pty'], { stdio: 'ignore' }).status === 0;

function inTerminal(
  words: readonly string[],
  { cwd, columns, keys = '', after = '' }: { cwd: string; columns: number; keys?: string; after?: string },
): Promise<{ code: number | null; output: string }> {
  const { CI: _ci, NO_COLOR: _no, FORCE_COLOR: _force, ...rest } = process.env;
  const all = ['-c', PTY, String(columns), keys, after, process.execPath, builtMain(), ...words];
  const child = spawn('python3', all, { cwd, env: { ...rest, TERM: 'xterm-256color' } });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

test.describe('a real terminal', () => {
  test.skip(!hasPython, 'no python3, which gives the test a terminal');
  test.describe.configure({ timeout: 60_000 });

  let space: Workspace;
  let server: Server;
  let url: string;
  test.beforeEach(async () => {
    const pages = Array.from({ length: 12 }, (_, n) => page(`P${n}`, { name: `n${n}`, url: `/v1.0/${n}` }));
    space = workspace({ 'docs/a.md': pages.join('\n') });
    server = createServer((_, response) => {
      const answer = () =>
        response.writeHead(200, { 'Content-Type': 'application/json', Connection: 'close' }).end('{"id": 1}');
      setTimeout(answer, 400);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  test.afterEach(() => {
    server.closeAllConnections();
    server.close();
    space.remove();
  });

  for (const columns of [20, 100]) {
    test(`of ${columns} columns shows the bar, and nothing of it stays`, async () => {
      const { code, output } = await inTerminal(['--target', url, '-j', '1', '--reporter', 'json'], {
        cwd: space.folder,
        columns,
      });
      expect(code).toBe(1);
      expect(output).toMatch(/\d+\/12/);
      const screen = terminal(columns);
      let most = 0;
      for (const piece of output.split(/(?<=\u001b\[K)/)) {
        await screen.write(piece);
        if (/\d+\/12/.test(piece)) most = Math.max(most, screen.rows().filter((row) => /\d+\/12/.test(row)).length);
      }
      expect(most).toBe(1);
      expect(screen.rows().join('\n')).not.toMatch(/\/12|\[=/);
      expect(output).not.toContain('\u001b[?25l');
    });
  }

  test('Ctrl-C takes the bar away, writes the report and ends with 130', async () => {
    const { code, output } = await inTerminal(['--target', url, '-j', '1', '--reporter', 'json,list'], {
      cwd: space.folder,
      columns: 60,
      keys: '\\x03',
      after: ' 4/12',
    });
    expect(code, output).toBe(130);
    expect(output).toMatch(/\d+\/12/);
    const screen = terminal(60);
    await screen.write(output);
    expect(screen.rows().join('\n')).toContain('12 exchanges');
    expect(screen.rows().filter((row) => row.includes('[=') || row.includes('in flight'))).toEqual([]);
    expect(space.report().summary.skipped).toBeGreaterThan(0);
  });

  test('a crash takes the bar away before it says what it was', async () => {
    space.write('docwright.config.mjs', "setTimeout(() => { throw new Error('planted'); }, 2500); export default {};");
    const { code, output } = await inTerminal(['--target', url, '-j', '1', '--reporter', 'json'], {
      cwd: space.folder,
      columns: 60,
    });
    expect(code).toBe(2);
    expect(output).toMatch(/\d+\/12/);
    const screen = terminal(60);
    await screen.write(output);
    expect(screen.rows().at(-1)).toBe('docwright: Internal error: planted');
    expect(screen.rows().filter((row) => row.includes('[='))).toEqual([]);
  });
});
