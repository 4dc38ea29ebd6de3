import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import module, { createRequire } from 'node:module';
import path from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** What V8 made of a file of code: the checksum of the file, that of the bytes, and the bytes. */
interface Compiled {
  readonly of: number;
  readonly sum: number;
  readonly bytes: Buffer;
}

/** What is kept, by the names of the files. */
interface Kept {
  readonly files: ReadonlyMap<string, Compiled>;
  /** Was it a long run that has left it? */
  readonly isLong: boolean;
}

/** The first line of what is kept: whose bytes lie behind each other, and how many they are. */
interface Head extends Pick<Kept, 'isLong'> {
  readonly listed: readonly (Omit<Compiled, 'bytes'> & { readonly name: string; readonly length: number })[];
}

/**
 * Has the CommonJS files of a folder be loaded from now on with what V8 made of them the last time, which is kept in the folder `home`,
 * for each `kind` of run apart: to take over functions that a run does not need would cost more than to compile the few that it lacks.
 * What is given back is to be called as the process ends: only then it is known which functions a run needs, and whether it was a long one.
 * What a long one has left goes with the next short one, which it holds up; the one after that leaves what is of use to both. From Node 22.1 on Node
 * does so itself (`module.enableCompileCache`), and gives nothing to be called. Compiled code is code: where others than `user` can
 * write to `home`, nothing is kept. What cannot be read or written is done without.
 */
export function keepCompiled(
  code: string,
  home: string,
  user: number | undefined,
  kind: string,
): ((isLong: boolean) => void) | undefined {
  if (!isOwn(home, user)) return undefined;
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
  if (enableCompileCache !== undefined) {
    enableCompileCache(home);
    return undefined;
  }
  const file = path.join(home, `compiled-${crc32(`${code}\0${kind}`).toString(16)}`);
  const kept = readCompiled(file, user);
  const made = loadWith(code, kept);
  return (isLong) => {
    if (kept.isLong && !isLong) removed(file);
    else if (made.size > 0) writeCompiled(file, code, kept, made, isLong);
  };
}

/** Is there, or can be made, a folder that this user alone can write to? None is made in what belongs to others, as a home does under sudo. */
function isOwn(folder: string, user: number | undefined): boolean {
  const parent = path.dirname(folder);
  try {
    for (const each of [parent, folder]) {
      if (statSync(each, { throwIfNoEntry: false }) !== undefined) continue;
      if (!isOf(user, statSync(path.dirname(each)))) return false;
      mkdirSync(each, { mode: 0o700 });
    }
    return isOf(user, statSync(folder));
  } catch {
    return false;
  }
}

/** Windows has no such owners: there the folder is known to be that of the user. */
function isOf(user: number | undefined, { uid, mode }: Stats): boolean {
  return user === undefined || (uid === user && (mode & 0o022) === 0);
}

/** Loads files of a folder with what is kept of them, as long as they are the same; gives, in time, the scripts that had to be compiled. */
function loadWith(
  code: string,
  { files }: Kept,
): ReadonlyMap<string, { readonly of: number; readonly script: Script }> {
  const made = new Map<string, { of: number; script: Script }>();
  // `.cjs` has no handler of its own; with one, Node would find such files by names without an ending, too.
  const { extensions } = createRequire(import.meta.url);
  const load = extensions['.js']!;
  extensions['.js'] = (loaded, file) => {
    const name = path.relative(code, file);
    // What lies elsewhere, as ever.
    if (name !== path.basename(file)) return load(loaded, file);
    const text = readWrapped(file);
    const of = crc32(text);
    const known = files.get(name);
    // V8 itself would take bytes for those of another text as long, and does not look whether they are whole.
    const isSound = known?.of === of && crc32(known.bytes) === known.sum;
    const script = new Script(text.toString(), {
      filename: file,
      ...(isSound ? { cachedData: known.bytes } : {}),
    });
    // Of another version, or made under other flags.
    if (!isSound || script.cachedDataRejected) made.set(name, { of, script });
    const run = script.runInThisContext() as (...given: readonly unknown[]) => void;
    run.call(loaded.exports, loaded.exports, createRequire(file), loaded, file, path.dirname(file));
  };
  return made;
}

/** The function that Node makes of a file; put together as text, all of it would be copied once more. */
function readWrapped(file: string): Buffer {
  const open = openSync(file, 'r');
  try {
    const { size } = fstatSync(open);
    const all = Buffer.allocUnsafe(BEGIN.length + size + END.length);
    const end = BEGIN.length + size;
    for (let at = BEGIN.copy(all), read; at < end; at += read) {
      read = readSync(open, all, at, end - at, null);
      if (read === 0) throw new Error(`\`${file}\` is being written`);
    }
    END.copy(all, end);
    return all;
  } finally {
    closeSync(open);
  }
}

const [BEGIN, END] = module
  .wrap('\0')
  .split('\0')
  .map((text) => Buffer.from(text)) as [Buffer, Buffer];

/** A line of JSON that says which bytes are whose, and the bytes; nothing of a file that somebody else has written. */
function readCompiled(file: string, user: number | undefined): Kept {
  const none: Kept = { files: new Map(), isLong: false };
  try {
    const open = openSync(file, 'r');
    try {
      if (!isOf(user, fstatSync(open))) return none;
      const all = readFileSync(open);
      let at = all.indexOf('\n') + 1;
      const { listed, isLong } = JSON.parse(all.toString('utf8', 0, at)) as Head;
      const files = listed.map(({ name, of, sum, length }): [string, Compiled] => {
        const bytes = all.subarray(at, at + length);
        at += length;
        return [name, { of, sum, bytes }];
      });
      return { files: new Map(files), isLong };
    } finally {
      closeSync(open);
    }
  } catch {
    // There is none yet, or it is no such file.
    return none;
  }
}

/** Writes what is new, and what was kept of files that are still there. */
function writeCompiled(
  file: string,
  code: string,
  kept: Kept,
  made: ReturnType<typeof loadWith>,
  isLong: boolean,
): void {
  const draft = `${file}.${randomUUID()}`;
  try {
    const there = new Set(readdirSync(code));
    const all = new Map([...kept.files].filter(([name]) => there.has(name)));
    // Where a short run has left something, it stays for short ones.
    const isForLong = isLong && (kept.isLong || all.size === 0);
    for (const [name, { of, script }] of made) {
      const bytes = script.createCachedData();
      all.set(name, { of, sum: crc32(bytes), bytes });
    }
    const listed = [...all].map(([name, { of, sum, bytes }]) => ({ name, of, sum, length: bytes.length }));
    const line = Buffer.from(`${JSON.stringify({ isLong: isForLong, listed } satisfies Head)}\n`);
    writeFileSync(draft, Buffer.concat([line, ...[...all.values()].map(({ bytes }) => bytes)]), { mode: 0o600 });
    renameSync(draft, file);
    sweep(path.dirname(file));
  } catch {
    // The disk is full or read-only: the next start compiles once more.
    removed(draft);
  }
}

/** Removes what was kept for longest without being written, and all older than a month: of code that is nowhere any more, and drafts of processes that were killed. */
function sweep(folder: string): void {
  const files = readdirSync(folder)
    .filter((name) => /^compiled-[\da-f]+/.test(name))
    .map((name) => path.join(folder, name))
    .map((file) => ({ file, time: statSync(file).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const [at, { file, time }] of files.entries()) if (at >= MOST || Date.now() - time > MONTH) removed(file);
}

/** Files, of about a megabyte each. */
const MOST = 16;

/** Milliseconds. */
const MONTH = 30 * 24 * 3_600_000;

function removed(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Whoever cannot write cannot remove.
  }
}
