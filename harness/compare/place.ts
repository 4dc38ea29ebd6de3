import { bodyJson } from '../model/body-json.ts';
import {
  lineInBlock,
  pointInText,
  type PromisedBody,
  type PromisedRequest,
  type PromisedResponse,
} from '../model/fixture.ts';
import type { JsonText } from '../model/json.ts';
import type { Place } from '../model/place.ts';

/** The JSON of a promised body; nothing where it holds none, or none that can be read. */
export function promisedJson(body: PromisedBody): JsonText | undefined {
  const json = bodyJson(body);
  return json?.error ? undefined : json;
}

/** A documented request or response. */
type Message = PromisedRequest | PromisedResponse;

/** The first line of a promised message: the status line of a response. */
export function statusPlace(file: string, { block, at }: Message): Place {
  return lineInBlock(file, block, at);
}

/** The first line of a promised body, or the status line where there is none. */
export function bodyPlace(file: string, message: Message): Place {
  const { body, block } = message;
  return body.kind === 'empty'
    ? statusPlace(file, message)
    : lineInBlock(file, block, body.at, body.text.split('\n', 1)[0]!.length);
}

/**
 * Where a documented property stands: its key; for an item of an array the item, else the key of the array; for what is not documented
 * the nearest documented parent, else the first line of the body.
 */
export function propertyPlace(file: string, message: Message, pointer: string): Place {
  const { body, block } = message;
  const json = promisedJson(body);
  if (body.kind === 'empty' || json === undefined) return bodyPlace(file, message);
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = json.locate(at);
    if (found === undefined) continue;
    const start = pointInText(block, body.at, body.text, (found.key ?? found.value).start);
    // An item may go over many lines: its first character is enough to find it.
    const end =
      found.key === undefined
        ? { line: start.line, column: start.column + 1 }
        : pointInText(block, body.at, body.text, found.key.end);
    return { file: block.file ?? file, position: { start, end } };
  }
  return bodyPlace(file, message);
}
