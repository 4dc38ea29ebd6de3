import type { Docset } from '../model/docset.ts';
import type { Fact } from '../model/finding.ts';
import { pointInBlock } from '../model/fixture.ts';
import { urlParts } from '../model/url.ts';

/** An example calls what the page's HTTP request section documents. */
export function* templates({ pages, exchanges }: Docset): Generator<Fact> {
  const byFile = new Map(pages.map((page) => [page.file, page.templates]));
  for (const { id, file, request } of exchanges) {
    const documented = byFile.get(file) ?? [];
    if (documented.length === 0 || request.template !== undefined) continue;
    const start = pointInBlock(request.block, request.at, 0);
    const { path } = urlParts(request.readAs ?? request.url);
    const forms = documented.map(({ method, path: form }) => `\`${method} ${form}\``);
    yield {
      ruleId: 'request/template',
      reason: `Unexpected request \`${request.method} ${path}\`, expected ${[...new Set(forms)].slice(0, 3).join(' or ')} as line ${documented[0]!.place.position.start.line} documents`,
      place: {
        file: request.block.file ?? file,
        position: {
          start,
          end: { line: start.line, column: start.column + request.method.length + 1 + request.url.length },
        },
      },
      subject: `${request.method} ${path}`,
      exchangeId: id,
      note: 'Make the example call what the HTTP request section documents, or document this form there too.',
    };
  }
}
