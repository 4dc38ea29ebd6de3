import type { Header } from '../model/http.ts';

/** Headers that an HTTP implementation accepts: documented names that are no tokens are left out, values become bytes (RFC 9110, 5.5). */
export function toWire(headers: readonly Header[]): [name: string, value: string][] {
  return headers
    .filter(([name]) => /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name))
    .map(([name, value]) => [
      name,
      Buffer.from(value.replace(/[\0-\x08\x0a-\x1f\x7f]/g, ' ').trim()).toString('latin1'),
    ]);
}

/** A header as text, from the bytes that travelled. */
export function fromWire([name, value]: Header): Header {
  const bytes = Buffer.from(value, 'latin1');
  const text = bytes.toString('utf8');
  return [name, Buffer.from(text).equals(bytes) ? text : value];
}
