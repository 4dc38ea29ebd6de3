import type { Fact } from '../model/finding.ts';
import { requestLine, type PagedExchange, type PromisedResponse } from '../model/fixture.ts';
import { canonical, requestKey } from '../model/url.ts';
import { readJson } from '../model/json.ts';

/** Two exchanges that make the same request promise the same: no mock and no service could tell them apart. */
export function* sameRequest(exchanges: Iterable<PagedExchange>): Generator<Fact> {
  const seen = new Map<string, PagedExchange>();
  for (const exchange of exchanges) {
    const key = requestKey(exchange.request);
    const known = seen.get(key);
    if (known === undefined) seen.set(key, exchange);
    else if (promiseOf(known) !== promiseOf(exchange)) {
      const { id } = exchange;
      const first = requestLine(known);
      yield {
        ruleId: 'pairing/same-request',
        reason: `Unexpected second promise of \`${id}\` for a request that \`${known.id}\` (${first.file}:${first.position.start.line}) makes too, expected one`,
        place: requestLine(exchange),
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
