import { reasonPhrase, type Header, type RequestMessage, type ResponseMessage } from '../../model/http.ts';
import { visible } from '../../report/visible.ts';

/** A request as it travels in HTTP/1.1, for people to read. */
export function requestText({ method, url, headers, body }: RequestMessage): string {
  return written(`${method} ${url} HTTP/1.1`, headers, body);
}

/** The same of an answer. */
export function answerText({ status, headers, body }: ResponseMessage): string {
  return written(`HTTP/1.1 ${status} ${reasonPhrase(status)}`.trimEnd(), headers, body);
}

function written(first: string, headers: readonly Header[], body: Uint8Array = new Uint8Array()): string {
  const head = [first, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\n');
  return visible(body.length === 0 ? `${head}\n` : `${head}\n\n${decoded(body)}\n`);
}

function decoded(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return `(${body.length} bytes that are not UTF-8)`;
  }
}
