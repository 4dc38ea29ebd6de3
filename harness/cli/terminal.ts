import type { Environment } from './settings.ts';

/** What may be a terminal. */
export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Does a CI run this, whose log keeps all that is said and before which nobody sits? */
export function isCi({ CI }: Environment): boolean {
  return CI !== undefined && !['', '0', 'false'].includes(CI.toLowerCase());
}

/** The flag, else FORCE_COLOR, else NO_COLOR, else whether it is a terminal that can. */
export function isColored(
  flag: boolean | undefined,
  { FORCE_COLOR, NO_COLOR, TERM }: Environment,
  stream: Pick<Screen, 'isTTY'>,
): boolean {
  if (flag !== undefined) return flag;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  if (NO_COLOR) return false;
  return stream.isTTY === true && TERM !== 'dumb';
}
