import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, type BrotliOptions, type ZlibOptions } from 'node:zlib';
import { headerValue, type Header } from '../model/http.ts';
import { UnansweredError } from './unanswered.ts';

/** A body without its content codings (RFC 9110, 8.4), of at most `limit` bytes; one in a coding we do not know stays as it is. */
export async function decode(body: Uint8Array, headers: readonly Header[], limit: number): Promise<Uint8Array> {
  const codings = (headerValue(headers, 'content-encoding') ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  // Answers to HEAD and with 304 name a coding and have no content.
  if (body.length === 0 || !codings.every((coding) => DECODERS.has(coding))) return body;
  let decoded = body;
  for (const coding of codings.reverse()) decoded = await step(coding, decoded, limit);
  return decoded;
}

type Decoder = (body: Uint8Array, options: ZlibOptions & BrotliOptions) => Promise<Buffer>;

const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['gzip', promisify(gunzip) as Decoder],
  ['x-gzip', promisify(gunzip) as Decoder],
  ['br', promisify(brotliDecompress) as Decoder],
  // Some servers send what is inside the zlib format that `deflate` means.
  [
    'deflate',
    (body, options) => (isZlib(body) ? promisify(inflate) : promisify(inflateRaw))(body, options) as Promise<Buffer>,
  ],
]);

async function step(coding: string, body: Uint8Array, limit: number): Promise<Uint8Array> {
  try {
    return await DECODERS.get(coding)!(body, { maxOutputLength: limit });
  } catch (error) {
    if (error instanceof RangeError) {
      throw new UnansweredError(`The body of the answer is larger than ${limit} bytes`, 'BODY_TOO_LARGE', {
        cause: error,
      });
    }
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The body of the answer is not whole, or not ${coding}: ${reason}`;
    throw new UnansweredError(message, 'BODY_UNREADABLE', { cause: error });
  }
}

/** First byte of the zlib format with its check bits (RFC 1950, 2.2). */
function isZlib(body: Uint8Array): boolean {
  return (body[0]! & 0x0f) === 8 && ((body[0]! << 8) | (body[1] ?? 0)) % 31 === 0;
}
