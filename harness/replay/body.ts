import type { PromisedBody } from '../model/fixture.ts';
import { strictJson } from '../model/strict.ts';
import { isPlaceholder } from '../model/url.ts';
import type { Filler } from './fill.ts';
import { generate } from './generate.ts';

/**
 * A documented body as a live service is sent it: JSON made strict, placeholders filled, type words replaced by values;
 * multipart with CRLF (RFC 2046, 4.1.1). JSON in which nothing is replaced stays as written, to the last digit.
 */
export function liveBody(body: PromisedBody, fill: Filler): string | undefined {
  switch (body.kind) {
    case 'empty':
      return undefined;
    case 'json':
      return fillJson(strictJson(body.text, keptPlaceholder), fill);
    case 'multipart':
      return body.text.replaceAll('\n', '\r\n');
    case 'placeholder': {
      const text = body.text.trim();
      return fill.value(isPlaceholder(text) ? text.slice(1, -1) : 'body');
    }
    case 'text':
      return body.text;
  }
}

/** A bare `{id}` or `<id>` becomes a string, so that it is filled like any other. */
function keptPlaceholder(written: string): string | undefined {
  return isPlaceholder(written) ? `{${written.slice(1, -1)}}` : undefined;
}

/** Goes over the strings of a JSON text and leaves everything between them alone: numbers keep digits that a parse would lose. */
function fillJson(text: string, fill: Filler): string {
  let key = '';
  return text.replace(/("(?:[^"\\]|\\.)*")(\s*:)?/gs, (whole, string: string, colon: string | undefined) => {
    const value = stringOf(string);
    if (value === undefined) return whole;
    if (colon !== undefined) {
      key = value;
      return whole;
    }
    // Below a key such as `type` or `dataType`, `"String"` is what is meant and no stand-in.
    const generated = /type$/i.test(key) ? undefined : generate(value);
    if (generated !== undefined) return JSON.stringify(generated);
    const filled = fill.bodyText(key, value);
    return filled === value ? whole : JSON.stringify(filled);
  });
}

function stringOf(json: string): string | undefined {
  try {
    return JSON.parse(json) as string;
  } catch {
    return undefined;
  }
}
