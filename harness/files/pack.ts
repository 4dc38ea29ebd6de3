import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { hashOf } from '../model/hash.ts';
import { fewOrIndexed } from '../model/once.ts';

/**
 * A text of which the first lines are looked for more often than the others is kept in as many parts: each of its first lines, and the
 * rest. The first parts of all texts lie behind each other in a pack, then the second ones, and so on: who looks for the first line of
 * thousands of texts reads one stretch.
 */
export const MOST_PARTS = 4;

/** Where the parts of a text lie, and the checksum of each: enough against a disk, for who may write here may write our code. */
export interface Stored {
  readonly parts: readonly Stretch[];
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
 * A line `<hash of the table> <bytes of the table> <number of texts>`, the table, the index, and the parts. The index is a line `"key" start
 * length checksum start length checksum …` for each text, which counts from the end of the index. It is in blocks, so that who looks for a
 * few of thousands need not read it all: a key is in the block that its checksum tells, and the table has a line `length checksum` for each.
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
    const still: BytesAt = (start, end, into) => (handle === undefined ? undefined : bytesAt(start, end, into));
    const entries = entriesOf(still, size);
    if (entries !== undefined) {
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
  const [hash, length, texts] = first?.toString('latin1', 0, begin).trim().split(' ') ?? [];
  const tableEnd = begin + Number(length);
  if (first === undefined || begin === 0 || !(tableEnd <= size)) return undefined;
  const table = tableEnd <= first.length ? first.subarray(begin, tableEnd) : bytesAt(begin, tableEnd);
  if (table === undefined || hashOf(table) !== hash) return undefined;
  const blocks = blocksIn(table.toString('latin1'), tableEnd);
  const end = blocks.at(-1)?.end ?? tableEnd;
  const read = new Map<number, string | undefined>();
  const blockOf = fewOrIndexed(
    (number: number) => {
      if (!read.has(number)) read.set(number, textOf(bytesAt, blocks[number]!));
      return read.get(number);
    },
    () => textsOf(bytesAt, blocks),
  );
  const known = new Map<string, Stored>();
  return {
    size: Number(texts),
    get(key) {
      const name = JSON.stringify(key);
      const before = known.get(name);
      if (before !== undefined) return before;
      const lines = blocks.length === 0 ? undefined : blockOf(blockFor(name, blocks.length));
      const at = lines?.indexOf(`\n${name} `) ?? -1;
      if (lines === undefined || at < 0) return undefined;
      const from = at + name.length + 2;
      const stored = storedFrom(lines.slice(from, lines.indexOf('\n', from)), end);
      // What a cut takes away is not there.
      if (!stored.parts.every((part) => part.end <= size)) return undefined;
      known.set(name, stored);
      return stored;
    },
  };
}

/** The number of the block that a key is in, written as in the index. */
export function blockFor(name: string, blocks: number): number {
  return crc32(name) % blocks;
}

/** A stretch of a pack, and the checksum of its bytes. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly sum: number;
}

function blocksIn(table: string, from: number): readonly Stretch[] {
  let start = from;
  return table
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [length, sum] = line.split(' ').map(Number);
      const block = { start, end: start + length!, sum: sum! };
      start = block.end;
      return block;
    });
}

/** The lines of a block, with a line end before each and behind the last; nothing where it is damaged. */
function textOf(bytesAt: BytesAt, { start, end, sum }: Stretch): string | undefined {
  const bytes = bytesAt(start, end);
  return bytes === undefined || crc32(bytes) !== sum ? undefined : `\n${bytes.toString('utf8')}`;
}

/** Those of all blocks, by their numbers: they lie behind each other. */
function textsOf(bytesAt: BytesAt, blocks: readonly Stretch[]): ReadonlyMap<number, string> {
  const [from, to] = [blocks[0]!.start, blocks.at(-1)!.end];
  const all = bytesAt(from, to);
  const within: BytesAt = (start, end) => all?.subarray(start - from, end - from);
  return new Map(
    blocks.flatMap((block, number) => {
      const text = textOf(within, block);
      return text === undefined ? [] : [[number, text] as const];
    }),
  );
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

/** Enough for the first line and most tables. */
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
