import type { Screen } from './terminal.ts';

/** The one line of a terminal that is written over again and again. */
export interface StatusLine {
  /** Puts a text there: one line, narrower than the terminal. */
  show(text: string): void;
  /** Takes it away, before anything else is said. */
  clear(): void;
}

/**
 * A status line at the end of what a terminal shows. A new text is written over the old one and what is left of that erased behind it, in one
 * write, so that nothing flickers. No mode of the terminal is ever changed: whatever ends the process, there is nothing to restore.
 */
export function statusLine(stream: Pick<Screen, 'write'>): StatusLine {
  let shown = '';
  return {
    show(text) {
      if (text === shown) return;
      stream.write(`\r${text}${ERASE_REST}`);
      shown = text;
    },
    clear() {
      if (shown === '') return;
      stream.write(`\r${ERASE_REST}`);
      shown = '';
    },
  };
}

/** Erase in Line, to its end (ECMA-48, 8.3.41). */
const ERASE_REST = '\u001b[K';
