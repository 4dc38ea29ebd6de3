import type { Fact } from '../model/finding.ts';
import { lineInBlock, type PagedExchange, type PromisedResponse } from '../model/fixture.ts';
import { headerValue, isHopByHop, mediaType, type ResponseMessage } from '../model/http.ts';
import { pointerToken } from '../model/json.ts';
import { matcherText } from '../model/matcher.ts';
import { MEND_MATCHER } from './difference.ts';
import { holdsText, isAskedFor, matcherOf, namedBelow, pinsBelow, type Pins } from './matchers.ts';
import { statusPlace } from './place.ts';

/** Headers that say how or when a message travelled, not what was answered; another hop, or a mock, changes them (RFC 9110, 6.6.1 and 7.6). */
const OF_THE_WAY: ReadonlySet<string> = new Set(['content-length', 'content-encoding', 'date', 'via']);

/** Compares the headers of an answer with the documented ones: each is there, and the media type is the same. */
export function compareHeaders(
  exchange: PagedExchange,
  by: PromisedResponse,
  actual: ResponseMessage,
  pins?: Pins,
): Fact[] {
  const documented = by.headers.flatMap(({ name, value, at }): Fact[] => {
    const lower = name.toLowerCase();
    const found = headerValue(actual.headers, name);
    const matcher = matcherOf(pinsBelow(pins, lower));
    if (matcher && !matcher.present) return [];
    if (!matcher && (isHopByHop(lower) || OF_THE_WAY.has(lower))) return [];
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
  return pins === undefined ? documented : [...documented, ...matchHeaders(exchange, by, actual, pins)];
}

/** Judges the headers that matchers speak of, documented or not; several of one name as the list that they are (RFC 9110, 5.3). */
function matchHeaders(exchange: PagedExchange, by: PromisedResponse, actual: ResponseMessage, pins: Pins): Fact[] {
  const lines = new Map(by.headers.map((header) => [header.name.toLowerCase(), header] as const));
  const names = new Set([...lines.keys(), ...namedBelow(pins)]);
  return [...names].flatMap((name): Fact[] => {
    const matcher = matcherOf(pinsBelow(pins, name));
    const line = lines.get(name);
    const values = actual.headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
    if (matcher === undefined || matcher.ignore || (matcher.present && line !== undefined)) return [];
    if (values.length === 0 ? !isAskedFor(pinsBelow(pins, name)) : holdsText(matcher, values.join(', '))) return [];
    const shown = line?.name ?? name;
    const as = matcherText(matcher);
    const about = {
      place: line ? lineInBlock(exchange.file, by.block, line.at, line.name.length) : statusPlace(exchange.file, by),
      exchangeId: exchange.id,
      pointer: `/headers/${pointerToken(name)}`,
      expected: as,
      note: MEND_MATCHER,
    };
    const value = values.join(', ').slice(0, 200);
    return values.length === 0
      ? [{ ruleId: 'header/missing', reason: `Missing header \`${shown}\`, expected ${as}`, ...about }]
      : [
          {
            ruleId: 'header/value',
            reason: `Unexpected \`${value}\` for \`${shown}\`, expected ${as}`,
            ...about,
            actual: value,
          },
        ];
  });
}
