import type { Code } from 'mdast';
import { FENCE } from './kind.ts';
import { isBlank, position, stretch, type Scan } from './scanned.ts';

/** A fenced code block; gives the line after it. */
export function fence(scan: Scan, line: number): number {
  const { text, lines, pieces } = scan;
  const start = lines.starts[line]!;
  FENCE.lastIndex = start;
  const marks = FENCE.exec(text)![0];
  const info = text.slice(start + marks.length, lines.ends[line]).replace(/^[ \t]+/, '');
  const last = closingLine(scan, line, marks);
  // Escapes and character references in an info string are resolved, an open fence ends where remark says.
  if (last === undefined || /[\\&]/.test(info)) return stretch(scan, line, last === undefined ? lines.count : last + 1);
  const [, lang, meta] = /^([^ \t]*)[ \t]*([^]*)$/.exec(info)!;
  const node: Code = {
    type: 'code',
    lang: lang === '' ? null : lang!,
    meta: meta === '' ? null : meta!,
    value: last === line + 1 ? '' : text.slice(lines.starts[line + 1], lines.ends[last - 1]),
    position: position(lines, line, last),
  };
  pieces.push({ type: 'code', position: node.position!, node });
  return last + 1;
}

/** Index of the line that closes a fence: as many of its marks or more, indented by less than four, and nothing else. */
function closingLine({ text, lines }: Scan, opening: number, marks: string): number | undefined {
  for (let line = opening + 1; line < lines.count; line++) {
    let start = lines.starts[line]!;
    for (const most = start + 3; start < most && text[start] === ' ';) start++;
    if (text[start] !== marks[0] || !text.startsWith(marks, start)) continue;
    let end = lines.ends[line]!;
    while (isBlank(text.charCodeAt(end - 1))) end--;
    while (text[end - 1] === marks[0]) end--;
    if (end === start) return line;
  }
  return undefined;
}
