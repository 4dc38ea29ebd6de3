import type { Exchange, PromisedBody } from '../model/fixture.ts';
import { headerValue, isJsonType, type Header, type ResponseMessage } from '../model/http.ts';
import { readJson } from '../model/json.ts';

/** The first response documented for an exchange, as it would travel: framing computed, lenient JSON made strict, UTF-8. */
export function promisedAnswer({ responses }: Exchange): ResponseMessage {
  const [response] = responses;
  if (!response) return { status: 501, headers: [], body: new Uint8Array() };
  const documented = response.headers
    .map(({ name, value }): Header => [name, value])
    .filter(([name], index, all) => !FRAMING.has(name.toLowerCase()) && !isSecondType(name, index, all));
  const bare = NO_CONTENT.has(response.status) || response.status < 200;
  const body = new TextEncoder().encode(bare ? '' : textOf(response.body, headerValue(documented, 'content-type')));
  const guessed: Header[] =
    !bare && response.body.kind === 'json' && headerValue(documented, 'content-type') === undefined
      ? [['Content-Type', 'application/json']]
      : [];
  const length: Header[] = bare ? [] : [['Content-Length', String(body.length)]];
  return { status: response.status, headers: [...documented, ...guessed, ...length], body };
}

/** Of the connection, not of the answer (RFC 9110, 7.6.1): never sent as documented. */
const FRAMING = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Statuses whose answer never has content (RFC 9110, 6.4.1). */
const NO_CONTENT = new Set([204, 304]);

/** A header field that must be single would be joined by a comma on its way, and then be neither of the two. */
function isSecondType(name: string, index: number, all: readonly Header[]): boolean {
  const lower = name.toLowerCase();
  return lower === 'content-type' && all.findIndex(([other]) => other.toLowerCase() === lower) < index;
}

function textOf(body: PromisedBody, contentType: string | undefined): string {
  if (body.kind === 'empty') return '';
  const isJson = contentType === undefined ? body.kind === 'json' : isJsonType(contentType);
  return isJson && body.kind !== 'placeholder' ? strictJson(body.text) : body.text;
}

/** As written where that is JSON or cannot be read as JSON; else the value that people read there. */
function strictJson(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    const json = readJson(text);
    return json.error ? text : JSON.stringify(json.value, null, 2);
  }
}
