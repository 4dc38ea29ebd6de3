import { expect, test } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { browserArgs, launchBrowser } from './browser.ts';

test.skip(process.platform === 'win32', 'not on win32: the stand-ins are shell scripts');

test('a browser starts and shows a page', async () => {
  const browser = await launchBrowser();
  const page = await browser.newPage();
  await page.setContent('<title>up</title>');
  expect(await page.title()).toBe('up');
  await browser.close();
});

test('`page` of a test is of the same browser', async ({ page }) => {
  expect(await page.evaluate('1 + 1')).toBe(2);
});

test('root runs the browser without its sandbox, others with it', () => {
  expect(browserArgs.includes('--no-sandbox')).toBe(process.getuid?.() === 0);
});

test.describe('where no download host answers', () => {
  test('a browser of the system is taken, and the next run does not ask again', ({}, info) => {
    const machine = aMachine(info.outputPath(), { chromium: 'echo Chromium 1.0' });
    const first = machine.provide();
    expect(first.stderr).toContain('Installing a browser');
    expect(first.status).toBe(0);
    expect(machine.note()).toBe(join(machine.bin, 'chromium'));
    expect(machine.provide()).toMatchObject({ status: 0, stderr: '' });
  });

  test('a browser that does not start is passed over', ({}, info) => {
    const machine = aMachine(info.outputPath(), { chromium: 'exit 127', 'google-chrome': 'echo Google Chrome 1.0' });
    expect(machine.provide().status).toBe(0);
    expect(machine.note()).toBe(join(machine.bin, 'google-chrome'));
  });

  test('root gets the chromium of apt', ({}, info) => {
    test.skip(process.getuid?.() !== 0, 'not as root: apt is for root alone');
    const folder = info.outputPath();
    const chromium = join(folder, 'bin', 'chromium');
    const install = `printf '#!/bin/sh\\necho Chromium 2.0\\n' > '${chromium}'; chmod +x '${chromium}'`;
    const machine = aMachine(folder, {
      'apt-get': `echo "$@" >> '${folder}/apt.log'; [ "$1" = update ] || { ${install}; }`,
    });
    expect(machine.provide().status).toBe(0);
    expect(machine.note()).toBe(chromium);
    expect(readFileSync(join(folder, 'apt.log'), 'utf8')).toBe(
      'update -q\ninstall -q -y --no-install-recommends chromium\n',
    );
  });

  test('with nothing to be had it is an error that says what to install', ({}, info) => {
    const machine = aMachine(info.outputPath(), { 'apt-get': 'echo "E: Unable to locate package" >&2; exit 100' });
    const { status, stderr } = machine.provide();
    expect(status).toBe(1);
    expect(stderr).toContain('ECONNREFUSED');
    expect(stderr).toContain('npx playwright install chromium');
    expect(machine.note()).toBeUndefined();
  });
});

/** A machine with nothing on its path but these shell scripts, and no way to a download host. */
function aMachine(folder: string, commands: Readonly<Record<string, string>>) {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const tool of ['sh', 'chmod']) symlinkSync(join('/bin', tool), join(bin, tool));
  for (const [name, script] of Object.entries(commands)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const note = join(folder, 'node_modules', '.cache', 'docwright', 'browser');
  const jiti = resolve('node_modules/jiti/lib/jiti-cli.mjs');
  const env = {
    PATH: bin,
    PLAYWRIGHT_BROWSERS_PATH: join(folder, 'none'),
    PLAYWRIGHT_DOWNLOAD_HOST: 'http://127.0.0.1:9',
  };
  return {
    bin,
    note: () => (existsSync(note) ? readFileSync(note, 'utf8').trim() : undefined),
    provide: () =>
      spawnSync(process.execPath, [jiti, resolve('harness/test/provide-browser.ts')], {
        cwd: folder,
        env,
        encoding: 'utf8',
      }),
  };
}
