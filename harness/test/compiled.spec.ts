import { expect, test } from '@playwright/test';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { cacheHome } from '../cli/cache-home.ts';
import { page, workspace, type Workspace } from './workspace.ts';

// What V8 made of the command is kept for the next start. Node does so itself from 22.1 on, and looks after what it keeps.
const ours = process.versions.node.startsWith('20.');

const NO_ROOT = 'not on an account that cannot give folders away; as root: npx playwright test compiled';

let space: Workspace;
let home: string;
let installed: string;
test.beforeEach(() => {
  space = workspace({ 'docs/a.md': page('A') });
  home = path.join(space.folder, 'home', '.cache', 'docwright');
  mkdirSync(path.join(space.folder, 'home'));
  // A copy that can be changed, below node_modules so that the packages are found from there.
  mkdirSync('node_modules/.cache', { recursive: true });
  installed = mkdtempSync(path.resolve('node_modules/.cache/docwright-compiled-'));
  for (const each of ['package.json', 'dist/command', 'dist/import.cjs', 'dist/model']) {
    cpSync(each, path.join(installed, each), { recursive: true });
  }
});
test.afterEach(() => {
  for (const folder of [space.folder, installed]) rmSync(folder, { recursive: true, force: true });
});

test('a start keeps what V8 made of the code, and the next one uses it', () => {
  expect(check()).toBe('0 findings\n');
  const first = state();
  expect(first.length).toBeGreaterThan(0);
  expect(check()).toBe('0 findings\n');
  expect(state()).toEqual(first);
  if (process.platform !== 'win32') expect(statSync(home).mode & 0o777).toBe(0o700);
});

test('code that was kept loads a config in TypeScript and what is only asked for now and then', () => {
  space.write('docwright.config.ts', 'const docs: string[] = ["docs/*.md"]; export default { docs };');
  space.write('docs/a.md', `---\ntitle: [a, b]\n---\n${page('A')}`);
  const said = check();
  expect(check()).toBe(said);
  expect(said).toBe('0 findings\n');
  rmSync(path.join(space.folder, 'docwright.config.ts'));
  space.write('docwright.config.mjs', 'export default { docs: await Promise.resolve(["docs"]) };');
  expect(check()).toBe(said);
  expect(check()).toBe(said);
});

test('what is kept is kept for the command and its flags, whatever their values', () => {
  test.skip(!ours, 'not on Node 22 and later, which keep a file each');
  expect(run('--version')).toMatch(/^\d/);
  expect(state()).toHaveLength(1);
  check();
  const known = state();
  expect(known).toHaveLength(2);
  expect(Math.max(...known.map(({ size }) => size))).toBeGreaterThan(2 * Math.min(...known.map(({ size }) => size)));
  run('check --reporter=line --no-cache docs/a.md');
  expect(state()).toHaveLength(2);
  for (const at of ['docs/a.md', 'docs/b.md']) {
    space.write(at, page('A', { name: at }));
    spawnSync(process.execPath, [path.join(installed, 'dist/command/main.cjs'), at, '--no-cache'], {
      cwd: space.folder,
      env: { PATH: process.env.PATH, XDG_CACHE_HOME: path.dirname(home) },
    });
  }
  expect(state()).toHaveLength(3);
  run('check --no-cache --reporter=list --quiet');
  expect(state()).toHaveLength(4);
});

test('what a long run has left gives way to what short ones of its kind need', () => {
  test.skip(!ours, 'not on Node 22 and later, which keep a file each');
  const config = (milliseconds: number): void =>
    space.write(
      'docwright.config.mjs',
      `const start = process.cpuUsage(); while (process.cpuUsage(start).user < ${milliseconds * 1000}); export default {};`,
    );
  config(2_100);
  expect(check()).toBe('0 findings\n');
  const long = state();
  expect(check()).toBe('0 findings\n');
  expect(state()).toEqual(long);
  config(0);
  expect(check()).toBe('0 findings\n');
  expect(readdirSync(home)).toEqual([]);
  expect(check()).toBe('0 findings\n');
  const short = state();
  expect(short).toHaveLength(1);
  config(2_100);
  expect(check()).toBe('0 findings\n');
  expect(state()).toEqual(short);
});

test('of many files that are kept the latest stay', () => {
  test.skip(!ours, 'not on Node 22 and later, which look after what they keep');
  mkdirSync(home, { recursive: true });
  for (let at = 0; at < 30; at++) {
    const file = path.join(home, `compiled-${at.toString(16)}`);
    writeFileSync(file, '');
    utimesSync(file, new Date(Date.now() - at * 60_000), new Date(Date.now() - at * 60_000));
  }
  check();
  const left = readdirSync(home).filter((name) => name.length < 12);
  expect(left.sort()).toEqual(Array.from({ length: 15 }, (_, at) => `compiled-${at.toString(16)}`).sort());
});

test('what is kept of other code is not run, though it be as long', () => {
  check();
  const code = path.join(installed, 'dist/command');
  for (const name of readdirSync(code)) {
    const text = readFileSync(path.join(code, name), 'utf8');
    const other = text.replaceAll('"finding")', '"phantom")');
    if (other !== text) writeFileSync(path.join(code, name), other);
  }
  expect(check()).toBe('0 phantoms\n');
  expect(check()).toBe('0 phantoms\n');
});

test('what is kept and damaged is made anew', () => {
  test.skip(!ours, 'not on Node 22 and later, which look after what they keep');
  check();
  const { file } = state()[0]!;
  const [sound, names] = [readFileSync(file), keptNames().toSorted()];
  const damages: readonly ((bytes: Buffer) => Buffer)[] = [
    (bytes) => bytes.subarray(0, bytes.length / 2),
    (bytes) => bytes.map((byte, at) => (at > 5_000 && at % 100 === 0 ? byte ^ 0xff : byte)) as Buffer,
    () => Buffer.from('{"listed":[{"name":"../main.cjs"}]}\n'),
    () => Buffer.from('[]\n'),
    () => Buffer.from('no line of JSON'),
    () => Buffer.alloc(0),
  ];
  for (const damaged of damages) {
    writeFileSync(file, damaged(sound));
    expect(check()).toBe('0 findings\n');
    expect(keptNames().toSorted()).toEqual(names);
    const mended = state();
    check();
    expect(state()).toEqual(mended);
  }
  expect(readdirSync(home)).toEqual([path.basename(file)]);
});

test('what is kept of files that are gone goes with them', () => {
  test.skip(!ours, 'not on Node 22 and later, which keep a file each');
  check();
  const code = path.join(installed, 'dist/command');
  const [name] = readdirSync(code).filter((file) => file.startsWith('reading-'));
  expect(keptNames()).toContain(name);
  for (const each of readdirSync(code)) {
    const text = readFileSync(path.join(code, each), 'utf8');
    writeFileSync(path.join(code, each), text.replaceAll(name!, 'another.cjs'));
  }
  cpSync(path.join(code, name!), path.join(code, 'another.cjs'));
  rmSync(path.join(code, name!));
  check();
  expect(keptNames()).toContain('another.cjs');
  expect(keptNames()).not.toContain(name);
});

test('nothing is kept where others could write, or no folder can be, and nothing is said of it', () => {
  test.skip(process.platform === 'win32', 'not on Windows, which has no such modes');
  mkdirSync(home, { recursive: true });
  for (const mode of [0o777, 0o770, 0o720]) {
    chmodSync(home, mode);
    expect(check()).toBe('0 findings\n');
    expect(readdirSync(home)).toEqual([]);
  }
  rmSync(home, { recursive: true });
  writeFileSync(home, 'a file');
  expect(check()).toBe('0 findings\n');
  rmSync(home);
  symlinkSync('/nowhere/at/all', home);
  expect(check()).toBe('0 findings\n');
});

test('what belongs to another user is let be', () => {
  test.skip(process.getuid?.() !== 0, NO_ROOT);
  const [folder, other] = [path.dirname(path.dirname(home)), '12345'];
  mkdirSync(folder, { recursive: true });
  execFileSync('chown', [other, folder]);
  expect(check()).toBe('0 findings\n');
  // As under sudo: what root makes there the other could not use.
  expect(readdirSync(folder)).toEqual([]);
  execFileSync('chown', ['0', folder]);
  check();
  const [kept] = readdirSync(home);
  execFileSync('chown', [other, path.join(home, kept!)]);
  expect(check()).toBe('0 findings\n');
  if (ours) expect(statSync(path.join(home, kept!)).uid).toBe(0);
  execFileSync('chown', [other, home]);
  rmSync(path.join(home, kept!), { recursive: true });
  expect(check()).toBe('0 findings\n');
  expect(readdirSync(home)).toEqual([]);
});

test('a folder that its own user cannot write to is no fault', () => {
  test.skip(process.getuid?.() !== 0, NO_ROOT);
  mkdirSync(home, { recursive: true });
  for (const folder of [space.folder, installed]) execFileSync('chown', ['-R', '12345', folder]);
  chmodSync(home, 0o400);
  expect(run('--version', {}, { uid: 12345 })).toMatch(/^\d/);
});

test('what is old goes, as drafts of killed processes do', () => {
  test.skip(!ours, 'not on Node 22 and later, which look after what they keep');
  mkdirSync(home, { recursive: true });
  const long = new Date(Date.now() - 40 * 24 * 3_600_000);
  for (const name of ['compiled-0', 'compiled-1.draft', 'another']) {
    writeFileSync(path.join(home, name), '');
    utimesSync(path.join(home, name), long, long);
  }
  writeFileSync(path.join(home, 'compiled-2'), '');
  check();
  expect(
    readdirSync(home)
      .filter((name) => name.length < 11)
      .sort(),
  ).toEqual(['another', 'compiled-2']);
});

test('Node finds what it found before: a name without an ending means no .cjs', () => {
  space.write('other.cjs', '');
  space.write(
    'docwright.config.mjs',
    "import { createRequire } from 'node:module';\ntry { createRequire(import.meta.url)('./other'); } catch (e) { console.error(e.code); }\nexport default {};",
  );
  expect(check()).toContain('MODULE_NOT_FOUND');
});

test('what is kept lies in the home of the user, where there is one and nobody says otherwise', () => {
  expect(cacheHome({ HOME: '/home/a' }, 'linux')).toBe(path.join('/home/a/.cache/docwright'));
  expect(cacheHome({ HOME: '/home/a' }, 'darwin')).toBe(path.join('/home/a/Library/Caches/docwright'));
  expect(cacheHome({ HOME: '/home/a', XDG_CACHE_HOME: '/var/b' }, 'linux')).toBe(path.join('/var/b/docwright'));
  expect(cacheHome({ HOME: '/home/a', LOCALAPPDATA: '/local' }, 'win32')).toBe(path.join('/local/docwright'));
  // A relative one would lie in the docs (XDG Base Directory Specification: to be ignored).
  for (const none of [{}, { HOME: '' }, { HOME: 'a' }, { HOME: '/a', NODE_DISABLE_COMPILE_CACHE: '1' }]) {
    expect(cacheHome(none, 'linux')).toBeUndefined();
  }
  expect(cacheHome({ HOME: '/a', NODE_COMPILE_CACHE: '/b' }, 'linux')).toBeUndefined();
  expect(cacheHome({ HOME: '/home/a', XDG_CACHE_HOME: 'b' }, 'linux')).toBe(path.join('/home/a/.cache/docwright'));
  run('--version', { NODE_DISABLE_COMPILE_CACHE: '1' });
  expect(existsSync(home)).toBe(false);
});

/** Whatever is said on either stream; Node says on the latter what it has to complain of. */
function check(): string {
  return run('check --no-cache --reporter list');
}

function run(words: string, environment: NodeJS.ProcessEnv = {}, as: { readonly uid?: number } = {}): string {
  const { PATH } = process.env;
  const HOME = path.join(space.folder, 'home');
  const env = { PATH, HOME, LOCALAPPDATA: path.dirname(home), XDG_CACHE_HOME: path.dirname(home), ...environment };
  const command = [path.join(installed, 'dist/command/main.cjs'), ...words.split(' ')];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: space.folder,
    env,
    encoding: 'utf8',
    ...as,
  });
  expect(status, stderr).toBe(0);
  return stdout + stderr;
}

/** The files that are kept, below whatever folders. */
function state(): readonly { readonly file: string; readonly size: number; readonly time: number }[] {
  return readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => ({ file, size: statSync(file).size, time: statSync(file).mtimeMs }));
}

function keptNames(): readonly string[] {
  const [line] = readFileSync(state()[0]!.file, 'latin1').split('\n');
  return (JSON.parse(line!) as { listed: { name: string }[] }).listed.map(({ name }) => name);
}
