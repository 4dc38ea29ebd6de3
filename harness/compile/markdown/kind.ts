import type { Lines } from './lines.ts';

/** What a line at the root does: `text` may go on a paragraph, `unsure` may be anything, the others begin their block anywhere. */
export type Kind = 'blank' | 'heading' | 'fence' | 'comment' | 'text' | 'unsure';

/** Tells what a line does, from `start` on, where that is not its first character. */
export function kindOf(
  { text, lines }: { readonly text: string; readonly lines: Lines },
  line: number,
  start = lines.starts[line]!,
): Kind {
  const end = lines.ends[line]!;
  if (start === end) return 'blank';
  switch (text[start]) {
    case ' ':
    case '\t':
      return indentedKind(text, start, end);
    case '#':
      return matches(HEADING, text, start) ? 'heading' : 'text';
    case '`':
    case '~':
      return matches(FENCE, text, start) ? 'fence' : 'text';
    case '<':
      return text.startsWith('<!--', start) ? 'comment' : 'unsure';
    case '>':
      return 'unsure';
    case '=':
      return matches(UNDERLINE, text, start) ? 'unsure' : 'text';
    case '-':
    case '+':
    case '*':
    case '_':
      return matches(LIST, text, start) || matches(RULE, text, start) ? 'unsure' : 'text';
    default:
      return isDigit(text.charCodeAt(start)) && matches(LIST, text, start) ? 'unsure' : 'text';
  }
}

function indentedKind(text: string, start: number, end: number): Kind {
  for (let at = start; at < end; at++) if (text[at] !== ' ' && text[at] !== '\t') return 'unsure';
  return 'blank';
}

function isDigit(char: number): boolean {
  return char >= 48 && char <= 57;
}

/** Does a sticky pattern match at an offset? */
export function matches(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

/** The marks of an ATX heading (CommonMark 4.2). */
export const HEADING = /#{1,6}(?=[ \t\r\n]|$)/y;
/** The marks that open a fence (4.5). */
export const FENCE = /(`{3,}(?=[^`\r\n]*(?:[\r\n]|$))|~{3,})/y;
const LIST = /(?:[-+*]|\d{1,9}[.)])(?=[ \t\r\n]|$)/y;
/** Underlines of headings, thematic breaks. */
export const RULE = /(?:=+|[-_* \t]+)(?=[\r\n]|$)/y;
const UNDERLINE = /=+[ \t]*(?=[\r\n]|$)/y;
