import type { Docset, DocsetPage, DocsetTypes } from '../model/docset.ts';

/** Where what was found lies from one run to the next, as texts by keys. */
export interface Kept {
  get(key: string): string | undefined;
  /** Keeps a text without looking at it; tells whether it is there. */
  keep(key: string): boolean;
  set(key: string, text: string): void;
}

/** Pages and types one by one; the rest is asked for only where what is kept of types does not do. */
export interface Pages extends Pick<Docset, 'resources' | 'findings'> {
  readonly readings: readonly DocsetPage[];
  readonly types: DocsetTypes;
}
