/** A text in the place of a stretch of a JSON text, as offsets in UTF-16 units. */
export interface JsonEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** How a leniency is written in strict JSON, with the same value and all else where it was. */
export interface JsonMending {
  /** As an order: `Take the trailing comma out`. */
  readonly title: string;
  readonly edits: readonly JsonEdit[];
}

/** Without the comma at an offset. */
export function withoutComma(at: number): JsonMending {
  return { title: 'Take the trailing comma out', edits: [{ start: at, end: at + 1, text: '' }] };
}

/** Another text for a whole stretch. */
export function writtenAs(text: string, start: number, end: number): JsonMending {
  return { title: `Write \`${text}\``, edits: [{ start, end, text }] };
}

/** Blanks that JSON does not know, as spaces; those of no width are taken out. */
export function plainBlanks(text: string, start: number, end: number): JsonMending {
  return {
    title: 'Write plain blanks',
    edits: replaced(text, start, end, /[^ \t\n\r]+/g, (odd) => ' '.repeat(odd.replace(/[\ufeff\u200b]/g, '').length)),
  };
}

/** A string in double quotes: those in it are escaped, single ones no longer. */
export function doubleQuoted(text: string, start: number, end: number): JsonMending {
  const inner = replaced(text, start + 1, end - 1, /\\[^]|"/g, (found) =>
    found === '"' ? '\\"' : found === "\\'" ? "'" : found,
  );
  return {
    title: 'Write double quotes',
    edits: [{ start, end: start + 1, text: '"' }, ...inner, { start: end - 1, end, text: '"' }],
  };
}

/** A string with its control characters escaped; nothing where it holds line ends, since to join lines is no small edit. */
export function escapedControls(text: string, start: number, end: number): JsonMending | undefined {
  if (/[\n\r]/.test(text.slice(start, end))) return undefined;
  return {
    title: 'Escape the control characters',
    edits: replaced(text, start, end, /[\u0000-\u001f]+/g, (found) => JSON.stringify(found).slice(1, -1)),
  };
}

function replaced(
  text: string,
  start: number,
  end: number,
  pattern: RegExp,
  replace: (found: string) => string,
): JsonEdit[] {
  return [...text.slice(start, end).matchAll(pattern)].flatMap((match) => {
    const from = start + match.index;
    const by = replace(match[0]);
    return by === match[0] ? [] : [{ start: from, end: from + match[0].length, text: by }];
  });
}
