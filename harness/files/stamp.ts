import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { hashOf } from '../model/hash.ts';

/** What changes with any file of code below a folder: names, sizes and times. */
export function stampOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:[jt]s|json)$/.test(name) && !name.endsWith('.d.ts'))
    .sort()
    .map((name) => {
      const { size, mtimeMs } = statSync(path.join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    });
  return hashOf(files.join('\n'));
}
