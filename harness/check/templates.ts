import type { Fact } from '../model/finding.ts';
import { requestLine } from '../model/fixture.ts';
import { urlParts } from '../model/url.ts';
import type { Part } from './part.ts';
import { pathFault } from './urls.ts';

/** An example calls what the page's HTTP request section documents. */
export function* templates({ pages, exchanges, around }: Part): Generator<Fact> {
  const byId = new Map(exchanges.map((exchange) => [exchange.id, exchange]));
  for (const { exchangeId, documented } of pages.flatMap(({ misfits }) => misfits)) {
    const exchange = byId.get(exchangeId)!;
    const { request } = exchange;
    const { path, origin } = urlParts(request.readAs ?? request.url);
    if (pathFault(request.url) !== undefined) continue;
    // A URL on another host than documented forms are called on was handed out by an answer, and has no documented form.
    if (origin !== undefined && around.origins.size > 0 && !around.origins.has(origin)) continue;
    const forms = [...new Set(documented.map(({ method, path: form }) => `\`${method} ${form}\``))];
    yield {
      ruleId: 'request/template',
      reason: `Unexpected request \`${request.method} ${path}\`, expected ${forms.slice(0, 3).join(' or ')} as line ${documented[0]!.place.position.start.line} documents`,
      place: requestLine(exchange),
      subject: `${request.method} ${path}`,
      exchangeId,
      note: 'Make the example call what the HTTP request section documents, or document this form there too.',
    };
  }
}
