import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { hashOf } from '../model/hash.ts';

/** What changes with any file of code below a folder: names, sizes and times. */
export function stampOf(folder: string): string {
  const before = path.join(folder, path.sep);
  const states = codeBelow(folder, '')
    .sort()
    .map((name) => {
      const { size, mtimeMs } = statSync(before + name);
      return `${name} ${size} ${mtimeMs}`;
    });
  return hashOf(states.join('\n'));
}

/** By the kinds that the list of a folder tells: to be asked for all files below, Node looks at each of them once more. */
function codeBelow(folder: string, inside: string): string[] {
  return readdirSync(path.join(folder, inside), { withFileTypes: true }).flatMap((entry) => {
    const name = inside === '' ? entry.name : `${inside}/${entry.name}`;
    if (entry.isDirectory()) return codeBelow(folder, name);
    return /\.(?:c?js|ts|json)$/.test(name) && !name.endsWith('.d.ts') ? [name] : [];
  });
}
