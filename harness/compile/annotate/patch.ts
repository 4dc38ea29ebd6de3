/** A text put into another; `offset` counts UTF-16 units of the text as it was. */
export interface Insertion {
  readonly offset: number;
  readonly text: string;
}

/** The text with every insertion made; all else stays as it is. */
export function inserted(text: string, insertions: readonly Insertion[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { offset, text: added } of inOrder(insertions)) {
    parts.push(text.slice(from, offset), added);
    from = offset;
  }
  return parts.join('') + text.slice(from);
}

/**
 * The insertions as a unified diff of one file, as `git apply` and `patch -p1` take it: lines end at LF alone, so that a CR stays
 * with its line, and names are quoted as in C where they hold what would break a header.
 */
export function unifiedDiff(file: string, text: string, insertions: readonly Insertion[]): string {
  const lines = linesOf(text);
  const changes = changesOf(lines, insertions);
  if (changes.length === 0) return '';
  let shift = 0;
  const hunks = hunksOf(changes, lines.length).map(({ start, end, within }) => {
    const body: string[] = [];
    let removed = 0;
    let added = 0;
    for (let line = start; line < end; line++) {
      const change = within.get(line);
      if (change?.replaced) body.push(`-${lines[line]!}`);
      for (const each of change?.added ?? []) body.push(`+${each}`);
      if (!change?.replaced) body.push(` ${lines[line]!}`);
      added += change?.added.length ?? 0;
      removed += change?.replaced ? 1 : 0;
    }
    const count = end - start;
    const head = `@@ -${start + 1},${count} +${start + 1 + shift},${count - removed + added} @@\n`;
    shift += added - removed;
    return head + body.map((line) => (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`)).join('');
  });
  return `--- ${name('a', file)}\n+++ ${name('b', file)}\n${hunks.join('')}`;
}

/** How many unchanged lines stand around a change. */
const AROUND = 3;

/** What is put before a line, or in its place. */
interface Change {
  /** From 0. */
  readonly line: number;
  readonly replaced: boolean;
  readonly added: readonly string[];
}

interface Hunk {
  readonly start: number;
  end: number;
  readonly within: Map<number, Change>;
}

function changesOf(lines: readonly string[], insertions: readonly Insertion[]): Change[] {
  const waiting = inOrder(insertions);
  const changes: Change[] = [];
  let next = 0;
  let start = 0;
  for (const [line, text] of lines.entries()) {
    const end = start + text.length;
    const here: Insertion[] = [];
    for (; next < waiting.length && waiting[next]!.offset < end; next++)
      here.push({ ...waiting[next]!, offset: waiting[next]!.offset - start });
    if (here.length > 0) {
      const added = linesOf(inserted(text, here));
      const kept = added.at(-1) === text;
      changes.push({ line, replaced: !kept, added: kept ? added.slice(0, -1) : added });
    }
    start = end;
  }
  return changes;
}

function hunksOf(changes: readonly Change[], count: number): Hunk[] {
  const hunks: Hunk[] = [];
  for (const change of changes) {
    const last = hunks.at(-1);
    const end = Math.min(count, change.line + 1 + AROUND);
    if (last && change.line - AROUND <= last.end) {
      last.end = end;
      last.within.set(change.line, change);
    } else hunks.push({ start: Math.max(0, change.line - AROUND), end, within: new Map([[change.line, change]]) });
  }
  return hunks;
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

function inOrder(insertions: readonly Insertion[]): Insertion[] {
  return insertions.toSorted((a, b) => a.offset - b.offset);
}

/** A tab ends a name that holds blanks; one that holds a quote, a backslash or a control character is quoted. */
function name(side: 'a' | 'b', file: string): string {
  const written = `${side}/${file}`;
  if (/["\\\p{Cc}]/u.test(written)) return `"${written.replace(/["\\\p{Cc}]/gu, escape)}"`;
  return /\s/.test(written) ? `${written}\t` : written;
}

function escape(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  const bytes = [...new TextEncoder().encode(character)];
  return bytes.map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
