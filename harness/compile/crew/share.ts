import type { Source } from '../../model/docset.ts';

/** Pages for a thread to read, and what files they may include say: nothing for one that is not there. */
export interface Share {
  readonly sources: readonly Source[];
  readonly files: ReadonlyMap<string, string | undefined>;
}

/** What came of a share, in its order, as texts for `readingFrom`; nothing for a page that asked for another file. */
export interface Shared {
  readonly texts: readonly (string | undefined)[];
}
