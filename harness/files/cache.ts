import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
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
  /** Writes what was asked for or set since the cache was opened; all else is dropped. */
  save(): void;
}

/** How many packs a folder may hold: one for each set of docs and way of reading them. */
const MOST_PACKS = 8;

/**
 * Opens a pack of a cache folder, the one for all that `parts` name; the folder is made when something is saved, with a `.gitignore` that
 * ignores all of it. What is damaged is as if it were not there; a pack that cannot be written is no fault.
 */
export function openCache(folder: string, parts: readonly string[]): Cache {
  const name = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
  const file = path.join(folder, `${name}.pack`);
  const { texts, entries } = read(file);
  const used = new Map<string, Stored | Buffer>();
  let isSame = true;
  const bytesOf = (key: string): Buffer | undefined => {
    const fresh = used.get(key);
    if (fresh !== undefined && !isStored(fresh)) return fresh;
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    const bytes = texts.subarray(entry.start, entry.end);
    if (fresh === undefined && crc32(bytes) !== entry.sum) return undefined;
    used.set(key, entry);
    return bytes;
  };
  return {
    get: (key) => bytesOf(key)?.toString('utf8'),
    lines(key) {
      const bytes = bytesOf(key);
      return bytes && ((number) => lineOf(bytes, number));
    },
    set(key, text) {
      isSame = false;
      used.set(key, Buffer.from(text, 'utf8'));
    },
    save() {
      if (!isSame || used.size !== entries.size) write(folder, file, texts, used);
    },
  };
}

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
  readonly texts: Buffer;
  readonly entries: ReadonlyMap<string, Stored>;
}

/** A line `<hash of the index>`, a line that is the index `[[key, length, checksum], …]`, and the texts, one behind the other. */
function read(file: string): Pack {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return NOTHING;
  }
  const end = bytes.indexOf(LINE_FEED, HASH + 1);
  const index = bytes.subarray(HASH + 1, Math.max(end, HASH + 1));
  if (hashOf(index) !== bytes.toString('latin1', 0, HASH)) return NOTHING;
  const texts = bytes.subarray(end + 1);
  const entries = new Map<string, Stored>();
  let start = 0;
  for (const [key, length, sum] of JSON.parse(index.toString('utf8')) as Index) {
    // What a cut takes away is not there.
    if (start + length <= texts.length) entries.set(key, { start, end: start + length, sum });
    start += length;
  }
  return { texts, entries };
}

type Index = readonly (readonly [key: string, length: number, sum: number])[];

/** Hex digits of a hash. */
const HASH = 40;

const NOTHING: Pack = { texts: Buffer.alloc(0), entries: new Map() };

/** Written beside and moved in its place: a run at the same time sees the whole old pack or the whole new one. */
function write(folder: string, file: string, texts: Buffer, used: ReadonlyMap<string, Stored | Buffer>): void {
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
      for (const piece of [Buffer.from(head), index, Buffer.from('\n'), ...pieces(texts, used.values())])
        for (let at = 0; at < piece.length;) at += writeSync(to, piece, at);
    } finally {
      closeSync(to);
    }
    renameSync(draft, file);
    prune(folder);
  } catch {
    discard(draft);
  }
}

/** The texts in as few pieces as may be: most lie behind each other already. */
function* pieces(texts: Buffer, entries: Iterable<Stored | Buffer>): Iterable<Buffer> {
  let fresh: Buffer[] = [];
  let [from, to] = [0, 0];
  for (const entry of entries) {
    if (isStored(entry) && entry.start === to && fresh.length === 0) {
      to = entry.end;
      continue;
    }
    if (to > from) yield texts.subarray(from, to);
    [from, to] = [0, 0];
    if (!isStored(entry)) {
      fresh.push(entry);
      continue;
    }
    yield Buffer.concat(fresh);
    fresh = [];
    [from, to] = [entry.start, entry.end];
  }
  yield texts.subarray(from, to);
  yield Buffer.concat(fresh);
}

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
