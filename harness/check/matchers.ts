import type { Fact } from '../model/finding.ts';
import type { PagedExchange, PromisedRequest, PromisedResponse } from '../model/fixture.ts';
import { meetsIn } from '../model/meets.ts';
import type { Place } from '../model/place.ts';
import type { Part } from './part.ts';

/** The matchers of an annotation speak of something that the response shows, or its type documents. */
export function* matchers({ pages, exchanges, around }: Part): Generator<Fact> {
  const matched = exchanges.filter(({ request, responses }) =>
    [request, ...responses].some((message) => message.matchers !== undefined),
  );
  if (matched.length === 0) return;
  const annotated = new Map(
    pages.flatMap((page) => page.annotated).map((each) => [`${each.code.file}:${each.code.line}`, each]),
  );
  const seen = new Set<unknown>();
  for (const exchange of matched)
    for (const message of [exchange.request, ...exchange.responses]) {
      const block = annotated.get(siteOf(exchange, message));
      if (message.matchers === undefined || block === undefined || seen.has(block)) continue;
      seen.add(block);
      const told = 'status' in message ? [message] : exchange.responses;
      const meet = told.map((response) => meetsIn(response, around.types));
      for (const [pointer, matcher] of Object.entries(message.matchers))
        if (!meet.some((meets) => meets(pointer, matcher)))
          yield unmet(pointer, block.places[`matchers${pointer}`] ?? block.place, exchange.id);
    }
}

function unmet(pointer: string, place: Place, exchangeId: string): Fact {
  return {
    ruleId: 'annotation/no-such-property',
    reason: `Unexpected \`${pointer.slice(0, 200)}\` in \`matchers\`, expected a pointer to something that the response documents`,
    place,
    subject: `matchers ${pointer}`,
    exchangeId,
    note: 'Mend the pointer, or take it out.',
  };
}

function siteOf({ file }: PagedExchange, { block }: PromisedRequest | PromisedResponse): string {
  return `${block.file ?? file}:${block.line}`;
}
