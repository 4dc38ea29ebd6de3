import type { Source } from '../../model/docset.ts';
import { includesIn, type ReadFile } from '../markdown/assemble.ts';

/** Every file that pages may ask for, at any depth, as far as their words tell; nothing stands for one that is not there. */
export function foreseen(sources: readonly Source[], readFile: ReadFile): ReadonlyMap<string, string | undefined> {
  const files = new Map<string, string | undefined>();
  for (const { file, page, content } of sources) {
    if (content instanceof Error) continue;
    const root = file.slice(0, file.length - page.length);
    const text = Buffer.from(content.buffer, content.byteOffset, content.length).toString('utf8');
    const open = includesIn(file, text, root);
    for (let target = open.pop(); target !== undefined; target = open.pop()) {
      if (files.has(target)) continue;
      const said = readFile(target);
      files.set(target, said);
      if (said !== undefined) open.push(...includesIn(target, said, root));
    }
  }
  return files;
}
