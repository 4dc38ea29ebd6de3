import { distance } from 'fastest-levenshtein';
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
  const form = formFault(url);
  if (form !== undefined) return form;
  const host = hostOf(url);
  const right = host === undefined ? undefined : meant.get(host);
  if (right !== undefined)
    return { reason: `Unexpected host \`${host}\`, expected \`${right}\``, note: `Did you mean \`${right}\`?` };
  return pathFault(url) ?? optionFault(url);
}

/** What no URL has before its path, and none of HTTP is sent with (RFC 3986, 3; RFC 9110, 4.2.4). */
function formFault(url: string): Pick<Fact, 'reason' | 'note'> | undefined {
  const [, scheme, slashes, authority = ''] = /^(https?):(\/*)([^/?#]*)/i.exec(url) ?? [];
  if (scheme === undefined) return undefined;
  if (slashes !== '//')
    return {
      reason: `Unexpected \`${scheme}:${slashes}\`, expected \`${scheme}://\``,
      note: `Write \`${scheme}://\`.`,
    };
  if (/[{<]/.test(authority)) return undefined;
  if (/\s/.test(authority))
    return { reason: 'Unexpected blank in the host, expected none', note: 'Take the blank out.' };
  if (/^[^@]*:[^@]*@/.test(authority))
    return { reason: 'Unexpected user and password in the URL, expected none', note: 'Send them in a header.' };
  return undefined;
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
  const bad = /%(?![\da-f]{2})[^/]{0,2}/i.exec(path.replace(/\{[^{}]*\}|<[^<>]*>|'[^']*'/g, ''))?.[0];
  if (bad !== undefined)
    return {
      reason: `Unexpected \`${bad}\`, expected \`%\` and two hexadecimal digits`,
      note: 'Write `%25` for a percent sign.',
    };
  return undefined;
}

/** A system query option of OData begins with `$`, which others leave alone (OData Protocol 4.01, 11.2.1): a letter away from one is that one. */
function optionFault(url: string): Pick<Fact, 'reason' | 'note'> | undefined {
  for (const [, name = ''] of (url.split('?')[1] ?? '').matchAll(/(?:^|&)\$([A-Za-z]{3,20})(?==)/g)) {
    const lower = name.toLowerCase();
    if (OPTIONS.includes(lower)) continue;
    const near = OPTIONS.find((each) => distance(each, lower) <= (each.length < 5 ? 1 : 2));
    if (near !== undefined)
      return {
        reason: `Unexpected query option \`$${name}\`, expected \`$${near}\``,
        note: `Did you mean \`$${near}\`?`,
      };
  }
  return undefined;
}

/** In lower case: names count in any. */
const OPTIONS: readonly string[] = [
  'apply',
  'compute',
  'count',
  'deltatoken',
  'expand',
  'filter',
  'format',
  'index',
  'levels',
  'orderby',
  'schemaversion',
  'search',
  'select',
  'skip',
  'skiptoken',
  'top',
  'value',
];
