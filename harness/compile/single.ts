import type { DocsetPage, DocsetTypes, Source } from '../model/docset.ts';
import { askingOnce, keptReadings, readToText, type ReadingCache } from './cached.ts';
import type { CompileOptions } from './index.ts';
import { pageOf } from './join.ts';
import { pageReader } from './reader.ts';
import { keptOneByOne } from './types.ts';

/** Pages one by one, for who needs a few of many. */
export interface Single {
  /** A page, read anew. */
  read(source: Source): Promise<DocsetPage>;
  /** A page as it is kept. */
  find(source: Source): DocsetPage | undefined;
  /** All types, where they are kept, by their `key`. */
  types(key: string): DocsetTypes | undefined;
}

/** Something that is asked for is not kept: whoever meets it has to compile all pages. */
export class NotKept extends Error {}

/** The same readings as `compile` makes, of the same cache; without plugins. */
export function single({ readFile, facts = 'all', tags = [], tables }: CompileOptions, cache: ReadingCache): Single {
  const manner = { facts, tags, tables };
  const askFile = askingOnce(readFile);
  const kept = keptReadings(cache, JSON.stringify(manner), askFile);
  const read = pageReader(manner);
  const find = (source: Source): DocsetPage | undefined => {
    const reading = kept.find(source);
    return reading && pageOf(reading);
  };
  return {
    find,
    async read(source) {
      const one = await readToText(read, source, askFile);
      return pageOf(kept.keep(source, one.text, one));
    },
    types: (key) =>
      keptOneByOne(key, cache, () => {
        throw new NotKept();
      }),
  };
}
