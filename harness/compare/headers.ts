import type { Fact } from '../model/finding.ts';
import { lineInBlock, type PagedExchange, type PromisedResponse } from '../model/fixture.ts';
import { foreignCharset, headerValue, isHopByHop, isJsonType, mediaType, type ResponseMessage } from '../model/http.ts';
import { pointerToken } from '../model/json.ts';
import { matcherText } from '../model/matcher.ts';
import { MEND_MATCHER } from './difference.ts';
import { ETAG_FORMAT, isEntityTag } from './formats.ts';
import { holdsText, isAskedFor, matcherOf, namedBelow, pinsBelow, type Pins } from './matchers.ts';
import { statusPlace } from './place.ts';

/** Headers that say how or when a message travelled, not what was answered; another hop, or a mock, changes them (RFC 9110, 6.6.1 and 7.6). */
const OF_THE_WAY: ReadonlySet<string> = new Set(['content-length', 'content-encoding', 'date', 'via']);

/** Compares the headers of an answer with the documented ones: each is there and in its form, and the media type is the same. */
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
    const fault = lower === 'content-type' ? typeFault(value, valuesOf(actual, lower)) : formFault(name, value, found);
    return fault === undefined ? [] : [{ ...fault, place, exchangeId: exchange.id, pointer }];
  });
  return pins === undefined ? documented : [...documented, ...matchHeaders(exchange, by, actual, pins)];
}

type Fault = Pick<Fact, 'ruleId' | 'reason' | 'expected' | 'actual' | 'note'>;

/** Every Content-Type that came is the documented media type; and JSON is UTF-8, whatever the docs say (RFC 8259, 8.1). */
function typeFault(documented: string, found: readonly string[]): Fault | undefined {
  const wanted = mediaType(documented);
  const other = found.map(mediaType).find((type) => type !== wanted);
  if (other !== undefined)
    return {
      ruleId: 'header/media-type',
      reason: `Unexpected media type \`${other}\`, expected \`${wanted}\``,
      expected: wanted,
      actual: other,
      note: 'Send the documented media type, or mend the documented response.',
    };
  const charset = isJsonType(wanted) ? foreignCharset(found[0]!) : undefined;
  if (charset === undefined) return undefined;
  return {
    ruleId: 'header/media-type',
    reason: `Unexpected charset \`${charset}\`, expected \`utf-8\` as JSON always is`,
    expected: 'utf-8',
    actual: charset,
    note: 'Send JSON as UTF-8, and no other charset.',
  };
}

/** What is documented as an entity tag is one (RFC 9110, 8.8.3), and what has a documented value is not empty. */
function formFault(name: string, documented: string, found: string): Fault | undefined {
  const isTag = name.toLowerCase() === 'etag' && isEntityTag(documented);
  if (isTag ? isEntityTag(found) : found !== '' || documented === '') return undefined;
  return {
    ruleId: 'header/value',
    reason: `Unexpected ${found === '' ? 'empty value' : `\`${found.slice(0, 200)}\``} for \`${name}\`, expected ${isTag ? ETAG_FORMAT.as : 'one'}`,
    expected: isTag ? ETAG_FORMAT.as : documented,
    actual: found,
    note: 'Send a value in the form of the documented one.',
  };
}

function valuesOf({ headers }: ResponseMessage, lower: string): string[] {
  return headers.filter(([key]) => key.toLowerCase() === lower).map(([, value]) => value);
}

/** Judges the headers that matchers speak of, documented or not; several of one name as the list that they are (RFC 9110, 5.3). */
function matchHeaders(exchange: PagedExchange, by: PromisedResponse, actual: ResponseMessage, pins: Pins): Fact[] {
  const lines = new Map(by.headers.map((header) => [header.name.toLowerCase(), header] as const));
  const names = new Set([...lines.keys(), ...namedBelow(pins)]);
  return [...names].flatMap((name): Fact[] => {
    const matcher = matcherOf(pinsBelow(pins, name));
    const line = lines.get(name);
    const values = valuesOf(actual, name);
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
