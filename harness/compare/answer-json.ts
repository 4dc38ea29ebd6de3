import { pointerToken } from '../model/json.ts';

/** The JSON of an answer, or why it is none (RFC 8259). */
export type AnswerJson =
  { readonly value: unknown; readonly text: string } | { readonly error: string; readonly start: string };

/** Reads the body of an answer as JSON, which is UTF-8 without a byte order mark (RFC 8259, 8.1). */
export function answerJson(bytes: Uint8Array): AnswerJson {
  let text: string;
  try {
    text = strict.decode(bytes);
  } catch {
    return { error: 'Unexpected bytes that are not UTF-8', start: decoded(bytes).slice(0, 200) };
  }
  // JSON.parse refuses the mark as any other character, in words that show nothing.
  if (text.charCodeAt(0) === 0xfeff) return { error: 'Unexpected byte order mark', start: text.slice(1, 201) };
  try {
    return { value: JSON.parse(text), text };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), start: text.slice(0, 200) };
  }
}

/** The text of a body, as well as it can be read. */
export function decoded(bytes: Uint8Array): string {
  return lenient.decode(bytes);
}

/**
 * Pointers (RFC 6901) of the properties that a JSON text has more than once: of two, `JSON.parse` keeps the last and says nothing. A
 * text with as many colons as its value has members has none, and that is all that most texts are asked.
 */
export function duplicates(text: string, value: unknown): string[] {
  return colonsIn(text) === membersOf(value) ? [] : namedTwice(text);
}

/** Colons outside strings. */
function colonsIn(text: string): number {
  let colons = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === COLON) colons++;
  }
  return colons;
}

/** Members of all objects in a value; without recursion, for answers may be nested as deep as they like. */
function membersOf(value: unknown): number {
  let members = 0;
  const left = [value];
  for (let each = left.pop(); left.length > 0 || each !== undefined; each = left.pop()) {
    if (typeof each !== 'object' || each === null) continue;
    if (Array.isArray(each)) for (const item of each) left.push(item);
    else
      for (const name in each) {
        members++;
        left.push((each as Record<string, unknown>)[name]);
      }
  }
  return members;
}

/** The closing quote of the string that opens at `at`. */
function endOfString(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); ; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end;
  }
}

interface Open {
  readonly names: Set<string> | undefined;
  /** The token of the member or item that is being read. */
  token: string | number;
}

/** Walks a text that is known to be JSON. */
function namedTwice(text: string): string[] {
  const found = new Set<string>();
  const open: Open[] = [];
  let word = '';
  for (let at = 0; at < text.length; at++) {
    const top = open.at(-1);
    switch (text.charAt(at)) {
      case '"': {
        const end = endOfString(text, at);
        word = text.slice(at, end + 1);
        at = end;
        break;
      }
      case '{':
        open.push({ names: new Set(), token: '' });
        break;
      case '[':
        open.push({ names: undefined, token: 0 });
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case ',':
        if (typeof top?.token === 'number') top.token++;
        break;
      case ':': {
        const name = JSON.parse(word) as string;
        top!.token = name;
        if (top!.names!.has(name)) found.add(open.map(({ token }) => `/${pointerToken(token)}`).join(''));
        top!.names!.add(name);
      }
    }
  }
  return [...found];
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder();
