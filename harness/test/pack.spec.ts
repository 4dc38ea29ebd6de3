import { expect, test } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { rules } from '../model/rules.ts';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly bin: unknown;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: object;
  readonly peerDependencies: object;
};

test('the package carries the command, the library with its types, the schemas and the pages of the rules, and nothing of the workshop', () => {
  const { files, modes } = packed();
  const schemas = readdirSync('harness/model/schemas').filter((file) => file.endsWith('.json'));
  expect(schemas.length).toBeGreaterThan(0);
  expect(files).toEqual(
    expect.arrayContaining([
      'LICENSE',
      'README.md',
      'package.json',
      'docs/ci.md',
      'docs/accounts.md',
      'docs/replay.md',
      'docs/writing.md',
      'dist/command/main.cjs',
      'dist/index.js',
      'dist/index.d.ts',
      'dist/LICENSES.txt',
      'dist/chunks/worker.js',
      'dist/command/worker.cjs',
      ...schemas.map((file) => `dist/model/schemas/${file}`),
      ...Object.keys(rules).map((id) => `docs/rules/${id}.md`),
    ]),
  );
  expect(
    files.filter((file) => /(^|\/)(test|bench|reports|fixtures)\/|tsbuildinfo|\.built|(?<!\.d)\.ts$|^\./.test(file)),
  ).toEqual([]);
  if (process.platform !== 'win32') expect(modes.get('dist/command/main.cjs')! & 0o111).toBe(0o111);
  expect(readFileSync('dist/command/main.cjs', 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test('the package has one command, and installing it runs nothing', () => {
  expect(manifest.bin).toEqual({ docwright: 'dist/command/main.cjs' });
  expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?(install|prepare)$/.test(name))).toEqual([]);
});

test('what is built imports only what is packed or depended on', () => {
  const { files } = packed();
  const code = files.filter((file) => file.startsWith('dist/') && /\.c?js$/.test(file));
  const imported = code.flatMap(importsOf);
  expect(imported.filter((each) => each.startsWith('./')).length).toBeGreaterThan(100);
  expect(imported.filter((each) => each.startsWith('./') && !files.includes(each.slice(2)))).toEqual([]);
  // Compiled code that was kept cannot import: Node 20 would refuse it.
  const command = code.filter((file) => file.endsWith('.cjs') && !file.endsWith('/import.cjs'));
  expect(command.filter((file) => /^[^*`\n]*(?<![.\w])import\(/m.test(readFileSync(file, 'utf8')))).toEqual([]);
  const { dependencies, peerDependencies } = manifest;
  const known = [
    ...Object.keys({ ...dependencies, ...peerDependencies }),
    ...builtinModules.flatMap((name) => [name, `node:${name}`]),
  ];
  expect(imported.filter((each) => !each.startsWith('./') && !known.includes(packageOf(each)))).toEqual([]);
});

test('what is bundled brings its licenses along', () => {
  const licenses = readFileSync('dist/LICENSES.txt', 'utf8');
  for (const name of ['remark-parse', 'micromark', 'unified', 'vfile', 'commander', 'fastest-levenshtein'])
    expect(licenses).toMatch(new RegExp(`^${name} \\d`, 'm'));
  expect(licenses.match(/permission is hereby granted/gi)!.length).toBeGreaterThan(30);
});

function packageOf(specifier: string): string {
  return /^(?:node:.*|@[^/]+\/[^/]+|[^/]+)/.exec(specifier)![0];
}

/** What a built module imports: packages, and files as `./` and their path in the package. */
function importsOf(file: string): readonly string[] {
  // Comments of what is bundled name types by such words, too.
  const text = readFileSync(file, 'utf8').replace(/^\s*\*.*$/gm, '');
  return [...text.matchAll(/^(?:import|export)\b[^'"]*?["']([^"'\n]+)["'];|\b(?:import|require)\("([^"]+)"\)/gm)].map(
    ([, first, later]) => {
      const path = (first ?? later)!;
      return path.startsWith('.') ? `.${new URL(path, `file:///${file}`).pathname}` : path;
    },
  );
}

function packed() {
  // Without scripts: what is packed is what `npm test` has just built.
  const { stdout, stderr } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  expect(stdout, stderr).not.toBe('');
  const printed: unknown = JSON.parse(stdout);
  // npm 11 and before print a list of packages, later ones an object by name.
  const [report] = Object.values(printed as object) as { files: { path: string; mode: number }[] }[];
  return {
    files: report!.files.map(({ path }) => path),
    modes: new Map(report!.files.map(({ path, mode }) => [path, mode])),
  };
}
