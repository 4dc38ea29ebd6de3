import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
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

/** By the names of the files. */
type All = ReadonlyMap<string, Compiled>;

/**
 * Has the CommonJS files of a folder be loaded from now on with what V8 made of them the last time, which is kept in the folder `home`.
 * What is given back is to be called as the process ends: only then it is known which functions a run needs. From Node 22.1 on Node
 * does so itself (`module.enableCompileCache`). Compiled code is code: where others than `user` can write to `home`, nothing is kept.
 * What cannot be read or written is done without.
 */
export function keepCompiled(code: string, home: string, user: number | undefined): () => void {
  if (!isOwn(home, user)) return () => undefined;
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
  if (enableCompileCache !== undefined) {
    enableCompileCache(home);
    return () => undefined;
  }
  const file = path.join(home, `compiled-${crc32(code).toString(16)}`);
  const kept = readCompiled(file);
  const made = loadWith(code, kept);
  return () => {
    if (made.size > 0) writeCompiled(file, code, kept, made);
  };
}

/** Is there, or can be made, a folder that this user alone can write to? */
function isOwn(folder: string, user: number | undefined): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    return user === undefined || (uid === user && (mode & 0o022) === 0);
  } catch {
    return false;
  }
}

/** Loads files of a folder with what is kept of them, as long as they are the same; gives, in time, the scripts that had to be compiled. */
function loadWith(code: string, kept: All): ReadonlyMap<string, { readonly of: number; readonly script: Script }> {
  const made = new Map<string, { of: number; script: Script }>();
  const { extensions } = createRequire(import.meta.url);
  extensions['.cjs'] = (loaded, file) => {
    const name = path.relative(code, file);
    // Those of others, as ever.
    if (name !== path.basename(file)) return extensions['.js']!(loaded, file);
    const text = readFileSync(file);
    const of = crc32(text);
    const { sum, bytes } = kept.get(name) ?? {};
    // V8 itself would take bytes for those of another text as long, and does not look whether they are whole.
    const isSound = bytes !== undefined && kept.get(name)?.of === of && crc32(bytes) === sum;
    const script = new Script(module.wrap(text.toString()), {
      filename: file,
      ...(isSound ? { cachedData: bytes } : {}),
    });
    // Of another version, or made under other flags.
    if (!isSound || script.cachedDataRejected) made.set(name, { of, script });
    const run = script.runInThisContext() as (...given: readonly unknown[]) => void;
    run.call(loaded.exports, loaded.exports, createRequire(file), loaded, file, path.dirname(file));
  };
  return made;
}

/** A line of JSON that says which bytes are whose, and the bytes. */
function readCompiled(file: string): All {
  try {
    const all = readFileSync(file);
    let from = all.indexOf('\n') + 1;
    const listed = JSON.parse(all.toString('utf8', 0, from)) as readonly (Omit<Compiled, 'bytes'> & {
      readonly name: string;
      readonly length: number;
    })[];
    return new Map(
      listed.map(({ name, of, sum, length }) => [name, { of, sum, bytes: all.subarray(from, (from += length)) }]),
    );
  } catch {
    return new Map();
  }
}

/** Writes what is new, and what was kept of files that are still there. */
function writeCompiled(file: string, code: string, kept: All, made: ReturnType<typeof loadWith>): void {
  const draft = `${file}.${randomUUID()}`;
  try {
    const there = new Set(readdirSync(code));
    const all = new Map([...kept].filter(([name]) => there.has(name)));
    for (const [name, { of, script }] of made) {
      const bytes = script.createCachedData();
      all.set(name, { of, sum: crc32(bytes), bytes });
    }
    const listed = [...all].map(([name, { of, sum, bytes }]) => ({ name, of, sum, length: bytes.length }));
    const head = Buffer.from(`${JSON.stringify(listed)}\n`);
    writeFileSync(draft, Buffer.concat([head, ...[...all.values()].map(({ bytes }) => bytes)]), { mode: 0o600 });
    renameSync(draft, file);
  } catch {
    // The disk is full or read-only: the next start compiles once more.
    rmSync(draft, { force: true });
  }
}
