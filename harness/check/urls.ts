import type { Fact } from '../model/finding.ts';
import { requestLine, type PagedExchange } from '../model/fixture.ts';
import type { Part } from './part.ts';
import { hostOf } from './said.ts';

/** The URL of a request is one that can be sent, on a host that is spelled as other pages spell it. */
export function* urls({ exchanges, around }: Part): Generator<Fact> {
  const seen = new Set<string>();
  for (const exchange of exchanges) {
    const fault = faultOf(exchange, around.meantHosts);
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
