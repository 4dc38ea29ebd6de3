// Installs the dependencies where they are missing or not those of the lockfile. It runs before anything is installed,
// so it is plain Node; repeated runs cost one comparison of two files.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

requireNode(20, 19);
if (!isInstalled()) install();

function requireNode(major, minor) {
  const [ours, ourMinor] = process.versions.node.split('.').map(Number);
  if (ours > major || (ours === major && ourMinor >= minor)) return;
  console.error(`Node ${process.versions.node} is too old: docwright needs Node ${major}.${minor} or later.`);
  process.exit(1);
}

/** npm notes what it installed in node_modules; times of files say nothing after a checkout, versions do. */
function isInstalled() {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !present) return false;
  const paths = Object.keys(wanted).filter((path) => path !== '');
  return (
    paths.every((path) => isSatisfied(path, wanted[path], present[path])) &&
    Object.keys(present).every((path) => path in wanted)
  );
}

/** A package of another platform is rightly absent. */
function isSatisfied(path, wanted, present) {
  if (!present) return Boolean(wanted.optional || wanted.devOptional);
  return present.version === wanted.version && existsSync(join(root, path));
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function install() {
  console.error('Installing dependencies …');
  // Under `npm run` this is the very npm that was called; it must not depend on what else is on the path.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  const { status, error } = npm?.endsWith('js')
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (status === 0) return;
  console.error(`npm ci failed${error ? `: ${error.message}` : ''}. Nothing else can run before it succeeds.`);
  process.exit(1);
}
