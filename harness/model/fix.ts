import type { Place } from './place.ts';

/** A mechanical mending of a finding: its edits are made together or not at all. */
export interface Fix {
  /** What it does, as an order: `Take the trailing comma out`. */
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** Puts a text where another stands; all else in the file stays byte for byte. */
export interface Edit {
  /** Relative to the working directory, forward slashes; an include's own file where the words stand in one. */
  readonly file: string;
  /** Lines and columns (UTF-16 units) of the file as it was read, from 1; the end is the point after the last character. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** What stands there; where something else does, nothing is done. */
  readonly was: string;
  /** What is to stand there; a line feed in it stands for the line end of the file. */
  readonly text: string;
}

/** The edit that puts `text` in the place of `was`. */
export function editOf({ file, position: { start, end } }: Place, was: string, text: string): Edit {
  const [{ line, column }, { line: endLine, column: endColumn }] = [start, end];
  return { file, line, column, endLine, endColumn, was, text };
}
