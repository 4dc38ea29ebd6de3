import { posix } from 'node:path';
import type { Fact } from '../../model/finding.ts';
import { decode, splitLines, type LeftOut, type Origin, type PageText } from './source.ts';
import { applyTags, hasTags } from './tags.ts';

/** Reads another markdown file, by its path relative to the working directory; nothing where there is none. */
export type ReadFile = (file: string) => string | undefined;

const INCLUDE = /\[!INCLUDE\s{0,100}\[[^\]]{0,1000}\]\(\s{0,100}<?([^)>\s]{1,1000})[^)]{0,1000}\)\s{0,100}\]/gi;
const TOUCHING_FENCE = /-->[ \t]*(?=(`{3,}(?!.*`)|~{3,}))/;

/**
 * The text of a page as it is to be parsed: what tags leave out is gone, `[!INCLUDE [title](path)]` alone on a line replaced by the file it names, at any depth, and
 * a fence that opens on the last line of a comment put on a line of its own (CommonMark would not see it there).
 */
export function assemble(
  file: string,
  page: string,
  bytes: Uint8Array,
  readFile: ReadFile,
  report: (fact: Fact) => void,
  tags: ReadonlySet<string> = new Set(),
): PageText {
  const { text: written, encoding, fault } = decode(bytes);
  if (fault !== undefined) reportEncoding(file, written, bytes, fault, report);
  else if (encoding !== 'utf-8') {
    const place = { file, position: { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } } };
    report({
      ruleId: 'page/encoding',
      reason: `Unexpected encoding ${encoding.toUpperCase()}, expected UTF-8`,
      place,
      subject: 'encoding',
      note: 'Save the file as UTF-8.',
    });
  }
  const leftOut: LeftOut[] = [];
  const all = splitLines(written);
  const lines = tagged(file, all, written, { tags, leftOut, report });
  // Line for line as it is written, if not character for character.
  const text = lines === all ? written : lines.join('\n');
  if (!/\[!INCLUDE/i.test(text) && !TOUCHING_FENCE.test(text)) return { file, page, text, lines, leftOut, report };
  const assembled: { lines: string[]; origins: Origin[] } = { lines: [], origins: [] };
  const root = file.slice(0, file.length - page.length);
  expand(file, lines, [file], assembled, { root, readFile, tags, leftOut, report });
  return { file, page, text: assembled.lines.join('\n'), ...assembled, leftOut, report };
}

/** Files that the words of a file name as includes, and it may or may not include; `root` as its pages stand below it, with a slash at its end. */
export function includesIn(file: string, text: string, root: string): string[] {
  return [...text.matchAll(INCLUDE)].flatMap(([, path]) =>
    path!.startsWith('~') ? [] : [includePath(file, path!, root)],
  );
}

interface Context {
  /** What a path that starts with a slash stands below: the docs root, with a slash at its end, or nothing. */
  readonly root: string;
  readonly readFile: ReadFile;
  /** Those that are selected, in lower case. */
  readonly tags: ReadonlySet<string>;
  readonly leftOut: LeftOut[];
  readonly report: (fact: Fact) => void;
}

/** The lines of a file without what its tags leave out. */
function tagged(
  file: string,
  lines: readonly string[],
  text: string,
  { tags, leftOut, report }: Pick<Context, 'tags' | 'leftOut' | 'report'>,
): readonly string[] {
  if (!hasTags(text)) return lines;
  const kept = applyTags(file, lines, tags, report);
  leftOut.push(...kept.leftOut);
  return kept.lines;
}

function expand(
  file: string,
  lines: readonly string[],
  within: readonly string[],
  into: { lines: string[]; origins: Origin[] },
  context: Context,
): void {
  let fence: string | undefined;
  lines.forEach((line, index) => {
    const mark = /^[ >]*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined) {
      if (expandIncludes(file, line, index + 1, within, into, context)) return;
      const touching = TOUCHING_FENCE.exec(line);
      if (touching) {
        const end = touching.index + touching[0].length;
        push(into, line.slice(0, touching.index + 3), { file, line: index + 1, shift: 0 });
        push(into, line.slice(end), { file, line: index + 1, shift: end });
        fence = touching[1];
        return;
      }
      fence = mark;
    } else if (mark?.startsWith(fence) && /^[ >]*[`~]+\s*$/.test(line)) fence = undefined;
    push(into, line, { file, line: index + 1, shift: 0 });
  });
}

/** Expands the include that `line` consists of. Others are only looked at: is the file there? */
function expandIncludes(
  file: string,
  line: string,
  number: number,
  within: readonly string[],
  into: { lines: string[]; origins: Origin[] },
  context: Context,
): boolean {
  // Most lines hold none.
  if (!line.includes('[!')) return false;
  // Inside `code` an include is shown, not meant: an odd number of marks stands before it.
  let marks = 0;
  let counted = 0;
  for (const found of line.matchAll(INCLUDE)) {
    marks += line.slice(counted, found.index).match(/`+/g)?.length ?? 0;
    counted = found.index;
    const path = found[1]!;
    if (path.startsWith('~') || marks % 2 === 1) continue;
    const column = found.index + found[0].lastIndexOf(path) + 1;
    const place = {
      file,
      position: { start: { line: number, column }, end: { line: number, column: column + path.length } },
    };
    const target = includePath(file, path, context.root);
    if (within.includes(target)) {
      context.report({
        ruleId: 'include/cycle',
        reason: `Unexpected include of \`${path}\`, which includes this file`,
        place,
        subject: path,
        note: 'Take one of the two includes out.',
      });
      continue;
    }
    const content = within.length > 50 ? undefined : context.readFile(target);
    if (content === undefined) {
      context.report({
        ruleId: 'include/missing',
        reason: `Missing file \`${path}\`, expected an include at \`${target}\``,
        place,
        subject: path,
        group: `include/missing ${target}`,
        note: 'Write the file, or take the include out.',
      });
      continue;
    }
    if (found[0].length !== line.trim().length) continue;
    expand(target, tagged(target, body(content), content, context), [...within, target], into, context);
    return true;
  }
  return false;
}

function push(into: { lines: string[]; origins: Origin[] }, line: string, origin: Origin): void {
  into.lines.push(line);
  into.origins.push(origin);
}

/** Lines of an included file; its front matter is blanked, not cut, so that line numbers stay. */
function body(content: string): string[] {
  const lines = splitLines(content.replace(/^\ufeff/, ''));
  const end =
    lines[0]?.trimEnd() === '---' ? lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---') : -1;
  return lines.map((line, index) => (index <= end ? '' : line));
}

function includePath(file: string, path: string, root: string): string {
  const named = /\.md$/i.test(path) ? path : `${path}.md`;
  if (named.startsWith('/')) return posix.normalize(root + named.slice(1));
  const slash = named.lastIndexOf('/') + 1;
  return folderOf(file.slice(0, file.lastIndexOf('/') + 1), named.slice(0, slash)) + named.slice(slash);
}

/** The folder that a path leads to from another one, both with a slash at their end or empty. Thousands of includes lie in a few folders. */
function folderOf(from: string, path: string): string {
  const key = `${from}\0${path}`;
  let folder = FOLDERS.get(key);
  if (folder === undefined) {
    folder = posix.join(from, path, 'x').slice(0, -1);
    if (FOLDERS.size >= MOST_FOLDERS) FOLDERS.clear();
    FOLDERS.set(key, folder);
  }
  return folder;
}

const FOLDERS = new Map<string, string>();
const MOST_FOLDERS = 1000;

function reportEncoding(
  file: string,
  text: string,
  bytes: Uint8Array,
  fault: number,
  report: (fact: Fact) => void,
): void {
  const before = splitLines(new TextDecoder().decode(bytes.subarray(0, fault)));
  const start = { line: before.length, column: before.at(-1)!.length + 1 };
  const byte = bytes[fault] === undefined ? 'end of file' : `byte 0x${bytes[fault].toString(16).padStart(2, '0')}`;
  report({
    ruleId: 'page/encoding',
    reason: `Unexpected ${byte}, expected UTF-8`,
    place: { file, position: { start, end: { line: start.line, column: start.column + 1 } } },
    subject: 'encoding',
    note: 'Save the file as UTF-8. It was read with a replacement character for each byte that is not.',
  });
}
