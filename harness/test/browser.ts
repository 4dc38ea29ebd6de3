import { chromium, type Browser } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where `provide-browser.ts` notes the path of the browser it settled on; gone with node_modules, so never older than Playwright. */
export const browserNote = join('node_modules', '.cache', 'docwright', 'browser');

/** What to do when there is no browser. */
export const howToGetABrowser =
  'No Chromium to run the tests with. Run `npm test`, which looks for one and installs it where it can, ' +
  'or install one by hand: `npx playwright install chromium`, or `apt-get install chromium` on Debian, or Chrome.';

/** What a browser needs to run here: root has no sandbox, and a test has no business on the network. */
export const browserArgs: readonly string[] = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-quic',
  '--disable-background-networking',
];

/** Starts the browser that `browserPath` finds; without one it throws and says what to install. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = browserPath();
  if (executablePath === undefined) throw new Error(howToGetABrowser);
  return chromium.launch({ executablePath, args: [...browserArgs] });
}

/** The Chromium to test with: the one settled on, else Playwright's, else one of the system. Starts nothing and downloads nothing. */
export function browserPath(): string | undefined {
  return [notedBrowser(), chromium.executablePath(), ...systemBrowsers()].find(
    (path) => path !== undefined && existsSync(path),
  );
}

/** The browser a former run settled on. */
export function notedBrowser(): string | undefined {
  try {
    return readFileSync(browserNote, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Paths of the Chromium and Chrome of the system, best first. */
export function systemBrowsers(): readonly string[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
  return [...onPath, ...ELSEWHERE].filter((path) => existsSync(path));
}

/** Does this browser start? One whose libraries are missing does not, though its file is there. */
export function starts(executablePath: string): boolean {
  // `chrome.exe --version` opens a window and prints nothing: on Windows the file has to do.
  if (process.platform === 'win32') return existsSync(executablePath);
  if (!existsSync(executablePath)) return false;
  const { status, stdout } = spawnSync(executablePath, ['--version'], { encoding: 'utf8', timeout: 30_000 });
  return status === 0 && /Chrom/.test(stdout);
}

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
