/** A text that remark would need far too long to read, and where it gets so. */
export class HardText extends Error {
  readonly line: number;
  constructor(what: string, line: number) {
    super(what);
    this.line = line;
  }
}

/** Bounds that no page written by people comes near, and below which remark is quick: bytes of a file, characters and depth of what remark reads. */
export const MOST = {
  bytes: 5_000_000,
  characters: 5_000_000,
  nesting: 60,
  indentation: 300,
  marks: 20_000,
  rows: 20_000,
};

/**
 * Refuses a text that remark would not read in a time that grows with its length: containers nested too deeply, or one
 * paragraph with too many marks that may each pair with any other. `line` is where the text begins on its page.
 */
export function refuseHard(text: string, line: number): void {
  if (text.length > MOST.characters) throw new HardText(`more than ${MOST.characters} characters`, line);
  let number = line;
  let marks = 0;
  let rows = 0;
  for (let start = 0; start <= text.length; number++) {
    const { end, next } = lineAt(text, start);
    const prefix = prefixOf(text, start, end);
    if (prefix.nesting > MOST.nesting) throw new HardText(`nesting deeper than ${MOST.nesting}`, number);
    if (prefix.indentation > MOST.indentation && prefix.nesting > 0)
      throw new HardText(`a list indented by more than ${MOST.indentation} columns`, number);
    // Cells of a table are read one by one.
    if (prefix.blank || text[start] === '|') marks = 0;
    rows = text.slice(prefix.end, end).includes('|') ? rows + 1 : 0;
    if (rows > MOST.rows) throw new HardText(`a table of more than ${MOST.rows} rows`, number);
    marks += marksIn(text, prefix.end, end);
    if (marks > MOST.marks)
      throw new HardText(`more than ${MOST.marks} marks such as \`*\` and \`[\` in one paragraph`, number);
    if (next === undefined) return;
    start = next;
  }
}

function lineAt(text: string, start: number): { readonly end: number; readonly next?: number } {
  const feed = text.indexOf('\n', start);
  if (feed < 0) return { end: text.length };
  return { end: feed, next: feed + 1 };
}

/** How deep the marks of quotes and lists before a line's text nest, and how far they are indented. */
function prefixOf(
  text: string,
  start: number,
  end: number,
): { readonly nesting: number; readonly indentation: number; readonly blank: boolean; readonly end: number } {
  let nesting = 0;
  let indentation = 0;
  let at = start;
  for (; at < end; at++) {
    const char = text.charCodeAt(at);
    if (char === SPACE || char === TAB || char === RETURN) indentation += nesting === 0 ? 1 : 0;
    else if (char === GREATER) nesting++;
    else if ((char === DASH || char === PLUS || char === STAR) && isBlank(text.charCodeAt(at + 1))) nesting++;
    else {
      const number = NUMBERED.exec(text.slice(at, Math.min(end, at + 12)))?.[0].length;
      if (number === undefined) break;
      nesting++;
      at += number - 1;
    }
  }
  return { nesting, indentation, blank: at >= end && nesting === 0, end: at };
}

const [TAB, RETURN, SPACE, STAR, PLUS, DASH, GREATER] = [9, 13, 32, 42, 43, 45, 62];
const NUMBERED = /^\d{1,9}[.)](?=[ \t\r]|$)/;
const MARKS = new Set([...'`*_[]!<&~$@:|'].map((mark) => mark.charCodeAt(0)));

function isBlank(char: number): boolean {
  return char === SPACE || char === TAB || char === RETURN || Number.isNaN(char) || char === 10;
}

function marksIn(text: string, start: number, end: number): number {
  let marks = 0;
  for (let at = start; at < end; at++) if (MARKS.has(text.charCodeAt(at))) marks++;
  return marks;
}
