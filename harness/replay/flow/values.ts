import { randomBytes, randomUUID } from 'node:crypto';
import type { Values, ValueSource } from '../../model/config.ts';
import { generate, TYPE_WORDS } from '../generate.ts';

/** A value of the config: known before anything is sent, missing, or to be captured from a live answer. */
export type Known =
  | { readonly kind: 'known'; readonly value: string; readonly origin: string; readonly isTold: boolean }
  | { readonly kind: 'missing'; readonly why: string }
  | { readonly kind: 'capture'; readonly from: string; readonly pointer: string; readonly intoWrites: boolean };

/** The values of a config by name, each made once a run: those of the environment read, those to generate generated. */
export function knownValues(
  values: Values,
  environment: Readonly<Record<string, string | undefined>>,
  generated = new Map<string, string>(),
): ReadonlyMap<string, Known> {
  return new Map(
    Object.entries(values).map(([name, source]) => {
      const isMade = typeof source === 'object' && 'generate' in source;
      const value = isMade ? generated.get(name) : undefined;
      const read = known(source, environment);
      if (read.kind !== 'known' || !isMade) return [name, read];
      generated.set(name, value ?? read.value);
      return [name, { ...read, value: value ?? read.value }];
    }),
  );
}

/** Can a value of this word be generated? */
export function canGenerate(word: string): boolean {
  return word === UNIQUE || generate(word) !== undefined;
}

const UNIQUE = 'unique';

/** The words that a value can be generated of. */
export const GENERATED: readonly string[] = [UNIQUE, ...TYPE_WORDS];

function known(source: string | ValueSource, environment: Readonly<Record<string, string | undefined>>): Known {
  if (typeof source === 'string') return { kind: 'known', value: source, origin: 'config', isTold: true };
  if ('env' in source) {
    const value = Object.hasOwn(environment, source.env) ? environment[source.env] : undefined;
    if (value === undefined || value === '')
      return { kind: 'missing', why: `variable ${source.env} of the environment is not set` };
    return { kind: 'known', value, origin: `environment ${source.env}`, isTold: false };
  }
  if ('from' in source) return { kind: 'capture', intoWrites: false, ...source };
  const made = madeOf(source.generate);
  if (made === undefined) return { kind: 'missing', why: `\`${source.generate}\` is no type that can be generated` };
  const value = `${source.prefix ?? ''}${made}${source.suffix ?? ''}`;
  return { kind: 'known', value, origin: `generated ${source.generate}`, isTold: false };
}

function madeOf(word: string): string | undefined {
  if (word === UNIQUE) return `docwright-${unique()}`;
  if (/^(Edm\.)?Guid$/.test(word)) return randomUUID();
  const value = generate(word);
  return value === undefined ? undefined : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Ten letters and digits, the last a digit, so that it looks like nobody's word. */
function unique(): string {
  const letters = Array.from(randomBytes(9), (byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte % 32]!);
  return `${letters.join('')}${randomBytes(1)[0]! % 10}`;
}
