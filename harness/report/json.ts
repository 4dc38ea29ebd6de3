import type { Reporter } from '../model/report.ts';
import { MARK_COMMAND } from './visible.ts';

/** `report.json`: the report exactly, two blanks of indentation, LF, a final line end. */
export const json: Reporter = {
  name: 'json',
  file: 'report.json',
  *render(report) {
    yield `${tame(JSON.stringify(report, null, 2))}\n`;
  },
};

/** Spells as `\uXXXX` (RFC 8259, 7) what a terminal or a log would act upon; the value read back is the same. */
function tame(text: string): string {
  return text.replace(ACTING, escape).replace(MARK_COMMAND, '#\\u0023');
}

const ACTING = /[\u007f-\u009f\u2028\u2029\p{Cf}]/gu;

/** Every UTF-16 unit for itself, as JSON has no escape for a whole character beyond U+FFFF. */
function escape(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
