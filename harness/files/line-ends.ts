/** A text and where each of its lines begins, as offsets in UTF-16 units. */
export interface Lined {
  readonly text: string;
  readonly starts: readonly number[];
}

/** Finds the lines of a text, by any line end. */
export function lined(text: string): Lined {
  const starts = [0];
  const breaks = /\r\n?|\n/g;
  while (breaks.exec(text)) starts.push(breaks.lastIndex);
  return { text, starts };
}

/** The line end of a line, or of the one before it where it is the last and has none. */
export function lineEndAt({ text, starts }: Lined, line: number): string {
  const endOf = (at: number): string | undefined =>
    starts[at] === undefined ? undefined : /(?:\r\n|\r|\n)$/.exec(text.slice(starts[at - 1], starts[at]))?.[0];
  return endOf(line) ?? endOf(line - 1) ?? '\n';
}
