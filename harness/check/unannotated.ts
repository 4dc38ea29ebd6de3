import { frontMatterValue, type UnannotatedFence } from '../model/document.ts';
import type { Fact } from '../model/finding.ts';
import type { Part } from './part.ts';

/** An annotation speaks of every fence that shows HTTP, and on pages of an API or a resource of every one that shows JSON. */
export function* unannotated({ pages, exchanges }: Part): Generator<Fact> {
  // A request that a response borrowed is part of an exchange; a note at the response speaks of it.
  const paired = new Set(exchanges.map(({ file, request }) => `${request.block.file ?? file}:${request.block.line}`));
  for (const page of pages)
    for (const { kind, place } of page.unannotated) {
      if (paired.has(`${place.file}:${place.position.start.line}`)) continue;
      if (kind === 'json' && !/^(?:api|resource)PageType$/.test(frontMatterValue(page, 'doc_type'))) continue;
      yield {
        ruleId: 'fence/unannotated',
        reason: `Missing annotation, expected above this ${WORDS[kind]}`,
        place,
        subject: kind,
        group: `fence/unannotated ${kind}`,
        note: `Put ${COMMENTS[kind]} above the fence.`,
      };
    }
}

const WORDS: Readonly<Record<UnannotatedFence['kind'], string>> = {
  request: 'request',
  route: 'list of requests',
  response: 'response',
  json: 'JSON',
};

const COMMENTS: Readonly<Record<UnannotatedFence['kind'], string>> = {
  request:
    '`<!-- { "blockType": "request", "name": "…" } -->`, or `<!-- { "blockType": "ignored" } -->` where it is none to replay,',
  route: '`<!-- { "blockType": "ignored" } -->`',
  response: '`<!-- { "blockType": "response", "@odata.type": "…" } -->`',
  json: '`<!-- { "blockType": "resource", "@odata.type": "…" } -->`, `"example"` in the place of `"resource"`, or `<!-- { "blockType": "ignored" } -->`',
};
