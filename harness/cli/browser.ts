import { spawn } from 'node:child_process';
import process from 'node:process';
import type { Environment } from './settings.ts';
import { isCi, type Screen } from './terminal.ts';

/** Is there a person who would see a browser open? Not in a CI, nor where the output goes elsewhere, nor on a machine without a screen. */
export function seesBrowser(
  stream: Pick<Screen, 'isTTY'>,
  environment: Environment,
  platform = process.platform,
): boolean {
  const { DISPLAY, WAYLAND_DISPLAY, TERM } = environment;
  if (stream.isTTY !== true || TERM === 'dumb' || isCi(environment)) return false;
  return platform === 'win32' || platform === 'darwin' || Boolean(DISPLAY || WAYLAND_DISPLAY);
}

/** Opens a URL by the program that the system opens URLs with, without a shell; false where there is none. */
export function openBrowser(url: string, environment: Environment): Promise<boolean> {
  const [program, ...words] = OPENERS[process.platform] ?? ['xdg-open'];
  return new Promise((resolve) => {
    const child = spawn(program!, [...words, url], { env: { ...environment }, stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => resolve(true));
    // It may live longer than we do.
    child.unref();
  });
}

const OPENERS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
