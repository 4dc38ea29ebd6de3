// Sees to it that there is a browser before any test runs, and ends in an error that says what to install if there is
// none. What it settles on is noted, so that a machine that cannot download is asked once and not at every run.
import { chromium } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { browserNote, howToGetABrowser, notedBrowser, starts, systemBrowsers } from './browser.ts';

const MINUTE = 60_000;
const playwright = join(dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')), 'cli.js');

const browser = settled() ?? fromPlaywright() ?? systemBrowsers().find(starts) ?? fromDebian();
if (browser === undefined) {
  console.error(howToGetABrowser);
  process.exit(1);
}
mkdirSync(dirname(browserNote), { recursive: true });
writeFileSync(browserNote, `${browser}\n`);

/** What a former run noted, or Playwright's own where it is there already: nothing to download. */
function settled(): string | undefined {
  return [notedBrowser(), chromium.executablePath()].find((path) => path !== undefined && starts(path));
}

function fromPlaywright(): string | undefined {
  console.error('Installing a browser for the tests …');
  run('download', process.execPath, [playwright, 'install', '--no-shell', 'chromium'], 5 * MINUTE);
  const path = chromium.executablePath();
  // Downloaded, and yet it does not start: the system lacks libraries, which root can install.
  if (existsSync(path) && !starts(path) && isRoot()) {
    run('system libraries', process.execPath, [playwright, 'install-deps', 'chromium'], 5 * MINUTE);
  }
  return starts(path) ? path : undefined;
}

function fromDebian(): string | undefined {
  if (process.platform !== 'linux' || !isRoot()) return undefined;
  console.error('No browser can be downloaded and none is installed: asking apt for Debian’s chromium …');
  run('apt-get update', 'apt-get', ['update', '-q'], 2 * MINUTE);
  run('apt-get install', 'apt-get', ['install', '-q', '-y', '--no-install-recommends', 'chromium'], 5 * MINUTE);
  return systemBrowsers().find(starts);
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Runs a command whose success is judged by what it leaves behind; a failing download says why in its last line. */
function run(what: string, command: string, args: readonly string[], timeout: number): void {
  const env = {
    ...process.env,
    DEBIAN_FRONTEND: 'noninteractive',
    // Milliseconds of silence before a host counts as unreachable.
    PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: process.env.PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT ?? '5000',
  };
  const { status, error, stderr } = spawnSync(command, args, {
    env,
    timeout,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status === 0) return;
  const cause = /^(?:Error|E): .+/m.exec(stderr ?? '')?.[0] ?? error?.message ?? `exit ${status}`;
  console.error(`  ${what} failed: ${cause}`);
}
