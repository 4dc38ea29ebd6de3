import { randomUUID } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { hashOf } from '../model/hash.ts';
import { blockFor, isHeld, isStored, MOST_PARTS, type BytesAt, type Fresh, type Pack, type Stored } from './pack.ts';

/** How many packs a folder may hold: one for each set of docs and way of reading them. */
const MOST_PACKS = 32;

/** Written beside and moved in its place: a run at the same time sees the whole old pack or the whole new one. */
export function writePack(
  folder: string,
  file: string,
  { bytesAt, close }: Pack,
  used: ReadonlyMap<string, Stored | Fresh>,
): void {
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, '.gitignore'), '*\n');
    const blocks = indexOf(used).map((lines) => Buffer.from(lines.join('')));
    const table = Buffer.from(blocks.map((block) => `${block.length} ${crc32(block)}\n`).join(''));
    const head = Buffer.from(`${hashOf(table)} ${table.length} ${used.size}\n`);
    const to = openSync(draft, 'wx');
    try {
      writeAll(to, Buffer.concat([head, table, ...blocks]));
      for (let number = 0; number < MOST_PARTS; number++)
        for (const piece of pieces(bytesAt, used.values(), number)) writeAll(to, piece);
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

/** The lines of each block. */
function indexOf(used: ReadonlyMap<string, Stored | Fresh>): readonly (readonly string[])[] {
  const names = [...used.keys()].map((key) => JSON.stringify(key));
  const lines = [...names];
  let start = 0;
  for (let number = 0; number < MOST_PARTS; number++) {
    let at = 0;
    for (const entry of used.values()) {
      const part = partOf(entry, number);
      if (part !== undefined) {
        lines[at] += ` ${start} ${part.length} ${part.sum}`;
        start += part.length;
      }
      at++;
    }
  }
  const blocks: string[][] = Array.from({ length: Math.ceil(used.size / IN_A_BLOCK) }, () => []);
  for (const [at, name] of names.entries()) blocks[blockFor(name, blocks.length)]!.push(`${lines[at]}\n`);
  return blocks;
}

/** Keys, about: some KB, which is read as fast as less. */
const IN_A_BLOCK = 32;

function partOf(entry: Stored | Fresh, number: number): { readonly length: number; readonly sum: number } | undefined {
  if (isStored(entry)) {
    const part = entry.parts[number];
    return part && { length: part.end - part.start, sum: part.sum };
  }
  const part = entry[number];
  return part && { length: part.length, sum: crc32(part) };
}

function writeAll(to: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(to, bytes, at);
}

/** The parts of one number in as few pieces as may be: most lie behind each other already. */
function* pieces(bytesAt: BytesAt, entries: Iterable<Stored | Fresh>, number: number): Iterable<Buffer> {
  let fresh: Buffer[] = [];
  let waiting = 0;
  let [from, to] = [0, 0];
  for (const entry of entries) {
    if (isStored(entry)) {
      const part = entry.parts[number];
      if (part === undefined) continue;
      if (fresh.length > 0) yield Buffer.concat(fresh);
      [fresh, waiting] = [[], 0];
      if (part.start !== to) {
        yield* stretch(bytesAt, from, to);
        from = part.start;
      }
      to = part.end;
      continue;
    }
    const part = entry[number];
    if (part === undefined) continue;
    yield* stretch(bytesAt, from, to);
    [from, to] = [0, 0];
    fresh.push(part);
    waiting += part.length;
    if (waiting < MOST_AT_ONCE) continue;
    yield Buffer.concat(fresh);
    [fresh, waiting] = [[], 0];
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
