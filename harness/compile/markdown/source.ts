import type { Fact } from '../../model/finding.ts';
import type { Place, Point, Position } from '../../model/place.ts';

/** A page as remark reads it: its own text with includes expanded, and where each line of that text was written. */
export interface PageText {
  readonly file: string;
  /** Path under its docs root, with the ending. */
  readonly page: string;
  readonly text: string;
  readonly lines: readonly string[];
  /** Where a line of `text` (from 0) was written; nothing where `text` is the file itself, line for line. */
  readonly origins?: readonly Origin[];
  /** Annotations in what tags leave out of the text. */
  readonly leftOut?: readonly LeftOut[];
  /** Takes a fact about the page. */
  report(fact: Fact): void;
}

/** An annotation that is not in the text, under the word its blockType shows. */
export interface LeftOut {
  readonly word: string;
  readonly place: Place;
}

/** A line of an assembled text stands on `line` of `file`, `shift` columns to the right. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  readonly shift: number;
}

/** What bytes of a file say: UTF-8, or UTF-16 where a byte order mark says so; `fault` is the offset of the first byte that is neither. */
export function decode(bytes: Uint8Array): {
  readonly text: string;
  readonly encoding: string;
  readonly fault?: number;
} {
  const utf16 =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined;
  if (utf16) return { text: new TextDecoder(utf16).decode(bytes), encoding: utf16 };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' };
  } catch {
    const text = new TextDecoder('utf-8').decode(bytes);
    return { text, encoding: 'unknown', fault: faultOffset(text, bytes) };
  }
}

/** The lines of a text without their line ends (LF, CRLF or CR, as CommonMark 2.1 has them). */
export function splitLines(text: string): string[] {
  return text.includes('\r') ? text.split(/\r\n?|\n/) : text.split('\n');
}

/** Where a position of the page's text was written. */
export function placeOf(page: PageText, { start, end }: Position): Place {
  const { origins } = page;
  if (!origins) return { file: page.file, position: { start: bare(start), end: bare(end) } };
  const from = origins[start.line - 1] ?? origins.at(-1)!;
  const to = origins[end.line - 1] ?? from;
  return {
    file: from.file,
    position: { start: moved(start, from), end: to.file === from.file ? moved(end, to) : moved(start, from) },
  };
}

/** Where a stretch of one line of the page's text was written; `line` counts from 1, `column` from 1. */
export function placeOnLine(page: PageText, line: number, column = 1, length?: number): Place {
  const end =
    length === undefined ? Math.max(column, (page.lines[line - 1] ?? '').trimEnd().length + 1) : column + length;
  return placeOf(page, { start: { line, column }, end: { line, column: end } });
}

function bare({ line, column }: Point): Point {
  return { line, column };
}

function moved(point: Point, origin: Origin): Point {
  return { line: origin.line, column: point.column + origin.shift };
}

/** Byte offset of the first byte that is not UTF-8: what decoded before it, encoded again, has its length. */
function faultOffset(decoded: string, bytes: Uint8Array): number {
  const encoder = new TextEncoder();
  let searched = 0;
  for (;;) {
    const index = decoded.indexOf('\ufffd', searched);
    if (index < 0) return bytes.length;
    // The replacement character may itself be written in the file; then its three bytes stand there.
    const offset = encoder.encode(decoded.slice(0, index)).length + (bytes[0] === 0xef && bytes[1] === 0xbb ? 3 : 0);
    if (!(bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd)) return offset;
    searched = index + 1;
  }
}
