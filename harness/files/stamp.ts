import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { hashOf } from '../model/hash.ts';

/** What changes with any file of code below a folder: names, sizes and times. */
export function stampOf(folder: string): string {
  return hashOf(statesBelow(path.join(folder, path.sep), '').sort().join('\n'));
}

/** Names alone are listed in a fraction of the time that it takes with kinds, and each is to be looked at anyway. */
function statesBelow(folder: string, inside: string): string[] {
  return readdirSync(folder + inside).flatMap((each) => {
    const name = inside + each;
    const isCode = /\.(?:c?js|ts|json)$/.test(each) && !each.endsWith('.d.ts');
    // Some name of code may be that of a folder, and most others are.
    const stats = statSync(folder + name, { throwIfNoEntry: false });
    if (stats?.isDirectory()) return statesBelow(folder, `${name}/`);
    return isCode && stats !== undefined ? [`${name} ${stats.size} ${stats.mtimeMs}`] : [];
  });
}
