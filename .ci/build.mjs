// Builds dist/: the code in bundles, the app of the HTML report among them, the types that tsc emits, and the published JSON Schemas.
// What no source stands behind any more is removed, so that a package never carries the past.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';
import { bundleCode } from './code.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [harness, dist] = [join(root, 'harness'), join(root, 'dist')];
const command = join(dist, 'command', 'main.cjs');
const built = join(dist, '.built');

// What has changed since is not in it.
const start = new Date();
if (!isWhole()) rmSync(join(dist, '.tsbuildinfo'), { force: true });
await bundle();
compile();
copySchemas();
prune(new Set(await bundleCode(root, dist)));
chmodSync(command, 0o755);
writeFileSync(built, '');
utimesSync(built, start, start);

/** tsc, going by its notes of the last build, does not write again what somebody has deleted since. */
function isWhole() {
  return filesOf(harness)
    .map((file) => file.slice(harness.length + 1))
    .filter(
      (file) => /(?<!\.d)\.ts$/.test(file) && !/^(test|bench|report\/html\/app)\b/.test(file.replaceAll('\\', '/')),
    )
    .every((file) => existsSync(join(dist, file.replace(/ts$/, 'd.ts'))));
}

function compile() {
  const tsc = createRequire(import.meta.url).resolve('typescript/lib/tsc.js');
  const args = [tsc, '-p', join(harness, 'tsconfig.build.json')];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) fail('The build failed: tsc found the errors above.');
}

function copySchemas() {
  const from = join(harness, 'model', 'schemas');
  if (!existsSync(from)) return;
  cpSync(from, join(dist, 'model', 'schemas'), { recursive: true, filter: (file) => !/\.[cm]?ts$/.test(file) });
}

function prune(bundles) {
  for (const file of filesOf(dist)) {
    const source = join(harness, file.slice(dist.length)).replace(/\.d\.ts$/, '.ts');
    const isOurs =
      bundles.has(file) ||
      file === built ||
      file.endsWith('.tsbuildinfo') ||
      (existsSync(source) && !file.endsWith('.js'));
    if (!isOurs) rmSync(file);
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
