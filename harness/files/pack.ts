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
  readonly entries: ReadonlyMap<string, Stored>;
  /** A part of a text; nothing where it is damaged. The bytes are overwritten when another part is asked for. */
  part(entry: Stored, number: number): Buffer | undefined;
  /** The bytes of a stretch; nothing where they are not all there. */
  readonly bytesAt: BytesAt;
  readonly close: () => void;
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
 * A line `<hash of the index>`, a line that is the index `[[key, length, checksum, length, checksum, …], …]`, and the parts. Only the
 * index is read at once.
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
  return { entries: new Map(), part: () => undefined, bytesAt: () => undefined, close: () => undefined };
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

function entriesOf(bytesAt: BytesAt, size: number): ReadonlyMap<string, Stored> | undefined {
  let head = bytesAt(0, Math.min(size, FIRST_READ));
  let end = head?.indexOf(LINE_FEED, HASH + 1) ?? -1;
  if (end < 0 && size > FIRST_READ) {
    head = bytesAt(0, size);
    end = head?.indexOf(LINE_FEED, HASH + 1) ?? -1;
  }
  if (head === undefined || end < 0) return undefined;
  const index = head.subarray(HASH + 1, end);
  if (head[HASH] !== LINE_FEED || hashOf(index) !== head.toString('latin1', 0, HASH)) return undefined;
  const rows = JSON.parse(index.toString('utf8')) as Index;
  const parts = rows.map((): { start: number; end: number; sum: number }[] => []);
  let start = end + 1;
  for (let number = 0; number < MOST_PARTS; number++)
    for (const [at, row] of rows.entries()) {
      const length = row[1 + 2 * number] as number | undefined;
      if (length === undefined) continue;
      parts[at]!.push({ start, end: start + length, sum: row[2 + 2 * number] as number });
      start += length;
    }
  // What a cut takes away is not there.
  const isThere = (at: number): boolean => parts[at]!.every((part) => part.end <= size);
  return new Map(rows.flatMap(([key], at) => (isThere(at) ? [[key, { parts: parts[at]! }] as const] : [])));
}

/** Enough for the index of most packs. */
const FIRST_READ = 1 << 20;

const LINE_FEED = 10;

/** The key, then length and checksum of each part. */
type Index = readonly (readonly [key: string, ...numbers: number[]])[];

/** Hex digits of a hash. */
const HASH = 40;

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
