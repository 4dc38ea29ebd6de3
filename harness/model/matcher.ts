import { pointerToken } from './json.ts';
import { isPattern, patternFault } from './pattern.ts';
import { didYouMean, nearest } from './usage.ts';

/** What an answer is to have at a pointer; of several words all count. */
export interface Matcher {
  /** This very value: any JSON. */
  readonly equals?: unknown;
  /** One of these values: any JSON. */
  readonly oneOf?: readonly unknown[];
  readonly type?: TypeWord | readonly TypeWord[];
  readonly format?: FormatWord;
  /** Found anywhere in a string, unless `^` and `$` say otherwise. */
  readonly regex?: string;
  readonly min?: number;
  readonly max?: number;
  /** Characters of a string, items of a list. */
  readonly length?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Any value, null too; nothing below it is judged. */
  readonly any?: true;
  /** There, and judged as it is documented. */
  readonly present?: true;
  readonly absent?: true;
  /** There or not; neither it nor what is below is judged. */
  readonly ignore?: true;
  /** It need not be there. */
  readonly optional?: true;
  /** Null will do, too. */
  readonly nullable?: true;
}

/** Matchers by pointer: RFC 6901 into `{status, headers, body}`, where `*` is every name or index, and `~2` a literal `*`. */
export type Matchers = Readonly<Record<string, Matcher>>;

/** A matcher as people write it: in a word, as the value itself where that is no string, or with all words. */
export type WrittenMatcher =
  | TypeWord
  | FormatWord
  | (typeof STATES)[number]
  | RegExp
  | number
  | boolean
  | null
  | (Omit<Matcher, 'regex'> & { readonly regex?: string | RegExp });

export const TYPE_WORDS = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'] as const;
export type TypeWord = (typeof TYPE_WORDS)[number];

export const FORMAT_WORDS = [
  'guid',
  'uuid',
  'date-time',
  'date',
  'time',
  'duration',
  'url',
  'uri',
  'base64',
  'etag',
] as const;
export type FormatWord = (typeof FORMAT_WORDS)[number];

/** Words that say of a value as a whole whether and how it is judged. */
const STATES = ['any', 'present', 'absent', 'ignore'] as const;

/** A word of a matcher: what it takes, and what it asks for. */
interface Kind {
  /** What the word is to be said with, where it is said with something else. */
  readonly wants: (argument: unknown) => string | undefined;
  /** Completes "expected …". */
  readonly as: (argument: never) => string;
}

/** The words of matchers. How each is judged stands in `compare/matchers.ts`. */
export const MATCHER_WORDS: { readonly [Word in keyof Required<Matcher>]: Kind } = {
  equals: { wants: json, as: (value: unknown) => `\`${shown(value)}\`` },
  oneOf: {
    wants: (list) => (Array.isArray(list) && list.length > 0 ? json(list) : 'a list of values'),
    as: (list: readonly unknown[]) => `one of ${clip(list.map((value) => `\`${shown(value)}\``).join(', '), 200)}`,
  },
  type: {
    wants: (said) => (isWords(said, TYPE_WORDS) ? undefined : `one of ${listed(TYPE_WORDS)}${meant(said, TYPE_WORDS)}`),
    as: (said: string | readonly string[]) => [said].flat().map(withArticle).join(' or '),
  },
  format: {
    wants: (said) =>
      typeof said === 'string' && isWords(said, FORMAT_WORDS)
        ? undefined
        : `one of ${listed(FORMAT_WORDS)}${meant(said, FORMAT_WORDS)}`,
    as: (format: string) => `the format \`${format}\``,
  },
  regex: { wants: patternFault, as: (pattern: string) => `a text that matches \`${clip(pattern)}\`` },
  min: { wants: number, as: (least: number) => `a number of at least ${least}` },
  max: { wants: number, as: (most: number) => `a number of at most ${most}` },
  length: { wants: count, as: (length: number) => `the length ${length}` },
  minLength: { wants: count, as: (length: number) => `a length of at least ${length}` },
  maxLength: { wants: count, as: (length: number) => `a length of at most ${length}` },
  any: { wants: isTrue, as: () => 'any value' },
  present: { wants: isTrue, as: () => 'it to be there' },
  absent: { wants: isTrue, as: () => 'it not to be there' },
  ignore: { wants: isTrue, as: () => 'anything' },
  optional: { wants: isTrue, as: () => '' },
  nullable: { wants: isTrue, as: () => 'null' },
};

const WORDS = Object.keys(MATCHER_WORDS) as readonly (keyof Matcher)[];

/** What a matcher asks for, for people: completes "expected …". */
export function matcherText(matcher: Matcher): string {
  const said = WORDS.filter((word) => matcher[word] !== undefined && word !== 'optional' && word !== 'nullable');
  const text = said.map((word) => MATCHER_WORDS[word].as(matcher[word] as never)).join(' and ');
  return `${text || 'any value'}${matcher.nullable ? ' or null' : ''}`;
}

/** What is wrong with a matcher as written; `at` is the word at fault, where it is one of several. */
export interface MatcherFault {
  readonly reason: string;
  readonly at?: string;
}

/** Reads a matcher as people write it. */
export function readMatcher(written: unknown): { readonly matcher: Matcher } | { readonly fault: MatcherFault } {
  if (typeof written === 'string') return readWord(written);
  if (isPattern(written)) return readMatcher({ regex: written });
  if (written === null || typeof written === 'number' || typeof written === 'boolean')
    return json(written) === undefined ? { matcher: { equals: written } } : faulty('a matcher', written);
  if (typeof written !== 'object' || Array.isArray(written))
    return faulty('a matcher, such as `"guid"`, `{ "equals": … }` or `{ "oneOf": […] }`', written);
  const said = Object.keys(written);
  if (said.length === 0) return faulty('a matcher that says something', written);
  const matcher: Record<string, unknown> = {};
  for (const word of said) {
    if (!Object.hasOwn(MATCHER_WORDS, word)) {
      const reason = `Unexpected word \`${clip(word)}\`, expected one of ${listed(WORDS)}${didYouMean(word, WORDS)}`;
      return { fault: { at: word, reason } };
    }
    const value = (written as Readonly<Record<string, unknown>>)[word];
    const argument = isPattern(value) ? patternText(value) : value;
    const wants = MATCHER_WORDS[word as keyof Matcher].wants(argument);
    if (wants !== undefined)
      return { fault: { at: word, reason: `Unexpected ${described(value)} for \`${word}\`, expected ${wants}` } };
    matcher[word] = argument;
  }
  const clash = clashIn(matcher);
  return clash === undefined ? { matcher: inOrder(matcher) } : { fault: clash };
}

/** A pointer of a matcher, read. */
export type PointerToken = { readonly name: string } | 'each';

/** Reads the pointer of a matcher; a text says what is wrong with it. */
export function readMatcherPointer(pointer: string): readonly PointerToken[] | string {
  const as = 'expected a pointer such as `/body/id`, `/body/value/*/id`, `/headers/etag` or `/status`';
  const bare = pointer.replace(/^\/?/, '');
  const first = bare.split('/', 1)[0]!;
  if (!pointer.startsWith('/') || !ROOTS.includes(first)) {
    const near = ROOTS.includes(first) ? `/${bare}` : (nearRoot(first, bare) ?? `/body/${bare}`);
    return `Unexpected pointer \`${clip(pointer)}\`, ${as}, did you mean \`${clip(near)}\`?`;
  }
  if (/~(?![012])/.test(pointer))
    return `Unexpected \`~\` in \`${clip(pointer)}\`, expected \`~0\`, as RFC 6901 has it`;
  const tokens = pointer.split('/').slice(1);
  const depth = { status: 1, headers: 2, body: tokens.length }[first];
  if (tokens.length > MOST_TOKENS)
    return `Unexpected pointer of ${tokens.length} parts, expected ${MOST_TOKENS} at most`;
  if (tokens.length !== depth) return `Unexpected pointer \`${clip(pointer)}\`, ${as}`;
  return tokens.map((token) => {
    if (token === '*') return 'each';
    const name = token.replaceAll('~2', '*').replaceAll('~1', '/').replaceAll('~0', '~');
    return { name: first === 'headers' ? name.toLowerCase() : name };
  });
}

const ROOTS: readonly string[] = ['status', 'headers', 'body'];
const MOST_TOKENS = 100;

function nearRoot(first: string, bare: string): string | undefined {
  const near = nearest(first, ROOTS);
  return near === undefined ? undefined : `/${near}${bare.slice(first.length)}`;
}

/** A token as it stands in the pointer of a matcher. */
export function matcherToken(name: string): string {
  return pointerToken(name).replaceAll('*', '~2');
}

function readWord(word: string): ReturnType<typeof readMatcher> {
  if ((TYPE_WORDS as readonly string[]).includes(word)) return { matcher: { type: word as TypeWord } };
  if ((FORMAT_WORDS as readonly string[]).includes(word)) return { matcher: { format: word as FormatWord } };
  if ((STATES as readonly string[]).includes(word)) return { matcher: { [word]: true } };
  const words = [...STATES, ...TYPE_WORDS, ...FORMAT_WORDS];
  const near = didYouMean(word, words) || `; for that text write \`{ "equals": ${clip(JSON.stringify(word))} }\``;
  return { fault: { reason: `Unexpected matcher \`${clip(word)}\`, expected one of ${listed(words)}${near}` } };
}

/** Words that say of the value as a whole how it is judged stand alone; ranges have something in them. */
function clashIn(matcher: Matcher): MatcherFault | undefined {
  const said = Object.keys(matcher);
  const state = STATES.find((word) => matcher[word]);
  const rest = said.filter((word) => word !== state && !(state === 'any' && word === 'optional'));
  if (state !== undefined && rest.length > 0)
    return { at: rest[0]!, reason: `Unexpected \`${rest[0]}\` beside \`${state}\`, expected \`${state}\` alone` };
  for (const [least, most] of [
    ['min', 'max'],
    ['minLength', 'maxLength'],
  ] as const)
    if ((matcher[least] ?? -Infinity) > (matcher[most] ?? Infinity))
      return { at: most, reason: `Unexpected \`${most}\` of ${matcher[most]}, expected at least \`${least}\`` };
  return undefined;
}

/** Words in one order, so that the same matcher gives the same bytes. */
function inOrder(matcher: Matcher): Matcher {
  return Object.fromEntries(WORDS.flatMap((word) => (Object.hasOwn(matcher, word) ? [[word, matcher[word]]] : [])));
}

function patternText({ source, flags }: RegExp): string {
  const kept = flags.replace(/[^ims]/g, '');
  return kept === '' ? source : `(?${kept})${source}`;
}

/** Is it JSON, and no deeper than a document can be? */
function json(value: unknown): string | undefined {
  return isJson(value, 0) ? undefined : 'a JSON value';
}

function isJson(value: unknown, depth: number): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth > 500) return false;
  const isPlain = Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value) as null);
  return isPlain && Object.values(value).every((each) => isJson(each, depth + 1));
}

function number(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? undefined : 'a number';
}

function count(value: unknown): string | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : 'a whole number from 0';
}

function isTrue(value: unknown): string | undefined {
  return value === true ? undefined : '`true`';
}

function isWords(said: unknown, words: readonly string[]): boolean {
  const all: readonly unknown[] = Array.isArray(said) ? said : [said];
  return all.length > 0 && all.every((word) => typeof word === 'string' && words.includes(word));
}

function meant(said: unknown, words: readonly string[]): string {
  const wrong = [said].flat().find((word) => typeof word === 'string' && !words.includes(word));
  return typeof wrong === 'string' ? didYouMean(wrong, words) : '';
}

function faulty(as: string, written: unknown): { readonly fault: MatcherFault } {
  return { fault: { reason: `Unexpected ${described(written)}, expected ${as}` } };
}

function described(value: unknown): string {
  const isText = value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value);
  return isText ? `\`${clip(String(value))}\`` : Array.isArray(value) ? 'list' : typeof value;
}

function withArticle(word: string): string {
  return word === 'null' ? word : `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
}

function listed(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}

function shown(value: unknown): string {
  return clip(typeof value === 'string' ? value : JSON.stringify(value));
}

function clip(text: string, length = 80): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
