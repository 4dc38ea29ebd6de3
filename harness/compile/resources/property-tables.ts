import type { Property, Resource, Written } from '../../model/resource.ts';
import { readType } from '../../model/type.ts';
import type { PageText } from '../markdown/source.ts';
import type { KnownTable, Row } from './tables.ts';

/** A resource as its block alone tells it, and the line of the page that the block begins on. */
export interface BlockResource {
  readonly resource: Resource;
  readonly line: number;
}

/** Merges the property and relationship tables of a page into the resources they are about. */
export function mergeTables(
  blocks: readonly BlockResource[],
  tables: readonly KnownTable[],
  report: PageText['report'],
): Resource[] {
  const read = tables.flatMap((table) => {
    const rows = readRows(table, report);
    return rows.length === 0 ? [] : [{ table, rows }];
  });
  const owned = new Map<BlockResource, Property[]>();
  for (const { table, rows } of read) {
    const owner = ownerOf(table, rows, blocks);
    const known = owned.get(owner);
    if (known) known.push(...rows);
    else owned.set(owner, [...rows]);
  }
  return blocks.map((block) => merge(block.resource, owned.get(block) ?? []));
}

function readRows({ kind, rows }: KnownTable, report: PageText['report']): Property[] {
  const navigation = kind.type === 'ResourceNavigationPropertyDescriptions';
  if (!navigation && kind.type !== 'ResourcePropertyDescriptions') return [];
  return rows.flatMap((row) => {
    const property = readRow(row, navigation, report);
    return property === undefined ? [] : [property];
  });
}

function readRow(row: Row, navigation: boolean, report: PageText['report']): Property | undefined {
  const cell = row('name');
  if (cell === undefined) return undefined;
  // What stands in brackets after a name is about it: `state (deprecated)`.
  const name = /^(\S+)\s+\([^()]*\)$/.exec(cell.text)?.[1] ?? cell.text;
  const type = readType(row('type')?.text ?? '');
  const about = row('description')?.text ?? '';
  const place = cell.place();
  // A cell that goes on in the next line makes a row of its own, which names nothing and has no type.
  if (type === undefined && /[\s,;]/.test(name)) {
    report({
      ruleId: 'resource/row',
      reason: `Unexpected row \`${name.slice(0, 60)}\`, expected the name of a property and its type`,
      place,
      subject: name.slice(0, 60),
      note: 'Write each row of a table on one line.',
    });
    return undefined;
  }
  const written = {
    ...(type === undefined ? {} : { type: type.name }),
    ...(type?.isCollection ? { isCollection: true } : {}),
  };
  return {
    name,
    ...written,
    ...(type?.nullable || /\bnullable\b/i.test(about.replace(/\b(not|non)[- ]?nullable/gi, ''))
      ? { nullable: true }
      : {}),
    ...(/^optional\b/i.test(about) ? { optional: true } : {}),
    ...(navigation ? { navigation: true } : {}),
    ...(type?.format !== undefined && /^url$/i.test(type.format) ? { format: 'url' } : {}),
    from: 'table',
    table: { ...written, place },
    place,
  };
}

/**
 * The resource that a table is about: the one that a heading over it names, nearest first; else the one whose block shows most
 * of what it lists; else the one whose block is nearest.
 */
function ownerOf(table: KnownTable, rows: readonly Property[], blocks: readonly BlockResource[]): BlockResource {
  if (blocks.length === 1) return blocks[0]!;
  for (const { text } of table.headings.toReversed()) {
    const words = new Set(text.toLowerCase().split(/[^\w.]+/));
    const named = blocks.find(({ resource: { name } }) => {
      const full = name.toLowerCase();
      return words.has(full) || words.has(full.slice(full.lastIndexOf('.') + 1));
    });
    if (named) return named;
  }
  const { file, position } = rows[0]!.place;
  const ranked = blocks.map((block) => {
    const shown = new Set(block.resource.properties.map(({ name }) => name));
    const away = block.resource.place.file === file ? Math.abs(block.line - position.start.line) : Infinity;
    return { block, shared: rows.filter(({ name }) => shown.has(name)).length, away };
  });
  ranked.sort((a, b) => b.shared - a.shared || (a.away === b.away ? 0 : a.away - b.away));
  return ranked[0]!.block;
}

/** Table rows add what the block leaves out; what both say of a property is kept side by side. */
function merge(resource: Resource, rows: readonly Property[]): Resource {
  if (rows.length === 0) return resource;
  const merged = new Map(resource.properties.map((property) => [property.name, property]));
  for (const row of rows) {
    const known = merged.get(row.name);
    if (known === undefined) merged.set(row.name, row);
    else if (known.table === undefined) merged.set(row.name, both(known, row));
  }
  return { ...resource, properties: [...merged.values()] };
}

/** The table's type wins where it has one; examples say less. `resolveResources` mends this where only the other is documented. */
function both(block: Property, row: Property): Property {
  const { type: _type, isCollection: _list, ...rest } = block;
  const says: Omit<Written, 'place'> = row.type === undefined ? block : row;
  return {
    ...rest,
    ...(says.type === undefined ? {} : { type: says.type }),
    ...(says.isCollection ? { isCollection: true } : {}),
    ...(row.nullable ? { nullable: true } : {}),
    ...(row.optional ? { optional: true } : {}),
    ...(row.navigation ? { navigation: true } : {}),
    ...(row.format === undefined ? {} : { format: row.format }),
    from: 'both',
    table: row.table!,
  };
}
