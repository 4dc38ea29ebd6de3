import { expect, test } from '@playwright/test';
import path from 'node:path';
import { readArguments } from '../cli/arguments.ts';
import { loadConfig } from '../cli/config.ts';
import { environmentValues, settingsOf } from '../cli/settings.ts';
import { workspace, type Workspace } from './workspace.ts';

let space: Workspace;
test.beforeEach(() => {
  space = workspace();
});
test.afterEach(() => space.remove());

const settings = async (words: string[] = [], environment: Record<string, string> = {}, cwd = space.folder) => {
  const args = readArguments(words);
  const said = environmentValues(environment);
  return settingsOf(args, said, await loadConfig(args.flags.config ?? said.config, cwd), cwd);
};
const inSpace = (...parts: string[]) => path.join(space.folder, ...parts);

test('without anything the defaults hold', async () => {
  expect(await settings()).toMatchObject({
    docs: ['docs'],
    docsNamed: false,
    fixtures: inSpace('fixtures'),
    reports: inSpace('reports'),
    workers: 16,
    target: 'mock',
    allowWrites: false,
    passWithNoTests: false,
  });
});

test('flags beat the environment, that beats the config, that beats the defaults', async () => {
  space.write(
    'docwright.config.json',
    '{"fixtures": "c", "reports": "c", "target": "c", "workers": 3, "allowWrites": true}',
  );
  const environment = {
    DOCWRIGHT_FIXTURES: 'e',
    DOCWRIGHT_REPORTS: 'e',
    DOCWRIGHT_ALLOW_WRITES: '0',
    DOCWRIGHT_TARGET: '',
  };
  expect(await settings(['--fixtures', 'f'], environment)).toMatchObject({
    fixtures: inSpace('f'),
    reports: inSpace('e'),
    target: 'c',
    workers: 3,
    allowWrites: false,
  });
});

test('the environment is held to the kinds of the flags', async () => {
  const said = { DOCWRIGHT_DOCS: `a${path.delimiter}b`, DOCWRIGHT_REPORTER: 'list, json', DOCWRIGHT_COLOR: 'no' };
  expect(await settings([], said)).toMatchObject({ docs: ['a', 'b'], reporter: ['list', 'json'], color: false });
  await expect(settings([], { DOCWRIGHT_WORKERS: 'many' })).rejects.toThrow('`many` of DOCWRIGHT_WORKERS');
  await expect(settings([], { DOCWRIGHT_QUIET: 'maybe' })).rejects.toThrow(
    '`maybe` of DOCWRIGHT_QUIET, expected 1 or 0',
  );
  space.write('x.json', '{"workers": 2}');
  expect(await settings([], { DOCWRIGHT_CONFIG: 'x.json' })).toMatchObject({ workers: 2 });
});

test('the nearest config wins, and its paths count from it', async () => {
  space.write('.git/HEAD', '');
  space.write('docwright.config.json', '{"docs": "pages", "reports": "out", "reporter": "json=r.json"}');
  space.write('a/b/file', '');
  const inner = inSpace('a/b');
  expect(await settings([], {}, inner)).toMatchObject({
    docs: [inSpace('pages')],
    docsNamed: false,
    reports: inSpace('out'),
    fixtures: inSpace('a/b/fixtures'),
    reporterFolder: space.folder,
  });
  space.write('a/docwright.config.mjs', 'export default { docs: ["x", "y"] };');
  expect((await settings([], {}, inner)).docs).toEqual([inSpace('a/x'), inSpace('a/y')]);
  expect((await settings(['-c', '../../docwright.config.json'], {}, inner)).docs).toEqual([inSpace('pages')]);
});

test('reads TypeScript, modules and JSON, in this order', async () => {
  const expected = async (workers: number) => expect((await settings()).workers).toBe(workers);
  space.write('docwright.config.json', '\uFEFF{"workers": 5}');
  await expected(5);
  space.write('package.json', '{"type": "commonjs"}');
  space.write('docwright.config.js', 'module.exports = { workers: 4 };');
  await expected(4);
  space.write('docwright.config.mjs', 'export default { workers: 3 };');
  await expected(3);
  space.write('docwright.config.mts', 'const workers: number = 2; export default { workers };');
  await expected(2);
  space.write('other.ts', 'export const workers: number = 1;');
  space.write('docwright.config.ts', "import { workers } from './other.ts'; export default { workers } as object;");
  await expected(1);
});

test('an unknown key names file, place and the right word', async () => {
  space.write('docwright.config.json', '{\n  "docs": "docs",\n  "reprter": "list"\n}\n');
  await expect(settings()).rejects.toThrow(
    'docwright.config.json:3:3: Unknown key `reprter`, did you mean `reporter`?',
  );
  space.write('docwright.config.json', '{"targets": {"a": {"url": "http://x", "write": true}}, "__proto__": 1}');
  await expect(settings()).rejects.toThrow(/Unknown key `__proto__`/);
  await expect(settings()).rejects.toThrow('docwright.config.json:1:39: Unknown key `write`, did you mean `writes`?');
  space.write('docwright.config.mjs', 'export default { maxwarnings: 1 };');
  await expect(settings()).rejects.toThrow(
    'docwright.config.mjs: Unknown key `maxwarnings`, did you mean `maxWarnings`?',
  );
});

test('a wrong value names its key', async () => {
  const refused = async (config: string, message: string | RegExp) => {
    space.write('docwright.config.json', config);
    await expect(settings()).rejects.toThrow(message);
  };
  await refused('{"workers": "4"}', 'docwright.config.json:1:2: `workers` must be integer');
  await refused('{"targets": {"a": {}}}', "`targets.a` must have required property 'url'");
  await refused('{"targets": {"a": {"url": "x"}}}', '`targets.a.url` must match');
  await refused('{"targets": {"a": {"url": "http://x", "readOnly": true, "writes": true}}}', '`targets.a`');
  await refused('{"targets": {"mock": {"url": "http://x"}}}', 'targets');
  await refused('[]', 'The config must be object');
  await refused('{"docs": []}', '`docs`');
});

test('a config that cannot be read is named', async () => {
  space.write('docwright.config.json', '{\n  "docs": "docs",\n}');
  await expect(settings()).rejects.toThrow(/docwright\.config\.json:2:\d+: /);
  await expect(settings(['-c', 'none.json'])).rejects.toThrow('No config file `none.json`');
  space.write('a.mjs', 'throw new Error("broken inside");');
  await expect(settings(['-c', 'a.mjs'])).rejects.toThrow('Cannot load the config `a.mjs`: broken inside');
  space.write('b.mjs', 'export const config = {};');
  await expect(settings(['-c', 'b.mjs'])).rejects.toThrow('`b.mjs` has no default export');
});

test('an expression that is none is refused', async () => {
  await expect(settings(['-g', '('])).rejects.toThrow('`(` of --grep is no regular expression');
  expect((await settings(['-g', 'A|b'])).grep).toEqual(/A|b/i);
});
