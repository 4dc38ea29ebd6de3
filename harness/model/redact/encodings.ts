import type { Needle } from './automaton.ts';

/**
 * Every way in which a secret is found in what others write: as it is, percent-encoded (fully or as needed, either
 * case, `+` for a blank), in JSON, in HTML and XML, in base64 of both alphabets at each of its three alignments, broken
 * into lines or not, in hexadecimal; and two of them in one another where that happens.
 */
export function needlesOf(text: string, secret: number): Needle[] {
  const needles: Needle[] = [{ characters: [...text].map(waysOf), secret }];
  const hex = Buffer.from(text).toString('hex');
  needles.push({ characters: [...hex].map(hexWays), secret });
  const written = [...new Set([text, jsonMin(text), percentMin(text), percentMin(text).replaceAll('%20', '+')])];
  const first = written.flatMap((each) => alignments(Buffer.from(each)));
  const again = text.length > MOST_TWICE ? [] : first.flatMap(({ core }) => alignments(Buffer.from(core)));
  for (const { core, bleeds } of [...first, ...again]) {
    const [first = '', ...rest] = core;
    needles.push({ characters: [base64Ways(first), ...rest.map(brokenWays)], secret, bleeds });
  }
  const seen = new Set<string>();
  return needles.filter(({ characters }) => {
    const key = JSON.stringify(characters);
    if (characters.length === 0 || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** A word as a needle that is only to be noticed; case does not count. */
export function wordNeedle(word: string): Needle {
  return { characters: [...word].map((letter) => [...new Set([letter.toLowerCase(), letter.toUpperCase()])]) };
}

/** Base64 of base64 is looked for where a secret is no longer than this. */
const MOST_TWICE = 512;

interface Aligned {
  readonly core: string;
  readonly bleeds: { readonly before: boolean; readonly after: boolean };
}

/** The characters of base64 (RFC 4648) that depend on these bytes alone, for each place in a group of three. */
function alignments(bytes: Uint8Array): Aligned[] {
  return [0, 1, 2].map((ahead) => {
    const bits = (ahead + bytes.length) * 8;
    const whole = Buffer.concat([Buffer.alloc(ahead), bytes]).toString('base64');
    const core = whole.slice(Math.ceil((ahead * 8) / 6), Math.floor(bits / 6));
    return { core, bleeds: { before: ahead > 0, after: bits % 6 !== 0 } };
  });
}

const ways = new Map<string, readonly string[]>();

/** The ways to write one character of a secret. */
function waysOf(character: string): readonly string[] {
  const known = ways.get(character);
  if (known) return known;
  const once = [character, ...percent(character), ...json(character), ...html(character), ...mistaken(character)];
  const twice = once.flatMap((way) => [
    percentMin(way),
    lower(percentMin(way)),
    jsonMin(way),
    slashes(jsonMin(way)),
    htmlMin(way),
  ]);
  const blank = character === ' ' ? ['+', '%2B', '%2b'] : [];
  const result = [...new Set([...once, ...twice, ...blank])].filter((way) => way !== '');
  ways.set(character, result);
  return result;
}

function percent(character: string): string[] {
  const hex = [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  return [hex, upper(hex)];
}

/** RFC 8259, 7. */
function json(character: string): string[] {
  const units = character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
  return [units, units.replace(/[a-f]/g, (letter) => letter.toUpperCase()), jsonMin(character), slashes(character)];
}

function html(character: string): string[] {
  const code = character.codePointAt(0)!;
  const hex = code.toString(16);
  return [`&#${code};`, `&#0${code};`, `&#x${hex};`, `&#x${hex.toUpperCase()};`, htmlMin(character)];
}

/** The bytes of UTF-8 taken for Latin-1, as headers come, and the byte of Latin-1 in a URL. */
function mistaken(character: string): string[] {
  const code = character.codePointAt(0)!;
  if (code < 0x80) return [];
  return [
    Buffer.from(character).toString('latin1'),
    ...(code < 0x100 ? [`%${code.toString(16)}`, `%${code.toString(16).toUpperCase()}`] : []),
  ];
}

/** As encodeURIComponent does, for any text. */
function percentMin(text: string): string {
  return text.replace(/[^A-Za-z0-9\-_.!~*'()]/gu, (character) => upper(percent(character)[0]!));
}

function jsonMin(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function slashes(text: string): string {
  return text.replaceAll('/', '\\/');
}

function htmlMin(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES.get(character)!);
}

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
]);

function upper(text: string): string {
  return text.replace(/%[0-9a-f]{2}/g, (byte) => byte.toUpperCase());
}

function lower(text: string): string {
  return text.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase());
}

/** What may stand between two characters of base64 (RFC 2045, 6.8), as it is or in JSON. */
const BREAKS = ['\n', '\r\n', '\\n', '\\r\\n'];

function base64Ways(character: string): readonly string[] {
  // A form reads `+` as a blank.
  if (character === '+') return [...waysOf('+'), ...waysOf('-'), ' '];
  return character === '/' ? [...waysOf('/'), ...waysOf('_')] : [character];
}

const broken = new Map<string, readonly string[]>();

function brokenWays(character: string): readonly string[] {
  const known = broken.get(character);
  if (known) return known;
  const plain = base64Ways(character);
  const result = [...plain, ...BREAKS.flatMap((mark) => plain.map((way) => mark + way))];
  broken.set(character, result);
  return result;
}

const hexKnown = new Map<string, readonly string[]>();

function hexWays(digit: string): readonly string[] {
  const known = hexKnown.get(digit);
  if (known) return known;
  const cases = [...new Set([digit, digit.toUpperCase()])];
  const result = [...cases, ...[' ', ':', '-'].flatMap((mark) => cases.map((way) => mark + way))];
  hexKnown.set(digit, result);
  return result;
}
