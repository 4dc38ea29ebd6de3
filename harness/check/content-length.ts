import type { Fact } from '../model/finding.ts';
import { editOf } from '../model/fix.ts';
import { lineInBlock, type PagedExchange, type PromisedRequest, type PromisedResponse } from '../model/fixture.ts';
import type { Place } from '../model/place.ts';
import type { LinesOf } from './lines.ts';
import type { Part } from './part.ts';

/** A documented Content-Length is that of the documented body, by whichever line ends it was counted, and stands beside no other framing. */
export function* contentLength({ exchanges }: Pick<Part, 'exchanges'>, lines?: LinesOf): Generator<Fact> {
  for (const exchange of exchanges)
    for (const message of [exchange.request, ...exchange.responses]) yield* judge(exchange, message, lines);
}

function* judge(
  { id, file, request }: PagedExchange,
  message: PromisedRequest | PromisedResponse,
  lines: LinesOf | undefined,
): Generator<Fact> {
  const header = message.headers.find(({ name }) => name.toLowerCase() === 'content-length');
  const coding = message.headers.find(({ name }) => name.toLowerCase() === 'transfer-encoding');
  if (header !== undefined && coding !== undefined) {
    // The coding counts then, and what it makes of the body is not what is shown (RFC 9112, 6.3).
    yield {
      ruleId: 'http/framing',
      reason: `Unexpected Content-Length beside \`Transfer-Encoding: ${coding.value}\`, expected one of them`,
      place: lineInBlock(file, message.block, header.at, header.name.length),
      subject: 'status' in message ? `response ${message.status}` : 'request',
      exchangeId: id,
      note: 'Take one of the two headers out; neither is ever sent as written.',
    };
    return;
  }
  // A number is a claim; `{length}` is not. A body that is cut short or stood in for was not what was counted.
  if (
    header === undefined ||
    !/^[-+]?\d[\d.,]*$/.test(header.value) ||
    message.body.kind === 'placeholder' ||
    message.body.kind === 'multipart'
  )
    return;
  if ('status' in message && (message.truncated || request.method === 'HEAD')) return;
  const text = message.body.kind === 'empty' ? '' : message.body.text;
  const lengths = lengthsOf(text);
  // What stands for `{id}` may have any length; the rest of the body has its own.
  const rest = text.replace(STAND_IN, '');
  const isEnough = rest.length < text.length && Number(header.value) >= lengthsOf(rest)[0]!;
  if (/^\d+$/.test(header.value) && (isEnough || lengths.includes(Number(header.value)))) return;
  const place = lineInBlock(file, message.block, header.at, header.name.length);
  yield {
    ruleId: 'http/content-length',
    reason: `Unexpected Content-Length \`${header.value}\`, expected \`${lengths[0]}\``,
    place,
    subject: 'status' in message ? `response ${message.status}` : 'request',
    exchangeId: id,
    expected: String(lengths[0]),
    actual: header.value,
    note: 'Write the length of the body in bytes, or leave the header out; it is never sent as written.',
    ...rewritten(place, header.value, String(lengths[0]), lines),
  };
}

/** The value is where the header is, after blanks that only its line can tell. */
function rewritten({ file, position }: Place, value: string, length: string, lines?: LinesOf): Pick<Fact, 'fix'> {
  const { line, column } = position.start;
  const before = /^\s*content-length\s*:\s*/i.exec(lines?.(file)?.[line - 1]?.slice(column - 1) ?? '')?.[0];
  if (before === undefined) return {};
  const start = { line, column: column + before.length };
  const end = { line, column: start.column + value.length };
  const edit = editOf({ file, position: { start, end } }, value, length);
  return { fix: { title: `Write \`${length}\``, edits: [edit] } };
}

/** `{id}` in a string: an object has quotes or blanks in its braces. */
const STAND_IN = /\{[\w-]+\}/g;

/** Bytes with LF and with CRLF line ends, each with and without one after the last line. */
function lengthsOf(text: string): number[] {
  const bytes = new TextEncoder().encode(text).length;
  const breaks = text.split('\n').length - 1;
  return [bytes, bytes + breaks, bytes + 1, bytes + breaks + 2];
}
