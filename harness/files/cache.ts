import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import {
  isHeld,
  isStored,
  MOST_PARTS,
  openPack,
  partsOf,
  sizeOf,
  type Entries,
  type Fresh,
  type Stored,
} from './pack.ts';
import { once } from '../model/once.ts';
import { writePack } from './pack-write.ts';

/** Texts kept from one run to the next, by keys. */
export interface Cache {
  get(key: string): string | undefined;
  /** A text of which each line is made only when it is asked for, by its number from 0. Throws `DamagedError` for one that is damaged, but for the first. */
  lines(key: string): ((number: number) => string) | undefined;
  set(key: string, text: string): void;
  /** Keeps a text for the next run without looking at it; tells whether it is there. */
  keep(key: string): boolean;
  /** Writes what was asked for or set since the cache was opened; all else is dropped. */
  save(): void;
  /** Lets go of the file. What was not asked for before is then as if it were not there. */
  close(): void;
}

/** Part of what was kept is damaged, and was seen to be only when somebody had begun to use it; the pack has been removed. */
export class DamagedError extends Error {
  constructor(file: string) {
    super(
      `What was kept of an earlier run was damaged, and has been removed (\`${file}\`). Run the same command again`,
    );
  }
}

/**
 * Opens a pack of a cache folder, the one for all that `parts` name; the folder is made when something is saved, with a `.gitignore` that
 * ignores all of it. What is damaged is as if it were not there; a pack that cannot be written is no fault.
 */
export function openCache(folder: string, parts: readonly string[]): Cache {
  const name = createHash('sha256')
    .update(JSON.stringify([FORMAT, ...parts]))
    .digest('hex')
    .slice(0, 16);
  const file = path.join(folder, `${name}.pack`);
  const pack = openPack(file);
  const { entries } = pack;
  const used = new Map<string, Stored | Fresh>();
  let isSame = true;
  const damaged = (): never => {
    pack.close();
    rmSync(file, { force: true });
    throw new DamagedError(file);
  };
  /** The parts of a text, by their number; nothing where there is no such text, or where its first is damaged. */
  const partsFor = (key: string): Parts | undefined => {
    const known = used.get(key);
    if (known !== undefined && !isStored(known))
      return { length: known.length, part: (number) => known[number]?.toString() };
    const entry = entries.get(key);
    const first = entry && pack.part(entry, 0);
    if (entry === undefined || first === undefined) return undefined;
    used.set(key, entry);
    const text = first.toString();
    const { length } = entry.parts;
    const part: Parts['part'] = (number) => (number === 0 ? text : pack.part(entry, number)?.toString());
    if (!isHeld) return { length, part };
    // Before another pack can take its place it will have been closed.
    const all = entry.parts.map((_, number) => part(number));
    return { length, part: (number) => all[number] };
  };
  return {
    get(key) {
      const parts = partsFor(key);
      if (parts === undefined) return undefined;
      const all = Array.from({ length: parts.length }, (_, number) => parts.part(number));
      if (!all.includes(undefined)) return all.join('\n');
      used.delete(key);
      return undefined;
    },
    lines(key) {
      const parts = partsFor(key);
      if (parts === undefined) return undefined;
      return (number) => {
        if (number >= MOST_PARTS - 1) return lineOf(parts.part(MOST_PARTS - 1) ?? damaged(), number - MOST_PARTS + 1);
        return number < parts.length ? (parts.part(number) ?? damaged()) : '';
      };
    },
    set(key, text) {
      isSame = false;
      used.set(key, partsOf(text));
    },
    keep(key) {
      const entry = entries.get(key);
      if (entry !== undefined && !used.has(key)) used.set(key, entry);
      return used.has(key);
    },
    save() {
      if (isSame && used.size === entries.size) return;
      if (isWorthIt(used, entries)) writePack(folder, file, pack, used);
    },
    close: pack.close,
  };
}

/** Two caches as one: keys that `isApart` are in the second. Each is opened when it is asked for something. */
export function partedCache(open: () => Cache, openApart: () => Cache, isApart: (key: string) => boolean): Cache {
  const opened = new Set<Cache>();
  const kept = (make: () => Cache) =>
    once(() => {
      const cache = make();
      opened.add(cache);
      return cache;
    });
  const [main, apart] = [kept(open), kept(openApart)];
  const cacheOf = (key: string): Cache => (isApart(key) ? apart() : main());
  return {
    get: (key) => cacheOf(key).get(key),
    lines: (key) => cacheOf(key).lines(key),
    set: (key, text) => cacheOf(key).set(key, text),
    keep: (key) => cacheOf(key).keep(key),
    save() {
      for (const cache of opened) cache.save();
    },
    close() {
      for (const cache of opened) cache.close();
    },
  };
}

/** Raised where packs are written otherwise. */
const FORMAT = 4;

/** To write megabytes for one page of thousands takes longer than to read that page again. */
function isWorthIt(used: ReadonlyMap<string, Stored | Fresh>, entries: Entries): boolean {
  let [fresh, known] = [0, 0];
  for (const entry of used.values()) {
    if (isStored(entry)) known += sizeOf(entry);
    else fresh += sizeOf(entry);
  }
  return fresh > known * SMALL || used.size < entries.size * (1 - SMALL) || known < MUCH;
}

/** The part of a pack that may be missing from it, and the bytes of one that is rewritten in no time. */
const [SMALL, MUCH] = [0.01, 1 << 21];

interface Parts {
  readonly length: number;
  /** Nothing where it is damaged. */
  part(number: number): string | undefined;
}

function lineOf(text: string, number: number): string {
  return text.split('\n', number + 1)[number] ?? '';
}
