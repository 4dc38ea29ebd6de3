import type { Fact } from '../model/finding.ts';
import { lineInBlock, type PagedExchange, type PromisedResponse } from '../model/fixture.ts';
import { headerValue, mediaType, type ResponseMessage } from '../model/http.ts';

/** Headers that say how a message travelled, not what was answered (RFC 9110, 7 and 8.6). */
const FRAMING = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'trailer',
  'upgrade',
  'content-encoding',
  'date',
  'via',
]);

/** Compares the headers of an answer with the documented ones: each is there, and the media type is the same. */
export function compareHeaders(exchange: PagedExchange, by: PromisedResponse, actual: ResponseMessage): Fact[] {
  return by.headers.flatMap(({ name, value, at }): Fact[] => {
    const lower = name.toLowerCase();
    const found = headerValue(actual.headers, name);
    if (FRAMING.has(lower)) return [];
    const place = lineInBlock(exchange.file, by.block, at, name.length);
    const pointer = `/headers/${lower}`;
    // Whether a body came is judged on the body; without one, its media type says nothing.
    if (lower === 'content-type' && actual.body.length === 0 && (by.body.kind !== 'empty' || found === undefined))
      return [];
    if (found === undefined)
      return [
        {
          ruleId: 'header/missing',
          reason: `Missing header \`${name}\`, expected \`${value}\``,
          place,
          exchangeId: exchange.id,
          pointer,
          expected: value,
          note: 'Send the header, or take it out of the documented response.',
        },
      ];
    if (lower === 'content-type' && mediaType(found) !== mediaType(value))
      return [
        {
          ruleId: 'header/media-type',
          reason: `Unexpected media type \`${mediaType(found)}\`, expected \`${mediaType(value)}\``,
          place,
          exchangeId: exchange.id,
          pointer,
          expected: mediaType(value),
          actual: mediaType(found),
          note: 'Send the documented media type, or mend the documented response.',
        },
      ];
    return [];
  });
}
