import type { Fact } from '../model/finding.ts';
import type { Property, Resource, ResourceIndex, Written } from '../model/resource.ts';
import { rowsByTable } from '../model/rows.ts';
import { jsonTypeOf, primitive } from '../model/type.ts';
import { nearest } from '../model/usage.ts';
import type { LinesOf } from './lines.ts';
import type { Part } from './part.ts';
import { rowEdit } from './table-row.ts';

/** The JSON block of a resource and its tables list the same properties, of the same types. Relationships need not be in the block. */
export function* sources({ resources, findings, around }: Part, lines?: LinesOf): Generator<Fact> {
  const index = around.types;
  // What should have been a table is told of as such, and not row by row.
  const cut = new Set(findings.flatMap(({ ruleId, file }) => (ruleId === 'page/markup' ? [file] : [])));
  for (const resource of resources) {
    const sides = new Set(resource.properties.map(({ from }) => from));
    // A page with only one of the two has nothing to agree with, and so has a table that shares no property with the block.
    if (!sides.has('both')) continue;
    const inherited = resource.baseType === undefined ? undefined : index.properties(resource.baseType);
    let ofBlock: ReturnType<typeof rowsOfBlock> | undefined;
    const rows = resource.properties
      .filter(({ from, navigation }) => from === 'table' && !navigation)
      .map(({ name }) => name);
    // A name that both write, each in its way, is one fault.
    const meant = new Map<string, string>();
    for (const { from, name } of resource.properties) {
      const row = from === 'json' && rows.length <= MOST_TRIED ? nearest(name, rows) : undefined;
      if (row !== undefined) meant.set(row, name);
    }
    const misspelt = new Set(meant.values());
    for (const property of resource.properties) {
      if (property.name.includes('@')) continue;
      const isOwn = inherited === undefined ? resource.baseType === undefined : !inherited.has(property.name);
      if (property.from === 'both') yield* types(resource, property, index);
      else if (isOwn && property.from === 'json' && !misspelt.has(property.name) && !cut.has(property.place.file))
        yield { ...blockOnly(resource, property), ...rowBeside(resource, property, index, lines) };
      else if (isOwn && !property.navigation && (ofBlock ??= rowsOfBlock(resource))(property))
        yield tableOnly(resource, property, meant.get(property.name));
    }
  }
}

/**
 * Tells the rows of a table that shares a property with the block from those of a table about something else, such as the members of an
 * object that one of the properties holds.
 */
function rowsOfBlock({ properties }: Resource): (property: Property) => boolean {
  const own = new Set(
    rowsByTable(properties)
      .filter((rows) => rows.some(({ from }) => from === 'both'))
      .flat(),
  );
  return (property) => own.has(property) && /^[\p{L}_$][\p{L}\p{N}_.$-]*$/u.test(property.name);
}

/** Names are compared one by one with each other only where they are few. */
const MOST_TRIED = 200;

function blockOnly({ name: type }: Resource, { name, place }: Property): Fact {
  return {
    ruleId: 'resource/block-only',
    reason: `Missing row for \`${name}\`, expected in the table of \`${type}\``,
    place,
    subject: `${type} ${name}`,
    note: 'Describe the property in the table, or take it out of the block.',
  };
}

/** A row for a property of a type that is known, beside the row of the property that its block shows before it, else after it. */
function rowBeside(
  { properties }: Resource,
  property: Property,
  index: ResourceIndex,
  lines: LinesOf | undefined,
): Pick<Fact, 'fix'> {
  const { block } = property;
  const type = block?.type;
  if (lines === undefined || block === undefined || type === undefined || type.includes('|')) return {};
  if (primitive(type) === undefined && index.find(type) === undefined) return {};
  const at = properties.indexOf(property);
  const isRow = ({ from, navigation, table }: Property): boolean =>
    from === 'both' && !navigation && table?.type !== undefined;
  const before = properties.slice(0, at).findLast(isRow);
  const beside = before ?? properties.slice(at).find(isRow);
  const where = before === undefined ? 'before' : 'after';
  const edit = beside && rowEdit(lines, beside.table!.place, where, property.name, written(block));
  return edit === undefined
    ? {}
    : {
        fix: {
          title: `Put a row for \`${property.name}\` into the table; what it means is left to be written`,
          edits: [edit],
        },
      };
}

function tableOnly({ name: type }: Resource, { name, place }: Property, shown: string | undefined): Fact {
  return {
    ruleId: 'resource/table-only',
    reason: `Missing property \`${name}\`, expected in the JSON block of \`${type}\`${shown === undefined ? '' : `, which shows \`${shown}\``}`,
    place,
    subject: `${type} ${name}`,
    note: 'Show the property in the block, or take it out of the table.',
  };
}

function* types({ name: type }: Resource, { name, block, table }: Property, index: ResourceIndex): Generator<Fact> {
  if (block?.type === undefined || table?.type === undefined || agree(block, table, index)) return;
  yield {
    ruleId: 'resource/type',
    reason: `Unexpected type \`${written(block)}\` of \`${name}\`, expected \`${written(table)}\` as line ${table.place.position.start.line} has it`,
    place: block.place,
    subject: `${type} ${name}`,
    expected: written(table),
    actual: written(block),
    note: 'Make the block and the table say the same type.',
  };
}

function written({ type, isCollection }: Written): string {
  return isCollection ? `Collection(${type})` : type!;
}

/** Says one the same as the other, or less? */
function agree(block: Written, table: Written, index: ResourceIndex): boolean {
  const [a, b] = [block.type!, table.type!];
  if (isAny(a) || isAny(b) || means(block.word, b)) return true;
  if ((block.isCollection ?? false) !== (table.isCollection ?? false)) return false;
  const [plainA, plainB] = [primitive(a), primitive(b)];
  if (plainA !== undefined && plainB !== undefined) return plainA === plainB || samePlain(plainA, plainB);
  if (plainA === undefined && plainB === undefined)
    return (
      lastPart(a) === lastPart(b) ||
      index.isA(a, b) ||
      index.isA(b, a) ||
      index.find(a) === undefined ||
      index.find(b) === undefined
    );
  // A name that no resource has may be an enumeration, which a string stands for.
  const named = plainA === undefined ? a : b;
  return index.find(named) === undefined;
}

/** Every number is written like every other, and a string may be anything that is written as one. */
function samePlain(a: string, b: string): boolean {
  if (jsonTypeOf(a) !== jsonTypeOf(b)) return false;
  return jsonTypeOf(a) !== 'string' || a === 'String' || b === 'String' || (DATES.has(a) && DATES.has(b));
}

/** `String (timestamp)` is how blocks write any of them. */
const DATES: ReadonlySet<string> = new Set(['Date', 'DateTimeOffset', 'TimeOfDay']);

/** Is the type among the words that a block writes for a value: `sharingDetail`, `<Edm.Double>`? */
function means(words: string | undefined, type: string): boolean {
  return (
    words
      ?.toLowerCase()
      .split(/[^\w]+/)
      .includes(lastPart(type)) ?? false
  );
}

function isAny(type: string): boolean {
  return /(^|\.)(json|object|any|untyped)$|\|/i.test(type);
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase();
}
