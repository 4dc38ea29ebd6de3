import { isWrite, type Header, type RequestMessage, type Target } from '../model/http.ts';

/** Who asks: headers for the target's own origin. */
export interface Credentials {
  readonly headers: readonly Header[];
  /** The same anew, where they can run out, as a token does. */
  renew?(): Promise<readonly Header[]>;
}

/**
 * A target whose own origin is sent credentials, and no other. After a 401 that nobody documented they are renewed once for all who
 * wait, and the request is sent again where that is safe; new ones that are refused too are not renewed until they have worked.
 */
export function authorized(inner: Target, home: string, { headers, renew }: Credentials): Target {
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
      const used = current;
      const answer = await inner.send(withHeaders(request, used), signal, hints);
      if (answer.status !== 401 || renew === undefined || hints?.documented.includes(401)) {
        if (used === current) hasWorked = true;
        return answer;
      }
      if (used === current) {
        if (!hasWorked) return answer;
        await renewed();
      }
      if (isWrite(request)) return answer;
      const again = await inner.send(withHeaders(request, current), signal, hints);
      if (again.status !== 401) hasWorked = true;
      return { ...again, attempts: [...(answer.attempts ?? []), { status: 401, waitedMs: 0 }] };
    },
  };
}

/** Ours beat what stands in the request: a page cannot say who asks. */
function withHeaders(request: RequestMessage, headers: readonly Header[]): RequestMessage {
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const others = request.headers.filter(([name]) => !names.has(name.toLowerCase()));
  return { ...request, headers: [...headers, ...others] };
}
