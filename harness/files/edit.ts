import { randomUUID } from 'node:crypto';
import { chmod, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Replaces the content of a file, whole or not at all, and keeps its permissions. Refuses where it is no longer what it was. */
export async function replaceText(file: string, before: string, after: string): Promise<void> {
  const { mode } = await stat(file);
  if (!(await readFile(file)).equals(Buffer.from(before, 'utf8'))) throw new Error('it has changed meanwhile');
  const draft = path.join(path.dirname(file), `.${path.basename(file).slice(0, 60)}.${randomUUID()}.tmp`);
  try {
    await writeFile(draft, after, { flag: 'wx' });
    await chmod(draft, mode & 0o7777);
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true });
    throw cause;
  }
}
