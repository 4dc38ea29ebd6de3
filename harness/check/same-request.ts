import type { Docset } from '../model/docset.ts';
import type { Fact } from '../model/finding.ts';
import { pointInBlock, type PagedExchange, type PromisedResponse } from '../model/fixture.ts';
import { canonical, requestKey } from '../model/url.ts';
import { readJson } from '../model/json.ts';

/** Two exchanges that make the same request promise the same: no mock and no service could tell them apart. */
export function* sameRequest({ exchanges }: Docset): Generator<Fact> {
  const first = new Map<string, PagedExchange>();
  for (const exchange of exchanges) {
    const key = requestKey(exchange.request);
    const known = first.get(key);
    if (known === undefined) first.set(key, exchange);
    else if (promiseOf(known) !== promiseOf(exchange)) {
      const { id, file, request } = exchange;
      const start = pointInBlock(request.block, request.at, 0);
      const at = pointInBlock(known.request.block, known.request.at, 0);
      yield {
        ruleId: 'pairing/same-request',
        reason: `Unexpected second promise of \`${id}\` for a request that \`${known.id}\` (${known.request.block.file ?? known.file}:${at.line}) makes too, expected one`,
        place: {
          file: request.block.file ?? file,
          position: {
            start,
            end: { line: start.line, column: start.column + request.method.length + 1 + request.url.length },
          },
        },
        subject: key,
        exchangeId: id,
        note: 'Make the requests differ (a path, a query, a body), or document both answers with one request. Until then an answer that keeps either promise counts.',
      };
    }
  }
}

function promiseOf({ responses }: PagedExchange): string {
  return JSON.stringify(
    responses.map((response) => [
      response.status,
      response.headers.map(({ name, value }) => [name.toLowerCase(), value]),
      bodyOf(response),
    ]),
  );
}

function bodyOf({ body }: PromisedResponse): unknown {
  if (body.kind === 'empty') return null;
  const json = body.kind === 'json' ? readJson(body.text) : undefined;
  return json === undefined || json.error ? body.text : canonical(json.value);
}
