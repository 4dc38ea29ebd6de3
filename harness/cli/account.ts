import type { Header, RequestMessage, Target } from '../model/http.ts';

/** The request as it went out: with what says who asks, where that was sent along. */
export function withAccount<Sent extends RequestMessage>(
  sent: Sent,
  { base }: Target,
  account: readonly Header[],
): Sent {
  if (account.length === 0 || base === undefined || new URL(sent.url).origin !== new URL(base).origin) return sent;
  const names = new Set(account.map(([name]) => name.toLowerCase()));
  return { ...sent, headers: [...account, ...sent.headers.filter(([name]) => !names.has(name.toLowerCase()))] };
}
