import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { isDevice } from './write.ts';

/** A file that is written piece by piece and is there, whole, when it is closed. */
export interface PieceFile {
  write(text: string): void;
  close(): void;
}

/** Begins such a file, folders included; what lay there stays until it is closed. Throws where it cannot be written. */
export function openPieces(file: string): PieceFile {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats?.isDirectory()) throw new Error(`\`${file}\` is a folder`);
  mkdirSync(path.dirname(file), { recursive: true });
  const isDirect = stats !== undefined && isDevice(stats);
  const draft = path.join(path.dirname(file), `.${path.basename(file).slice(0, 100)}.${randomUUID()}.tmp`);
  const open = isDirect ? openSync(file, 'w') : openSync(draft, 'wx');
  let waiting: string[] = [];
  let size = 0;
  const flush = (): void => {
    const bytes = Buffer.from(waiting.join(''));
    for (let at = 0; at < bytes.length;) at += writeSync(open, bytes, at);
    [waiting, size] = [[], 0];
  };
  return {
    write(text) {
      waiting.push(text);
      size += text.length;
      if (size >= AT_ONCE) flush();
    },
    close() {
      try {
        flush();
        closeSync(open);
        if (!isDirect) renameSync(draft, file);
      } catch (cause) {
        rmSync(draft, { force: true });
        throw cause;
      }
    },
  };
}

const AT_ONCE = 256 * 1024;
