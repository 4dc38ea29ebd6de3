import { MAX_DEPTH, readJson, type JsonText } from './json.ts';

/**
 * The same as `readJson`, for whoever wants the value above all: strict JSON, which most is, is left to the engine, and where things
 * stand in it is found out when that is asked.
 */
export function quickJson(text: string): JsonText {
  const strict = strictValue(text);
  return strict === undefined ? readJson(text) : later(text, strict.value);
}

function later(text: string, value: unknown): JsonText {
  let whole: JsonText | undefined;
  const read = (): JsonText => (whole ??= readJson(text));
  return {
    value,
    elided: NONE,
    get leniencies() {
      return read().leniencies;
    },
    locate: (pointer) => read().locate(pointer),
  };
}

const NONE: ReadonlySet<string> = new Set();

function strictValue(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // A text that is nested too deeply is long enough to hold all those brackets and what closes them.
    return text.length > 2 * MAX_DEPTH && isDeeper(value, MAX_DEPTH) ? undefined : { value };
  } catch {
    return undefined;
  }
}

function isDeeper(value: unknown, left: number): boolean {
  if (left < 0) return true;
  if (typeof value !== 'object' || value === null) return false;
  for (const name in value) if (isDeeper((value as Readonly<Record<string, unknown>>)[name], left - 1)) return true;
  return false;
}
