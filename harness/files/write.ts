import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../model/usage.ts';
import { isWithin } from './names.ts';

/**
 * Writes a text file below `root`, folders included, whole or not at all. A file that has this content already keeps its
 * time. Never writes outside `root`, neither by `..` nor through a link.
 */
export async function writeWithin(root: string, relative: string, text: string): Promise<'written' | 'unchanged'> {
  const file = placeWithin(root, relative);
  const bytes = Buffer.from(text, 'utf8');
  if (holds(file, bytes)) return 'unchanged';
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = path.join(path.dirname(file), `.${path.basename(file).slice(0, 100)}.${randomUUID()}.tmp`);
  // One after the other: the threads that would do it beside this one take several times as long to be asked.
  try {
    writeFileSync(draft, bytes, { flag: 'wx' });
    renameSync(draft, file);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw cause;
  }
  return 'written';
}

/** Looked at before it is read, for most files are not there yet, and an error costs more than a look. */
function holds(file: string, bytes: Buffer): boolean {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats?.isFile() === true && stats.size === bytes.length && readFileSync(file).equals(bytes);
  } catch {
    return false;
  }
}

/** The absolute path of a file below `root`; a UsageError where it, or a folder on the way that is a link, lies outside. */
export function placeWithin(root: string, relative: string): string {
  const file = path.resolve(root, relative);
  if (relative.includes('\0') || file === path.resolve(root) || !isWithin(file, path.resolve(root))) {
    throw new UsageError(`\`${relative}\` does not lie below \`${root}\``);
  }
  const real = realOf(path.resolve(root));
  if (!isWithin(realOf(path.dirname(file)), real)) {
    throw new UsageError(`A link on the way to \`${relative}\` leads out of \`${root}\``);
  }
  return file;
}

/** The real path of a folder that may not be there yet: that of its deepest part that is. */
function realOf(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch (cause) {
    const parent = path.dirname(folder);
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT' || parent === folder) throw cause;
    return path.join(realOf(parent), path.basename(folder));
  }
}
