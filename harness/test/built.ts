import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A finished run of the command line as a process of its own. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line to its end. */
export function runBuilt(
  words: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const options = { cwd, env: environmentWith(environment), maxBuffer: 1 << 26 };
    const child = execFile(process.execPath, [builtMain(), ...words], options, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}

/** Starts the built command line, for tests that send it signals or talk to it. */
export function startBuilt(
  words: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [builtMain(), ...words], { cwd, env: environmentWith(environment) });
}

/** What the runner sets for itself would change colours. */
function environmentWith(extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _force, NO_COLOR: _no, DEBUG_COLORS: _debug, ...rest } = process.env;
  return { ...rest, ...extra };
}

let main: string | undefined;

/** The built entry: `dist` where it is as new as the sources, else a build of this process's own, without types. */
export function builtMain(): string {
  main ??= isFresh(path.join(ROOT, 'dist')) ? path.join(ROOT, 'dist/command/main.cjs') : transpiled();
  return main;
}

function isFresh(dist: string): boolean {
  const built = statSync(path.join(dist, '.built'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return sources().every((file) => statSync(path.join(ROOT, 'harness', file)).mtimeMs <= built);
}

function transpiled(): string {
  // Below node_modules, so that the packages are found from there.
  const folder = path.join(ROOT, `node_modules/.cache/docwright-test-${process.pid}`);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { config } = ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), ts.sys.readFile) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  for (const file of sources()) {
    const target = path.join(folder, 'dist', file);
    mkdirSync(path.dirname(target), { recursive: true });
    const source = path.join(ROOT, 'harness', file);
    if (!file.endsWith('.ts')) {
      cpSync(source, target);
      continue;
    }
    const { outputText } = ts.transpileModule(readFileSync(source, 'utf8'), {
      compilerOptions: {
        ...options,
        declaration: false,
        module: ts.ModuleKind.ESNext,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
      },
      fileName: source,
    });
    writeFileSync(target.replace(/\.ts$/, '.js'), outputText);
  }
  cpSync(path.join(ROOT, 'docs/rules'), path.join(folder, 'docs/rules'), { recursive: true });
  cpSync(path.join(ROOT, 'package.json'), path.join(folder, 'package.json'));
  return path.join(folder, 'dist/cli/main.js');
}

function sources(): string[] {
  const entries = readdirSync(path.join(ROOT, 'harness'), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(path.join(ROOT, 'harness'), path.join(entry.parentPath, entry.name)))
    .filter((file) => !/^(test|bench|report\/html\/app)\b|^tsconfig|\.d\.ts$/.test(file.replaceAll('\\', '/')));
}
