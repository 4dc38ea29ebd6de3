import { expect, test } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { rules } from '../model/rules.ts';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly bin: unknown;
  readonly scripts: Readonly<Record<string, string>>;
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
      'dist/cli/main.js',
      'dist/index.js',
      'dist/index.d.ts',
      'dist/report/html/bundle.js',
      ...schemas.map((file) => `dist/model/schemas/${file}`),
      ...Object.keys(rules).map((id) => `docs/rules/${id}.md`),
    ]),
  );
  expect(
    files.filter((file) => /(^|\/)(test|bench|reports|fixtures)\/|tsbuildinfo|(?<!\.d)\.ts$|^\./.test(file)),
  ).toEqual([]);
  if (process.platform !== 'win32') expect(modes.get('dist/cli/main.js')! & 0o111).toBe(0o111);
  expect(readFileSync('dist/cli/main.js', 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test('the package has one command, and installing it runs nothing', () => {
  expect(manifest.bin).toEqual({ docwright: 'dist/cli/main.js' });
  expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?(install|prepare)$/.test(name))).toEqual([]);
});

test('what is built imports only what is packed or depended on', () => {
  const { files } = packed();
  const dangling = files
    .filter((file) => file.startsWith('dist/') && file.endsWith('.js'))
    .flatMap((file) => importsOf(file).filter((imported) => !files.includes(imported)));
  expect(dangling).toEqual([]);
});

/** The relative imports of a built module, as paths in the package. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map(([, path]) =>
    new URL(path!, `file:///${file}`).pathname.slice(1),
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
