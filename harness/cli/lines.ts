import type { CheckOptions } from '../check/index.ts';
import { readTextFile } from '../files/text-file.ts';
import { sourceIndex, type Source } from '../model/docset.ts';
import type { Found } from './found.ts';

/** What lies beside the pages, as far as `check` is to know of it: links lead to other files, too. */
export function beside({
  discovery: { sources, files },
  readFile,
}: Pick<Found, 'discovery' | 'readFile'>): Pick<CheckOptions, 'files' | 'lines'> {
  return { ...(files === undefined ? {} : { files }), lines: linesOf(sources, readFile) };
}

/** Gives the lines of pages and of what they include, as they were found and without their ends; nothing of what cannot be written again as it is. */
function linesOf(
  sources: readonly Source[],
  readFile: (file: string) => string | undefined,
): (file: string) => readonly string[] | undefined {
  const known = new Map<string, readonly string[] | undefined>();
  return (file) => {
    if (known.has(file)) return known.get(file);
    // A page that nobody asks for may not have been read.
    const page = sourceIndex(sources).get(file)?.content;
    const text = page instanceof Uint8Array ? readTextFile(page)?.text : readFile(file);
    const lines = text?.split(/\r\n|\r|\n/);
    known.set(file, lines);
    return lines;
  };
}
