import type { Edit, Fix } from '../model/fix.ts';
import { lined, lineEndAt, type Lined } from './line-ends.ts';

/** What became of a fix: `done`; `waiting`, since it would touch the words of another; `astray`, since other words stand there than it names. */
export type Verdict = 'done' | 'waiting' | 'astray';

/** The stretch of a text, as offsets in UTF-16 units, and what is to stand there. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Makes fixes in texts, each whole or not at all, in their order: none touches what an earlier one has touched. Fixes that ask for
 * the same are made once; what several put at one point stands there in their order. `textOf` gives nothing for a file that is not to be edited.
 */
export function edited(
  fixes: readonly Fix[],
  textOf: (file: string) => string | undefined,
): { readonly texts: ReadonlyMap<string, string>; readonly verdicts: readonly Verdict[] } {
  const files = new Map<string, FileChanges | undefined>();
  const changesIn = (file: string): FileChanges | undefined => {
    if (!files.has(file)) {
      const text = textOf(file);
      files.set(file, text === undefined ? undefined : { ...lined(text), changes: [] });
    }
    return files.get(file);
  };
  const done = new Set<string>();
  const verdicts = fixes.map(({ edits }): Verdict => {
    const key = JSON.stringify(edits);
    if (done.has(key)) return 'done';
    const wanted = edits.map((edit) => ({ edit, at: changesIn(edit.file) }));
    const changes: { at: FileChanges; change: Change }[] = [];
    for (const { edit, at } of wanted) {
      const change = at && changeOf(edit, at);
      if (change === undefined) return 'astray';
      changes.push({ at: at!, change });
    }
    if (changes.some(({ at, change }) => at.changes.some((other) => touch(change, other)))) return 'waiting';
    done.add(key);
    for (const { at, change } of changes) at.changes.push(change);
    return 'done';
  });
  const texts = new Map<string, string>();
  for (const [file, at] of files) if (at && at.changes.length > 0) texts.set(file, applied(at));
  return { texts, verdicts };
}

interface FileChanges extends Lined {
  readonly changes: Change[];
}

function changeOf({ line, column, endLine, endColumn, was, text: wanted }: Edit, at: FileChanges): Change | undefined {
  const { text, starts } = at;
  const [start, end] = [offsetOf(starts, text, line, column), offsetOf(starts, text, endLine, endColumn)];
  if (start === undefined || end === undefined || text.slice(start, end) !== was) return undefined;
  return { start, end, text: wanted.includes('\n') ? wanted.replaceAll('\n', lineEndAt(at, line)) : wanted };
}

function offsetOf(starts: readonly number[], text: string, line: number, column: number): number | undefined {
  const start = starts[line - 1];
  if (start === undefined) return undefined;
  const offset = start + column - 1;
  return offset <= (starts[line] ?? text.length) ? offset : undefined;
}

/** Do two changes share a character, or does one put something inside the other? */
function touch(a: Change, b: Change): boolean {
  if (a.start === a.end && b.start === b.end) return false;
  return a.start < b.end && b.start < a.end;
}

function applied({ text, changes }: FileChanges): string {
  // Stable: what is put at one point stays in its order, and before what is replaced from there on.
  const sorted = changes.toSorted((a, b) => a.start - b.start || a.end - b.end);
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text: wanted } of sorted) {
    parts.push(text.slice(at, start), wanted);
    at = end;
  }
  return [...parts, text.slice(at)].join('');
}
