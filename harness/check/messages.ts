import type { Fact } from '../model/finding.ts';
import {
  lineInBlock,
  type PagedExchange,
  type PromisedHeader,
  type PromisedRequest,
  type PromisedResponse,
} from '../model/fixture.ts';
import { foreignCharset, hasNoContent, isJsonType, mediaType } from '../model/http.ts';
import { readJson } from '../model/json.ts';
import type { Place } from '../model/place.ts';
import type { Part } from './part.ts';

/** Documented messages are such as HTTP lets be sent (RFC 9110): where a body may be, of which media type, which headers stand once. */
export function* messages({ exchanges }: Part): Generator<Fact> {
  const seen = new Set<string>();
  for (const exchange of exchanges)
    for (const message of [exchange.request, ...exchange.responses]) {
      // A response that several requests share is told once.
      const site = `${message.block.file ?? exchange.file}:${message.block.line}`;
      if (seen.has(site)) continue;
      seen.add(site);
      for (const fact of judge(exchange, message))
        yield {
          ...fact,
          exchangeId: exchange.id,
          subject: `${'status' in message ? message.status : 'request'} ${fact.ruleId}`,
        };
    }
}

type Message = PromisedRequest | PromisedResponse;

function* judge(exchange: PagedExchange, message: Message): Generator<Fact> {
  const { body, headers } = message;
  const whose = forbidsBody(exchange, message);
  if (body.kind !== 'empty' && whose !== undefined) {
    const line = body.text.split('\n', 1)[0]!;
    yield {
      ruleId: 'http/forbidden-body',
      reason: `Unexpected ${asRead(line)}, expected none ${whose}`,
      place: placeAt(exchange, message, body.at, line.length),
      note: mendingOf(line),
    };
    return;
  }
  yield* twice(exchange, message);
  const header = headers.find(({ name }) => name.toLowerCase() === 'content-type');
  if (header !== undefined && !isPlaceholder(header.value) && !isMediaType(header.value.trim())) {
    yield {
      ruleId: 'http/content-type',
      reason: `Unexpected Content-Type \`${header.value}\`, expected a media type such as \`application/json\``,
      place: valuePlace(exchange, message, header),
      actual: header.value,
      note: 'Write `type/subtype`, and parameters as `; name=value`.',
    };
    return;
  }
  const charset = header === undefined || !isJsonType(header.value) ? undefined : foreignCharset(header.value);
  if (charset !== undefined) {
    yield {
      ruleId: 'http/content-type',
      reason: `Unexpected charset \`${charset}\`, expected \`utf-8\` as JSON always is`,
      place: valuePlace(exchange, message, header!),
      actual: charset,
      note: 'JSON is UTF-8 (RFC 8259, 8.1): leave the parameter out.',
    };
    return;
  }
  if (body.kind === 'empty' || body.kind === 'placeholder') return;
  const first = placeAt(exchange, message, body.at, body.text.split('\n', 1)[0]!.length);
  if (header === undefined)
    yield {
      ruleId: 'http/no-media-type',
      reason: 'Missing Content-Type, expected with this body',
      place: first,
      note: 'Say the media type of the body in a header `Content-Type`.',
    };
  else if (!isOf(mediaType(header.value), body.text.trim()))
    yield {
      ruleId: 'http/body-type',
      reason: `Unexpected body, expected one of the media type \`${mediaType(header.value)}\``,
      place: first,
      expected: mediaType(header.value),
      note: 'Mend the Content-Type, or the body.',
    };
}

/** A line that was not meant as a body is one all the same where an empty line stands before it (RFC 9112, 2.1). */
function asRead(line: string): string {
  if (HEADER_LINE.test(line)) return `body, since an empty line stands before \`${line.trim()}\``;
  return REQUEST_LINE.test(line) ? `body, since a second request \`${line.trim()}\` stands in the block` : 'body';
}

function mendingOf(line: string): string {
  if (HEADER_LINE.test(line)) return 'Take the empty line out: headers stand right below the first line.';
  if (REQUEST_LINE.test(line)) return 'Give each request a block of its own.';
  return 'Take the body out, or mend the method or status.';
}

const HEADER_LINE = /^[A-Za-z][A-Za-z-]{0,60}:\s*\S/;
const REQUEST_LINE = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\s+(?:https?:\/)?\//;

/** Who has no content (RFC 9110, 6.4.1 and 9.3): completes "expected none …". */
function forbidsBody({ request }: PagedExchange, message: Message): string | undefined {
  if (!('status' in message))
    return message.method === 'GET' || message.method === 'HEAD' ? `with ${message.method}` : undefined;
  if (request.method === 'HEAD') return 'in an answer to HEAD';
  return hasNoContent(message.status) ? `with the status \`${message.status}\`` : undefined;
}

/** Headers that have one value and no list (RFC 9110, 5.3). */
const SINGLE: ReadonlySet<string> = new Set([
  'age',
  'authorization',
  'content-length',
  'content-location',
  'content-range',
  'content-type',
  'date',
  'etag',
  'expires',
  'from',
  'host',
  'if-modified-since',
  'if-range',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'range',
  'referer',
  'retry-after',
  'server',
  'user-agent',
]);

function* twice(exchange: PagedExchange, message: Message): Generator<Fact> {
  const met = new Set<string>();
  for (const { name, at } of message.headers) {
    const lower = name.toLowerCase();
    if (SINGLE.has(lower) && met.has(lower))
      yield {
        ruleId: 'http/duplicate-header',
        reason: `Unexpected second \`${name}\`, expected one`,
        place: placeAt(exchange, message, at, name.length),
        note: 'Take one of them out.',
      };
    met.add(lower);
  }
}

/** RFC 9110, 8.3.1. */
const MEDIA_TYPE =
  /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;\s*(?:[\w!#$%&'*+.^`|~-]+=(?:[\w!#$%&'*+.^`|~:/-]+|"[^"]*")\s*)?)*$/;

/** The top-level types that are registered (RFC 9695, 2): another one is misspelt, unless it is somebody's own. */
const TOP_LEVEL =
  /^(?:application|audio|example|font|haptics|image|message|model|multipart|text|video|chemical|x-[\w-]+|\*)\//i;

function isMediaType(value: string): boolean {
  return MEDIA_TYPE.test(value) && TOP_LEVEL.test(value);
}

function isPlaceholder(value: string): boolean {
  return /[{<[]|\.{3}|…/.test(value) || value.trim() === '';
}

/** JSON that does not parse is told where it breaks; what is left is JSON or text under a type that neither is of. */
function isOf(type: string, text: string): boolean {
  const isXml = /[/+]xml$/.test(type);
  if (
    /^[[{]/.test(text) &&
    (isXml ||
      /^(?:image|audio|video)\/|^application\/(?:pdf|zip|x-www-form-urlencoded)$|^text\/html$|\/(?!json$)(?:j?so?n|jsno|josn|jsonn|jason|jsom)$/.test(
        type,
      ))
  )
    return readJson(text).error !== undefined;
  return !isXml || text.startsWith('<') || !/^[\w"'{[]/.test(text);
}

function valuePlace(exchange: PagedExchange, message: Message, { name, at, value }: PromisedHeader): Place {
  return placeAt(exchange, message, at, name.length + 2 + value.length);
}

function placeAt({ file }: PagedExchange, { block }: Message, at: number, length: number): Place {
  return lineInBlock(file, block, at, Math.max(1, length));
}
