import {
  doubleQuoted,
  escapedControls,
  plainBlanks,
  withoutComma,
  writtenAs,
  type JsonMending,
} from './json-mending.ts';

/** A stretch of a JSON text, as offsets in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A way in which a text is not strict JSON (RFC 8259) and could be read all the same; `what` completes "Read …". */
export interface Leniency extends Span {
  readonly what: string;
  /** The name that a second property of an object has. */
  readonly duplicate?: string;
  /** How to write it in strict JSON, where nothing is lost by that. */
  readonly mending?: JsonMending;
}

/** What is said of a leniency. */
export function leniencyReason({ what }: Pick<Leniency, 'what'>): string {
  return `Unexpected ${what.replace(/^(?:an?|the) /, '')}, read all the same`;
}

/** A JSON text that was read. */
export interface JsonText {
  /** The value; as much of it as was read before `error`. Look keys up with `Object.hasOwn`: they are foreign. */
  readonly value: unknown;
  readonly leniencies: readonly Leniency[];
  readonly error?: { readonly message: string; readonly offset: number };
  /** RFC 6901 pointers of arrays and objects cut short by `...`, and of values that a placeholder stands for (their value is null). */
  readonly elided: ReadonlySet<string>;
  /** Where the value at a pointer stands, and its key where it has one. */
  locate(pointer: string): { readonly key?: Span; readonly value: Span } | undefined;
}

/** Deeper nesting than this is refused: no document needs it, and no stack should depend on a document. */
export const MAX_DEPTH = 500;

/**
 * Reads JSON as people write it in documentation: besides RFC 8259 with comments, trailing commas, single quotes, bare
 * names, raw line ends in strings, duplicate names, `NaN`, hexadecimal and octal numbers and, unless `elisions` is false,
 * `...` for what is left out and `<text>` or `{text}` for a value. Each leniency is listed with its place. Linear in time.
 */
export function readJson(text: string, { elisions = true }: { readonly elisions?: boolean } = {}): JsonText {
  const reader = begin(text, elisions);
  let root: Node | undefined;
  let error: JsonText['error'];
  try {
    blanks(reader);
    root = value(reader, 0);
    blanks(reader);
    if (reader.at < text.length) fail(reader, `Unexpected ${shown(reader)} after the JSON text`);
  } catch (thrown) {
    if (!(thrown instanceof Unreadable)) throw thrown;
    error = { message: thrown.message, offset: thrown.offset };
    root ??= reader.open[0];
  }
  const elided = new Set<string>();
  if (root && reader.hasCuts) collectElided(root, '', elided);
  return {
    value: root === undefined ? undefined : plain(root),
    leniencies: reader.leniencies,
    ...(error === undefined ? {} : { error }),
    elided,
    locate: (pointer) => (root === undefined ? undefined : locate(root, pointer)),
  };
}

/** The reference tokens of an RFC 6901 pointer, unescaped. */
export function pointerTokens(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A reference token, escaped for an RFC 6901 pointer. */
export function pointerToken(token: string | number): string {
  if (typeof token === 'number' || !/[~/]/.test(token)) return String(token);
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}

type Node = { start: number; end: number; cut?: true } & (
  | { kind: 'scalar'; value: string | number | boolean | null }
  | { kind: 'array'; items: Node[] }
  | { kind: 'object'; members: Map<string, { key: Span; node: Node }> }
);

interface Reader {
  readonly text: string;
  readonly elisions: boolean;
  readonly leniencies: Leniency[];
  /** Arrays and objects begun and not yet ended, outermost first: what there is when an error stops the reading. */
  readonly open: Node[];
  /** Is any of them, or a value in them, cut? */
  hasCuts: boolean;
  at: number;
}

class Unreadable extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

function begin(text: string, elisions: boolean): Reader {
  return { text, elisions, leniencies: [], open: [], hasCuts: false, at: 0 };
}

function fail(reader: Reader, message: string, offset = reader.at): never {
  throw new Unreadable(message, offset);
}

function lenient(reader: Reader, what: string, start: number, mending?: JsonMending, end = reader.at): void {
  reader.leniencies.push({ what, start, end, ...(mending === undefined ? {} : { mending }) });
}

const [SPACE, SLASH, NO_ASCII] = [0x20, 0x2f, 0x80];
const STRICT_BLANKS = /[ \t\n\r]*/y;
const ANY_BLANKS = /[\s\u00a0\ufeff\u200b]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const LENIENT_NUMBER = /-?(?:0[xX][\da-fA-F]+|0[0-7]+|NaN|Infinity)(?![\w.])/y;
const BARE_NAME = /[\w$]+/y;
const WORD = /true|false|null|undefined/y;
const DOTS = /\.{3,}|…/y;
const STAND_IN = /<[^<>\n]{0,200}>|\{[ \t]*[\w$ .|'"/-]{1,100}[ \t]*\}/y;
const PLAIN_STRING = /[^"'\\\u0000-\u001f]*/y;

function match(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text)?.[0];
  if (found === undefined) return undefined;
  reader.at += found.length;
  return found;
}

function blanks(reader: Reader): void {
  const { text } = reader;
  for (;;) {
    const code = text.charCodeAt(reader.at);
    if (code > SPACE && code < NO_ASCII && code !== SLASH) return;
    match(reader, STRICT_BLANKS);
    const start = reader.at;
    const char = text[start];
    if (char === '/' && text[start + 1] === '/') {
      const end = text.indexOf('\n', start);
      reader.at = end < 0 ? text.length : end;
      lenient(reader, 'a comment', start);
    } else if (char === '/' && text[start + 1] === '*') {
      const end = text.indexOf('*/', start + 2);
      if (end < 0) fail(reader, 'Unexpected end in a comment, expected `*/`');
      reader.at = end + 2;
      lenient(reader, 'a comment', start);
    } else if (char !== undefined && match(reader, ANY_BLANKS)) {
      lenient(reader, 'a blank that is none in JSON', start, plainBlanks(text, start, reader.at));
    } else return;
  }
}

function value(reader: Reader, depth: number): Node {
  const start = reader.at;
  const char = reader.text[start];
  if (depth > MAX_DEPTH) fail(reader, `Unexpected nesting deeper than ${MAX_DEPTH}`);
  if (char === undefined) fail(reader, 'Unexpected end of the JSON text, expected a value');
  if (char === '{') return standIn(reader) ?? object(reader, depth);
  if (char === '[') return array(reader, depth);
  if (char === '"' || char === "'") return { kind: 'scalar', start, value: string(reader), end: reader.at };
  const number = match(reader, NUMBER);
  if (number !== undefined) return { kind: 'scalar', start, end: reader.at, value: Number(number) };
  const word = match(reader, WORD);
  if (word === 'undefined') lenient(reader, '`undefined` as null', start, writtenAs('null', start, reader.at));
  if (word)
    return { kind: 'scalar', start, end: reader.at, value: word === 'true' ? true : word === 'false' ? false : null };
  const odd = match(reader, LENIENT_NUMBER);
  if (odd !== undefined) {
    const value = lenientNumber(odd);
    lenient(reader, `\`${odd}\` as a number`, start, writtenAs(JSON.stringify(value), start, reader.at));
    return { kind: 'scalar', start, end: reader.at, value };
  }
  return standIn(reader) ?? fail(reader, `Unexpected ${shown(reader)}, expected a value`);
}

/** `...`, `<the content>` or `{the content}` where a value should stand. */
function standIn(reader: Reader): Node | undefined {
  if (!reader.elisions) return undefined;
  const start = reader.at;
  const found = match(reader, DOTS) ?? match(reader, STAND_IN);
  if (found === undefined) return undefined;
  // `{ "a" }` is no placeholder but an object that lacks a value; `{ ... }` is an object cut short.
  if (/^\{\s*(["'.]|\})/.test(found)) {
    reader.at = start;
    return undefined;
  }
  lenient(reader, `\`${found}\` as a placeholder`, start);
  reader.hasCuts = true;
  return { kind: 'scalar', start, end: reader.at, value: null, cut: true };
}

function array(reader: Reader, depth: number): Node {
  const node: Node = { kind: 'array', start: reader.at++, end: 0, items: [] };
  reader.open.push(node);
  members(reader, node, ']', () => {
    node.items.push(value(reader, depth + 1));
  });
  return node;
}

function object(reader: Reader, depth: number): Node {
  const node: Node = { kind: 'object', start: reader.at++, end: 0, members: new Map() };
  reader.open.push(node);
  members(reader, node, '}', () => {
    const start = reader.at;
    const name = memberName(reader);
    const key = { start, end: reader.at };
    blanks(reader);
    if (reader.text[reader.at] !== ':')
      fail(reader, `Unexpected ${shown(reader)}, expected \`:\` after the name \`${name}\``);
    reader.at++;
    blanks(reader);
    if (node.members.has(name))
      reader.leniencies.push({ what: `the last of two properties named \`${name}\``, duplicate: name, ...key });
    node.members.set(name, { key, node: value(reader, depth + 1) });
  });
  return node;
}

/** What stands between brackets: members parted by commas, `...` among them, a comma after the last. */
function members(reader: Reader, node: Node, close: ']' | '}', member: () => void): void {
  const { text } = reader;
  let comma = -1;
  blanks(reader);
  for (let first = true; text[reader.at] !== close; first = false) {
    if (!first && comma < 0) fail(reader, `Unexpected ${shown(reader)}, expected \`,\` or \`${close}\``);
    const start = reader.at;
    if (reader.elisions && startsWithDots(reader) && match(reader, DOTS) !== undefined) {
      lenient(reader, '`...` as what is left out', start);
      node.cut = true;
      reader.hasCuts = true;
      comma = start;
    } else {
      member();
      comma = -1;
    }
    blanks(reader);
    if (text[reader.at] === ',') {
      comma = reader.at++;
      blanks(reader);
      if (text[reader.at] === close) lenient(reader, 'a trailing comma', comma, withoutComma(comma), comma + 1);
    } else if (comma < 0 && reader.elisions && startsWithDots(reader)) comma = reader.at;
  }
  reader.at++;
  node.end = reader.at;
  reader.open.pop();
}

function startsWithDots({ text, at }: Reader): boolean {
  return text.startsWith('...', at) || text[at] === '…';
}

function memberName(reader: Reader): string {
  const start = reader.at;
  const char = reader.text[start];
  if (char === '"' || char === "'") return string(reader);
  const bare = match(reader, BARE_NAME);
  if (bare === undefined || /[.@-]/.test(reader.text[reader.at] ?? '')) {
    reader.at = start;
    fail(reader, `Unexpected ${shown(reader)}, expected a name in double quotes`);
  }
  lenient(reader, `the name \`${bare}\` without quotes`, start, writtenAs(`"${bare}"`, start, reader.at));
  return bare;
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  '\\': '\\',
  '/': '/',
  "'": "'",
};

function string(reader: Reader): string {
  const { text } = reader;
  const start = reader.at;
  const quote = text[reader.at++];
  let raw = false;
  const parts: string[] = [];
  for (;;) {
    parts.push(match(reader, PLAIN_STRING) ?? '');
    const char = text[reader.at];
    if (char === undefined) fail(reader, `Unexpected end in a string, expected \`${quote}\``, start);
    reader.at++;
    if (char === quote) break;
    if (char === '\\') parts.push(escape(reader));
    else {
      if (char < ' ') raw = true;
      parts.push(char);
    }
  }
  if (quote === "'") lenient(reader, 'a string in single quotes', start, doubleQuoted(text, start, reader.at));
  if (raw)
    lenient(reader, 'a line end or control character inside a string', start, escapedControls(text, start, reader.at));
  return parts.join('');
}

function escape(reader: Reader): string {
  const letter = reader.text[reader.at++] ?? '';
  if (letter === 'u') {
    const digits = reader.text.slice(reader.at, reader.at + 4);
    if (!/^[\da-fA-F]{4}$/.test(digits))
      fail(reader, 'Unexpected escape `\\u`, expected four hexadecimal digits', reader.at - 2);
    reader.at += 4;
    return String.fromCharCode(parseInt(digits, 16));
  }
  return (
    ESCAPES[letter] ?? fail(reader, `Unexpected escape \`\\${letter}\`, expected \`\\\\${letter}\``, reader.at - 2)
  );
}

function lenientNumber(text: string): number | string {
  if (/NaN|Infinity/.test(text)) return text;
  const [sign, digits] = text.startsWith('-') ? [-1, text.slice(1)] : [1, text];
  return sign * (/^0x/i.test(digits) ? Number(digits) : parseInt(digits, 8));
}

function shown({ text, at }: Reader): string {
  const char = text[at];
  return char === undefined
    ? 'end of the JSON text'
    : `\`${/[\p{L}\p{N}_]+/uy.exec(text.slice(at, at + 40))?.[0] ?? String.fromCodePoint(text.codePointAt(at)!)}\``;
}

function plain(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'array') return node.items.map(plain);
  const object: Record<string, unknown> = {};
  for (const [name, member] of node.members) {
    if (name === '__proto__')
      Object.defineProperty(object, name, {
        value: plain(member.node),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    else object[name] = plain(member.node);
  }
  return object;
}

function locate(root: Node, pointer: string): ReturnType<JsonText['locate']> {
  let node = root;
  let key: Span | undefined;
  for (const token of pointerTokens(pointer)) {
    const member = node.kind === 'object' ? node.members.get(token) : undefined;
    const next = node.kind === 'array' ? node.items[Number(token)] : member?.node;
    if (next === undefined) return undefined;
    key = member?.key;
    node = next;
  }
  const span = { start: node.start, end: node.end || node.start + 1 };
  return key === undefined ? { value: span } : { key, value: span };
}

function collectElided(node: Node, pointer: string, elided: Set<string>): void {
  if (node.cut) elided.add(pointer);
  if (node.kind === 'array') node.items.forEach((item, index) => collectElided(item, `${pointer}/${index}`, elided));
  else if (node.kind === 'object')
    for (const [name, member] of node.members) collectElided(member.node, `${pointer}/${pointerToken(name)}`, elided);
}
