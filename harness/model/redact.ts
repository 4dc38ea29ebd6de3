import { isJsonType, type Header, type RequestMessage, type ResponseMessage } from './http.ts';
import { automaton, type Hit, type Hits } from './redact/automaton.ts';
import { needlesOf, wordNeedle } from './redact/encodings.ts';
import { hidden, hiddenHeader, isSecretHeader, placeholder, SUSPECT_WORDS } from './redact/patterns.ts';

/**
 * Takes secrets out of what is shown, each for a placeholder with its name: those that were registered, in every
 * encoding they are likely to come in, and what looks like one (tokens, credentials, signed URLs), whoever it belongs to.
 */
export interface Redactor {
  /** A secret of one to three characters counts only where it is a whole value; a blank one not at all. */
  register(name: string, secret: string): void;
  /** Names of secrets so short that words of no secrecy may be taken for them. */
  readonly short: ReadonlySet<string>;
  text(text: string): string;
  /** A body: JSON stays JSON. */
  bytes(body: Uint8Array, contentType?: string): Uint8Array;
  message<Message extends RequestMessage | ResponseMessage>(message: Message): Message;
  /** Every string in plain data, keys too; the very same data where nothing is found. */
  deep<Value>(value: Value): Value;
  /** The same for what pages say, which is public: registered secrets alone, and no keys. */
  known<Value>(value: Value): Value;
  /** The last net below what is written already: registered secrets long enough not to be part of its syntax. */
  rendered(text: string): string;
}

/** A redactor that knows no secret yet. What it was asked to look at before a secret was registered is as it was. */
export function createRedactor(): Redactor {
  const secrets: Secret[] = [];
  const short = new Set<string>();
  let built: ((text: string) => Hits) | undefined;
  let whole: RegExp | undefined;
  let asked = 0;
  const find = (text: string): Hits => {
    // To build what finds many things in any text takes longer than to look for these words in the few lines that most runs say.
    if (secrets.length === 0 && asked++ < FEW && text.length <= SHORT)
      return { hits: [], isSuspect: holdsSuspect(text) };
    built ??= automaton([
      ...secrets.flatMap(({ value }, index) => (value.length < WHOLE ? [] : needlesOf(value, index))),
      ...SUSPECT_WORDS.map(wordNeedle),
    ]);
    return built(text);
  };

  function register(name: string, secret: string): void {
    for (const value of new Set([secret, secret.trim(), ...linesOf(secret)])) {
      if (value.trim() === '' || secrets.some((known) => known.value === value)) continue;
      secrets.push({ value, shown: placeholder(name) });
      if (value.length < LONG) short.add(name);
      built = undefined;
      whole = undefined;
    }
  }

  /** Secrets of one to three characters, where one is all there is between two marks. */
  function withoutWhole(text: string): string {
    const few = secrets.filter(({ value }) => value.length < WHOLE);
    if (few.length === 0) return text;
    const same = few.find(({ value }) => value === text);
    if (same) return same.shown;
    const any = few.map(({ value }) => value.replace(/[^\w]/g, '\\$&')).join('|');
    whole ??= new RegExp(`(["'=>])(${any})(?=["'&;<]|$)`, 'g');
    return text.replace(whole, (_, before: string, value: string) => {
      return before + few.find((each) => each.value === value)!.shown;
    });
  }

  function replaced(text: string, patterns: boolean, least = WHOLE): string {
    if (text === '' || (secrets.length === 0 && !patterns)) return text;
    const { hits, isSuspect } = find(text);
    const counted = hits.filter(({ secret }) => secrets[secret]!.value.length >= least);
    const clean = withoutHits(text, counted, secrets);
    const rest = least > WHOLE ? clean : withoutWhole(clean);
    return patterns && isSuspect ? hidden(rest) : rest;
  }

  const text = (content: string): string => replaced(content, true);
  const deep = <Value>(value: Value): Value => eachString(value, text, { keys: true }) as Value;

  function bytes(body: Uint8Array, contentType = ''): Uint8Array {
    if (body.length === 0) return body;
    const { content, encoding } = decoded(body);
    const clean = text(content);
    if (clean === content) return body;
    const isJson = isJsonType(contentType) || /^\s*[{[]/.test(content);
    return Buffer.from(isJson ? asJson(content, clean) : clean, encoding);
  }

  /** Where a secret was a number, or ran over a quote, the value is cleaned instead of its text. */
  function asJson(content: string, clean: string): string {
    const value = parsed(content);
    if (value === undefined || parsed(clean) !== undefined) return clean;
    const rebuilt = rebuiltJson(value.json, text);
    const again = rebuilt === undefined ? '' : text(rebuilt);
    return parsed(again) === undefined ? JSON.stringify(placeholder('body')) : again;
  }

  function headers(list: readonly Header[]): readonly Header[] {
    return list.map(([name, value]): Header => {
      const clean = text(value);
      return [text(name), isSecretHeader(name) && value !== '' ? hiddenHeader(name, clean) : clean];
    });
  }

  return {
    register,
    short,
    text,
    bytes,
    deep,
    known: <Value>(value: Value): Value =>
      secrets.length === 0 ? value : (eachString(value, (content) => replaced(content, false), {}) as Value),
    rendered: (content) => replaced(content, false, LONG),
    message<Message extends RequestMessage | ResponseMessage>(message: Message): Message {
      const type = message.headers.find(([name]) => /^content-type$/i.test(name))?.[1];
      return {
        ...message,
        ...('url' in message ? { url: text(message.url) } : {}),
        headers: headers(message.headers),
        ...(message.body === undefined ? {} : { body: bytes(message.body, type) }),
      };
    },
  };
}

interface Secret {
  readonly value: string;
  /** What is written for it. */
  readonly shown: string;
}

/** Texts that are looked at word by word before more is built for others. */
const FEW = 20;

/** UTF-16 units. */
const SHORT = 1000;

function holdsSuspect(text: string): boolean {
  const lower = text.toLowerCase();
  return SUSPECT_WORDS.some((word) => lower.includes(word));
}

/** From here on a secret is looked for inside words. */
const WHOLE = 4;
/** From here on nobody takes a word for a secret by accident. */
const LONG = 8;

/** A key of several lines may be told line by line. */
function linesOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  return lines.length < 2 ? [] : lines.filter((line) => line.length >= 16 && !line.startsWith('-----'));
}

function withoutHits(text: string, hits: readonly Hit[], secrets: readonly Secret[]): string {
  if (hits.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, secret } of joined(hits)) {
    parts.push(text.slice(at, start), secrets[secret]!.shown);
    at = end;
  }
  return [...parts, text.slice(at)].join('');
}

/** Hits that overlap become one, named by the longest of them. */
function joined(hits: readonly Hit[]): Hit[] {
  const result: { start: number; end: number; secret: number; longest: number }[] = [];
  for (const { start, end, secret } of hits.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (last === undefined || start >= last.end) {
      result.push({ start, end, secret, longest: end - start });
      continue;
    }
    if (end - start > last.longest) [last.secret, last.longest] = [secret, end - start];
    last.end = Math.max(last.end, end);
  }
  return result;
}

/** Text where the bytes are UTF-8, else each byte for itself. */
function decoded(body: Uint8Array): { content: string; encoding: 'utf8' | 'latin1' } {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const content = bytes.toString('utf8');
  const isText = !content.includes('\ufffd') || Buffer.from(content).equals(bytes);
  return isText ? { content, encoding: 'utf8' } : { content: bytes.toString('latin1'), encoding: 'latin1' };
}

function parsed(text: string): { json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** Nothing where it is nested deeper than the stack is. */
function rebuiltJson(value: unknown, change: (text: string) => string): string | undefined {
  try {
    return JSON.stringify(eachString(value, change, { keys: true, numbers: true }));
  } catch {
    return undefined;
  }
}

/** What is looked at beside strings. */
interface Also {
  readonly keys?: boolean;
  readonly numbers?: boolean;
}

/** Goes over plain data; what holds nothing to change is handed back as it is. */
function eachString(value: unknown, change: (text: string) => string, also: Also): unknown {
  if (typeof value === 'string') return change(value);
  if (typeof value === 'number' && also.numbers) {
    const clean = change(String(value));
    return clean === String(value) ? value : clean;
  }
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => eachString(item, change, also));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  const entries = Object.entries(value).map(([key, item]): readonly [string, unknown, boolean] => {
    const next = [also.keys ? change(key) : key, eachString(item, change, also)] as const;
    return [...next, next[0] === key && next[1] === item];
  });
  if (entries.every(([, , isSame]) => isSame)) return value;
  return Object.fromEntries(entries.map(([key, item]) => [key, item]));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
