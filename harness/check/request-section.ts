import type { PagedExchange } from '../model/fixture.ts';
import type { Part } from './part.ts';

/** The resource of which a page's Request body section asks for a representation; nothing where it asks for none, or for several. */
export function requestTypes({
  pages,
  around,
}: Pick<Part, 'pages' | 'around'>): (exchange: PagedExchange) => string | undefined {
  const named = new Map<string, string | undefined>();
  for (const page of pages) {
    const links = page.sections.flatMap((section) =>
      section.kind === 'request body' ? section.links.filter(({ isBody }) => isBody) : [],
    );
    const names = new Set(
      links.map(({ text, url }) => {
        const target = around.targets(page, url);
        const found = target.kind === 'page' ? around.typesOn(target.page.file) : [];
        const called = found.find((name) => lastPart(name) === text.replace(/\s/g, '').toLowerCase());
        return called ?? (found.length === 1 ? found[0] : undefined);
      }),
    );
    if (names.size === 1) named.set(page.file, [...names][0]);
  }
  return ({ file, request: { method } }) => (/^(?:POST|PUT|PATCH)$/.test(method) ? named.get(file) : undefined);
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase();
}
