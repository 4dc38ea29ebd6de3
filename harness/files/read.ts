import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { sourceIndex, type Source } from '../model/docset.ts';
import { lined, lineEndAt } from './line-ends.ts';
import { readTextFile } from './text-file.ts';

const MAX_BYTES = 16 * 1024 * 1024;

/** Reads the pages that pages include: `*.md` files alone, relative to the working directory; nothing where there is none. */
export function includeReader(cwd: string): (file: string) => string | undefined {
  const folders = new Map<string, boolean>();
  return (file) => {
    if (!/\.md$/i.test(file)) return undefined;
    // Docs that come without what they include ask for thousands of files in a few folders that are not there.
    const folder = file.slice(0, file.lastIndexOf('/') + 1);
    let isThere = folders.get(folder);
    if (isThere === undefined) folders.set(folder, (isThere = !isMissing(path.resolve(cwd, folder))));
    return isThere ? textOf(path.resolve(cwd, file), /\.md$/i) : undefined;
  };
}

/** Does nothing stand at a path, as far as anybody may know? */
export function isMissing(folder: string): boolean {
  try {
    return kindOf(folder) === 'nothing';
  } catch {
    return false;
  }
}

/**
 * Gives the lines of a file that a finding names, without their ends. Findings stand by file: those of the last one are kept, for those
 * of all would fill the memory. No page is read that was read before.
 */
export function lineReader(
  cwd: string,
  sources: readonly Source[] = [],
): (file: string) => readonly string[] | undefined {
  // A page that no finding names may not have been read.
  return ofLast((file) => {
    const read = sourceIndex(sources).get(file)?.content;
    const text =
      read instanceof Uint8Array && read.length <= MAX_BYTES
        ? withoutMark(Buffer.from(read.buffer, read.byteOffset, read.length).toString('utf8'))
        : textOf(path.resolve(cwd, file), /\.(md|json|ya?ml)$/i);
    return text?.includes('\r') ? text.split(/\r\n|\r|\n/) : text?.split('\n');
  });
}

/** Tells the line end of a line as it is written in a file that a finding names; nothing where the file cannot be read. */
export function lineEndReader(
  cwd: string,
  sources: readonly Source[] = [],
): (file: string, line: number) => string | undefined {
  const textAt = (file: string): string | undefined => {
    const read = sourceIndex(sources).get(file)?.content;
    return read instanceof Uint8Array ? readTextFile(read)?.text : textOf(path.resolve(cwd, file), /\.md$/i);
  };
  const linesOf = ofLast((file) => {
    const text = textAt(file);
    return text === undefined ? undefined : lined(text);
  });
  return (file, line) => {
    const lines = linesOf(file);
    return lines && lineEndAt(lines, line);
  };
}

/** The same answers, the last of them without asking again. */
export function ofLast<Answer>(ask: (file: string) => Answer): (file: string) => Answer {
  let last: { readonly file: string; readonly answer: Answer } | undefined;
  return (file) => {
    if (last?.file !== file) last = { file, answer: ask(file) };
    return last.answer;
  };
}

/** The nearest file of one of `names`, in their order, from `start` up to the root of its git repository; without one, in `start` alone. */
export function findUpwards(start: string, names: readonly string[]): string | undefined {
  const folders = [];
  for (let folder = path.resolve(start); ; folder = path.dirname(folder)) {
    folders.push(folder);
    if (existsSync(path.join(folder, '.git'))) break;
    // A stranger's config in /tmp must not run because nobody drew a border.
    if (folder === path.dirname(folder)) return firstOf(path.resolve(start), names);
  }
  for (const folder of folders) {
    const hit = firstOf(folder, names);
    if (hit !== undefined) return hit;
  }
  return undefined;
}

/** The bytes of a file; throws where it cannot be read. */
export function readBytes(file: string): Uint8Array {
  return readFileSync(file);
}

/** The text of a file, without a byte order mark; throws where it cannot be read. */
export function readText(file: string): string {
  return withoutMark(readFileSync(file, 'utf8'));
}

/** What stands at a path. */
export function kindOf(file: string): 'file' | 'folder' | 'nothing' {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats?.isDirectory() ? 'folder' : stats ? 'file' : 'nothing';
}

function firstOf(folder: string, names: readonly string[]): string | undefined {
  return names.map((name) => path.join(folder, name)).find((file) => existsSync(file));
}

function textOf(absolute: string, ending: RegExp): string | undefined {
  try {
    // The docs choose the name: a link called x.md must not show another kind of file, nor a device that never ends.
    // Asked first, for most files that are asked for are not there, and an error costs more than a look.
    const stats = statSync(absolute, { throwIfNoEntry: false });
    if (!stats?.isFile() || stats.size > MAX_BYTES || !ending.test(realpathSync.native(absolute))) return undefined;
    return readText(absolute);
  } catch {
    return undefined;
  }
}

function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
