/**
 * Is this the URL of a service on this very machine: host literally `localhost`, in 127.0.0.0/8, or `[::1]`? Only such a
 * target is written to without permission, so names that merely resolve there do not count.
 */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  // Other schemes do not normalise hosts (WHATWG URL, 3.5), so what looks like an address there need not be one.
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}
