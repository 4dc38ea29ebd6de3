/** Ways in which a service or a tool writes a text that it was sent; each gives one text that holds all of it. */
export const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'percent-encoded as needed': encodeURIComponent,
  'percent-encoded in lower case': (text) => encodeURIComponent(text).replace(/%../g, (byte) => byte.toLowerCase()),
  'percent-encoded through and through': percentAll,
  'in a form': (text) => new URLSearchParams({ a: text }).toString().slice(2),
  'in JSON': inJson,
  'in JSON with slashes escaped': (text) => inJson(text).replaceAll('/', '\\/'),
  'in JSON, every character escaped': (text) =>
    text.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'in HTML': (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`),
  'in XML': (text) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  'in JSON in JSON': (text) => inJson(inJson(text)),
  'percent-encoded in JSON': (text) => inJson(encodeURIComponent(text)),
  'percent-encoded twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'in JSON, percent-encoded': (text) => encodeURIComponent(inJson(text)),
  'in base64': (text) => Buffer.from(text).toString('base64'),
  'in base64 for URLs': (text) => Buffer.from(text).toString('base64url'),
  'in base64, percent-encoded': (text) => encodeURIComponent(Buffer.from(text).toString('base64')),
  'in base64 in base64': (text) => Buffer.from(Buffer.from(text).toString('base64')).toString('base64'),
  'in hexadecimal': (text) => Buffer.from(text).toString('hex'),
  'in UTF-8 read as Latin-1': (text) => Buffer.from(text).toString('latin1'),
};

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function percentAll(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
