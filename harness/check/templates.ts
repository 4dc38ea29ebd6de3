import type { Docset } from '../model/docset.ts';
import type { Fact } from '../model/finding.ts';
import { requestLine } from '../model/fixture.ts';
import { urlParts } from '../model/url.ts';
import { pathFault } from './urls.ts';

/** An example calls what the page's HTTP request section documents. */
export function* templates({ pages, exchanges }: Docset): Generator<Fact> {
  const byId = new Map(exchanges.map((exchange) => [exchange.id, exchange]));
  // Hosts that documented forms are called on; a URL on another host was handed out by an answer, and has no documented form.
  const hosts = new Set(
    exchanges.filter(({ request }) => request.template).map(({ request }) => urlParts(request.url).origin),
  );
  for (const { exchangeId, documented } of pages.flatMap(({ misfits }) => misfits)) {
    const exchange = byId.get(exchangeId)!;
    const { request } = exchange;
    const { path, origin } = urlParts(request.readAs ?? request.url);
    if (pathFault(request.url) !== undefined) continue;
    if (origin !== undefined && hosts.size > 0 && !hosts.has(origin)) continue;
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
