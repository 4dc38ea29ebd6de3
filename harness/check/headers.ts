import type { Page } from '../model/docset.ts';
import type { Fact } from '../model/finding.ts';
import { lineInBlock, type PagedExchange } from '../model/fixture.ts';
import { mediaType } from '../model/http.ts';
import type { Place } from '../model/place.ts';
import type { HeaderRow } from '../model/tables.ts';
import { grouped } from '../model/grouped.ts';
import { meantBy } from './header-names.ts';
import type { Part } from './part.ts';
import { ofPage, speaksOf } from './scope.ts';

/** Example requests show headers that the page's table lists, and every one that it requires. */
export function* headers({ pages, exchanges }: Part): Generator<Fact> {
  const byFile = grouped(exchanges, ({ file }) => file);
  for (const page of pages) {
    const shown = ofPage(page, byFile.get(page.file) ?? []);
    if (shown.length > 0 && page.tables.headers.some(({ of }) => of === 'request')) yield* judge(page, shown);
  }
}

function* judge(page: Page, all: readonly PagedExchange[]): Generator<Fact> {
  const rows = page.tables.headers.filter(({ of }) => of === 'request');
  const isAbout = speaksOf(page);
  const exchanges = all.filter((exchange) => rows.some(({ place }) => isAbout(place, placeOf(exchange))));
  if (exchanges.length === 0) return;
  // A cell may name several: `If-Match / If-None-Match`.
  const listed = new Set(rows.flatMap(({ name }) => name.toLowerCase().match(/[\w!#$%&'*+.^`|~-]+/g) ?? []));
  const seen = new Set<string>();
  for (const { id, file, request } of exchanges)
    for (const { name, at } of request.headers) {
      const lower = name.toLowerCase();
      const place = lineInBlock(file, request.block, at, name.length);
      const site = `${place.file}:${place.position.start.line}`;
      if (listed.has(lower) || EVERYWHERE.has(lower) || CREDENTIALS.has(lower) || seen.has(site) || meantBy(name))
        continue;
      seen.add(site);
      yield {
        ruleId: 'header/unlisted',
        reason: `Unexpected header \`${name}\`, expected one that the table of request headers lists`,
        place,
        subject: lower,
        exchangeId: id,
        note: 'List the header in the table, or take it out of the example.',
      };
    }
  yield* mediaTypes(rows, exchanges);
  const shown = new Set(exchanges.flatMap(({ request }) => request.headers.map(({ name }) => name.toLowerCase())));
  for (const { name, required, place } of rows) {
    const lower = name.toLowerCase();
    if (!required || shown.has(lower) || EVERYWHERE.has(lower) || CREDENTIALS.has(lower)) continue;
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) continue;
    yield {
      ruleId: 'header/not-shown',
      reason: `Missing header \`${name}\`, expected in an example since it is required`,
      place,
      subject: lower,
      note: 'Show the header in the example, or say that it is optional.',
    };
  }
}

/** A request is of a media type that the row of its Content-Type names, where that names any. */
function* mediaTypes(rows: readonly HeaderRow[], exchanges: readonly PagedExchange[]): Generator<Fact> {
  const row = rows.find((each) => each.mediaTypes !== undefined);
  const named = rows.flatMap((each) => each.mediaTypes ?? []);
  if (row === undefined) return;
  for (const { id, file, request } of exchanges) {
    const header = request.headers.find(({ name }) => name.toLowerCase() === 'content-type');
    const type = header && mediaType(header.value);
    if (type === undefined || !/^[\w.+-]+\/[\w.+-]+$/.test(type) || named.some((each) => isSame(each, type))) continue;
    yield {
      ruleId: 'http/content-type',
      reason: `Unexpected Content-Type \`${type}\`, expected \`${named.join('` or `')}\` as line ${row.place.position.start.line} says`,
      place: lineInBlock(file, request.block, header!.at, header!.name.length + 2 + header!.value.length),
      subject: `listed ${type}`,
      exchangeId: id,
      expected: named.join(' or '),
      actual: type,
      note: 'Make the example and the table say the same media type.',
    };
  }
}

/** `image/*` is any image. */
function isSame(named: string, type: string): boolean {
  return named.endsWith('/*') ? type.startsWith(named.slice(0, -1)) : named === type;
}

function placeOf({ file, request: { block, at } }: PagedExchange): Place {
  return lineInBlock(file, block, at);
}

/** Examples leave credentials out, and rightly so. */
const CREDENTIALS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'api-key',
  'x-api-key',
  'ocp-apim-subscription-key',
]);

/** Headers of every request, which no table needs to list (RFC 9110, 8, 10.1 and 12.5; RFC 9112). */
const EVERYWHERE: ReadonlySet<string> = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'expect',
  'host',
  'keep-alive',
  'pragma',
  'te',
  'transfer-encoding',
  'user-agent',
]);
