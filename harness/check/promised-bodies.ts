import type { Page, Section } from '../model/docset.ts';
import type { Fact } from '../model/finding.ts';
import {
  lineInBlock,
  requestLine,
  type PagedExchange,
  type PromisedRequest,
  type PromisedResponse,
} from '../model/fixture.ts';
import { hasNoContent, isJsonType } from '../model/http.ts';
import type { Place } from '../model/place.ts';
import { grouped } from '../model/grouped.ts';
import type { Part } from './part.ts';
import { ofPage, speaksOf } from './scope.ts';

/** An example has a body where the page says that there is one, and none where it says that there is none. */
export function* promisedBodies({ pages, exchanges }: Part): Generator<Fact> {
  const byFile = grouped(exchanges, ({ file }) => file);
  for (const page of pages) {
    const shown = byFile.get(page.file);
    if (shown === undefined) continue;
    const said = sectionsOf(page, shown);
    const seen = new Set<string>();
    for (const exchange of shown) {
      yield* request(exchange, said);
      for (const response of exchange.responses) {
        const site = `${response.block.file ?? page.file}:${response.block.line}`;
        if (seen.size < seen.add(site).size) yield* answer(exchange, response, said);
      }
    }
  }
}

type Prose = Exclude<Section, { kind: 'permissions' }>;

/** Finds what a page says of the body of an example: that there is one (`true`), or none. Looked for only where it is said at all. */
type Said = (
  exchange: PagedExchange,
  kind: Prose['kind'],
  hasBody: boolean,
  status?: number,
  at?: Place,
) => Prose | undefined;

function sectionsOf(page: Page, shown: readonly PagedExchange[]): Said {
  const prose = page.sections.filter((section): section is Prose => section.kind !== 'permissions');
  let isAbout: ReturnType<typeof speaksOf> | undefined;
  let inScope: ReadonlySet<PagedExchange> | undefined;
  return (exchange, kind, hasBody, status, at = requestLine(exchange)) => {
    const found = prose.filter(
      (section) =>
        section.kind === kind &&
        section.hasBody === hasBody &&
        !section.varies &&
        (status === undefined || isOf(section, status)),
    );
    if (found.length === 0) return undefined;
    inScope ??= new Set(ofPage(page, shown));
    if (!inScope.has(exchange)) return undefined;
    isAbout ??= speaksOf(page);
    return found.find((section) => isAbout!(section.place, at));
  };
}

function* request(exchange: PagedExchange, said: Said): Generator<Fact> {
  const { id, file, request } = exchange;
  const { body, block, method } = request;
  // That a body is there where HTTP has none is another rule's.
  const isEmpty = body.kind === 'empty';
  if (isEmpty ? isLeftOut(request) : method === 'GET' || method === 'HEAD') return;
  const section = said(exchange, 'request body', isEmpty);
  if (section === undefined) return;
  const { line } = section.place.position.start;
  const about = { ruleId: 'request/body', subject: 'request body', exchangeId: id } as const;
  if (isEmpty)
    yield {
      ...about,
      reason: `Missing body, expected one as the section of line ${line} asks for`,
      place: requestLine(exchange),
      note: 'Show the body, or say that there is none.',
    };
  else if (!/^\{\s*\}$/.test(body.text.trim()))
    yield {
      ...about,
      reason: `Unexpected body, expected none as the section of line ${line} says`,
      place: lineInBlock(file, block, body.at, body.text.split('\n', 1)[0]!.length),
      note: 'Take the body out, or say what it holds.',
    };
}

/** Docs seldom show what is no text: a header then says what is sent. */
function isLeftOut({ headers }: PromisedRequest): boolean {
  const type = headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value;
  return type !== undefined && !isJsonType(type);
}

/** Does a section speak of the answer with this status, and of no other? Another status is told where it stands. */
function isOf({ statuses }: Prose, status: number): boolean {
  const named = new Set(statuses.map((each) => each.status).filter((each) => each < 400));
  return named.size === 0 || (named.size === 1 && named.has(status));
}

function* answer(exchange: PagedExchange, response: PromisedResponse, said: Said): Generator<Fact> {
  const { id, file, request } = exchange;
  const { status, body, type, block, at, expectError } = response;
  if (status < 200 || status >= 300 || expectError || request.method === 'HEAD') return;
  const isEmpty = body.kind === 'empty';
  const place = lineInBlock(file, block, isEmpty ? at : body.at, isEmpty ? 1 : body.text.split('\n', 1)[0]!.length);
  // What is asked of a collection beside its items is told nowhere, and a body where HTTP has none is another rule's.
  const isAside = /\/\$(?:count|ref|value)\b/.test(request.url) || (!isEmpty && hasNoContent(status));
  const section = isAside ? undefined : said(exchange, 'response', isEmpty, status, lineInBlock(file, block, at, 1));
  const why =
    section !== undefined
      ? `the section of line ${section.place.position.start.line} says`
      : isEmpty && type !== undefined
        ? `its type \`${type}\` says`
        : undefined;
  if (why === undefined) return;
  yield {
    ruleId: 'response/body',
    reason: `${isEmpty ? 'Missing body, expected one' : 'Unexpected body, expected none'} as ${why}`,
    place,
    subject: `response ${status}`,
    exchangeId: id,
    note: isEmpty
      ? 'Show the body, or take the words out that promise one.'
      : 'Take the body out, or say what it holds.',
  };
}
