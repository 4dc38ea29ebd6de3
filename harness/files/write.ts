import { randomUUID } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import path from 'node:path';
import { UsageError } from '../model/usage.ts';
import { isWithin } from './names.ts';

/** Writes a text file and tells whether it had to be. */
type Write = (relative: string, text: string | Iterable<string>) => 'written' | 'unchanged';

/**
 * Writes a text file below `root`, folders included, whole or not at all; a long text in pieces is never held as a whole. A file that has
 * this content already keeps its time. Never writes outside `root`, neither by `..` nor through a link.
 */
export async function writeWithin(root: string, ...args: Parameters<Write>): Promise<ReturnType<Write>> {
  return writerWithin(root)(...args);
}

/** Writes many files in this way; each folder is looked at once. */
export function writerWithin(root: string): Write {
  const ready = new Set<string>();
  return (relative, text) => {
    const file = namedWithin(root, relative);
    const folder = path.dirname(file);
    if (!ready.has(folder)) refuseOutside(root, relative, folder);
    const content = whole(text);
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : undefined;
    const stats = statSync(file, { throwIfNoEntry: false });
    if (bytes && stats?.isFile() && holds(file, stats, bytes)) return 'unchanged';
    if (stats !== undefined && isDevice(stats)) {
      writePieces(file, typeof content === 'string' ? [content] : content, 'w');
      return 'written';
    }
    if (!ready.has(folder)) mkdirSync(folder, { recursive: true });
    ready.add(folder);
    const draft = path.join(folder, `.${path.basename(file).slice(0, 100)}.${randomUUID()}.tmp`);
    // One after the other: the threads that would do it beside this one take several times as long to be asked.
    try {
      if (bytes) writeFileSync(draft, bytes, { flag: 'wx' });
      else writePieces(draft, content, 'wx');
      if (!bytes && isSame(draft, file)) {
        rmSync(draft);
        return 'unchanged';
      }
      renameSync(draft, file);
    } catch (cause) {
      rmSync(draft, { force: true });
      throw cause;
    }
    return 'written';
  };
}

/** The text of pieces that are not too many to be held at once; else the pieces. */
function whole(text: string | Iterable<string>): string | Iterable<string> {
  if (typeof text === 'string') return text;
  const pieces = text[Symbol.iterator]();
  let start = '';
  for (let next = pieces.next(); !next.done; next = pieces.next()) {
    start += next.value;
    if (start.length >= AT_ONCE) return continued(start, { [Symbol.iterator]: () => pieces });
  }
  return start;
}

function* continued(start: string, rest: Iterable<string>): Iterable<string> {
  yield start;
  yield* rest;
}

/** Pieces may be a character or a megabyte: what is written at once is neither. */
function writePieces(file: string, pieces: Iterable<string>, flag: 'w' | 'wx'): void {
  const open = openSync(file, flag);
  try {
    let waiting = '';
    for (const piece of pieces) {
      waiting += piece;
      if (waiting.length < AT_ONCE) continue;
      writeFileSync(open, waiting);
      waiting = '';
    }
    writeFileSync(open, waiting);
  } finally {
    closeSync(open);
  }
}

const AT_ONCE = 256 * 1024;

/** Is it something like `/dev/null` or a pipe? What is written goes into it; a file in its place would be the end of it. */
export function isDevice(stats: Stats): boolean {
  return !stats.isFile() && !stats.isDirectory();
}

/** Do two files hold the same? */
function isSame(draft: string, file: string): boolean {
  const [one, other] = [draft, file].map((each) => statSync(each, { throwIfNoEntry: false }));
  if (other?.isFile() !== true || other.size !== one?.size) return false;
  const opened: number[] = [];
  try {
    for (const each of [draft, file]) opened.push(openSync(each, 'r'));
    const [first, second] = [Buffer.alloc(AT_ONCE), Buffer.alloc(AT_ONCE)];
    for (;;) {
      const lengths = [first, second].map((buffer, at) => readSync(opened[at]!, buffer));
      if (lengths[0] !== lengths[1] || !first.equals(second)) return false;
      if (lengths[0] === 0) return true;
    }
  } catch {
    return false;
  } finally {
    for (const each of opened) closeSync(each);
  }
}

function holds(file: string, { size }: Stats, bytes: Buffer): boolean {
  try {
    return size === bytes.length && readFileSync(file).equals(bytes);
  } catch {
    return false;
  }
}

/** The absolute path of a file below `root`; a UsageError where it, or a folder on the way that is a link, lies outside. */
export function placeWithin(root: string, relative: string): string {
  const file = namedWithin(root, relative);
  refuseOutside(root, relative, path.dirname(file));
  return file;
}

function namedWithin(root: string, relative: string): string {
  const file = path.resolve(root, relative);
  if (relative.includes('\0') || file === path.resolve(root) || !isWithin(file, path.resolve(root))) {
    throw new UsageError(`\`${relative}\` does not lie below \`${root}\``);
  }
  return file;
}

function refuseOutside(root: string, relative: string, folder: string): void {
  if (!isWithin(realOf(folder), realOf(path.resolve(root)))) {
    throw new UsageError(`A link on the way to \`${relative}\` leads out of \`${root}\``);
  }
}

/** The real path of a folder that may not be there yet: that of its deepest part that is. */
function realOf(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch (cause) {
    const parent = path.dirname(folder);
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT' || parent === folder) throw cause;
    return path.join(realOf(parent), path.basename(folder));
  }
}
