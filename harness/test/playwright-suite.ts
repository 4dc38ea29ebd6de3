import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtMain, type Finished } from './built.ts';
import { workspace, type Workspace } from './workspace.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A folder with Playwright and the built docwright in it, as a user has them. */
export function playwrightSpace(files: Readonly<Record<string, string>>): Workspace {
  const space = workspace({ 'package.json': '{ "type": "module" }', ...files });
  const modules = path.join(space.folder, 'node_modules');
  mkdirSync(path.join(modules, '@playwright'), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules/@playwright/test'), path.join(modules, '@playwright/test'), 'dir');
  symlinkSync(path.resolve(builtMain(), '../../..'), path.join(modules, 'docwright'), 'dir');
  return space;
}

/** Runs Playwright's own command line there. */
export function playwright(
  space: Workspace,
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const options = { cwd: space.folder, env: { ...ownEnvironment(), ...environment }, maxBuffer: 1 << 28 };
    const child = execFile(process.execPath, [CLI, ...words], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

/** What Playwright's own JSON reporter tells of tests. */
export interface ToldTest {
  readonly title: string;
  readonly file: string;
  readonly line: number;
  readonly tags: readonly string[];
  readonly tests: readonly {
    readonly status: string;
    readonly annotations: readonly { readonly type: string; readonly description?: string }[];
    readonly results: readonly ToldResult[];
  }[];
}

/** What it tells of one time that a test was run. */
export interface ToldResult {
  readonly status: string;
  readonly retry: number;
  readonly workerIndex: number;
  readonly steps?: readonly { readonly title: string; readonly error?: object }[];
  readonly errors: readonly {
    readonly message: string;
    readonly location?: { readonly file: string; readonly line: number };
  }[];
  readonly attachments: readonly { readonly name: string; readonly contentType: string; readonly body?: string }[];
}

/** Runs tests there, and gives what is told of them. */
export async function toldTests(
  space: Workspace,
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; specs: ToldTest[]; stderr: string }> {
  const { code, stdout, stderr } = await playwright(space, ['test', ...words, '--reporter', 'json'], environment);
  // What is for our own reporter no other shows.
  const { suites } = JSON.parse(stdout, (key, value: unknown) =>
    key === 'annotations' ? (value as { type: string }[]).filter(({ type }) => !type.startsWith('_')) : value,
  ) as { suites: { specs: ToldTest[] }[] };
  return { code, specs: suites.flatMap(({ specs }) => specs), stderr };
}

/** Starts it, for whoever talks to it while it runs. */
export function startPlaywright(
  space: Workspace,
  words: readonly string[],
): { readonly child: ChildProcess; said(pattern: RegExp): Promise<string> } {
  const child = spawn(process.execPath, [CLI, ...words], { cwd: space.folder, env: ownEnvironment() });
  let text = '';
  const heard = new Set<() => void>();
  const hear = (chunk: Buffer): void => {
    text += chunk.toString();
    for (const each of heard) each();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return {
    child,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const [found] = pattern.exec(text) ?? [];
          if (found !== undefined) resolve(found);
        };
        heard.add(look);
        look();
        child.once('exit', () => reject(new Error(`It ended and said only: ${text}`)));
      }),
  };
}

const CLI = path.join(ROOT, 'node_modules/@playwright/test/cli.js');

/** What this runner sets for its own workers is none of that one's business. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(TEST_|PW_|PLAYWRIGHT_|CI$|FORCE_COLOR|NODE_OPTIONS)/.test(name)),
  );
}
