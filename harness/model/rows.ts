import type { Property } from './resource.ts';

/** Properties that have a row in a table, by the tables: rows with more than a line between them, or in two files, are of two. */
export function rowsByTable(properties: readonly Property[]): readonly (readonly Property[])[] {
  const rows = properties.flatMap((property) => (property.table ? [{ property, ...property.table.place }] : []));
  rows.sort((a, b) => a.position.start.line - b.position.start.line);
  const tables: Property[][] = [];
  for (const [at, { property, file, position }] of rows.entries()) {
    const before = rows[at - 1];
    // One row that could not be read may stand between two.
    const isNext = before?.file === file && position.start.line - before.position.start.line <= 2;
    if (isNext) tables.at(-1)!.push(property);
    else tables.push([property]);
  }
  return tables;
}
