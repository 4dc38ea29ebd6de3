import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * The folder of a bench's own with these packages installed, at these exact versions: a yardstick must not move with
 * the dependencies of the package, nor peers become some of them. Installed when first asked for, or asked differently.
 */
export function peersOf(bench: string, versions: Readonly<Record<string, string>>): string {
  const folder = resolve('node_modules', '.cache', 'docwright-bench', bench);
  const manifest = join(folder, 'package.json');
  const wanted = `${JSON.stringify({ private: true, type: 'module', dependencies: versions }, null, 2)}\n`;
  const done = join(folder, 'node_modules', '.package-lock.json');
  if (existsSync(done) && readFileSync(manifest, 'utf8') === wanted) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(manifest, wanted);
  install(folder);
  return folder;
}

function install(folder: string): void {
  const args = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', args, {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`The peers of this bench could not be installed into ${folder}.`);
}
