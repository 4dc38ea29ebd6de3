import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Texts kept from one run to the next, by keys. */
export interface Cache {
  get(key: string): string | undefined;
  set(key: string, text: string): void;
  /** Writes what was asked for or set since the cache was opened; all else is dropped. */
  save(): void;
}

/** How many packs a folder may hold: one for each set of docs and way of reading them. */
const MOST_PACKS = 8;

/**
 * Opens a pack of a cache folder, the one for all that `parts` name; the folder is made when something is saved, with a `.gitignore` that ignores all of it. Keys are
 * of one line. What is damaged is as if it were not there; a pack that cannot be written is no fault.
 */
export function openCache(folder: string, parts: readonly string[]): Cache {
  const name = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
  const file = path.join(folder, `${name}.pack`);
  const stored = read(file);
  const used = new Map<string, Stored | string>();
  let isSame = true;
  return {
    get(key) {
      const entry = stored.get(key);
      if (entry === undefined) return undefined;
      used.set(key, entry);
      return entry.text.toString('utf8');
    },
    set(key, text) {
      isSame = false;
      used.set(key, text);
    },
    save() {
      if (!isSame || used.size !== stored.size) write(folder, file, used);
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

/** What changes with any of these texts or bytes, or where one is missing. */
export function textStamp(parts: readonly (string | Uint8Array | undefined)[]): string {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part === undefined ? '-\n' : `${part.length}\n`).update(part ?? '');
  return hash.digest('hex');
}

/** What changes with the name or content of any of these files. */
export function stateOf(files: readonly string[]): string {
  return textStamp(files.flatMap((file) => [file, bytesOf(file)]));
}

function bytesOf(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Entries are `<hash of the rest> <length of the text> <key>`, the text on a line of its own below. */
function read(file: string): ReadonlyMap<string, Stored> {
  const entries = new Map<string, Stored>();
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return entries;
  }
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(LINE_FEED, at);
    if (end < 0) break;
    const [, hash, length, key] = /^([0-9a-f]{40}) (\d+) (.*)$/.exec(bytes.toString('utf8', at, end)) ?? [];
    if (key === undefined) break;
    const next = end + 1 + Number(length);
    const text = bytes.subarray(end + 1, next);
    // A length that was damaged leads nowhere: what follows is not looked for.
    if (bytes[next] !== LINE_FEED) break;
    if (hashOf(key, text) === hash) entries.set(key, { text, whole: bytes.subarray(at, next + 1) });
    at = next + 1;
  }
  return entries;
}

const LINE_FEED = 10;

/** An entry as it lies in the file, and the text in it. */
interface Stored {
  readonly text: Buffer;
  readonly whole: Buffer;
}

function hashOf(key: string, text: Buffer): string {
  return createHash('sha1').update(key).update('\n').update(text).digest('hex');
}

/** Written beside and moved in its place: a run at the same time sees the whole old pack or the whole new one. */
function write(folder: string, file: string, entries: ReadonlyMap<string, Stored | string>): void {
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, '.gitignore'), '*\n');
    const parts: Buffer[] = [];
    for (const [key, content] of entries) {
      if (typeof content !== 'string') {
        parts.push(content.whole);
        continue;
      }
      const text = Buffer.from(content, 'utf8');
      parts.push(Buffer.from(`${hashOf(key, text)} ${text.length} ${key}\n`), text, Buffer.from('\n'));
    }
    writeFileSync(draft, Buffer.concat(parts), { flag: 'wx' });
    renameSync(draft, file);
    prune(folder);
  } catch {
    discard(draft);
  }
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
