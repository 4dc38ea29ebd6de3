import type { PromisedBody } from './fixture.ts';
import type { JsonText } from './json.ts';
import { quickJson } from './quick-json.ts';

/** A promised body as JSON; nothing where it is not said to be any. Many ask for the same one after the other: it is read once. */
export function bodyJson(body: PromisedBody): JsonText | undefined {
  if (body.kind !== 'json') return undefined;
  let json = read.get(body);
  if (json === undefined) {
    held += body.text.length;
    if (held > MOST_HELD) [read, held] = [new WeakMap(), body.text.length];
    read.set(body, (json = quickJson(body.text)));
  }
  return json;
}

/** What was read of bodies, of so many UTF-16 units of text at most: docs of a hundred thousand exchanges would fill the memory. */
let read = new WeakMap<PromisedBody, JsonText>();
let held = 0;
const MOST_HELD = 1024 * 1024;
