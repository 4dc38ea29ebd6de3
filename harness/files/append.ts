import { appendFileSync, statSync } from 'node:fs';

/** Appends to a file that may hold `most` bytes in all: `make` is told how many it may write. */
export function appendWithin(file: string, most: number, make: (room: number) => string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const text = make(Math.max(0, most - size));
  if (text !== '') appendFileSync(file, text);
}
