import { pointerTokens, readJson, type JsonText } from './json.ts';

/**
 * JSON text for the value that people read there, or the text itself where it is JSON already, to the last digit, or cannot be read as
 * JSON. `standIn` gives what stands for a value left out, by how that is written (`{id}`, `...`); null where it gives nothing.
 */
export function strictJson(text: string, standIn?: (written: string) => string | undefined): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    const json = readJson(text);
    if (json.error) return text;
    const holder = { value: json.value };
    if (standIn) for (const pointer of json.elided) putBack(holder, pointer, text, json, standIn);
    return JSON.stringify(holder.value, null, 2);
  }
}

/** Puts a stand-in where the reader left null for a value. */
function putBack(
  holder: { value: unknown },
  pointer: string,
  text: string,
  json: JsonText,
  standIn: (written: string) => string | undefined,
): void {
  const span = json.locate(pointer)?.value;
  const value = span && standIn(text.slice(span.start, span.end).trim());
  if (value === undefined) return;
  const keys = ['value', ...pointerTokens(pointer)];
  const last = keys.pop()!;
  let parent: unknown = holder;
  for (const key of keys) parent = memberOf(parent, key);
  if (typeof parent !== 'object' || parent === null || memberOf(parent, last) !== null) return;
  Object.defineProperty(parent, last, { value, enumerable: true, writable: true, configurable: true });
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
