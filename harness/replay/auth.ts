import type { Header, RequestMessage, Target } from '../model/http.ts';
import { RefusedError } from './hosts.ts';
import { standingOf, type Standing } from './standing.ts';

/** Who asks: headers for the target's own origin. */
export interface Credentials {
  readonly headers: readonly Header[];
  /** The same anew, where they can run out, as a token does. */
  renew?(): Promise<readonly Header[]>;
  /** How those that were given last stand by the clock; they are fresh until they are refused where nothing is said. */
  freshness?(): Freshness;
}

/** `stale`: about to run out, or out of use by what was said of them. `expired`: of no use any more. */
export type Freshness = 'fresh' | 'stale' | 'expired';

/** Who asks, and how the service takes it. */
export interface Asker {
  readonly credentials: Credentials;
  readonly standing: Standing;
}

/**
 * A target whose own origin is sent credentials, and no other. Shortly before they run out, and after a 401 that nobody documented, they
 * are renewed once for all who wait. A request that was answered with 401 has not been carried out (RFC 9110, 15.5.2) and is sent again
 * once, whatever it does; new ones that are refused too are not renewed until they have worked. Once the account counts as refused,
 * nothing more is sent.
 */
export function authorized(
  inner: Target,
  home: string,
  { headers, renew, freshness }: Credentials,
  standing: Standing = standingOf(),
  name?: string,
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
  /** Renewed before anybody is refused; where that fails, what is there is used as long as it lasts. */
  const refreshed = async (signal: AbortSignal): Promise<void> => {
    await until(
      renewing?.catch(() => undefined),
      signal,
    );
    if (renew === undefined || freshness === undefined || freshness() === 'fresh') return;
    const done = renewed().catch((error: unknown) => {
      if (freshness() === 'expired') standing.lost(error);
    });
    await until(done, signal);
  };
  return {
    ...inner,
    async send(request, signal, hints) {
      if (new URL(request.url).origin !== home) return inner.send(request, signal, hints);
      if (hints?.isAnonymous) return inner.send(withHeaders(request, withoutAccount(current)), signal, hints);
      if (!standing.isOut()) await refreshed(signal);
      if (standing.isOut()) throw new RefusedError(refusal(name, standing.why()), REMEDY);
      const used = current;
      const answer = await inner.send(withHeaders(request, used), signal, hints);
      const isPromised = answer.status === 401 && hints?.documented.includes(401) === true;
      if (answer.status !== 401 || renew === undefined || isPromised) {
        if (used === current) hasWorked = true;
        if (!isPromised) standing.heard(request, answer.status);
        return answer;
      }
      if (used === current) {
        if (hasWorked) await until(renewed().catch(standing.lost), signal);
        else standing.heard(request, 401);
        if (used === current) return answer;
      }
      const again = await inner.send(withHeaders(request, current), signal, hints);
      if (again.status !== 401) hasWorked = true;
      standing.heard(request, again.status);
      return { ...again, attempts: [...(answer.attempts ?? []), { status: 401, waitedMs: 0 }] };
    },
  };
}

/** The same for several accounts: each request is sent by the one that it was given, the first where none was. */
export function authorizedAs(inner: Target, home: string, accounts: ReadonlyMap<string, Asker>): Target {
  const targets = new Map(
    [...accounts].map(([name, { credentials, standing }]) => [
      name,
      authorized(inner, home, credentials, standing, name),
    ]),
  );
  const first = [...targets.values()][0] ?? inner;
  return {
    ...inner,
    send: (request, signal, hints) => (targets.get(hints?.account ?? '') ?? first).send(request, signal, hints),
  };
}

/** A target whose every request is sent by one account. */
export function sentBy(target: Target, account: string | undefined): Target {
  if (account === undefined) return target;
  return {
    ...target,
    send: (request, signal, hints) => target.send(request, signal, { documented: [], ...hints, account }),
  };
}

/** What is waited for, unless the signal ends the wait: others may still want it. */
async function until(awaited: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
  if (awaited === undefined) return;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    await Promise.race([awaited, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort!);
  }
}

/** As a blocked observation names it. */
function refusal(name: string | undefined, why: string | undefined): string {
  const account = name === undefined ? 'account' : `account \`${name}\``;
  return why === undefined
    ? `${account} that the target takes: it answers with \`401\``
    : `${account}, which could not be renewed: ${why}`;
}

const REMEDY = 'look after the account of the target';

/** What the target is always sent, but who asks. */
function withoutAccount(headers: readonly Header[]): readonly Header[] {
  return headers.filter(([name]) => name.toLowerCase() !== 'authorization');
}

/** Ours beat what stands in the request: a page cannot say who asks. */
function withHeaders(request: RequestMessage, headers: readonly Header[]): RequestMessage {
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const others = request.headers.filter(([name]) => !names.has(name.toLowerCase()));
  return { ...request, headers: [...headers, ...others] };
}
