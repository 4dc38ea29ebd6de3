import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { hashOf } from '../model/hash.ts';

/**
 * A text of which the first lines are looked for more often than the others is kept in as many parts: each of its first lines, and the
 * rest. The first parts of all texts lie behind each other in a pack, then the second ones, and so on: who looks for the first line of
 * thousands of texts reads one stretch.
 */
export const MOST_PARTS = 4;

/** Where the parts of a text lie, and the checksum of each: enough against a disk, for who may write here may write our code. */
export interface Stored {
  readonly parts: readonly { readonly start: number; readonly end: number; readonly sum: number }[];
}

/** The parts of a text that is not in the pack. */
export type Fresh = readonly Buffer[];

/** A pack that was opened. */
export interface Pack {
  readonly entries: Entries;
  /** A part of a text; nothing where it is damaged. The bytes are overwritten when another part is asked for. */
  part(entry: Stored, number: number): Buffer | undefined;
  /** The bytes of a stretch; nothing where they are not all there. */
  readonly bytesAt: BytesAt;
  readonly close: () => void;
}

/** Where texts lie, by their keys; each is looked up in the index when it is asked for. */
export interface Entries {
  readonly size: number;
  /** The same object each time. */
  get(key: string): Stored | undefined;
}

/** Reads a stretch of a pack. */
export type BytesAt = (start: number, end: number, into?: Buffer) => Buffer | undefined;

/** The parts of a text. */
export function partsOf(text: string): Fresh {
  const parts: Buffer[] = [];
  let from = 0;
  while (parts.length < MOST_PARTS - 1) {
    const end = text.indexOf('\n', from);
    if (end < 0) break;
    parts.push(Buffer.from(text.slice(from, end)));
    from = end + 1;
  }
  return [...parts, Buffer.from(from === 0 ? text : text.slice(from))];
}

/**
 * A line `<hash of the index> <number of its bytes>`, the index, and the parts. Only the index is read at once: a line `"key" start length checksum start
 * length checksum …` for each text, which counts from the end of the index.
 */
export function openPack(file: string): Pack {
  let handle: number | undefined;
  try {
    handle = openSync(file, 'r');
    const { size } = fstatSync(handle);
    const bytesAt = readerOf(handle, size);
    const close = (): void => {
      if (handle === undefined) return;
      closeSync(handle);
      forgotten.unregister(close);
      handle = undefined;
    };
    const entries = entriesOf(bytesAt, size);
    if (entries !== undefined) {
      const still: BytesAt = (start, end, into) => (handle === undefined ? undefined : bytesAt(start, end, into));
      forgotten.register(still, handle, close);
      return { entries, part: partReader(still, size), bytesAt: still, close };
    }
    close();
  } catch {
    if (handle !== undefined) closeSync(handle);
  }
  return { entries: NONE, part: () => undefined, bytesAt: () => undefined, close: () => undefined };
}

/** Whoever lets go of a cache without closing it has been through with it. */
const forgotten = new FinalizationRegistry<number>(closeSync);

function readerOf(handle: number, size: number): BytesAt {
  return (start, end, into = Buffer.allocUnsafe(end - start)) => {
    if (end > size) return undefined;
    const bytes = into.subarray(0, end - start);
    for (let at = 0; at < bytes.length;) {
      const read = readSync(handle, bytes, at, bytes.length - at, start + at);
      if (read === 0) return undefined;
      at += read;
    }
    return bytes;
  };
}

/** Reads ahead for who asks for one part behind the other, the further the longer that goes on. */
function partReader(bytesAt: BytesAt, size: number): Pack['part'] {
  const windows = Array.from({ length: MOST_PARTS }, (): Window => ({
    start: 0,
    bytes: Buffer.alloc(0),
    room: Buffer.alloc(0),
    ahead: LEAST_AHEAD,
  }));
  const isWhole = new Set<Stored['parts'][number]>();
  return ({ parts }, number) => {
    const part = parts[number];
    if (part === undefined) return undefined;
    const { start, end, sum } = part;
    const window = windows[number]!;
    const windowEnd = window.start + window.bytes.length;
    if (start < window.start || end > windowEnd) {
      const isNext = start >= window.start && start <= windowEnd + LEAST_AHEAD;
      window.ahead = isNext ? Math.min(window.ahead * 4, MOST_AHEAD) : LEAST_AHEAD;
      const to = Math.max(end, Math.min(start + window.ahead, size));
      if (window.room.length < to - start) window.room = Buffer.allocUnsafe(to - start);
      const bytes = bytesAt(start, to, window.room);
      if (bytes === undefined) return undefined;
      [window.start, window.bytes] = [start, bytes];
    }
    const bytes = window.bytes.subarray(start - window.start, end - window.start);
    if (!isWhole.has(part)) {
      if (crc32(bytes) !== sum) return undefined;
      isWhole.add(part);
    }
    return bytes;
  };
}

/** Bytes of a pack that were read, and how many are read at once next. */
interface Window {
  start: number;
  bytes: Buffer;
  /** Where they are read to. */
  room: Buffer;
  ahead: number;
}

/** Bytes. */
const [LEAST_AHEAD, MOST_AHEAD] = [1 << 14, 1 << 20];

function entriesOf(bytesAt: BytesAt, size: number): Entries | undefined {
  const first = bytesAt(0, Math.min(size, FIRST_READ));
  const begin = (first?.indexOf(LINE_FEED) ?? -1) + 1;
  const [hash, length] = first?.toString('latin1', 0, begin).trim().split(' ') ?? [];
  const end = begin + Number(length);
  if (first === undefined || begin === 0 || !(end <= size)) return undefined;
  const index = end <= first.length ? first.subarray(begin, end) : bytesAt(begin, end);
  if (index === undefined || hashOf(index) !== hash) return undefined;
  const known = new Map<string, string | Stored>();
  for (const line of index.toString('utf8').split('\n')) {
    const keyEnd = line.lastIndexOf('"') + 1;
    if (keyEnd > 0) known.set(line.slice(0, keyEnd), line);
  }
  return {
    size: known.size,
    get(key) {
      const name = JSON.stringify(key);
      const entry = known.get(name);
      if (typeof entry !== 'string') return entry;
      const stored = storedFrom(entry.slice(name.length + 1), end);
      // What a cut takes away is not there.
      if (!stored.parts.every((part) => part.end <= size)) return undefined;
      known.set(name, stored);
      return stored;
    },
  };
}

function storedFrom(numbers: string, from: number): Stored {
  const all = numbers.split(' ').map(Number);
  const parts = Array.from({ length: all.length / 3 }, (_, number) => {
    const [start, length, sum] = [all[3 * number]!, all[3 * number + 1]!, all[3 * number + 2]!];
    return { start: from + start, end: from + start + length, sum };
  });
  return { parts };
}

const NONE: Entries = { size: 0, get: () => undefined };

/** Enough for the first line and a small index. */
const FIRST_READ = 1 << 14;

const LINE_FEED = 10;

/** Must a file that is open stay where it is? */
export const isHeld = path.sep === '\\';

/** How many bytes a text has. */
export function sizeOf(entry: Stored | Fresh): number {
  if (isStored(entry)) return entry.parts.reduce((sum, { start, end }) => sum + end - start, 0);
  return entry.reduce((sum, part) => sum + part.length, 0);
}

export function isStored(entry: Stored | Fresh): entry is Stored {
  return 'parts' in entry;
}
