import { headerValue, isJsonType, type RequestMessage, type ResponseMessage, type Target } from '../model/http.ts';
import type { FurtherPage } from '../model/observation.ts';
import { RefusedError } from './hosts.ts';
import { UnrecordedError } from './recording.ts';

/**
 * Follows the link to the next page (`@odata.nextLink`, `nextLink`) of an answer, and of that one's, for at most `most` pages; each
 * is asked for as the first one was. Ends at a page without one, one seen before, or one that does not come. Rejects only where the
 * signal is aborted.
 */
export async function furtherPages(
  target: Target,
  sent: RequestMessage,
  first: ResponseMessage,
  { most, signal }: { readonly most: number; readonly signal: AbortSignal },
): Promise<readonly FurtherPage[]> {
  const pages: FurtherPage[] = [];
  const seen = new Set([sent.url]);
  let [from, answer] = [sent.url, first];
  for (let number = 2; number < most + 2; number++) {
    const url = nextOf(answer, from);
    if (url === undefined || seen.has(url)) break;
    seen.add(url);
    const request = { ...sent, url };
    try {
      answer = await target.send(request, signal, { documented: [] });
    } catch (error) {
      if (signal.aborted) throw error;
      const cause = error instanceof Error ? error : new Error(String(error));
      if (cause instanceof RefusedError) pages.push({ kind: 'blocked', number, missing: cause.missing });
      else pages.push({ kind: cause instanceof UnrecordedError ? 'unrecorded' : 'unanswered', number, cause });
      break;
    }
    pages.push({ kind: 'answered', number, sent: request, actual: answer });
    from = url;
  }
  return pages;
}

/** Where the next page is, as an absolute URL. */
function nextOf({ status, headers, body }: ResponseMessage, base: string): string | undefined {
  if (status !== 200 || !isJsonType(headerValue(headers, 'content-type') ?? '')) return undefined;
  try {
    const value = JSON.parse(new TextDecoder().decode(body)) as unknown;
    if (typeof value !== 'object' || value === null) return undefined;
    const { '@odata.nextLink': odata, nextLink } = value as Readonly<Record<string, unknown>>;
    const link = odata ?? nextLink;
    return typeof link === 'string' && URL.canParse(link, base) ? new URL(link, base).href : undefined;
  } catch {
    // That it cannot be read is told where it is judged.
    return undefined;
  }
}
