import { frontMatterValue } from '../model/document.ts';
import type { Fact } from '../model/finding.ts';
import type { Part } from './part.ts';

/** Where a docset tells of permissions, each page of an API has a section that names one, or says that there is none. */
export function* permissions({ pages, around }: Part): Generator<Fact> {
  if (!around.tellsPermissions) return;
  for (const page of pages) {
    if (frontMatterValue(page, 'doc_type') !== 'apiPageType' || page.templates.length === 0) continue;
    const sections = page.sections.filter((section) => section.kind === 'permissions');
    if (sections.some(({ isSaid }) => isSaid) || page.tables.permissions.some(({ scopes }) => scopes.length > 0))
      continue;
    // A table that says TODO was told of cell by cell: that is the same fault.
    const rows = new Set(page.tables.permissions.map(({ place }) => place.position.start.line));
    if (page.todos.some(({ place }) => rows.has(place.position.start.line))) continue;
    const start = { line: 1, column: 1 };
    const top = page.structure.find(({ kind }) => kind === 'heading')?.place;
    yield {
      ruleId: 'page/permissions',
      reason:
        sections.length === 0
          ? 'Missing section `Permissions`, expected on the page of an API'
          : 'Missing permission, expected one or `Not supported`',
      place: sections[0]?.place ?? top ?? { file: page.file, position: { start, end: start } },
      subject: 'permissions',
      note: 'Name the permissions that the request needs, or say that there are none.',
    };
  }
}
