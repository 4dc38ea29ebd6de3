import { MARK_COMMAND } from './visible.ts';

/** JSON that neither a terminal nor a build log would act upon: such characters are spelled `\uXXXX` (RFC 8259, 7), and read back as they were. */
export function tameJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(ACTING, escape).replace(MARK_COMMAND, '#\\u0023');
}

const ACTING = /[\u007f-\u009f\u2028\u2029\p{Cf}]/gu;

/** Every UTF-16 unit for itself, as JSON has no escape for a whole character beyond U+FFFF. */
function escape(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
