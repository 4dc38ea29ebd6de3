import type { Exchange, PromisedBody } from '../model/fixture.ts';
import { hasNoContent, headerValue, isHopByHop, isJsonType, type Header, type ResponseMessage } from '../model/http.ts';
import { strictJson } from '../model/strict.ts';

/** The first response documented for an exchange, as it would travel: framing computed, lenient JSON made strict, UTF-8. */
export function promisedAnswer({ responses }: Exchange): ResponseMessage {
  const [response] = responses;
  if (!response) return { status: 501, headers: [], body: new Uint8Array() };
  const documented = response.headers
    .map(({ name, value }): Header => [name, value])
    .filter(([name], index, all) => !isFraming(name.toLowerCase()) && !isSecondType(name, index, all));
  const bare = hasNoContent(response.status);
  const body = new TextEncoder().encode(bare ? '' : textOf(response.body, headerValue(documented, 'content-type')));
  const guessed: Header[] =
    !bare && response.body.kind === 'json' && headerValue(documented, 'content-type') === undefined
      ? [['Content-Type', 'application/json']]
      : [];
  // With 205 that there is no content is to be said (RFC 9110, 15.3.6).
  const length: Header[] = bare && response.status !== 205 ? [] : [['Content-Length', String(body.length)]];
  return { status: response.status, headers: [...documented, ...guessed, ...length], body };
}

/** Of the connection, not of the answer: never sent as documented. What a proxy asks for is all that such an answer is about. */
function isFraming(name: string): boolean {
  return name === 'content-length' || (isHopByHop(name) && !name.startsWith('proxy-auth'));
}

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
