import xterm from '@xterm/headless';

/** A terminal of so many columns, as xterm.js understands what it is sent. */
export interface Terminal {
  write(text: string): Promise<void>;
  /** What stands in each row, to the last that is not empty; rows that were scrolled out first. */
  rows(): string[];
  /** Rows that are the rest of one that was too long. */
  wrapped(): number;
}

/** Makes one; `\n` alone begins a new row at its start, as the line discipline of a system does it. */
export function terminal(columns: number): Terminal {
  const screen = new xterm.Terminal({
    cols: columns,
    rows: 24,
    scrollback: 1000,
    allowProposedApi: true,
    convertEol: true,
  });
  const lines = () =>
    Array.from({ length: screen.buffer.active.length }, (_, row) => screen.buffer.active.getLine(row)!);
  return {
    write: (text) => new Promise((resolve) => screen.write(text, resolve)),
    rows: () =>
      lines()
        .map((line) => line.translateToString(true))
        .join('\n')
        .trimEnd()
        .split('\n'),
    wrapped: () => lines().filter(({ isWrapped }) => isWrapped).length,
  };
}
