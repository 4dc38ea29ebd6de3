/** Where the lines of a text stand, counted from 0. */
export interface Lines {
  readonly count: number;
  /** Offset of each line's first character. */
  readonly starts: readonly number[];
  /** Offset of each line's end (LF, CRLF or CR, as CommonMark 2.1 has them). */
  readonly ends: readonly number[];
}

/** Finds the lines of a text; one that ends in a line end has no line after it. */
export function linesOf(text: string): Lines {
  const starts: number[] = [];
  const ends: number[] = [];
  const returns = text.includes('\r');
  for (let start = 0; start < text.length;) {
    starts.push(start);
    const end = returns ? nextEnd(text, start) : text.indexOf('\n', start);
    if (end < 0) {
      ends.push(text.length);
      break;
    }
    ends.push(end);
    start = end + (text[end] === '\r' && text[end + 1] === '\n' ? 2 : 1);
  }
  return { count: starts.length, starts, ends };
}

const LINE_END = /[\r\n]/g;

function nextEnd(text: string, start: number): number {
  LINE_END.lastIndex = start;
  return LINE_END.exec(text)?.index ?? -1;
}
