import { MAX_DEPTH, pointerTokens, readJson, type JsonText, type Span } from './json.ts';

/**
 * The same as `readJson`, for whoever wants the value above all: strict JSON, which most is, is left to the engine, and where things
 * stand in it is looked up when that is asked.
 */
export function quickJson(text: string): JsonText {
  const strict = strictValue(text);
  return strict === undefined ? readJson(text) : later(text, strict.value);
}

function later(text: string, value: unknown): JsonText {
  let whole: JsonText | undefined;
  const read = (): JsonText => (whole ??= readJson(text));
  let asked = 0;
  return {
    value,
    elided: NONE,
    get leniencies() {
      return read().leniencies;
    },
    locate(pointer) {
      // To look for many, each from the start, would take longer than to learn where everything stands.
      asked++;
      return asked > FEW ? read().locate(pointer) : located(text, pointerTokens(pointer));
    },
  };
}

const FEW = 4;

const NONE: ReadonlySet<string> = new Set();

function strictValue(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // A text that is nested too deeply is long enough to hold all those brackets and what closes them.
    return text.length > 2 * MAX_DEPTH && isDeeper(value, MAX_DEPTH) ? undefined : { value };
  } catch {
    return undefined;
  }
}

function isDeeper(value: unknown, left: number): boolean {
  if (left < 0) return true;
  if (typeof value !== 'object' || value === null) return false;
  for (const name in value) if (isDeeper((value as Readonly<Record<string, unknown>>)[name], left - 1)) return true;
  return false;
}

/** Goes down strict JSON along a pointer and passes over all else. */
function located(text: string, tokens: readonly string[]): ReturnType<JsonText['locate']> {
  let start = past(BLANKS, text, 0);
  let key: Span | undefined;
  for (const token of tokens) {
    const found =
      text[start] === '{' ? memberOf(text, start, token) : text[start] === '[' ? itemOf(text, start, token) : undefined;
    if (found === undefined) return undefined;
    ({ key, start } = found);
  }
  const value = { start, end: pastValue(text, start) };
  return key === undefined ? { value } : { key, value };
}

interface Found {
  readonly key: Span | undefined;
  readonly start: number;
}

/** Of several members of one name the last counts. */
function memberOf(text: string, object: number, name: string): Found | undefined {
  let found: Found | undefined;
  let at = past(BLANKS, text, object + 1);
  while (text[at] === '"') {
    const key = { start: at, end: pastString(text, at) };
    const start = past(COLON, text, key.end);
    const written = text.slice(key.start + 1, key.end - 1);
    if (written === name || (written.includes('\\') && JSON.parse(`"${written}"`) === name)) found = { key, start };
    at = past(COMMA, text, pastValue(text, start));
  }
  return found;
}

function itemOf(text: string, array: number, token: string): Found | undefined {
  let start = past(BLANKS, text, array + 1);
  for (let left = Number(token); text[start] !== ']'; left--) {
    if (left === 0) return { key: undefined, start };
    start = past(COMMA, text, pastValue(text, start));
  }
  return undefined;
}

/** The end of the value that starts here. */
function pastValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return pastString(text, start);
  if (first !== '{' && first !== '[') return past(WORD, text, start);
  let at = start;
  for (let depth = 0; ;) {
    const char = text[at];
    if (char === '"') at = pastString(text, at);
    else {
      if (char === '{' || char === '[') depth++;
      else if (char === '}' || char === ']') depth--;
      at++;
      if (depth === 0) return at;
    }
    at = past(BETWEEN, text, at);
  }
}

function pastString(text: string, start: number): number {
  let at = past(PLAIN, text, start + 1);
  while (text[at] === '\\') at = past(PLAIN, text, at + 2);
  return at + 1;
}

function past(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

// Of text that has been parsed: what they find is known to be whole.
const BLANKS = /[ \t\n\r]*/y;
const PLAIN = /[^"\\]*/y;
const WORD = /[^ \t\n\r,\]}]*/y;
const COLON = /[ \t\n\r]*:[ \t\n\r]*/y;
const COMMA = /[ \t\n\r]*,?[ \t\n\r]*/y;
const BETWEEN = /[^"[\]{}]*/y;
