// Builds dist/: what tsc emits, the app of the HTML report, the published JSON Schemas, and an executable command.
// What no source stands behind any more is removed, so that a package never carries the past.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, bundleFile } from './bundle.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [harness, dist] = [join(root, 'harness'), join(root, 'dist')];
const command = join(dist, 'cli', 'main.js');
const builtBundle = join(dist, 'report', 'html', 'bundle.js');

if (!isWhole()) rmSync(join(dist, '.tsbuildinfo'), { force: true });
await bundle();
compile();
copyBundle();
copySchemas();
prune();
if (!existsSync(command)) fail('The build has no dist/cli/main.js: harness/cli/main.ts is missing.');
chmodSync(command, 0o755);

/** tsc, going by its notes of the last build, does not write again what somebody has deleted since. */
function isWhole() {
  return filesOf(harness)
    .map((file) => file.slice(harness.length + 1))
    .filter(
      (file) => /(?<!\.d)\.ts$/.test(file) && !/^(test|bench|report\/html\/app)\b/.test(file.replaceAll('\\', '/')),
    )
    .every((file) => existsSync(join(dist, file.replace(/ts$/, 'js'))));
}

function compile() {
  const tsc = createRequire(import.meta.url).resolve('typescript/lib/tsc.js');
  const args = [tsc, '-p', join(harness, 'tsconfig.build.json')];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) fail('The build failed: tsc found the errors above.');
}

/** The app itself is not compiled: a browser takes it as it is bundled. */
function copyBundle() {
  cpSync(bundleFile, builtBundle);
}

function copySchemas() {
  const from = join(harness, 'model', 'schemas');
  if (!existsSync(from)) return;
  cpSync(from, join(dist, 'model', 'schemas'), { recursive: true, filter: (file) => !/\.[cm]?ts$/.test(file) });
}

function prune() {
  for (const file of filesOf(dist)) {
    const source = join(harness, file.slice(dist.length)).replace(/(\.d)?\.[jt]s$/, '.ts');
    if (!existsSync(source) && file !== builtBundle && !file.endsWith('.tsbuildinfo')) rmSync(file);
  }
}

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
