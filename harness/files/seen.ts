import { readFileSync, statSync, type Stats } from 'node:fs';
import type { Source } from '../model/docset.ts';
import { hashOf } from '../model/hash.ts';
import type { Cache } from './cache.ts';

/** Files as they were when they were read: one that is as it was need not be read again. */
export interface Seen {
  /** A page; its bytes are read when somebody looks at them, where it is known what they hash to, else at once. */
  source(names: Pick<Source, 'file' | 'page'>, absolute: string): Source;
  /** What the bytes of a file hash to; nothing where it cannot be read. */
  hash(absolute: string): string | undefined;
  /** Keeps for the next run what was seen, where that is news. */
  save(): void;
}

/** What earlier runs have seen, as it lies in a cache. */
export function seenIn(cache: Cache): Seen {
  const before = new Map(JSON.parse(cache.get(KEY) ?? '[]') as [absolute: string, entry: Entry][]);
  const now = new Map<string, Entry>();
  let news = 0;
  /** What the bytes of a file hash to where that is known, else its bytes, or why they cannot be had. */
  const look = (absolute: string): string | Uint8Array | Error => {
    const at = Date.now();
    const stats = statSync(absolute, { throwIfNoEntry: false });
    if (!stats?.isFile()) return stats ? new Error('not a file') : bytesOf(absolute);
    const state = stateOf(stats);
    const known = before.get(absolute);
    if (known !== undefined && state.every((each, index) => each === known[index])) {
      now.set(absolute, known);
      return known[HASH];
    }
    const content = bytesOf(absolute);
    // What was written just now may be written again before the clock of the file system moves on.
    const isSettled = Math.max(stats.mtimeMs, stats.ctimeMs) < at - stepOf(stats);
    if (content instanceof Uint8Array && isSettled) {
      now.set(absolute, [...state, hashOf(content)]);
      news++;
    }
    return content;
  };
  return {
    source(names, absolute) {
      const seen = look(absolute);
      return typeof seen === 'string' ? seenSource(names, absolute, seen) : { ...names, content: seen };
    },
    hash(absolute) {
      const seen = look(absolute);
      if (seen instanceof Error) return undefined;
      return typeof seen === 'string' ? seen : (now.get(absolute)?.[HASH] ?? hashOf(seen));
    },
    save() {
      // A few files are read again sooner than all that is known is written anew.
      if (news + Math.abs(now.size - before.size) > before.size / 200) cache.set(KEY, JSON.stringify([...now]));
      cache.save();
    },
  };
}

/** What changes with any change of a file, as a text; nothing where there is none. */
export function stateOfFile(absolute: string): string | undefined {
  try {
    return stateOf(statSync(absolute)).join(' ');
  } catch {
    return undefined;
  }
}

function stateOf({ size, mtimeMs, ctimeMs, ino }: Stats): readonly [number, number, number, number] {
  return [size, mtimeMs, ctimeMs, ino];
}

/** Size, times of change of content and of whatever else (a file put back with its old time is another one), inode, hash of the bytes. */
type Entry = readonly [size: number, mtime: number, ctime: number, inode: number, hash: string];

const HASH = 4;

const KEY = 'seen';

/**
 * Milliseconds that two writes may lie apart and get the same time. No file system in use counts in longer steps than FAT (two seconds);
 * one that counts parts of a second shows it by such a time, and does so by a hundredth at least (exFAT; ticks of the kernel).
 */
function stepOf({ mtimeMs, ctimeMs }: Stats): number {
  return [mtimeMs, ctimeMs].every((time) => time % 1000 !== 0) ? FINE_CLOCK : COARSEST_CLOCK;
}

const [FINE_CLOCK, COARSEST_CLOCK] = [100, 2500];

/** A page that is read when somebody looks at it. Its hash is not copied with it: the copy may get other bytes. */
function seenSource(names: Pick<Source, 'file' | 'page'>, absolute: string, hash: string): Source {
  let content: Source['content'] | undefined;
  const source = {
    ...names,
    get content(): Source['content'] {
      // That it is an ordinary file was seen.
      return (content ??= bytesOf(absolute, true));
    },
  };
  // It may have been written since; then what was read counts.
  const get = (): string | undefined =>
    content === undefined ? hash : content instanceof Error ? undefined : hashOf(content);
  return Object.defineProperty(source, 'hash', { get, enumerable: false });
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
