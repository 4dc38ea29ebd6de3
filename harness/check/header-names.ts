import { distance } from 'fastest-levenshtein';
import type { Fact } from '../model/finding.ts';
import { lineInBlock } from '../model/fixture.ts';
import type { Part } from './part.ts';

/** A header whose name is one letter away from one of HTTP is that one, misspelt. */
export function* headerNames({ exchanges }: Part): Generator<Fact> {
  const seen = new Set<string>();
  for (const { id, file, request, responses } of exchanges)
    for (const { block, headers } of [request, ...responses])
      for (const { name, at } of headers) {
        const meant = meantBy(name);
        if (meant === undefined) continue;
        const place = lineInBlock(file, block, at, name.length);
        const site = `${place.file}:${place.position.start.line}`;
        if (seen.size === seen.add(site).size) continue;
        yield {
          ruleId: 'http/header-name',
          reason: `Unexpected header \`${name}\`, expected \`${meant}\``,
          place,
          subject: name.toLowerCase(),
          exchangeId: id,
          expected: meant,
          actual: name,
          note: `Did you mean \`${meant}\`?`,
        };
      }
}

const answers = new Map<string, string | undefined>();

/** The header of HTTP that a misspelt name means. The same few names stand in every message. */
export function meantBy(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (!answers.has(lower)) {
    if (answers.size > 1000) answers.clear();
    answers.set(lower, KNOWN.has(lower) || lower.length < 5 ? undefined : near(lower));
  }
  return answers.get(lower);
}

function near(lower: string): string | undefined {
  for (const [known, written] of KNOWN)
    if (Math.abs(known.length - lower.length) <= 1 && (distance(known, lower) === 1 || areSwapped(known, lower)))
      return written;
  return undefined;
}

/** Two letters side by side that have changed places. */
function areSwapped(a: string, b: string): boolean {
  const at = [...a].findIndex((letter, index) => letter !== b[index]);
  return a.length === b.length && a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}

/** Those that API pages show (RFC 9110, RFC 9111, RFC 6265, RFC 7240, RFC 8288), by their names in lower case. */
const KNOWN: ReadonlyMap<string, string> = new Map(
  [
    'Accept',
    'Accept-Charset',
    'Accept-Encoding',
    'Accept-Language',
    'Accept-Ranges',
    'Age',
    'Allow',
    'Authorization',
    'Cache-Control',
    'Connection',
    'Content-Disposition',
    'Content-Encoding',
    'Content-ID',
    'Content-Language',
    'Content-Length',
    'Content-Location',
    'Content-Range',
    'Content-Transfer-Encoding',
    'Content-Type',
    'Cookie',
    'Date',
    'ETag',
    'Expect',
    'Expires',
    'Host',
    'If-Match',
    'If-Modified-Since',
    'If-None-Match',
    'If-Range',
    'If-Unmodified-Since',
    'Last-Modified',
    'Link',
    'Location',
    'OData-Version',
    'OData-MaxVersion',
    'Origin',
    'Pragma',
    'Prefer',
    'Preference-Applied',
    'Range',
    'Referer',
    'Referrer',
    'Retry-After',
    'Server',
    'Set-Cookie',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'User-Agent',
    'Vary',
    'Warning',
    'WWW-Authenticate',
  ].map((name) => [name.toLowerCase(), name]),
);
