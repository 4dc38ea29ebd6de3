import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { readJson } from '../model/json.ts';
import { pointAt } from '../model/place.ts';
import { SUPPRESSIONS_VERSION, suppressionsText, type Suppressed } from '../model/suppressions.ts';
import { didYouMean, UsageError } from '../model/usage.ts';
import { kindOf } from './read.ts';
import { writeWithin } from './write.ts';

/** A suppressions file as it lies there. */
export interface SuppressionsFile {
  readonly entries: readonly Suppressed[];
  /** The line on which an entry begins. */
  lineOf(at: number): number;
}

/** What marks our file, where none is named. */
export const SUPPRESSIONS_NAME = 'docwright-suppressions.json';

/** Reads a suppressions file; one that is not there has no entries. What is wrong with it is a UsageError that says where and how to mend it. */
export function readSuppressions(file: string, shown: string): SuppressionsFile {
  const text = textOf(file, shown);
  if (text === undefined) return { entries: [], lineOf: () => 1 };
  const fail = (reason: string, offset: number, mending: string): never => {
    const { line, column } = pointAt(text, offset);
    throw new UsageError(`${shown}:${line}:${column}: ${reason}; ${mending}`);
  };
  const value = parsed(text, fail);
  const where = (pointer: string): number => {
    const span = readJson(text, { elisions: false }).locate(pointer);
    return (span?.key ?? span?.value)?.start ?? 0;
  };
  const refuse = (pointer: string, reason: string, mending: string): never => fail(reason, where(pointer), mending);
  if (!isObject(value)) return refuse('', 'Unexpected value, expected an object', AGAIN);
  const { schemaVersion, suppressions } = value;
  if (typeof schemaVersion !== 'number')
    return refuse('', 'Missing `schemaVersion`, expected `1`', 'add `"schemaVersion": 1`');
  if (schemaVersion !== SUPPRESSIONS_VERSION)
    return refuse(
      '/schemaVersion',
      `Unexpected version \`${schemaVersion}\`, expected \`${SUPPRESSIONS_VERSION}\``,
      schemaVersion > SUPPRESSIONS_VERSION ? 'a newer docwright wrote it: use that one' : AGAIN,
    );
  refuseUnknown(value, ['schemaVersion', 'suppressions', '$schema'], '', refuse);
  if (!Array.isArray(suppressions))
    return refuse('/suppressions', 'Missing `suppressions`, expected an array', 'write `"suppressions": []`');
  suppressions.forEach((entry: unknown, at) => refuseWrong(entry, `/suppressions/${at}`, refuse));
  refuseTwice(text, value, suppressions as Suppressed[], fail);
  let located: ((pointer: string) => number) | undefined;
  return {
    entries: suppressions as Suppressed[],
    lineOf(at) {
      if (located === undefined) {
        const json = readJson(text, { elisions: false });
        const starts = lineStarts(text);
        located = (pointer) => starts(json.locate(pointer)?.value?.start ?? 0);
      }
      return located(`/suppressions/${at}`);
    },
  };
}

/** Writes a suppressions file, whole or not at all; one without entries is written only where there is one already. */
export async function writeSuppressions(file: string, shown: string, entries: readonly Suppressed[]): Promise<void> {
  try {
    // Where a link stands, what it leads to is the file.
    const real = kindOf(file) === 'nothing' ? file : realpathSync(file);
    await writeWithin(path.dirname(real), path.basename(real), suppressionsText(entries));
  } catch (cause) {
    throw new UsageError(
      `Cannot write \`${shown}\`: ${(cause as Error).message}; nothing was suppressed. Make the folder writable, or name another file with --suppressions`,
      { cause },
    );
  }
}

const AGAIN = 'mend it, or take the file from the history of the repository';

type Refuse = (pointer: string, reason: string, mending: string) => never;

/** Each key of an entry, and what its value has to be. */
const KEYS: Readonly<Record<keyof Suppressed, readonly [fits: (value: unknown) => boolean, expected: string]>> = {
  rule: [isText, 'a text'],
  page: [isText, 'a text'],
  exchange: [isOptional(isText), 'a text'],
  pointer: [isOptional((value) => typeof value === 'string'), 'a text'],
  fingerprint: [(value) => typeof value === 'string' && /^[\da-f]{16}$/.test(value), '16 hexadecimal digits'],
  count: [(value) => Number.isSafeInteger(value) && (value as number) > 0, 'a whole number, 1 or more'],
  target: [isOptional(isText), 'a text'],
  reason: [isOptional((value) => typeof value === 'string'), 'a text'],
};

const EACH_KEY = Object.entries(KEYS);
const NAMES = Object.keys(KEYS);

function refuseWrong(entry: unknown, pointer: string, refuse: Refuse): void {
  if (!isObject(entry)) return refuse(pointer, 'Unexpected value, expected an object', 'take the entry out');
  refuseUnknown(entry, NAMES, pointer, refuse);
  for (const [key, [fits, expected]] of EACH_KEY) {
    if (fits(entry[key])) continue;
    const isThere = Object.hasOwn(entry, key);
    refuse(
      isThere ? `${pointer}/${key}` : pointer,
      `${isThere ? 'Unexpected value of' : 'Missing'} \`${key}\`, expected ${expected}`,
      'mend it, or take the entry out and let `--suppress-all` write it',
    );
  }
}

function refuseUnknown(
  value: Readonly<Record<string, unknown>>,
  known: readonly string[],
  pointer: string,
  refuse: Refuse,
): void {
  for (const key of Object.keys(value))
    if (!known.includes(key))
      refuse(
        `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        `Unknown key \`${key}\`${didYouMean(key, known)}`,
        'take it out',
      );
}

/** Of two properties of one name only the last would be read: what is left of a conflict that was resolved by halves. */
function refuseTwice(
  text: string,
  value: object,
  entries: readonly object[],
  fail: (reason: string, offset: number, mending: string) => never,
): void {
  const names = [value, ...entries].reduce((sum, each) => sum + Object.keys(each).length, 0);
  // A name is what stands before a colon, as a value may begin with one: where there are no more of these than was read, none was there twice.
  if ((text.match(/"\s*:/g)?.length ?? 0) === names) return;
  const second = readJson(text, { elisions: false }).leniencies.find(({ duplicate }) => duplicate !== undefined);
  if (second !== undefined)
    fail(
      `Unexpected second \`${second.duplicate}\`, expected one`,
      second.start,
      'an entry is for findings of one fingerprint: make two of it',
    );
}

function textOf(file: string, shown: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new UsageError(`Cannot read \`${shown}\`: ${message}`, { cause });
  }
}

function parsed(text: string, fail: (reason: string, offset: number, mending: string) => never): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const conflict = /^(?:<{7}|={7}|>{7})(?: |$)/m.exec(text);
    if (conflict)
      fail('Unexpected mark of a merge', conflict.index, 'keep the entries of both sides and take the marks out');
    const { error, leniencies } = readJson(text, { elisions: false });
    return fail(error?.message ?? 'Not strict JSON', error?.offset ?? leniencies[0]?.start ?? 0, AGAIN);
  }
}

function lineStarts(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isOptional(fits: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => value === undefined || fits(value);
}
