import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { hashOf } from '../model/hash.ts';

/** What changes with any file of code below a folder: names, sizes and times. */
export function stampOf(folder: string): string {
  const files = codeBelow(folder, '').map((name) => {
    const { size, mtimeMs } = statSync(path.join(folder, name));
    return `${name} ${size} ${mtimeMs}`;
  });
  return hashOf(files.sort().join('\n'));
}

/** By the kinds that a listing tells: to have it recurse by itself asks for each file once more. */
function codeBelow(folder: string, below: string): string[] {
  return readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(below, entry.name);
    if (entry.isDirectory()) return codeBelow(folder, name);
    return /\.(?:[jt]s|json)$/.test(name) && !name.endsWith('.d.ts') ? [name] : [];
  });
}
