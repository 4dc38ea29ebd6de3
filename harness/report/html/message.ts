import { STATUS_CODES } from 'node:http';
import type { PromisedBody, PromisedRequest, PromisedResponse } from '../../model/fixture.ts';
import type { Header, RequestMessage, ResponseMessage } from '../../model/http.ts';
import { markup, type Html } from './escape.ts';
import { grouped } from './text.ts';

/** Bodies are shown up to a length; the first 20 MB of a report generously, what follows with the beginning alone. */
export interface Allowance {
  left: number;
}

/** A fresh allowance for one report. */
export function allowance(): Allowance {
  return { left: 20_000_000 };
}

/** The request as it was sent; values of headers that carry credentials are not written down. */
export function sentMessage(sent: RequestMessage, allowed: Allowance): Html {
  const first = `${sent.method} ${sent.url}`;
  return message('Request sent', first, sent.headers.map(concealed), decoded(sent.body), allowed);
}

/** The request as it is documented, for exchanges that were not sent. */
export function promisedRequest(request: PromisedRequest, allowed: Allowance): Html {
  const { method, url, headers, body } = request;
  return message('Documented request', `${method} ${url}`, headers.map(pair), written(body), allowed);
}

/** A documented response. */
export function promisedResponse({ status, headers, body }: PromisedResponse, allowed: Allowance): Html {
  return message('Promised response', statusLine(status), headers.map(pair), written(body), allowed);
}

/** The answer as it came. */
export function actualMessage({ status, headers, body }: ResponseMessage, allowed: Allowance): Html {
  return message('Actual answer', statusLine(status), headers.map(concealed), decoded(body), allowed);
}

function message(heading: string, first: string, headers: readonly Header[], body: string, allowed: Allowance): Html {
  const head = [first, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\n');
  const [top, content] = [cut(head, allowed), cut(body.replaceAll('\r\n', '\n'), allowed)];
  const left = top.left + content.left;
  const rest = left > 0 ? markup`<p class="cut">${grouped(left)} more characters are left out.</p>` : undefined;
  return markup`<section class="message">
    <h4>${heading}</h4>
    <pre><code>${top.shown}${content.shown === '' ? '' : `\n\n${content.shown}`}</code></pre>
    ${rest}
  </section>`;
}

function cut(text: string, allowed: Allowance): { readonly shown: string; readonly left: number } {
  const shown = text.slice(0, allowed.left > 0 ? 20_000 : 1_000);
  allowed.left -= shown.length;
  return { shown, left: text.length - shown.length };
}

function decoded(body: Uint8Array | undefined): string {
  if (body === undefined) return '';
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    const start = [...body.subarray(0, 32)].map((byte) => byte.toString(16).padStart(2, '0'));
    return `(${grouped(body.length)} bytes that are not UTF-8; the first: ${start.join(' ')})`;
  }
}

function written(body: PromisedBody): string {
  return body.kind === 'empty' ? '' : body.text;
}

function pair({ name, value }: { readonly name: string; readonly value: string }): Header {
  return [name, value];
}

/** A report is passed around; a token in it would be too. */
function concealed([name, value]: Header): Header {
  return SECRET.test(name) ? [name, `(not shown, ${grouped(value.length)} characters)`] : [name, value];
}

const SECRET = /^(proxy-)?authorization$|^(set-)?cookie2?$|(^|-)(api-?key|token|secret|password|subscription-key)$/i;

function statusLine(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trim();
}
