import path from 'node:path';
import type { Environment } from './settings.ts';

/**
 * The folder of this user where code is kept as V8 compiled it; none where there is no home, or where Node is told to keep nothing
 * (`NODE_DISABLE_COMPILE_CACHE`) or to keep it elsewhere by itself (`NODE_COMPILE_CACHE`). By the XDG Base Directory Specification,
 * and by what is usual on macOS and Windows. Never a folder of the docs: who can write there could have code run here.
 */
export function cacheHome(environment: Environment, platform: NodeJS.Platform): string | undefined {
  if (environment.NODE_DISABLE_COMPILE_CACHE || environment.NODE_COMPILE_CACHE) return undefined;
  const folder = foldersOf(environment, platform).find((each) => each !== undefined && path.isAbsolute(each));
  return folder === undefined ? undefined : path.join(folder, 'docwright');
}

function foldersOf(environment: Environment, platform: NodeJS.Platform): readonly (string | undefined)[] {
  const { HOME, LOCALAPPDATA, XDG_CACHE_HOME } = environment;
  if (platform === 'win32') return [LOCALAPPDATA];
  return [XDG_CACHE_HOME, HOME && path.join(HOME, platform === 'darwin' ? 'Library/Caches' : '.cache')];
}
