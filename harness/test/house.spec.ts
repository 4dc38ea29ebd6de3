import { expect, test } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

// One planted file a breach: what is written in it, and the rule that must name it.
const breaches: readonly [file: string, code: string, rule: string][] = [
  ['harness/model/a.ts', `import '../compile/entry.ts';`, 'model-alone'],
  ['harness/compile/a.ts', `import '../replay/entry.ts';`, 'stages-apart'],
  ['harness/compare/a.ts', `import type { Entry } from '../compile/entry.ts';\nexport type A = Entry;`, 'stages-apart'],
  ['harness/report/a.ts', `import '../files/entry.ts';`, 'stages-apart'],
  ['harness/check/a.ts', `export const a = () => import('../compare/entry.ts');`, 'stages-apart'],
  ['harness/files/a.ts', `import '../compile/entry.ts';`, 'files-know-model'],
  ['harness/conform.ts', `import './files/entry.ts';`, 'conform-joins-stages'],
  ['harness/doors/msw.ts', `import './playwright.ts';`, 'doors-join-stages'],
  ['harness/doors/expect.ts', `import '../cli/entry.ts';`, 'runners-through-one-door'],
  ['harness/index.ts', `import './cli/entry.ts';`, 'nobody-knows-cli'],
  ['harness/cli/a.ts', `import '../doors/playwright.ts';`, 'nobody-knows-doors'],
  ['harness/cli/b.ts', `import '../index.ts';`, 'cli-goes-past-index'],
  ['harness/cli/c.ts', `import '../test/entry.ts';`, 'published-without-tests'],
  ['harness/report/b.ts', `import 'unified';`, 'markdown-in-compile-and-check'],
  ['harness/compare/b.ts', `import 'remark-gfm';`, 'markdown-in-compile-and-check'],
  [
    'harness/compare/c.ts',
    `import type { Root } from 'mdast';\nexport type C = Root;`,
    'markdown-in-compile-and-check',
  ],
  ['harness/replay/a.ts', `import 'msw';`, 'msw-in-mock'],
  ['harness/cli/d.ts', `import 'undici';`, 'only-replay-sends'],
  ['harness/report/c.ts', `import '@playwright/test';`, 'playwright-at-its-door'],
  ['harness/compile/b.ts', `import 'commander';`, 'commander-in-cli'],
  ['harness/compile/c.ts', `import 'node:fs/promises';`, 'only-files-touches-files'],
  ['harness/cli/e.ts', `import 'fs';`, 'only-files-touches-files'],
  ['harness/replay/b.ts', `import 'node:process';`, 'only-cli-touches-process'],
  ['harness/files/b.ts', `import 'node:child_process';`, 'only-cli-starts-processes'],
  ['harness/report/e.ts', `import 'preact';`, 'app-in-browser'],
  ['harness/compile/d.ts', `import 'fast-check';`, 'only-what-is-installed'],
  ['harness/compile/e.ts', `import './gone.ts';`, 'resolvable'],
  ['harness/mock/a.ts', `import './b.ts';`, 'no-cycles'],
];

const lawful: readonly [file: string, code: string][] = [
  // The other half of the planted cycle, which is named once.
  ['harness/mock/b.ts', `import './a.ts';`],
  ['harness/compile/lawful.ts', `import '../model/entry.ts';\nimport 'remark-parse';\nimport './entry.ts';`],
  ['harness/files/lawful.ts', `import 'node:fs/promises';\nimport '../model/entry.ts';`],
  ['harness/doors/remark.ts', `import 'unified';\nimport '../check/entry.ts';`],
  ['harness/cli/door.ts', `import './entry.ts';`],
  ['harness/doors/playwright-reporter.ts', `import '../cli/door.ts';\nimport '@playwright/test';`],
  ['harness/cli/lawful.ts', `import 'node:child_process';\nimport '../files/entry.ts';\nimport '../mock/entry.ts';`],
  ['harness/test/lawful.ts', `import 'node:fs';\nimport 'msw';\nimport '../cli/entry.ts';`],
];

test('the linter names every breach of the import rule, and nothing else', ({}, info) => {
  const root = plant(info.outputPath(), [...breaches, ...lawful]);
  const { stdout } = depcruise(root);
  const { violations } = JSON.parse(stdout).summary as { violations: { from: string; rule: { name: string } }[] };
  const named = new Set(violations.map(({ from, rule }) => `${rule.name}: ${from}`));
  const planted = new Set(breaches.map(([file, , rule]) => `${rule}: ${file}`));
  expect(
    [...planted].filter((breach) => !named.has(breach)),
    'breaches nobody named',
  ).toEqual([]);
  const files = new Set(breaches.map(([file]) => file));
  expect(
    violations.filter(({ from }) => !files.has(from)),
    'false alarms',
  ).toEqual([]);
});

test('the linter names what one file can get wrong', ({}, info) => {
  const wrong: readonly [file: string, code: string, rule: string][] = [
    ['harness/model/a.ts', 'export const a = process.env.HOME;', 'no-restricted-globals'],
    ['harness/replay/b.ts', 'export const b = globalThis.process;', 'no-restricted-properties'],
    ['harness/check/c.ts', `export const c = () => fetch('/');`, 'no-restricted-globals'],
    ['harness/report/d.ts', 'console.log(1);', 'no-console'],
    ['harness/mock/e.ts', 'export class Server {}', 'no-restricted-syntax'],
    ['harness/mock/f.ts', 'export default 1;', 'no-restricted-syntax'],
    ['harness/cli/g.ts', `// FIX${'ME'} later\nexport {};`, 'no-warning-comments'],
    ['harness/cli/h.ts', 'const later = async () => 1;\nlater();', '@typescript-eslint/no-floating-promises'],
  ];
  const root = plant(info.outputPath(), [
    ...wrong,
    ['harness/cli/lawful.ts', 'console.log(process.argv);\nexport class UsageError extends Error {}'],
  ]);
  const { stdout } = node(root, 'eslint/bin/eslint.js', '.', '--format', 'json');
  const results = JSON.parse(stdout) as { filePath: string; messages: { ruleId: string }[] }[];
  const named = results.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId }) => `${ruleId}: ${filePath.slice(root.length + 1)}`),
  );
  expect(named.sort()).toEqual(wrong.map(([file, , rule]) => `${rule}: ${file}`).sort());
});

test('the house itself keeps the import rule', () => {
  const { status, stdout } = depcruise(resolve('.'), 'err');
  expect(status, stdout).toBe(0);
});

test('the top level is what the README says it is', () => {
  const top = new Set(tracked().map((file) => file.split('/')[0]!));
  const rooms = ['docs', 'fixtures', 'harness', 'reports', 'package.json', 'tsconfig.json'];
  const around = [
    'README.md',
    'LICENSE',
    'package-lock.json',
    'eslint.config.js',
    'playwright.config.ts',
    'action.yml',
  ];
  expect([...top].filter((name) => !name.startsWith('.') && ![...rooms, ...around].includes(name))).toEqual([]);
  expect(rooms.filter((name) => !top.has(name))).toEqual([]);
});

test('no comment puts work off', () => {
  const sources = tracked().filter((file) => /\.([cm]?[jt]s|css|sh|yml)$/.test(file) && !file.includes('/cases/'));
  expect(sources.length).toBeGreaterThan(20);
  // The words are written in two parts here, so that this file is not the one that is found.
  const late = new RegExp(String.raw`(//|/\*|^\s*\*|#)\s*(TO` + 'DO|FIX' + 'ME|XX' + 'X)', 'm');
  expect(sources.filter((file) => late.test(readFileSync(file, 'utf8')))).toEqual([]);
});

/** A tree like ours with an entry in every room, and these files. */
function plant(folder: string, files: readonly (readonly [file: string, code: string, ...rest: unknown[]])[]): string {
  const rooms = ['model', 'files', 'compile', 'check', 'replay', 'mock', 'compare', 'report', 'cli', 'test'];
  const entries = rooms.map((room) => [`harness/${room}/entry.ts`, 'export interface Entry {\n  a: 1;\n}\n'] as const);
  for (const [file, code] of [...entries, ['harness/doors/playwright.ts', 'export {};'] as const, ...files]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${code}\n`);
  }
  for (const file of ['package.json', 'tsconfig.json', 'eslint.config.js', '.dependency-cruiser.cjs']) {
    cpSync(file, join(folder, file));
  }
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'), 'junction');
  return folder;
}

function depcruise(root: string, format = 'json') {
  return node(root, 'dependency-cruiser/bin/dependency-cruise.mjs', '--output-type', format, 'harness');
}

function node(cwd: string, tool: string, ...args: readonly string[]) {
  return spawnSync(process.execPath, [resolve('node_modules', tool), ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
}

/** What git tracks or would track. */
function tracked(): readonly string[] {
  const { stdout } = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
  return stdout.split('\n').filter((file) => file !== '');
}
