import { BlockList, isIP } from 'node:net';

/**
 * Is this the host of a URL that nothing is ever to be sent to: a link-local, metadata or unspecified address, in whatever IPv6 form
 * an IPv4 address can be written, or a name that stands for one? `hostname` is as the URL standard gives it, which has already made
 * dotted decimals of decimal, hexadecimal, octal, percent-encoded and full-width spellings.
 */
export function isForbiddenHost(hostname: string): boolean {
  const bare = hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.+$/, '')
    .toLowerCase();
  return NAMES.has(bare) || isForbiddenAddress(bare);
}

/** The same of an address that a name was resolved to; a zone (`%eth0`) does not count. */
export function isForbiddenAddress(address: string): boolean {
  const bare = address.replace(/%.*$/, '');
  const family = isIP(bare);
  if (family === 4) return FORBIDDEN.check(bare, 'ipv4');
  if (family !== 6) return false;
  const groups = groupsOf(bare);
  return FORBIDDEN.check(bare, 'ipv6') || embedded(groups).some((inner) => FORBIDDEN.check(inner, 'ipv4'));
}

/** Names by which clouds know their metadata services; what other names resolve to is looked at when they are. */
const NAMES = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
]);

const FORBIDDEN = new BlockList();
// Unspecified, and link-local with the metadata services of most clouds (RFC 1122, 3.2.1.3; RFC 3927; RFC 4291, 2.5).
FORBIDDEN.addSubnet('0.0.0.0', 8, 'ipv4');
FORBIDDEN.addSubnet('169.254.0.0', 16, 'ipv4');
FORBIDDEN.addAddress('::', 'ipv6');
FORBIDDEN.addSubnet('fe80::', 10, 'ipv6');
// Metadata services elsewhere: Azure, Alibaba, Oracle; and by IPv6: AWS, Google, Oracle.
for (const address of ['168.63.129.16', '100.100.100.200', '192.0.0.192']) FORBIDDEN.addAddress(address, 'ipv4');
for (const address of ['fd00:ec2::254', 'fd20:ce::254', 'fd00:c1::a9fe:a9fe']) FORBIDDEN.addAddress(address, 'ipv6');

/** The IPv4 addresses that an IPv6 address leads to, where it is of a form that holds one. */
function embedded(groups: readonly number[]): string[] {
  const begins = (...prefix: readonly number[]): boolean => prefix.every((group, index) => groups[index] === group);
  const last = dotted(groups[6]!, groups[7]!);
  const found: string[] = [];
  // Compatible and mapped (RFC 4291, 2.5.5), translated (RFC 2765, 2.1); `::1` is loopback and holds none.
  const isLoopback = begins(0, 0, 0, 0, 0, 0, 0, 1);
  if (!isLoopback && (begins(0, 0, 0, 0, 0, 0) || begins(0, 0, 0, 0, 0, 0xffff) || begins(0, 0, 0, 0, 0xffff, 0)))
    found.push(last);
  // NAT64 (RFC 6052, 2.1; RFC 8215).
  if (begins(0x64, 0xff9b, 0, 0, 0, 0) || begins(0x64, 0xff9b, 1)) found.push(last);
  // 6to4 (RFC 3056, 2), Teredo with its inverted client address (RFC 4380, 4), ISATAP (RFC 5214, 6.1).
  if (begins(0x2002)) found.push(dotted(groups[1]!, groups[2]!));
  if (begins(0x2001, 0)) found.push(dotted(groups[6]! ^ 0xffff, groups[7]! ^ 0xffff));
  if ((groups[4]! & ~0x0200) === 0 && groups[5] === 0x5efe) found.push(last);
  return found;
}

/** The eight groups of an IPv6 address, by way of the one form that the URL standard gives each address (WHATWG URL, 3.5). */
function groupsOf(address: string): number[] {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const numbers = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const before = numbers(head);
  if (tail === undefined) return before;
  const after = numbers(tail);
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}
