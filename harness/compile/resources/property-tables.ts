import type { Property, Resource, Written } from '../../model/resource.ts';
import { primitive, readType } from '../../model/type.ts';
import type { PageText } from '../markdown/source.ts';
import type { Cell, KnownTable, Row } from './tables.ts';

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

function readRows({ kind, rows, beyond }: KnownTable, report: PageText['report']): Property[] {
  const navigation = kind.type === 'ResourceNavigationPropertyDescriptions';
  if (!navigation && kind.type !== 'ResourcePropertyDescriptions') return [];
  for (const { text, place } of beyond)
    report({
      ruleId: 'resource/row',
      reason: `Unexpected cell \`${text.slice(0, 60)}\`, expected as many as the table has columns`,
      place: place(),
      subject: `beyond ${text.slice(0, 60)}`,
      note: 'Readers are not shown it: write `\\|` for a bar in a cell, or take the cell out.',
    });
  const seen = new Map<string, number>();
  // Where the head names the columns the wrong way round, each row is: that is one fault.
  let swapped = 0;
  return rows.flatMap((row) => {
    const property = readRow(row, navigation, (fact) => {
      if (fact.subject !== SWAPPED || swapped++ === 0) report(fact);
    });
    if (property === undefined) return [];
    const { name, place } = property;
    const first = seen.get(name);
    if (first === undefined) seen.set(name, place.position.start.line);
    else
      report({
        ruleId: 'resource/row',
        reason: `Unexpected second row of \`${name}\`, expected one; line ${first} has it already`,
        place,
        subject: name,
        note: 'Take one of them out; until then the first one counts.',
      });
    if (property.type === undefined && !navigation)
      report({
        ruleId: 'resource/row',
        reason: `Missing type of \`${name}\`, expected one in its row`,
        place,
        subject: `${name} type`,
        note: 'Write the type in its column.',
      });
    return first === undefined ? [property] : [];
  });
}

function readRow(row: Row, navigation: boolean, report: PageText['report']): Property | undefined {
  const cell = row('name');
  if (cell === undefined) return undefined;
  // What stands in brackets after a name is about it: `state (deprecated)`.
  const first = /^(\S+)\s+\([^()]*\)$/.exec(cell.text)?.[1] ?? cell.text;
  const second = row('type')?.text ?? '';
  const isSwapped =
    /^[A-Z]/.test(first) &&
    primitive(first) !== undefined &&
    /^[a-z]\w*$/.test(second) &&
    primitive(second) === undefined;
  const name = isSwapped ? second : first;
  const type = readType(isSwapped ? first : second);
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
  const fault = isSwapped
    ? `Unexpected type \`${first}\` before the name \`${second}\`, expected the name first`
    : nameFault(name);
  if (fault !== undefined)
    report({
      ruleId: 'resource/row',
      reason: fault,
      place,
      subject: isSwapped ? SWAPPED : name.slice(0, 60),
      note: 'Mend the row.',
    });
  const isNullable = type?.nullable === true || saysNull(about, /\bnullable\b/i);
  const written = {
    ...(type === undefined ? {} : { type: type.name }),
    ...(type?.isCollection ? { isCollection: true } : {}),
  };
  return {
    name,
    ...written,
    ...(isNullable || saysNull(about) ? { nullable: true } : {}),
    ...(/^optional\b/i.test(about) ? { optional: true } : {}),
    ...(navigation ? { navigation: true } : {}),
    ...(type?.format !== undefined && /^url$/i.test(type.format) ? { format: 'url' } : {}),
    from: 'table',
    table: {
      ...written,
      ...(isNullable ? { nullable: true } : {}),
      ...listedMembers(row('description')),
      ...alsoNamed(written.type, about),
      place,
    },
    place,
  };
}

const SWAPPED = 'name and type';

/** A name is one word, all of which can be seen. */
function nameFault(name: string): string | undefined {
  if (/[\u00ad\u200b-\u200f\u2060\ufeff]/.test(name))
    return `Unexpected invisible character in the name \`${name.slice(0, 60)}\`, expected none`;
  if (/^[\w$@.]+(?: [\w$@.]+)+$/.test(name))
    return `Unexpected blank in the name \`${name.slice(0, 60)}\`, expected none`;
  return undefined;
}

/** `Principals can be of two types - userIdentity and servicePrincipalIdentity`: words that may name types, for what is no primitive. */
function alsoNamed(type: string | undefined, about: string): Pick<Written, 'also'> {
  if (type === undefined || primitive(type) !== undefined || !/\btypes?\b/i.test(about)) return {};
  const words = new Set(about.match(/\b[a-z]+[A-Z]\w*/g));
  return words.size === 0 ? {} : { also: [...words].slice(0, 20) };
}

/** The members that a description lists: `Possible values are: open, done.` A list that says that it is none of all (`include`) is none. */
function listedMembers(about: Cell | undefined): Pick<Written, 'members'> {
  const list = LIST.exec(about?.text ?? '')?.[1];
  if (about === undefined || list === undefined) return {};
  const names = list.split(/\s*(?:,|\||\band\b|\bor\b)\s*/).filter(Boolean);
  if (names.length < 2) return {};
  // `This property is an empty string if …` is a value like the others.
  if (/\bis an empty string\b/i.test(about.text)) names.push('');
  return { members: names.map((name) => ({ name: bare(name), place: about.placeOf(bare(name)) })) };
}

const WORD = `["'\u2018\u201c]?[A-Za-z_][\\w-]*["'\u2019\u201d]?`;
const LIST = new RegExp(
  `\\b(?:possible|allowed|valid|supported) values(?: for this property)? are:?\\s*(${WORD}(?:(?:\\s*,\\s*(?:and\\s+|or\\s+)?|\\s*\\|\\s*|\\s+(?:and|or)\\s+)${WORD})+)\\s*(?:[.;]|$)`,
  'i',
);

function bare(word: string): string {
  return word.replace(/^["'\u2018\u201c]|["'\u2019\u201d]$/g, '');
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

/** `Nullable`, or `null` in what the value may be; not `not nullable`, `cannot be null` or `non-null`. */
function saysNull(about: string, word = /\bnull(?:able)?\b/i): boolean {
  const denied = /\b(?:not|non|never|no|cannot|can't|mustn't|shouldn't)[- ](?:be |a )?[`*'"]{0,3}null(?:able)?\b/gi;
  return word.test(about.replace(denied, ''));
}
