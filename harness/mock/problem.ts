import { distance } from 'fastest-levenshtein';
import type { Exchange } from '../model/fixture.ts';
import type { Header, ResponseMessage } from '../model/http.ts';
import { urlParts } from '../model/url.ts';

/** A documented request, for a reader who asked for one that is not. */
export interface NearRequest {
  readonly method: string;
  readonly path: string;
  /** Id of its exchange. */
  readonly id: string;
}

/** An answer that tells what went wrong (RFC 9457). */
export function problem(
  status: number,
  title: string,
  detail: string,
  more: Readonly<Record<string, unknown>> = {},
  headers: readonly Header[] = [],
): ResponseMessage {
  const body = new TextEncoder().encode(JSON.stringify({ status, title, detail, ...more }, null, 2));
  const own: Header[] = [
    ['Content-Type', 'application/problem+json'],
    ['Content-Length', String(body.length)],
  ];
  return { status, headers: [...own, ...headers], body };
}

/** Up to three documented requests whose method and path look most like these; of equal ones the first. */
export function nearestRequests(exchanges: readonly Exchange[], method: string, path: string): NearRequest[] {
  const wanted = `${method} ${path}`.slice(0, LONGEST);
  const best: { readonly far: number; readonly near: NearRequest }[] = [];
  const seen = new Set<string>();
  for (const { id, request } of exchanges) {
    const near = { method: request.method, path: urlParts(request.readAs ?? request.url).path, id };
    const text = `${near.method} ${near.path}`.slice(0, LONGEST);
    // The difference in length is the least the distance can be: most requests are passed over by it alone.
    const limit = best.length < 3 ? Infinity : best[2]!.far;
    if (seen.has(text) || Math.abs(text.length - wanted.length) >= limit) continue;
    seen.add(text);
    const far = distance(wanted, text);
    if (far >= limit) continue;
    const place = best.findIndex((other) => far < other.far);
    best.splice(place < 0 ? best.length : place, 0, { far, near });
    best.length = Math.min(best.length, 3);
  }
  return best.map(({ near }) => near);
}

/** Longer texts are compared by their beginning, so that a hostile path costs no more than a long one. */
const LONGEST = 200;
