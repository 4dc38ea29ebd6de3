import { distance } from 'fastest-levenshtein';
import type { Docset } from '../model/docset.ts';
import type { Fact } from '../model/finding.ts';
import { requestLine, type PagedExchange } from '../model/fixture.ts';

/** The URL of a request is one that can be sent, on a host that is spelled as other pages spell it. */
export function* urls({ exchanges }: Docset): Generator<Fact> {
  const hosts = new Map<string, number>();
  for (const { request } of exchanges) {
    const host = hostOf(request.url);
    if (host !== undefined) hosts.set(host, (hosts.get(host) ?? 0) + 1);
  }
  const meant = meantHosts(hosts);
  const seen = new Set<string>();
  for (const exchange of exchanges) {
    const fault = faultOf(exchange, meant);
    if (fault === undefined) continue;
    const place = requestLine(exchange);
    const site = `${place.file}:${place.position.start.line}`;
    if (seen.size === seen.add(site).size) continue;
    yield { ruleId: 'request/url', place, subject: exchange.request.url, exchangeId: exchange.id, ...fault };
  }
}

function faultOf(
  { request: { url } }: PagedExchange,
  meant: ReadonlyMap<string, string>,
): Pick<Fact, 'reason' | 'note'> | undefined {
  const scheme = /^([a-z][a-z\d+.-]*):(?=\/)/i.exec(url)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https')
    return {
      reason: `Unexpected scheme \`${scheme}\`, expected \`https\``,
      note: 'Mend the scheme.',
    };
  const host = hostOf(url);
  const right = host === undefined ? undefined : meant.get(host);
  if (right !== undefined)
    return { reason: `Unexpected host \`${host}\`, expected \`${right}\``, note: `Did you mean \`${right}\`?` };
  return pathFault(url);
}

/** What is wrong with the path of a URL: then it is no surprise that it fits no documented form. */
export function pathFault(url: string): Pick<Fact, 'reason' | 'note'> | undefined {
  const path = url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0]!;
  // `root:/path:` of a drive, and what stands in quotes or brackets, may hold anything.
  if (/\/\//.test(path.replace(/'[^']*'|\([^()]*\)|:\/.*/g, '')))
    return { reason: 'Unexpected empty segment `//`, expected one slash', note: 'Take one of the slashes out.' };
  if (/[^\s/] [^\s/]/.test(path.replace(/\{[^{}]*\}|<[^<>]*>|'[^']*'|\([^()]*\)/g, '')))
    return {
      reason: 'Unexpected blank in the path, expected `%20` or none',
      note: 'Write `%20`, or take the blank out.',
    };
  return undefined;
}

function hostOf(url: string): string | undefined {
  return /^https?:\/\/([\w.-]+)/i.exec(url)?.[1]?.toLowerCase();
}

/** Hosts met once or twice that are nearly one that many examples call. */
function meantHosts(hosts: ReadonlyMap<string, number>): ReadonlyMap<string, string> {
  const many = [...hosts].filter(([, count]) => count >= 4).map(([host]) => host);
  const found = new Map<string, string>();
  let tried = 0;
  for (const [host, count] of hosts) {
    if (count > 2 || ++tried > MOST_TRIED) continue;
    const near = many.find(
      (each) => each !== host && Math.abs(each.length - host.length) <= 2 && distance(each, host) <= 2,
    );
    // `api1.example.com` beside `api2.example.com` is another host.
    if (near !== undefined && near.replace(/\d+/g, '') !== host.replace(/\d+/g, '')) found.set(host, near);
  }
  return found;
}

/** Hosts are compared one by one only where they are few. */
const MOST_TRIED = 200;
