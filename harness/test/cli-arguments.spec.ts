import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { helpText, readArguments } from '../cli/arguments.ts';
import { configKey, environmentName, flagNames, flagOf } from '../cli/flags.ts';
import { schema } from '../model/schemas.ts';
import { nearest } from '../model/usage.ts';

const read = (...words: string[]) => readArguments(words);
const failure = (...words: string[]): string => {
  try {
    read(...words);
  } catch (thrown) {
    return (thrown as Error).message;
  }
  return 'no error';
};

test('without a command run is meant, with pages or without', () => {
  expect(read()).toEqual({ command: 'run', pages: [], flags: {} });
  expect(read('run')).toEqual(read());
  expect(read('a.md', 'b.MD:42')).toEqual({ command: 'run', pages: ['a.md', 'b.MD:42'], flags: {} });
  expect(read('check', 'a.md')).toEqual({ command: 'check', pages: ['a.md'], flags: {} });
});

test('reads every flag of the table', () => {
  const said = read(
    ...[
      'compile',
      '--docs',
      'a',
      '--fixtures',
      'f',
      '--reports=r',
      '--reporter',
      'list,json=x',
      '--reporter',
      'html=-',
    ],
    ...['-c', 'c.json', '-g', 'x', '-j', '4', '--target', 'mock', '--base-url', 'http://x', '--allow-writes'],
    ...['--forbid-blocked', '--max-failures', '3', '--timeout', '10', '--max-warnings', '0', '--pass-with-no-tests'],
    ...['--check', '--no-color', '--quiet', '--verbose'],
  );
  expect(said.flags).toEqual({
    docs: ['a'],
    fixtures: 'f',
    reports: 'r',
    reporter: ['list', 'json=x', 'html=-'],
    config: 'c.json',
    grep: 'x',
    workers: 4,
    target: 'mock',
    'base-url': 'http://x',
    'allow-writes': true,
    'forbid-blocked': true,
    'max-failures': 3,
    timeout: 10,
    'max-warnings': 0,
    'pass-with-no-tests': true,
    check: true,
    color: false,
    quiet: true,
    verbose: true,
  });
  expect(read('-x').flags).toEqual({ 'max-failures': 1 });
  expect(read('--color', '-gfoo', '-xj4').flags).toEqual({ color: true, grep: 'foo', 'max-failures': 1, workers: 4 });
  expect(read('mock', '--host', '::1', '--port', '0').flags).toEqual({ host: '::1', port: 0 });
});

test('the last of two wins; folders of docs add up', () => {
  expect(read('-j', '1', '-j', '2').flags).toEqual({ workers: 2 });
  expect(read('--docs', 'a', '--docs', 'b').flags).toEqual({ docs: ['a', 'b'] });
});

test('--docs takes words up to the next flag, but no command, and no page behind a folder', () => {
  expect(read('--docs', 'a', 'b', '--quiet', 'c.md')).toEqual({
    command: 'run',
    pages: ['c.md'],
    flags: { docs: ['a', 'b'], quiet: true },
  });
  expect(read('--docs', 'a', 'check', 'c.md')).toEqual({ command: 'check', pages: ['c.md'], flags: { docs: ['a'] } });
  expect(read('check', '--docs', 'a', 'c.md:3')).toEqual({
    command: 'check',
    pages: ['c.md:3'],
    flags: { docs: ['a'] },
  });
  expect(read('--docs', 'a/x.md', 'a/y.md').flags).toEqual({ docs: ['a/x.md', 'a/y.md'] });
  expect(read('--docs=run', 'check')).toEqual({ command: 'check', pages: [], flags: { docs: ['run'] } });
  expect(read('--docs', 'a', '--', 'b.md')).toEqual({ command: 'run', pages: ['b.md'], flags: { docs: ['a'] } });
});

test('an unknown flag names the right one', () => {
  expect(failure('--dosc')).toBe('Unknown flag `--dosc`, did you mean `--docs`?');
  expect(failure('--reporteer=x')).toBe('Unknown flag `--reporteer`, did you mean `--reporter`?');
  expect(failure('--no-colour')).toBe('Unknown flag `--no-colour`, did you mean `--color`?');
  expect(failure('--zzzzzzzzz')).toBe('Unknown flag `--zzzzzzzzz`; see docwright --help');
  expect(failure('-Z')).toContain('Unknown flag `-Z`');
  expect(failure('--shards=1/2')).toBe('Unknown flag `--shards`, did you mean `--shard`?');
});

test('--only-changed takes a ref or none; --since is the same', () => {
  const said = (...words: string[]) => readArguments(words);
  for (const [words, ref] of [
    [['check', '--only-changed'], ''],
    [['--only-changed', 'check'], ''],
    [['check', '--only-changed', 'main'], 'main'],
    [['check', '--since=HEAD~2'], 'HEAD~2'],
    [['check', '--only-changed', 'a.md'], ''],
    [['check', '--only-changed', '--quiet'], ''],
  ] as const)
    expect(said(...words)).toMatchObject({ command: 'check', flags: { 'only-changed': ref } });
  expect(said('check', '--since', 'a.md').pages).toEqual(['a.md']);
});

test('a word that is neither command nor page is refused', () => {
  expect(failure('chek')).toBe('Unknown command `chek`, did you mean `check`?');
  expect(failure('complie', 'a.md')).toBe('Unknown command `complie`, did you mean `compile`?');
  expect(failure('frobnicate')).toContain('the commands are run, compile, check, replay, plan, cleanup, mock');
  expect(failure('check', 'docs/api')).toContain('a folder is named by `--docs docs/api`');
  expect(failure('toString')).toContain('Unknown command');
});

test('values are held to their kind', () => {
  expect(failure('-j', '0')).toBe('Unexpected value `0` of `--workers`, expected a whole number, 1 or more');
  for (const value of ['x', '1.5', '1e3', '', '99999999999']) expect(failure(`--timeout=${value}`)).toMatch(/value/);
  expect(failure('--docs')).toBe('Missing value of `--docs`');
  expect(failure('--fixtures', '--quiet')).toContain('Missing value of `--fixtures`; if `--quiet` is meant');
  expect(failure('--quiet=1')).toBe('`--quiet` takes no value');
  expect(failure('--docs=')).toContain('Missing value');
});

test('a flag of one command is refused elsewhere', () => {
  expect(failure('run', '--check')).toBe('`--check` belongs to `docwright compile`, not to `docwright run`');
  expect(failure('--port', '1')).toContain('belongs to `docwright mock`');
});

test('help names every flag, and whoever asks for it gets it', () => {
  for (const name of flagNames) expect(helpText()).toContain(`--${name}`);
  expect(read('nonsense', '-h').flags.help).toBe(true);
  expect(read('compile', '--help', '--port', '1').flags.help).toBe(true);
});

test('what decides what is sent, and as whom, is told of in the README and in the docs', () => {
  const folder = new URL('../../', import.meta.url);
  const readme = readFileSync(new URL('README.md', folder), 'utf8');
  const docs = ['accounts', 'ci', 'replay', 'scenarios'].map((name) =>
    readFileSync(new URL(`docs/${name}.md`, folder), 'utf8'),
  );
  for (const name of ['account', 'tag', 'scenarios', 'durations', 'shard', 'allow-writes', 'resume'] as const) {
    expect(flagNames).toContain(name);
    for (const text of [readme, docs.join('\n')]) expect.soft(text, name).toContain(`--${name}`);
  }
});

test('the keys of the config are those of the table', () => {
  const keys = flagNames.filter((name) => flagOf(name).config).map(configKey);
  const known = Object.keys(schema('config').properties as object);
  expect(known.toSorted()).toEqual(
    [
      ...keys,
      'values',
      'rules',
      'overrides',
      'links',
      'matchers',
      'targets',
      'accounts',
      'scenarios',
      'tables',
      'outline',
      'requiredFrontMatter',
      '$schema',
    ].toSorted(),
  );
  expect(environmentName('pass-with-no-tests')).toBe('DOCWRIGHT_PASS_WITH_NO_TESTS');
});

test('the nearest word is near, or there is none', () => {
  expect(nearest('REPORTER', ['reporter'])).toBe('reporter');
  expect(nearest('x', ['reporter'])).toBeUndefined();
  expect(nearest('x', [])).toBeUndefined();
  expect(nearest('__proto__', ['docs'])).toBeUndefined();
});
