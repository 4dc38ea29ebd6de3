import { randomUUID } from 'node:crypto';
import { mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../model/usage.ts';
import { isWithin } from './names.ts';

/**
 * Writes a text file below `root`, folders included, whole or not at all. A file that has this content already keeps its
 * time. Never writes outside `root`, neither by `..` nor through a link.
 */
export async function writeWithin(root: string, relative: string, text: string): Promise<'written' | 'unchanged'> {
  const file = await placeWithin(root, relative);
  const bytes = Buffer.from(text, 'utf8');
  const present = await readFile(file).catch(() => undefined);
  if (present?.equals(bytes)) return 'unchanged';
  await mkdir(path.dirname(file), { recursive: true });
  const draft = path.join(path.dirname(file), `.${path.basename(file).slice(0, 100)}.${randomUUID()}.tmp`);
  try {
    await writeFile(draft, bytes, { flag: 'wx' });
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true });
    throw cause;
  }
  return 'written';
}

/** The absolute path of a file below `root`; a UsageError where it, or a folder on the way that is a link, lies outside. */
export async function placeWithin(root: string, relative: string): Promise<string> {
  const file = path.resolve(root, relative);
  if (relative.includes('\0') || file === path.resolve(root) || !isWithin(file, path.resolve(root))) {
    throw new UsageError(`\`${relative}\` does not lie below \`${root}\``);
  }
  const real = await realOf(path.resolve(root));
  if (!isWithin(await realOf(path.dirname(file)), real)) {
    throw new UsageError(`A link on the way to \`${relative}\` leads out of \`${root}\``);
  }
  return file;
}

/** The real path of a folder that may not be there yet: that of its deepest part that is. */
async function realOf(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (cause) {
    const parent = path.dirname(folder);
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT' || parent === folder) throw cause;
    return path.join(await realOf(parent), path.basename(folder));
  }
}
