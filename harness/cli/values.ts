import { delimiter } from 'node:path';
import { UsageError } from '../model/usage.ts';
import { flagOf, type FlagName } from './flags.ts';

/** Reads the text of a flag as its kind wants it; `where` says who wrote it, for the message. */
export function readValue(name: FlagName, text: string, where: string): string | number | boolean | readonly string[] {
  const flag = flagOf(name);
  if (flag.kind === 'switch') return readSwitch(text, where);
  if (flag.kind === 'option') return text.trim();
  if (text.trim() === '') throw new UsageError(`Missing value of ${where}, expected ${flag.value}`);
  if (flag.kind === 'number') return readNumber(text, flag.least, where);
  if (flag.kind === 'list')
    return name === 'reporter' || name === 'tags' || name === 'tag' || name === 'suppress-rule'
      ? parts(text, ',')
      : [text];
  return text;
}

/** Reads a value of the environment, where a list of folders is written as in `PATH`. */
export function readEnvironment(name: FlagName, text: string, variable: string): ReturnType<typeof readValue> {
  return name === 'docs' ? parts(text, delimiter) : readValue(name, text, variable);
}

function readNumber(text: string, least: number, where: string): number {
  const value = /^\d{1,9}$/.test(text.trim()) ? Number(text) : NaN;
  if (value >= least) return value;
  throw new UsageError(`Unexpected value \`${text}\` of ${where}, expected a whole number, ${least} or more`);
}

function readSwitch(text: string, where: string): boolean {
  const word = text.trim().toLowerCase();
  if (['1', 'true', 'yes', 'on'].includes(word)) return true;
  if (['0', 'false', 'no', 'off'].includes(word)) return false;
  throw new UsageError(`Unexpected value \`${text}\` of ${where}, expected 1 or 0`);
}

function parts(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
