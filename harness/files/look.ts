import { lstatSync } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { asFixture, parsed, textOf } from './ours.ts';
import { kindOf } from './read.ts';

/** Whose a folder is: ours if it holds a fixture or report of ours, nobody's if it is empty or not there, else someone else's. */
export async function ownerOf(folder: string): Promise<'ours' | 'nobody' | 'others'> {
  if (kindOf(folder) === 'file') return 'others';
  const names = (await readdir(folder, { recursive: true }).catch(() => [])).filter(
    (name) => !/(^|[\\/])\./.test(name),
  );
  const files = names.filter((name) => kindOf(path.join(folder, name)) === 'file');
  if (files.length === 0) return 'nobody';
  const json = files.filter((name) => name.endsWith('.json')).slice(0, MOST_LOOKED_AT);
  return json.some((name) => isOurs(parsed(textOf(path.join(folder, name)) ?? ''))) ? 'ours' : 'others';
}

/** Is a file what its path says, with no link on the way from `root` to it? */
export async function isReachedWithoutLink(root: string, file: string): Promise<boolean> {
  const [realRoot, realFile] = await Promise.all([realpath(root), realpath(file).catch(() => undefined)]);
  return realFile === path.resolve(realRoot, path.relative(root, file));
}

/** Is one of these names the name of something in the folder? */
export function firstPresent(folder: string, names: readonly string[]): string | undefined {
  // A link that leads nowhere is something, too.
  return names.find((name) => lstatSync(path.join(folder, name), { throwIfNoEntry: false }) !== undefined);
}

const MOST_LOOKED_AT = 50;

function isOurs(value: unknown): boolean {
  if (asFixture(value)) return true;
  const { tool } = (value ?? {}) as { tool?: { name?: unknown } | null };
  return tool?.name === 'docwright';
}
