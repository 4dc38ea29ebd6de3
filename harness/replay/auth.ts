import { isWrite, type Header, type RequestMessage, type Target } from '../model/http.ts';
import { RefusedError } from './hosts.ts';
import { standingOf, type Standing } from './standing.ts';

/** Who asks: headers for the target's own origin. */
export interface Credentials {
  readonly headers: readonly Header[];
  /** The same anew, where they can run out, as a token does. */
  renew?(): Promise<readonly Header[]>;
}

/**
 * A target whose own origin is sent credentials, and no other. After a 401 that nobody documented they are renewed once for all who
 * wait, and the request is sent again where that is safe; new ones that are refused too are not renewed until they have worked. Once
 * the account counts as refused, nothing more is sent.
 */
export function authorized(
  inner: Target,
  home: string,
  { headers, renew }: Credentials,
  standing: Standing = standingOf(),
): Target {
  let current = headers;
  let hasWorked = true;
  let renewing: Promise<void> | undefined;
  const renewed = (): Promise<void> =>
    (renewing ??= renew!()
      .then((next) => {
        current = next;
        hasWorked = false;
      })
      .finally(() => (renewing = undefined)));
  return {
    ...inner,
    async send(request, signal, hints) {
      if (new URL(request.url).origin !== home) return inner.send(request, signal, hints);
      await renewing;
      if (standing.isOut()) throw new RefusedError(REFUSED, 'look after the account of the target');
      const used = current;
      const answer = await inner.send(withHeaders(request, used), signal, hints);
      const isPromised = answer.status === 401 && hints?.documented.includes(401) === true;
      if (answer.status !== 401 || renew === undefined || isPromised) {
        if (used === current) hasWorked = true;
        if (!isPromised) standing.heard(request, answer.status);
        return answer;
      }
      if (used === current) {
        if (hasWorked) await renewed().catch(standing.lost);
        else standing.heard(request, 401);
        if (used === current) return answer;
      }
      if (isWrite(request)) return answer;
      const again = await inner.send(withHeaders(request, current), signal, hints);
      if (again.status !== 401) hasWorked = true;
      standing.heard(request, again.status);
      return { ...again, attempts: [...(answer.attempts ?? []), { status: 401, waitedMs: 0 }] };
    },
  };
}

/** As a blocked observation names it. */
const REFUSED = 'account that the target takes: it answers with `401`';

/** Ours beat what stands in the request: a page cannot say who asks. */
function withHeaders(request: RequestMessage, headers: readonly Header[]): RequestMessage {
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const others = request.headers.filter(([name]) => !names.has(name.toLowerCase()));
  return { ...request, headers: [...headers, ...others] };
}
