import type { Docset } from '../model/docset.ts';
import type { Fact } from '../model/finding.ts';
import { lineInBlock, type PagedExchange, type PromisedRequest, type PromisedResponse } from '../model/fixture.ts';

/** A documented Content-Length is that of the documented body, by whichever line ends it was counted. */
export function* contentLength({ exchanges }: Docset): Generator<Fact> {
  for (const exchange of exchanges)
    for (const message of [exchange.request, ...exchange.responses]) yield* judge(exchange, message);
}

function* judge({ id, file, request }: PagedExchange, message: PromisedRequest | PromisedResponse): Generator<Fact> {
  const header = message.headers.find(({ name }) => name.toLowerCase() === 'content-length');
  // A number is a claim; `{length}` is not. A body that is cut short or stood in for was not what was counted.
  if (
    header === undefined ||
    !/^\d+$/.test(header.value) ||
    message.body.kind === 'placeholder' ||
    message.body.kind === 'multipart'
  )
    return;
  if ('status' in message && (message.truncated || request.method === 'HEAD')) return;
  const lengths = lengthsOf(message.body.kind === 'empty' ? '' : message.body.text);
  if (lengths.includes(Number(header.value))) return;
  yield {
    ruleId: 'http/content-length',
    reason: `Unexpected Content-Length \`${header.value}\`, expected \`${lengths[0]}\``,
    place: lineInBlock(file, message.block, header.at, header.name.length),
    subject: 'status' in message ? `response ${message.status}` : 'request',
    exchangeId: id,
    expected: String(lengths[0]),
    actual: header.value,
    note: 'Write the length of the body in bytes, or leave the header out; it is never sent as written.',
  };
}

/** Bytes with LF and with CRLF line ends, each with and without one after the last line. */
function lengthsOf(text: string): number[] {
  const bytes = new TextEncoder().encode(text).length;
  const breaks = text.split('\n').length - 1;
  return [bytes, bytes + breaks, bytes + 1, bytes + breaks + 2];
}
