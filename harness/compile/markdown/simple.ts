import type { Heading } from 'mdast';
import { readInline } from './inline.ts';
import { HEADING, matches } from './kind.ts';
import { shownText } from './shown.ts';
import { isBlank, pointsOn, position, stretch, type Scan } from './scanned.ts';

/** A heading of one line; gives the line after it. */
export function heading(scan: Scan, line: number): number {
  const { text, lines, pieces } = scan;
  HEADING.lastIndex = lines.starts[line]!;
  const marks = HEADING.exec(text)![0].length;
  let start = lines.starts[line]! + marks;
  let end = lines.ends[line]!;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  // A closing run of marks, escaped or not, is for remark to judge.
  const inline = text[end - 1] === '#' ? undefined : readInline(text, start, end, pointsOn(lines, line));
  if (inline === undefined) return stretch(scan, line, line + 1);
  const [only] = inline;
  pieces.push({
    type: 'heading',
    position: position(lines, line, line),
    depth: marks,
    text: shownText(inline),
    tab: inline.length === 1 && only!.type === 'link' && /^#tab\//.test(only!.url),
    content: () => ({ type: 'heading', depth: marks as Heading['depth'], children: inline }),
  });
  return line + 1;
}

/** An HTML block of the second kind: up to the end of the line on which the comment ends. */
export function comment(scan: Scan, line: number): number {
  const { text, lines, pieces } = scan;
  const start = lines.starts[line]!;
  // `<!-->` is a whole comment.
  const close = text.indexOf('-->', start + 2);
  if (close < 0) return stretch(scan, line, lines.count);
  let last = line;
  while (lines.ends[last]! < close) last++;
  pieces.push({
    type: 'html',
    position: position(lines, line, last),
    value: text.slice(start, lines.ends[last]),
  });
  return last + 1;
}

/** A line between blocks, where it is one; gives the line after it. */
export function thematicBreak({ text, lines, pieces }: Scan, line: number): number | undefined {
  if (!matches(BREAK, text, lines.starts[line]!)) return undefined;
  pieces.push({ type: 'thematicBreak', position: position(lines, line, line) });
  return line + 1;
}

const BREAK = /(?:-{3,}|\*{3,}|_{3,})[ \t]*(?=[\r\n]|$)/y;
