import type { PromisedBody } from '../model/fixture.ts';
import { pointerTokens, readJson } from '../model/json.ts';
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
      return fillJson(strict(body.text), fill);
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

/** JSON text for the value that people read there, or the text itself where it is JSON, or cannot be read as JSON. */
function strict(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    const json = readJson(text);
    if (json.error) return text;
    const holder = { value: json.value };
    for (const pointer of json.elided) keepPlaceholder(holder, pointer, text, json.locate(pointer)?.value);
    return JSON.stringify(holder.value, null, 2);
  }
}

/** Puts a bare `{id}` or `<id>` back as a string, where the reader left null for it, so that it is filled like any other. */
function keepPlaceholder(
  holder: { value: unknown },
  pointer: string,
  text: string,
  span: { readonly start: number; readonly end: number } | undefined,
): void {
  const written = span && text.slice(span.start, span.end).trim();
  if (written === undefined || !isPlaceholder(written)) return;
  const keys = ['value', ...pointerTokens(pointer)];
  const last = keys.pop()!;
  let parent: unknown = holder;
  for (const key of keys) parent = memberOf(parent, key);
  if (typeof parent !== 'object' || parent === null || memberOf(parent, last) !== null) return;
  const name = `{${written.slice(1, -1)}}`;
  Object.defineProperty(parent, last, { value: name, enumerable: true, writable: true, configurable: true });
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
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
    const filled = fill.text(value);
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
