import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const everywhere = ['error', { name: 'process', message: 'Only `cli` touches the process: let it hand this in.' }];
const sends = { name: 'fetch', message: 'Only `replay` sends, and it does so through undici.' };

/** Constructs the house does without, each with what to write in its place. */
const unwanted = [
  {
    selector: 'ClassDeclaration:not([superClass.name=/Error$/])',
    message: 'No classes but errors: write functions over plain data.',
  },
  {
    selector: 'ExportDefaultDeclaration',
    message: 'Export by name: a default export has a different name in every importer.',
  },
  {
    selector: 'ImportDeclaration[source.value=/^\\..*(?<![.](tsx?|json|css)|\\/bundle[.]js)$/]',
    message: 'Write the extension of a relative import: `.ts`.',
  },
];

// Which room may import which is held by .dependency-cruiser.cjs; here is what a single file can get wrong.
export default defineConfig(
  {
    ignores: [
      'dist/',
      'docs/',
      'fixtures/',
      'reports/',
      'test-results/',
      'harness/test/cases/',
      'harness/report/html/bundle.js',
    ],
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'no-constant-condition': 'error',
      'no-fallthrough': 'error',
      'no-unreachable': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'start' }],
      'no-restricted-syntax': ['error', ...unwanted],
    },
  },
  {
    files: ['harness/**/*.{ts,tsx}'],
    ignores: ['harness/{cli,bench,test}/**'],
    rules: {
      'no-console': 'error',
      'no-restricted-globals': [...everywhere, sends],
      'no-restricted-properties': [
        'error',
        { object: 'globalThis', property: 'process', message: everywhere[1].message },
        { object: 'globalThis', property: 'fetch', message: sends.message },
      ],
    },
  },
  // Playwright hands out fixtures by destructuring, also where none is wanted; its config and ours are found by their default export.
  { files: ['harness/test/**/*.ts'], rules: { 'no-empty-pattern': 'off' } },
  { files: ['*.config.ts', 'harness/test/cases/**'], rules: { 'no-restricted-syntax': 'off' } },
);
