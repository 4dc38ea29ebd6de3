/** A point in a text file: line and column count from 1, columns in UTF-16 units (a unist Point without its offset). */
export interface Point {
  readonly line: number;
  readonly column: number;
}

/** A stretch of a text file; `end` is the point after the last character, as in unist. */
export interface Position {
  readonly start: Point;
  readonly end: Point;
}

/** Where something stands: a file, relative to the working directory with forward slashes, and a position in it. */
export interface Place {
  readonly file: string;
  readonly position: Position;
}

/** The point of an offset (UTF-16 units) in a text whose line ends are LF, CRLF or CR. */
export function pointAt(text: string, offset: number): Point {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

/** The point of an offset in a text, looked up in its lines: they are found once, not once an offset. */
export function points(text: string): (offset: number) => Point {
  const starts = [0];
  if (text.includes('\r')) for (const { index, 0: end } of text.matchAll(/\r\n?|\n/g)) starts.push(index + end.length);
  else for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  };
}
