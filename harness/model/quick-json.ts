import { MAX_DEPTH, pointerTokens, readJson, type JsonText, type Span } from './json.ts';

/**
 * The same as `readJson`, for whoever wants the value above all: strict JSON, which most is, is left to the engine, and where things
 * stand in it is looked up when that is asked.
 */
export function quickJson(text: string, options?: { readonly elisions?: boolean }): JsonText {
  const strict = strictValue(text);
  return strict === undefined ? readJson(text, options) : later(text, strict.value);
}

function later(text: string, value: unknown): JsonText {
  let whole: JsonText | undefined;
  const read = (): JsonText => (whole ??= readJson(text));
  let members: ReadonlyMap<string, Member> | undefined;
  let asked = 0;
  return {
    value,
    elided: NONE,
    get leniencies() {
      return namesTwice(text, value) ? read().leniencies : [];
    },
    locate(pointer) {
      const tokens = pointerTokens(pointer);
      if (tokens.length === 1 && text[past(BLANKS, text, 0)] === '{') {
        const found = (members ??= membersOf(text)).get(tokens[0]!);
        return found && { key: found.key, value: { start: found.start, end: found.end } };
      }
      // To look for many, each from the start, would take longer than to learn where everything stands.
      asked++;
      return asked > FEW ? read().locate(pointer) : located(text, tokens);
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

/**
 * May an object of strict JSON name a property twice? Of two, the engine keeps the last and says nothing. Where as many quotes have a
 * colon behind them as the value has members, there is none: what stands in strings only adds to those.
 */
function namesTwice(text: string, value: unknown): boolean {
  return (text.match(NAMED)?.length ?? 0) !== countMembers(value);
}

const NAMED = /"[ \t\n\r]*:/g;

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  const isList = Array.isArray(value);
  for (const name in value)
    count += (isList ? 0 : 1) + countMembers((value as Readonly<Record<string, unknown>>)[name]);
  return count;
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

interface Member extends Found {
  readonly key: Span;
  readonly end: number;
}

/** The members of the object that a text is. */
function membersOf(text: string): ReadonlyMap<string, Member> {
  const found = new Map<string, Member>();
  eachMember(text, past(BLANKS, text, 0), (written, member) => void found.set(nameOf(written), member));
  return found;
}

/** Of several members of one name the last counts. */
function memberOf(text: string, object: number, name: string): Found | undefined {
  let found: Found | undefined;
  eachMember(text, object, (written, member) => {
    if (nameOf(written) === name) found = member;
  });
  return found;
}

/** Shows each member of an object with its name as it is written between the quotes. */
function eachMember(text: string, object: number, show: (written: string, member: Member) => void): void {
  let at = past(BLANKS, text, object + 1);
  while (text[at] === '"') {
    const key = { start: at, end: pastString(text, at) };
    const start = past(COLON, text, key.end);
    const end = pastValue(text, start);
    show(text.slice(key.start + 1, key.end - 1), { key, start, end });
    at = past(COMMA, text, end);
  }
}

function nameOf(written: string): string {
  return written.includes('\\') ? (JSON.parse(`"${written}"`) as string) : written;
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
