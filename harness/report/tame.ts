import { MARK_COMMAND } from './visible.ts';

/** JSON that neither a terminal nor a build log would act upon: such characters are spelled `\uXXXX` (RFC 8259, 7), and read back as they were. */
export function tameJson(value: unknown, indent?: number): string {
  return tame(JSON.stringify(value, null, indent));
}

/**
 * The same of an object with two blanks of indentation, in pieces: long lists a stretch of their items at a time, so that nobody has to
 * hold the text as a whole. No string runs from one piece into the next.
 */
export function* tamePieces(object: object): Iterable<string> {
  let before = '{\n';
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    if (items.length <= STRETCH) {
      yield before + tame(within({ [key]: value }, 0));
    } else {
      for (let at = 0; at < items.length; at += STRETCH) {
        const start = at === 0 ? `${before}  ${tame(JSON.stringify(key))}: [\n` : ',\n';
        yield start + tame(within([items.slice(at, at + STRETCH)], 2));
      }
      yield '\n  ]';
    }
    before = ',\n';
  }
  yield before === '{\n' ? '{}' : '\n}';
}

/** Items in one piece: some fifty kilobytes. */
const STRETCH = 100;

/** What stands inside of the brackets of an object, or of so many arrays, each on a line of its own. */
function within(holder: object, depth: 0 | 2): string {
  const text = JSON.stringify(holder, null, 2);
  return depth === 0 ? text.slice('{\n'.length, -'\n}'.length) : text.slice('[\n  [\n'.length, -'\n  ]\n]'.length);
}

function tame(text: string): string {
  const quiet = PLAIN.test(text) ? text : text.replace(ACTING, escape);
  return quiet.includes('##') ? quiet.replace(MARK_COMMAND, '#\\u0023') : quiet;
}

/** Most text is: to see that takes a tenth of the time. */
const PLAIN = /^[\n\x20-\x7e]*$/;

const ACTING = /[\u007f-\u009f\u2028\u2029\p{Cf}]/gu;

/** Every UTF-16 unit for itself, as JSON has no escape for a whole character beyond U+FFFF. */
function escape(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
