import { readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/** A file below a folder, or a folder that could not be listed. */
export interface Found {
  readonly absolute: string;
  /** Is it an ordinary file, and no link to one? What is neither is to be looked at before it is opened. */
  readonly isPlain?: true;
  readonly failure?: Error;
}

/**
 * Every entry below a folder that is no folder itself, whatever its name; links to folders are followed, each folder is listed once.
 * `node_modules` and dot-folders are left out; a dangling link is a file. `listing` hears of each folder, and whether a link has led to it.
 */
export function walk(folder: string, listing?: (folder: string, isLinked: boolean) => void): Found[] {
  const found: Found[] = [];
  const listed = new Set<string>();
  // Folders wait in a list, not on the stack: no depth is too deep.
  const waiting = [{ at: folder, isLinked: false }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { at, isLinked } = next;
    try {
      const real = realpathSync.native(at);
      if (listed.has(real)) continue;
      listed.add(real);
      listing?.(at, isLinked);
      // Nothing in it is to be resolved.
      const before = path.join(at, path.sep);
      for (const entry of readdirSync(at, { withFileTypes: true })) {
        const absolute = before + entry.name;
        const isLink = entry.isSymbolicLink();
        const isFolder = entry.isDirectory() || (isLink && leadsToFolder(absolute));
        if (!isFolder) found.push(entry.isFile() ? { absolute, isPlain: true } : { absolute });
        else if (entry.name !== 'node_modules' && !entry.name.startsWith('.'))
          waiting.push({ at: absolute, isLinked: isLink });
      }
    } catch (cause) {
      found.push({ absolute: at, failure: cause instanceof Error ? cause : new Error(String(cause)) });
    }
  }
  return found;
}

/** A folder with all that lie below it, as in `walk`, and the folders that links to files lead into. */
export function walkFolders(folder: string): ReadonlySet<string> {
  const folders = new Set<string>();
  const found = walk(folder, (each) => folders.add(each));
  for (const { absolute, isPlain, failure } of found) {
    if (isPlain || failure) continue;
    const real = realOf(absolute);
    if (real !== undefined) folders.add(path.dirname(real));
  }
  return folders;
}

function leadsToFolder(link: string): boolean {
  try {
    return statSync(link).isDirectory();
  } catch {
    return false;
  }
}

/** Where a file really lies; nothing where a link leads nowhere. */
function realOf(file: string): string | undefined {
  try {
    return realpathSync.native(file);
  } catch {
    return undefined;
  }
}
