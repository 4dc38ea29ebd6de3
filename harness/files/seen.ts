import { readFileSync, statSync, type Stats } from 'node:fs';
import type { Source } from '../model/docset.ts';
import { hashOf } from '../model/hash.ts';
import { once } from '../model/once.ts';
import type { Cache } from './cache.ts';

/** A page by its names. */
export interface Named {
  readonly absolute: string;
  readonly file: string;
  readonly page: string;
  /** Is it an ordinary file, and no link to one? */
  readonly isPlain?: true;
  /** Why it, or the folder that it stands for, cannot be looked into. */
  readonly failure?: Error;
}

/** Files as they were when they were read: one that is as it was need not be read again. */
export interface Seen {
  /** Makes a page of its names, which is looked at when somebody asks for its hash or its bytes. */
  source(named: Named): Source;
  /** What the bytes of a file hash to; nothing where it cannot be read. */
  hash(absolute: string): string | undefined;
  /** Keeps for the next run what was seen, where that is news; once. */
  save(): void;
}

/** What earlier runs have seen, as it lies in a cache that is opened when somebody looks at something. */
export function seenIn(open: () => Cache): Seen {
  const cache = once(open);
  const before = once(() => new Map(JSON.parse(cache().get(KEY) ?? '[]') as [absolute: string, entry: Entry][]));
  const pages: Page[] = [];
  const states = new Map<Page, State>();
  const now = new Map<string, Entry>();
  let news = 0;
  const look = (absolute: string): Looked => {
    const at = Date.now();
    const stats = statsOf(absolute);
    if (!stats?.isFile()) return stats ? new Error('not a file') : bytesOf(absolute);
    const state = stateOf(stats);
    const known = before().get(absolute);
    if (known !== undefined && state.every((each, index) => each === known[index])) {
      now.set(absolute, known);
      return known[HASH];
    }
    const content = bytesOf(absolute);
    if (content instanceof Uint8Array && isSettled(stats, at)) {
      now.set(absolute, [...state, hashOf(content)]);
      news++;
    }
    return content;
  };
  const stateFor = (page: Page): State => {
    let state = states.get(page);
    if (state === undefined) states.set(page, (state = {}));
    return state;
  };
  // Of thousands most are asked for nothing but their names, and to make a getter for each takes longer than all else they are asked.
  const inherited: { readonly content: Source['content']; readonly hash: string | undefined } & ThisType<Page> = {
    get content() {
      const state = stateFor(this);
      const { looked } = state;
      // Where it was looked at, that it is an ordinary file was seen.
      return (state.content ??=
        typeof looked === 'object' ? looked : bytesOf(this.absolute, this.isPlain || looked !== undefined));
    },
    get hash() {
      const state = stateFor(this);
      if (state.content === undefined) {
        state.looked ??= look(this.absolute);
        if (typeof state.looked === 'string') return state.looked;
      }
      // It may have been written since; then what was read counts.
      return this.content instanceof Error ? undefined : hashOf(this.content);
    },
  };
  return {
    source(named) {
      const page = Object.setPrototypeOf(named, inherited) as Page;
      pages.push(page);
      return page;
    },
    hash(absolute) {
      const seen = look(absolute);
      if (seen instanceof Error) return undefined;
      return typeof seen === 'string' ? seen : (now.get(absolute)?.[HASH] ?? hashOf(seen));
    },
    save: once(() => {
      for (const page of pages) {
        const { absolute } = page;
        const known = states.get(page)?.looked === undefined ? before().get(absolute) : undefined;
        if (known !== undefined) now.set(absolute, known);
      }
      // A few files are read again sooner than all that is known is written anew.
      const { size } = before();
      if (news + Math.abs(now.size - size) > size / 200) cache().set(KEY, JSON.stringify([...now]));
      cache().save();
    }),
  };
}

/** A page by its names; its content and hash are not its own, for a copy may get other bytes. */
type Page = Named & Source;

/** What is known of a page that somebody has asked for. */
interface State {
  looked?: Looked;
  content?: Source['content'];
}

/** The hash of what a file holds, else its bytes, or why they cannot be had. */
type Looked = string | Uint8Array | Error;

/** What changes with any change of a file, as a text; nothing where there is none. */
export function stateOfFile(absolute: string): string | undefined {
  try {
    return stateOf(statSync(absolute)).join(' ');
  } catch {
    return undefined;
  }
}

/** What changes with any change of a file, or of what is listed in a folder. */
export function stateOf({ size, mtimeMs, ctimeMs, ino }: Stats): readonly [number, number, number, number] {
  return [size, mtimeMs, ctimeMs, ino];
}

/** Size, times of change of content and of whatever else (a file put back with its old time is another one), inode, hash of the bytes. */
type Entry = readonly [size: number, mtime: number, ctime: number, inode: number, hash: string];

const HASH = 4;

const KEY = 'seen';

/** What was written just before a time may be written again before the clock of the file system moves on. */
export function isSettled(stats: Stats, at: number): boolean {
  return Math.max(stats.mtimeMs, stats.ctimeMs) < at - stepOf(stats);
}

/**
 * Milliseconds that two writes may lie apart and get the same time. No file system in use counts in longer steps than FAT (two seconds);
 * one that counts parts of a second shows it by such a time, and does so by a hundredth at least (exFAT; ticks of the kernel).
 */
function stepOf({ mtimeMs, ctimeMs }: Stats): number {
  return [mtimeMs, ctimeMs].every((time) => time % 1000 !== 0) ? FINE_CLOCK : COARSEST_CLOCK;
}

const [FINE_CLOCK, COARSEST_CLOCK] = [100, 2500];

/** What a path leads to; nothing where that cannot be told. */
export function statsOf(absolute: string): Stats | undefined {
  try {
    return statSync(absolute, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** The bytes of a file, or why they cannot be read. One after the other: thousands of small files are read several times as fast as by promises. */
export function bytesOf(absolute: string, isPlain = false): Uint8Array | Error {
  try {
    // Looked at before it is opened: opening a pipe would wait for ever.
    return isPlain || statSync(absolute).isFile() ? readFileSync(absolute) : new Error('not a file');
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}
