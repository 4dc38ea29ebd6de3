import { readdir, realpath, stat } from 'node:fs/promises';
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
 * `node_modules` and dot-folders are left out; a dangling link is a file. `listing` hears of each folder.
 */
export async function walk(folder: string, listing?: (folder: string) => void): Promise<Found[]> {
  const found: Found[] = [];
  const listed = new Set<string>();
  // Folders wait in a list, not on the stack: no depth is too deep.
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const at = next;
    try {
      const real = await realpath(at);
      if (listed.has(real)) continue;
      listed.add(real);
      listing?.(at);
      // Nothing in it is to be resolved.
      const before = path.join(at, path.sep);
      for (const entry of await readdir(at, { withFileTypes: true })) {
        const absolute = before + entry.name;
        const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await leadsToFolder(absolute)));
        if (!isFolder) found.push(entry.isFile() ? { absolute, isPlain: true } : { absolute });
        else if (entry.name !== 'node_modules' && !entry.name.startsWith('.')) waiting.push(absolute);
      }
    } catch (cause) {
      found.push({ absolute: at, failure: cause instanceof Error ? cause : new Error(String(cause)) });
    }
  }
  return found;
}

/** A folder with all that lie below it, as in `walk`, and the folders that links to files lead into. */
export async function walkFolders(folder: string): Promise<ReadonlySet<string>> {
  const folders = new Set<string>();
  const found = await walk(folder, (each) => folders.add(each));
  for (const { absolute, isPlain, failure } of found) {
    if (isPlain || failure) continue;
    const real = await realpath(absolute).catch(() => undefined);
    if (real !== undefined) folders.add(path.dirname(real));
  }
  return folders;
}

async function leadsToFolder(link: string): Promise<boolean> {
  return stat(link).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
