import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { hashOf } from '../model/hash.ts';

/** Texts kept from one run to the next, by keys. */
export interface Cache {
  get(key: string): string | undefined;
  /** A text of which each line is made only when it is asked for, by its number from 0. */
  lines(key: string): ((number: number) => string) | undefined;
  set(key: string, text: string): void;
  /** Keeps a text for the next run without looking at it; tells whether it is there. */
  keep(key: string): boolean;
  /** Writes what was asked for or set since the cache was opened; all else is dropped. */
  save(): void;
  /** Lets go of the file. What was not asked for before is then as if it were not there. */
  close(): void;
}

/** Must a file that is open stay where it is? */
const isHeld = path.sep === '\\';

/** How many packs a folder may hold: one for each set of docs and way of reading them. */
const MOST_PACKS = 24;

/**
 * Opens a pack of a cache folder, the one for all that `parts` name; the folder is made when something is saved, with a `.gitignore` that
 * ignores all of it. What is damaged is as if it were not there; a pack that cannot be written is no fault.
 */
export function openCache(folder: string, parts: readonly string[]): Cache {
  const name = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
  const file = path.join(folder, `${name}.pack`);
  const { entries, bytesAt, close } = open(file);
  const used = new Map<string, Stored | Buffer>();
  const whole = new Set<Stored>();
  let isSame = true;
  let scratch = Buffer.allocUnsafe(1 << 16);
  const bytesOf = (key: string): Buffer | undefined => {
    const fresh = used.get(key);
    if (fresh !== undefined && !isStored(fresh)) return fresh;
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    const bytes = bytesAt(entry.start, entry.end);
    if (bytes === undefined || (!whole.has(entry) && crc32(bytes) !== entry.sum)) return undefined;
    whole.add(entry);
    used.set(key, entry);
    return bytes;
  };
  return {
    get: (key) => bytesOf(key)?.toString('utf8'),
    lines(key) {
      const entry = entries.get(key);
      if (isHeld || entry === undefined || used.get(key) instanceof Buffer) {
        const bytes = bytesOf(key);
        return bytes && ((number) => lineOf(bytes, number));
      }
      // Most ask for the first line of thousands: the bytes are looked through in one place, and the others are read again for who wants them.
      if (scratch.length < entry.end - entry.start) scratch = Buffer.allocUnsafe(2 * (entry.end - entry.start));
      const seen = bytesAt(entry.start, entry.end, scratch);
      if (seen === undefined || (!whole.has(entry) && crc32(seen) !== entry.sum)) return undefined;
      whole.add(entry);
      used.set(key, entry);
      const first = lineOf(seen, 0);
      let bytes: Buffer | undefined;
      return (number) => {
        if (number === 0) return first;
        bytes ??= bytesOf(key);
        if (bytes === undefined) throw new Error('The cache was cut short while it was read.');
        return lineOf(bytes, number);
      };
    },
    set(key, text) {
      isSame = false;
      used.set(key, Buffer.from(text, 'utf8'));
    },
    keep(key) {
      const entry = entries.get(key);
      if (entry !== undefined && !used.has(key)) used.set(key, entry);
      return used.has(key);
    },
    save() {
      if (isSame && used.size === entries.size) return;
      if (isWorthIt(used, entries)) write(folder, file, bytesAt, used, close);
    },
    close,
  };
}

/** To write megabytes for one page of thousands takes longer than to read that page again. */
function isWorthIt(used: ReadonlyMap<string, Stored | Buffer>, entries: ReadonlyMap<string, Stored>): boolean {
  let [fresh, known] = [0, 0];
  for (const entry of used.values()) {
    if (isStored(entry)) known += entry.end - entry.start;
    else fresh += entry.length;
  }
  return fresh > known * SMALL || used.size < entries.size * (1 - SMALL) || known < MUCH;
}

/** The part of a pack that may be missing from it, and the bytes of one that is rewritten in no time. */
const [SMALL, MUCH] = [0.01, 1 << 21];

/** What changes with any file of a folder, at any depth: names, sizes and times. */
export function stampOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { size, mtimeMs } = statSync(path.join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    });
  return createHash('sha256').update(files.join('\n')).digest('hex');
}

function lineOf(bytes: Buffer, number: number): string {
  let start = 0;
  for (let skipped = 0; skipped < number; skipped++) start = bytes.indexOf(LINE_FEED, start) + 1;
  const end = bytes.indexOf(LINE_FEED, start);
  return bytes.toString('utf8', start, end < 0 ? bytes.length : end);
}

const LINE_FEED = 10;

/** Where the text of an entry lies among all, and its checksum: enough against a disk, for who may write here may write our code. */
interface Stored {
  readonly start: number;
  readonly end: number;
  readonly sum: number;
}

function isStored(entry: Stored | Buffer): entry is Stored {
  return 'sum' in entry;
}

interface Pack {
  readonly entries: ReadonlyMap<string, Stored>;
  readonly bytesAt: BytesAt;
  readonly close: () => void;
}

/** The bytes of a stretch of the file, in `into` where there is room; nothing where they are not all there. */
type BytesAt = (start: number, end: number, into?: Buffer) => Buffer | undefined;

/**
 * A line `<hash of the index>`, a line that is the index `[[key, length, checksum], …]`, and the texts, one behind the other. Only the
 * index is read at once: who looks for one page does not read what lies there of thousands.
 */
function open(file: string): Pack {
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
      return { entries, bytesAt: still, close };
    }
    close();
  } catch {
    if (handle !== undefined) closeSync(handle);
  }
  return { entries: new Map(), bytesAt: () => undefined, close: () => undefined };
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

function entriesOf(bytesAt: BytesAt, size: number): ReadonlyMap<string, Stored> | undefined {
  let head: Buffer | undefined;
  let end = -1;
  for (let length = FIRST_READ; end < 0; length *= 4) {
    head = bytesAt(0, Math.min(size, length));
    end = head?.indexOf(LINE_FEED, HASH + 1) ?? -1;
    if (length >= size) break;
  }
  if (head === undefined || end < 0) return undefined;
  const index = head.subarray(HASH + 1, end);
  if (hashOf(index) !== head.toString('latin1', 0, HASH)) return undefined;
  const entries = new Map<string, Stored>();
  let start = end + 1;
  for (const [key, length, sum] of JSON.parse(index.toString('utf8')) as Index) {
    // What a cut takes away is not there.
    if (start + length <= size) entries.set(key, { start, end: start + length, sum });
    start += length;
  }
  return entries;
}

/** Enough for the index of most packs. */
const FIRST_READ = 1 << 19;

type Index = readonly (readonly [key: string, length: number, sum: number])[];

/** Hex digits of a hash. */
const HASH = 40;

/** Written beside and moved in its place: a run at the same time sees the whole old pack or the whole new one. */
function write(
  folder: string,
  file: string,
  bytesAt: BytesAt,
  used: ReadonlyMap<string, Stored | Buffer>,
  close: () => void,
): void {
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, '.gitignore'), '*\n');
    const index = Buffer.from(
      JSON.stringify(
        [...used].map(([key, entry]) =>
          isStored(entry) ? [key, entry.end - entry.start, entry.sum] : [key, entry.length, crc32(entry)],
        ),
      ),
    );
    const to = openSync(draft, 'wx');
    try {
      const head = `${hashOf(index)}\n`;
      for (const piece of [Buffer.from(head), index, Buffer.from('\n'), ...pieces(bytesAt, used.values())])
        for (let at = 0; at < piece.length;) at += writeSync(to, piece, at);
    } finally {
      closeSync(to);
    }
    // Elsewhere a file that is open can be replaced, and what was kept there is still read.
    if (isHeld) close();
    renameSync(draft, file);
    prune(folder);
  } catch {
    discard(draft);
  }
}

/** The texts in as few pieces as may be: most lie behind each other already. */
function* pieces(bytesAt: BytesAt, entries: Iterable<Stored | Buffer>): Iterable<Buffer> {
  let fresh: Buffer[] = [];
  let [from, to] = [0, 0];
  for (const entry of entries) {
    if (isStored(entry) && entry.start === to && fresh.length === 0) {
      to = entry.end;
      continue;
    }
    yield* stretch(bytesAt, from, to);
    [from, to] = [0, 0];
    if (!isStored(entry)) {
      fresh.push(entry);
      continue;
    }
    yield Buffer.concat(fresh);
    fresh = [];
    [from, to] = [entry.start, entry.end];
  }
  yield* stretch(bytesAt, from, to);
  yield Buffer.concat(fresh);
}

function* stretch(bytesAt: BytesAt, from: number, to: number): Iterable<Buffer> {
  for (let at = from; at < to; at += MOST_AT_ONCE) {
    const bytes = bytesAt(at, Math.min(to, at + MOST_AT_ONCE));
    if (bytes === undefined) throw new Error('The pack is cut short.');
    yield bytes;
  }
}

const MOST_AT_ONCE = 1 << 22;

/** Where the folder itself cannot be written, there is no draft. */
function discard(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    return;
  }
}

/** Removes the packs that were not written for longest, and drafts that a killed run left behind. */
function prune(folder: string): void {
  const hour = 3_600_000;
  const files = readdirSync(folder).map((name) => {
    const file = path.join(folder, name);
    return { file, time: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
  });
  const packs = files.filter(({ file }) => file.endsWith('.pack')).sort((a, b) => b.time - a.time);
  const drafts = files.filter(({ file, time }) => file.endsWith('.tmp') && time < Date.now() - hour);
  for (const { file } of [...packs.slice(MOST_PACKS), ...drafts]) rmSync(file, { force: true });
}
