import { frontMatterValue } from '../model/document.ts';
import type { Fact } from '../model/finding.ts';
import type { PermissionRow } from '../model/tables.ts';
import type { Part } from './part.ts';

/** Where a docset tells of permissions, each page of an API has a section that names one, or says that there is none. */
export function* permissions({ pages, around }: Part): Generator<Fact> {
  if (!around.tellsPermissions) return;
  for (const page of pages) {
    yield* ofRows(page.tables.permissions);
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

/** Every row of a table of permissions says something, of one way to sign in, and each permission once. */
function* ofRows(all: readonly PermissionRow[]): Generator<Fact> {
  let table = new Map<string, number>();
  let last = 0;
  for (const { title, twice, isEmpty, place } of all) {
    const { line } = place.position.start;
    if (line !== last + 1) table = new Map();
    last = line;
    const key = title.toLowerCase();
    const first = table.get(key);
    if (first === undefined) table.set(key, line);
    const reason =
      first !== undefined
        ? `Unexpected second row of \`${title}\`, expected one; line ${first} has it already`
        : isEmpty
          ? `Missing permission of \`${title}\`, expected one or \`Not supported\``
          : twice !== undefined
            ? `Unexpected second \`${twice.scope}\`, expected one`
            : undefined;
    if (reason !== undefined)
      yield {
        ruleId: 'page/permissions',
        reason,
        place: first === undefined && twice ? twice.place : place,
        subject: `row ${title}`,
        note: 'Mend the row.',
      };
  }
}
