import type { PromisedBody, PromisedHeader } from '../../model/fixture.ts';
import { reasonPhrase, type Header } from '../../model/http.ts';
import { capped } from '../visible.ts';
import { grouped } from '../numbers.ts';
import type { Lines } from './wire.ts';

/** A message as lines, the body set out where it is JSON; what is too long is left out and counted. */
export function messageLines(first: string, headers: readonly Header[], body: string): Lines {
  const content = laidOut(body);
  const shown = content.slice(0, LONGEST_MESSAGE);
  const left = content.length - shown.length;
  const text = shown === '' ? [] : ['', ...shown.split('\n')];
  const head = [first, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return { lines: [...head, ...text].map(cappedLine), ...(left > 0 ? { left } : {}) };
}

/** At most so much of a line, and in words how much is left out. */
export function cappedLine(line: string): string {
  return capped(line, LONGEST_LINE);
}

const [LONGEST_MESSAGE, LONGEST_LINE] = [8_000, 500];

/** JSON on one line is set out with two blanks; what people have set out themselves stays, and so does what is long. */
export function laidOut(body: string): string {
  const text = body.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  if (text.length > LONGEST_PARSED || !/^\s*[{[]/.test(text) || /\n/.test(text.trim())) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Longer bodies are shown as they came, from the start. */
export const LONGEST_PARSED = 2_000_000;

/** Bytes as text; where they are not UTF-8, what they begin with. */
export function decoded(body: Uint8Array | undefined): string {
  if (body === undefined) return '';
  try {
    return UTF8.decode(body);
  } catch {
    const start = [...body.subarray(0, 32)].map((byte) => byte.toString(16).padStart(2, '0'));
    return `(${grouped(body.length)} bytes that are not UTF-8; the first: ${start.join(' ')})`;
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** The text of a documented body. */
export function written(body: PromisedBody): string {
  return body.kind === 'empty' ? '' : body.text;
}

/** A documented header as it would travel. */
export function pair({ name, value }: PromisedHeader): Header {
  return [name, value];
}

/** The same headers; a report is passed around, and values that carry credentials would be too. */
export function concealed(headers: readonly Header[]): readonly Header[] {
  return headers.map(([name, value]) =>
    isCredential(name) && !value.includes('[redacted: ')
      ? [name, `(not shown, ${grouped(value.length)} characters)`]
      : [name, value],
  );
}

/** Does a header of this name carry credentials? */
export function isCredential(name: string): boolean {
  return /^(proxy-)?authorization$|^(set-)?cookie2?$|(^|-)(api-?key|token|secret|password|subscription-key)$/i.test(
    name,
  );
}

/** The status and its name. */
export function statusLine(status: number): string {
  return `${status} ${reasonPhrase(status)}`.trim();
}
