import type { Fact } from '../../model/finding.ts';
import type { Point } from '../../model/place.ts';
import { findComments } from './comments.ts';
import type { LeftOut } from './source.ts';

/** What the tags of a file leave of it. */
export interface Tagged {
  /** Its lines; those left out are empty, so that the others keep their numbers. */
  readonly lines: readonly string[];
  /** Annotations in what is left out. */
  readonly leftOut: readonly LeftOut[];
}

const MARK = /^([ \t>]*)\[(?:TAGS[ \t]*=([^\]]*)|(END))\][ \t]*$/i;
const FENCE = /^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(`{3,}|~{3,})([^]*)$/;

/** Has a text what `applyTags` looks for? A plain scan, for the many pages that have not. */
export function hasTags(text: string): boolean {
  return /\[(?:TAGS[ \t]*=|END\])/i.test(text) || /(?:^|[\r\n])>>/.test(text);
}

/**
 * Leaves out what stands between `[TAGS=a,b]` and its `[END]` where none of the tags is selected, and lines of authors' comments
 * (`>>` at their beginning). Both marks stand alone on their lines, outside code; blocks may nest. A mark without its other
 * half leaves nothing out; it is reported.
 */
export function applyTags(
  file: string,
  lines: readonly string[],
  selected: ReadonlySet<string>,
  report: (fact: Fact) => void,
): Tagged {
  const marks = readMarks(file, lines, report);
  const kept = withoutAuthorsComments(lines);
  const leftOut: LeftOut[] = [];
  for (let index = 0; index < marks.length; index++) {
    const { line, end, prefix, tags } = marks[index]!;
    kept[line] = prefix.trimEnd();
    kept[end] = MARK.exec(lines[end]!)![1]!.trimEnd();
    if (tags.some((tag) => selected.has(tag.toLowerCase()))) continue;
    const inside = annotationsIn(file, lines, line + 1, end);
    leftOut.push(...inside);
    kept.fill('', line, end + 1);
    report({
      ruleId: 'page/left-out',
      reason: `Unexpected ${tags.length === 1 ? 'tag' : 'tags'} ${tags.map((tag) => `\`${tag}\``).join(', ') || '``'}, not selected: ${count(inside.length, 'annotated block')} left out`,
      place: onLine(file, lines, line),
      subject: tags.join(','),
      note: `Select ${tags.length === 1 ? 'it' : 'one of them'} with \`--tags\` to have them read.`,
    });
    // What stands inside is gone with it.
    while (marks[index + 1] !== undefined && marks[index + 1]!.line < end) index++;
  }
  return { lines: kept, leftOut };
}

interface Block {
  /** Lines of the marks, from 0. */
  readonly line: number;
  readonly end: number;
  readonly prefix: string;
  readonly tags: readonly string[];
}

/** Pairs the marks of a file, outermost and earliest first. */
function readMarks(file: string, lines: readonly string[], report: (fact: Fact) => void): Block[] {
  const open: { line: number; prefix: string; tags: string[] }[] = [];
  const blocks: Block[] = [];
  let fence: string | undefined;
  for (const [line, text] of lines.entries()) {
    const mark = fenceOf(text);
    if (fence !== undefined) {
      if (closesFence(text, fence)) fence = undefined;
      continue;
    }
    if (mark !== undefined) {
      fence = mark;
      continue;
    }
    const [, prefix = '', tags, end] = MARK.exec(text) ?? [];
    if (tags !== undefined) open.push({ line, prefix, tags: split(tags) });
    else if (end !== undefined) {
      const begun = open.pop();
      if (begun) blocks.push({ ...begun, end: line });
      else
        report({
          ruleId: 'page/tags',
          reason: 'Unexpected `[END]`, expected a `[TAGS=…]` before it',
          place: onLine(file, lines, line),
          subject: 'end',
          note: 'Take it out, or write the tags it ends.',
        });
    }
  }
  for (const { line, tags } of open)
    report({
      ruleId: 'page/tags',
      reason: `Missing \`[END]\`, expected after \`[TAGS=${tags.join(',')}]\``,
      place: onLine(file, lines, line),
      subject: tags.join(','),
      note: 'Close it; until then nothing is left out.',
    });
  return blocks.sort((a, b) => a.line - b.line);
}

/** Runs of lines that all begin with `>>`, in no quote and without a comment or a fence of their own, emptied. */
function withoutAuthorsComments(lines: readonly string[]): string[] {
  const kept = [...lines];
  let fence: string | undefined;
  for (let from = 0; from < lines.length; from++) {
    const mark = fenceOf(lines[from]!);
    if (fence !== undefined) {
      if (closesFence(lines[from]!, fence)) fence = undefined;
      continue;
    }
    if (!lines[from]!.startsWith('>')) {
      fence = mark;
      continue;
    }
    let to = from;
    while (lines[to + 1]?.startsWith('>')) to++;
    const run = lines.slice(from, to + 1);
    if (run.every((line) => line.startsWith('>>') && !line.includes('<!--') && fenceOf(line) === undefined))
      kept.fill('', from, to + 1);
    from = to;
  }
  return kept;
}

/** The annotations that begin on lines `from` to `to` (from 0, the last one left out). */
function annotationsIn(file: string, lines: readonly string[], from: number, to: number): LeftOut[] {
  const inside = lines.slice(from, to);
  const page = { file, page: file, text: inside.join('\n'), lines: inside, report: () => {} };
  return findComments(page).flatMap(({ word, position: { start, end } }) => {
    if (word === undefined) return [];
    const moved = ({ line, column }: Point): Point => ({ line: line + from, column });
    return [{ word, place: { file, position: { start: moved(start), end: moved(end) } } }];
  });
}

/** The mark of a fence that opens on a line: of backticks only where none follows (CommonMark 4.5). */
function fenceOf(line: string): string | undefined {
  const [, mark, info = ''] = FENCE.exec(line) ?? [];
  return mark?.startsWith('`') && info.includes('`') ? undefined : mark;
}

function closesFence(line: string, fence: string): boolean {
  const mark = line.replace(/^[ \t>]+/, '').trimEnd();
  return mark.length >= fence.length && (fence.startsWith('`') ? /^`+$/ : /^~+$/).test(mark);
}

function onLine(file: string, lines: readonly string[], line: number): Fact['place'] {
  const text = lines[line]!;
  const column = text.length - text.trimStart().length + 1;
  const start = { line: line + 1, column };
  return { file, position: { start, end: { line: line + 1, column: text.trimEnd().length + 1 } } };
}

function split(tags: string): string[] {
  return tags
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

function count(number: number, what: string): string {
  return number === 0 ? `no ${what}` : `${number} ${what}${number === 1 ? '' : 's'}`;
}
