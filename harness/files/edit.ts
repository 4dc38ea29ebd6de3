import { randomUUID } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { isWithin } from './names.ts';

/** Replaces the text of a UTF-8 file, whole or not at all, and keeps its permissions. Refuses where it is no longer what it was. */
export function replaceText(file: string, before: string, after: string): void {
  replaceBytes(file, Buffer.from(before, 'utf8'), Buffer.from(after, 'utf8'));
}

/** Replaces the content of a file, whole or not at all, and keeps its permissions. Refuses where it is no longer what it was. */
export function replaceBytes(file: string, before: Uint8Array, after: Uint8Array): void {
  const { mode } = statSync(file);
  const draft = path.join(path.dirname(file), `.${path.basename(file).slice(0, 60)}.${randomUUID()}.tmp`);
  try {
    writeFileSync(draft, after, { flag: 'wx' });
    chmodSync(draft, mode & 0o7777);
    // Asked last, so that hardly any time is left for somebody else's edit to be lost.
    if (!readFileSync(file).equals(before)) throw new Error('it has changed meanwhile');
    renameSync(draft, file);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw cause;
  }
}

/** Whether a file may be edited: where it really lies, or why not. */
export type Standing =
  | { readonly kind: 'free'; readonly real: string }
  /** A link leads out of the folders that may be edited. */
  | { readonly kind: 'beyond' }
  | { readonly kind: 'read-only'; readonly reason: string };

/** Looks at a file before anything is written; links are followed only to what lies below one of `folders`. */
export function standingOf(file: string, folders: readonly string[]): Standing {
  const real = realpathSync.native(file);
  if (!folders.some((folder) => isWithin(real, realpathSync.native(folder)))) return { kind: 'beyond' };
  // An administrator could write it all the same, but who takes the right away means it.
  if ((statSync(real).mode & 0o222) === 0) return { kind: 'read-only', reason: 'it is read-only' };
  for (const [what, place] of [
    ['it', real],
    ['its folder', path.dirname(real)],
  ] as const) {
    try {
      accessSync(place, constants.W_OK);
    } catch (cause) {
      return { kind: 'read-only', reason: `${what} is read-only (${(cause as NodeJS.ErrnoException).code})` };
    }
  }
  return { kind: 'free', real };
}
