import { readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { isWithin } from './names.ts';

/**
 * The bytes of a regular file below a folder, by its segments; nothing where there is none, where its name or that of a folder on the way
 * begins with a dot, or where a link leads out of the folder.
 */
export function readBelow(root: string, segments: readonly string[]): Uint8Array | undefined {
  if (segments.some((segment) => segment === '' || segment.startsWith('.') || /[/\\\0:]/.test(segment)))
    return undefined;
  try {
    const file = realpathSync.native(path.join(root, ...segments));
    // A pipe or a device would never end.
    if (!isWithin(file, realpathSync.native(root)) || !statSync(file).isFile()) return undefined;
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
