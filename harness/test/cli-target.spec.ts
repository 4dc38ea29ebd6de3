import { expect, test } from '@playwright/test';
import { isColored } from '../cli/terminal.ts';
import { exitCode } from '../cli/exit.ts';
import { outputsOf, refuseClashes } from '../cli/outputs.ts';
import { chooseTarget } from '../cli/target.ts';

test.describe('target', () => {
  const targets = {
    staging: { url: 'https://staging.example.com', writes: true, values: { id: 's' }, timeout: 5 },
    plain: { url: 'https://plain.example.com' },
    local: { url: 'http://localhost:1', readOnly: true },
    free: { url: 'http://127.0.0.1:1' },
  };
  const asked = (how: object = {}) =>
    chooseTarget({
      target: 'mock',
      targetNamed: false,
      allowWrites: false,
      timeout: 100,
      timeoutNamed: false,
      values: { id: 'c', other: 'c' },
      targets,
      ...how,
    });
  const named = (target: string, how: object = {}) => asked({ target, targetNamed: true, ...how });

  test('the mock is asked unless someone else is named', () => {
    expect(asked()).toEqual({ writes: true, values: { id: 'c', other: 'c' }, timeout: 100 });
    expect(named('mock').url).toBeUndefined();
    expect(named('http://[::1]:80/x')).toMatchObject({ url: 'http://[::1]:80/x', writes: true });
    expect(asked({ baseUrl: 'https://a.example' })).toMatchObject({ url: 'https://a.example', writes: false });
    expect(() => named('mock', { baseUrl: 'https://a.example' })).toThrow('The mock has no URL');
  });

  test('a named target brings its values and its time, which a flag beats', () => {
    expect(named('staging')).toEqual({
      named: { name: 'staging', ...targets.staging },
      url: 'https://staging.example.com',
      writes: false,
      values: { id: 's', other: 'c' },
      timeout: 5,
    });
    expect(named('staging', { timeoutNamed: true }).timeout).toBe(100);
    expect(named('staging', { baseUrl: 'https://b.example' }).url).toBe('https://b.example');
  });

  test('an unknown target names the right one', () => {
    expect(() => named('stagin')).toThrow('Unknown target `stagin`, did you mean `staging`?');
    expect(() => named('toString')).toThrow('Unknown target `toString`');
    for (const url of ['ftp://x', 'http://', 'file:///x']) expect(() => named(url), url).toThrow('http:// or https://');
    expect(() => asked({ baseUrl: 'nonsense' })).toThrow('--base-url');
  });

  test('what changes something needs flag and config, but on loopback', () => {
    const allowWrites = true;
    expect(named('staging', { allowWrites }).writes).toBe(true);
    expect(named('plain').writes).toBe(false);
    expect(() => named('plain', { allowWrites })).toThrow('does not say `writes: true`');
    expect(() => named('https://plain.example.com', { allowWrites })).toThrow('needs a named target');
    expect(named('free').writes).toBe(true);
    expect(named('local').writes).toBe(false);
    expect(() => named('local', { allowWrites })).toThrow('readOnly');
    expect(named('http://localhost.example.com').writes).toBe(false);
  });

  test('the permission of a target does not travel with --base-url', () => {
    const there = { allowWrites: true, baseUrl: 'https://production.example.com' };
    expect(() => named('staging', there)).toThrow('not meant for --base-url');
    expect(named('staging', { ...there, baseUrl: 'https://staging.example.com/v2' }).writes).toBe(true);
    expect(named('local', { baseUrl: 'http://localhost:2' }).writes).toBe(false);
  });

  test('a password in a URL is not repeated', () => {
    expect(() => named('ftp://user:secret@x')).toThrow(/^(?!.*secret)/);
  });
});

test.describe('reporters', () => {
  const known = { list: {}, json: { file: 'report.json' }, html: { file: 'index.html' } };
  const outputs = (...specs: string[]) => outputsOf(specs, known, { reports: '/w/reports', reporterFolder: '/w' });

  test('go to their own file, to one that is named, or to a stream', () => {
    expect(outputs('list', 'json', 'html=out/x.html')).toEqual([
      { name: 'list', to: 'stderr' },
      { name: 'json', to: 'file', file: '/w/reports/report.json', root: '/w/reports' },
      { name: 'html', to: 'file', file: '/w/out/x.html', root: '/w/out' },
    ]);
    expect(outputs('json=-', 'json', 'list=list.txt')).toMatchObject([
      { to: 'stdout' },
      { to: 'file' },
      { to: 'file' },
    ]);
  });

  test('do not share a place', () => {
    expect(() => outputs('json=-', 'list=-')).toThrow('both write to standard output');
    expect(() => outputs('json', 'html=reports/report.json')).toThrow('both write to report.json');
    expect(outputs('json', 'json')).toHaveLength(1);
  });

  test('are known ones', () => {
    expect(() => outputs('jsn')).toThrow('Unknown reporter `jsn`, did you mean `json`?');
    expect(() => outputs('constructor')).toThrow('Unknown reporter `constructor`, expected one of list, json, html');
    expect(() => outputs('json=')).toThrow('Missing file');
  });

  test('do not write over a fixture', () => {
    expect(() => refuseClashes(outputs('json'), '/w/reports', ['a.json', 'report.json'])).toThrow(
      '`report.json` and reporter json',
    );
    refuseClashes(outputs('json'), '/w/fixtures', ['report.json']);
  });
});

test('colours: the flag, FORCE_COLOR, NO_COLOR, the terminal', () => {
  const terminal = { isTTY: true };
  expect(isColored(undefined, {}, terminal)).toBe(true);
  expect(isColored(undefined, {}, {})).toBe(false);
  expect(isColored(undefined, { TERM: 'dumb' }, terminal)).toBe(false);
  expect(isColored(undefined, { NO_COLOR: '1' }, terminal)).toBe(false);
  expect(isColored(undefined, { NO_COLOR: '' }, terminal)).toBe(true);
  expect(isColored(undefined, { NO_COLOR: '1', FORCE_COLOR: '1' }, {})).toBe(true);
  expect(isColored(undefined, { FORCE_COLOR: '0' }, terminal)).toBe(false);
  expect(isColored(true, { NO_COLOR: '1' }, {})).toBe(true);
  expect(isColored(false, { FORCE_COLOR: '1' }, terminal)).toBe(false);
});

test.describe('exit code', () => {
  const code = (
    { command = 'run', error = 0, warning = 0, conforming = 1, differing = 0, blocked = 0 } = {},
    options: object = {},
  ) => {
    const summary = {
      exchanges: 1,
      conforming,
      differing,
      unanswered: 0,
      blocked,
      skipped: 0,
      flaky: 0,
      unseen: 0,
      suppressed: 0,
    };
    const report = { command, summary: { ...summary, findings: { error, warning, note: 9 } } };
    return exitCode(report, { selected: 1, passWithNoTests: false, ...options });
  };

  test('0 as promised, 1 for errors and too many warnings', () => {
    expect(code()).toBe(0);
    expect(code({ error: 1 })).toBe(1);
    expect(code({ warning: 5 })).toBe(0);
    expect(code({ warning: 5 }, { maxWarnings: 5 })).toBe(0);
    expect(code({ warning: 5 }, { maxWarnings: 4 })).toBe(1);
    expect(code({ warning: 1 }, { maxWarnings: 0 })).toBe(1);
    expect(code({ conforming: 0, differing: 1 })).toBe(0);
  });

  test('a run in which nothing was answered has not passed; a check has nothing to answer', () => {
    for (const command of ['run', 'replay']) expect(code({ command, conforming: 0, blocked: 1, warning: 1 })).toBe(1);
    for (const command of ['compile', 'check']) expect(code({ command, conforming: 0 })).toBe(0);
  });

  test('2 where nothing is selected, unless that may be', () => {
    expect(code({}, { selected: 0 })).toBe(2);
    expect(code({ error: 1 }, { selected: 0 })).toBe(2);
    expect(code({ conforming: 0 }, { selected: 0, passWithNoTests: true })).toBe(0);
    expect(code({ conforming: 0, error: 1 }, { selected: 0, passWithNoTests: true })).toBe(1);
  });

  test('a signal goes before all', () => {
    expect(code({ error: 1 }, { signal: 'SIGINT', selected: 0 })).toBe(130);
    expect(code({}, { signal: 'SIGTERM' })).toBe(143);
  });
});
