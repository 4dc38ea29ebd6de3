import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';

/** Is it a pattern of a program's own, as a config in TypeScript can hold one? */
export function isPattern(value: unknown): value is RegExp {
  return value instanceof RegExp || Object.prototype.toString.call(value) === '[object RegExp]';
}

/** What a pattern should be, where it is something else; nothing where it can be used. */
export function patternFault(source: unknown): string | undefined {
  if (typeof source !== 'string') return 'a regular expression as a string';
  const engine = engineOf(source);
  return typeof engine === 'string' ? engine : undefined;
}

/**
 * Is a pattern found in a text? A pattern comes from whoever wrote a page and the text from whoever answers, so neither may decide how
 * long that takes: the engine is linear in the text, and a text too long for its pattern is not searched and does not match.
 */
export function matchesPattern(source: string, text: string): boolean {
  const engine = engineOf(source);
  return typeof engine !== 'string' && text.length * engine.programSize() <= MOST_STEPS && engine.test(text);
}

/** Some 20 ns each at worst: a fifth of a second. */
const MOST_STEPS = 10_000_000;
const LONGEST = 1000;
/** Instructions of the engine; a pattern that is no bomb has some ten to fifty. */
const LARGEST = 1000;

const engines = new Map<string, RE2JS | string>();

/** The engine of a pattern, or what is expected instead of it. */
function engineOf(source: string): RE2JS | string {
  let engine = engines.get(source);
  if (engine === undefined) {
    engine = build(source);
    if (engines.size >= MOST_KEPT) engines.clear();
    engines.set(source, engine);
  }
  return engine;
}

const MOST_KEPT = 500;
const require = createRequire(import.meta.url);

function build(source: string): RE2JS | string {
  if (source.length > LONGEST) return `a regular expression of at most ${LONGEST} characters`;
  // Loaded with the first pattern: few docs have one, and start-up counts.
  const { RE2JS: engines } = require('re2js') as typeof import('re2js');
  try {
    const engine = engines.compile(engines.translateRegExp(source));
    return engine.programSize() > LARGEST ? 'a regular expression with fewer repetitions' : engine;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    return `a regular expression without lookaround and backreferences (${reason.slice(0, 100)})`;
  }
}
