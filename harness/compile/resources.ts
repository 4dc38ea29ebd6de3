import { toString } from 'mdast-util-to-string';
import { pointInText } from '../model/fixture.ts';
import { pointerToken, readJson, type JsonText, type Span } from '../model/json.ts';
import type { Place } from '../model/place.ts';
import type { Property, Resource } from '../model/resource.ts';
import type { CodeBlock, TableBlock } from './outline.ts';
import { placeOf, type PageText } from './source.ts';
import { readType } from '../model/type.ts';

/** The resources a page documents: each JSON block of its own, the tables of properties and relationships merged in. */
export function readResources(page: PageText, codes: readonly CodeBlock[], tables: readonly TableBlock[]): Resource[] {
  const resources = codes
    .filter((code) => code.comment?.annotation?.blockType === 'resource')
    .map((code) => readBlock(page, code))
    .filter((resource) => resource !== undefined);
  const rows = tables.flatMap((table) => readTable(page, table));
  if (resources.length === 0) return [];
  return resources.map((resource, index) =>
    merge(
      resource,
      rows.filter((row) => ownerOf(row, resources) === index),
    ),
  );
}

/** A documented property and the headings of the table it stands in. */
interface Row {
  readonly property: Property;
  readonly headings: readonly string[];
}

function readBlock(page: PageText, code: CodeBlock): Resource | undefined {
  const { comment, block } = code;
  const annotation = comment!.annotation!;
  const unreadable = (reason: string, place: Place, note: string): undefined => {
    comment!.fate = 'reported';
    page.report({ ruleId: 'resource/unreadable', reason, place, subject: annotation.type ?? 'resource', note });
  };
  if (annotation.type === undefined)
    return unreadable(
      'Missing property `@odata.type`, expected the name of the resource',
      placeOf(page, comment!.position),
      'Name the type in the annotation.',
    );
  const file = block.file ?? page.file;
  if (code.text.trim() === '')
    return unreadable(
      'Unexpected empty block, expected a JSON object',
      placeOf(page, comment!.position),
      'Write the resource as a JSON object.',
    );
  const json = readJson(code.text);
  if (json.error)
    return unreadable(
      json.error.message,
      spanPlace(file, code, { start: json.error.offset, end: json.error.offset + 1 }),
      'Mend the JSON of the resource.',
    );
  const { value } = json;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return unreadable(
      'Unexpected value, expected a JSON object',
      spanPlace(file, code, { start: 0, end: 1 }),
      'Write the resource as a JSON object.',
    );
  comment!.fate = 'compiled';
  reportLeniencies(page, file, code, json);
  const optional = new Set(annotation.optionalProperties);
  const nullable = new Set(annotation.nullableProperties);
  return {
    name: annotation.type,
    place: placeOf(page, annotation.places['@type'] ?? annotation.places['@odata.type'] ?? comment!.position),
    ...(annotation.baseType === undefined ? {} : { baseType: annotation.baseType.replace(/^#/, '') }),
    ...(annotation.keyProperty === undefined ? {} : { keyProperty: annotation.keyProperty }),
    ...(annotation.openType === undefined ? {} : { openType: annotation.openType }),
    ...(annotation.abstract === undefined ? {} : { abstract: annotation.abstract }),
    properties: Object.entries(value)
      .filter(([name]) => name !== '@odata.type' && name !== '@type')
      .map(([name, example]) => ({
        name,
        ...typeOfExample(example),
        ...(optional.has(name) ? { optional: true } : {}),
        ...(nullable.has(name) ? { nullable: true } : {}),
        place: spanPlace(file, code, json.locate(`/${pointerToken(name)}`)!.key!),
      })),
  };
}

/** The type that a value of a resource block stands for: a type word, a nested `@odata.type`, or what the value itself is. */
function typeOfExample(example: unknown): Pick<Property, 'type' | 'isCollection' | 'values'> {
  if (Array.isArray(example)) {
    const item = example.length > 0 ? typeOfExample(example[0]) : {};
    return { ...item, isCollection: true };
  }
  if (typeof example === 'boolean') return { type: 'Boolean' };
  if (typeof example === 'number') return { type: Number.isInteger(example) ? 'Int64' : 'Double' };
  if (typeof example === 'object' && example !== null) {
    const named = (example as Record<string, unknown>)['@odata.type'] ?? (example as Record<string, unknown>)['@type'];
    return typeof named === 'string' ? { type: named.replace(/^#/, '') } : {};
  }
  if (typeof example !== 'string') return {};
  if (example.includes('|'))
    return {
      type: 'String',
      values: example
        .split('|')
        .map((part) => part.trim())
        .filter(Boolean),
    };
  const type = readType(example);
  return type && /^[A-Z]\w+$/.test(type.name)
    ? {
        type: type.format === 'timestamp' ? 'DateTimeOffset' : type.name,
        ...(type.isCollection ? { isCollection: true } : {}),
      }
    : { type: 'String' };
}

const NAME_COLUMN =
  /^(property|property name|name|parameter|parameter name|relationship|relationship name|navigation property)$/i;
const TYPE_COLUMN = /^(type|data type)$/i;

/** The rows of a table of properties or relationships: known by its columns, and by a heading that says what it lists. */
function readTable(page: PageText, { node, headings }: TableBlock): Row[] {
  const [head, ...rows] = node.children;
  const columns = head?.children.map((cell) => toString(cell).trim()) ?? [];
  const name = columns.findIndex((column) => NAME_COLUMN.test(column));
  const type = columns.findIndex((column) => TYPE_COLUMN.test(column));
  const heading = headings.findLast(({ text }) => /propert|relationship|instance attribute/i.test(text))?.text;
  if (name < 0 || type < 0 || heading === undefined) return [];
  const description = columns.findIndex((column) => /^description$/i.test(column));
  const navigation = /relationship|navigation/i.test(heading);
  return rows.flatMap((row) => {
    const cell = row.children[name];
    const written = cell ? toString(cell).trim() : '';
    if (cell === undefined || written === '' || row.children.slice(1).every((other) => toString(other).trim() === ''))
      return [];
    const read = readType(toString(row.children[type] ?? { type: 'text', value: '' }));
    const about = description < 0 || !row.children[description] ? '' : toString(row.children[description]);
    const property: Property = {
      name: written,
      ...(read === undefined ? {} : { type: read.name }),
      ...(read?.isCollection ? { isCollection: true } : {}),
      ...(read?.nullable || /\bnullable\b/i.test(about) ? { nullable: true } : {}),
      ...(/^optional\b/i.test(about.trim()) ? { optional: true } : {}),
      ...(navigation ? { navigation: true } : {}),
      place: placeOf(page, {
        start: cell.children[0]?.position?.start ?? cell.position!.start,
        end: cell.children.at(-1)?.position?.end ?? cell.position!.end,
      }),
    };
    return [{ property, headings: headings.map(({ text }) => text) }];
  });
}

/** Index of the resource whose name a heading over the row says; the first where none does. */
function ownerOf(row: Row, resources: readonly Resource[]): number {
  for (const heading of row.headings.toReversed()) {
    const index = resources.findIndex(({ name }) =>
      new RegExp(`\\b${escaped(name.slice(name.lastIndexOf('.') + 1))}\\b`, 'i').test(heading),
    );
    if (index >= 0) return index;
  }
  return 0;
}

/** Table rows say more than example values: their type wins, and they add what the JSON block leaves out. */
function merge(resource: Resource, rows: readonly Row[]): Resource {
  const merged = new Map(resource.properties.map((property) => [property.name, property]));
  for (const { property } of rows) {
    const known = merged.get(property.name);
    merged.set(property.name, known === undefined ? property : { ...known, ...property, place: known.place });
  }
  return { ...resource, properties: [...merged.values()] };
}

function reportLeniencies(page: PageText, file: string, code: CodeBlock, json: JsonText): void {
  for (const leniency of json.leniencies)
    page.report({
      ruleId: 'json/leniency',
      reason: `Unexpected ${leniency.what}, read all the same`,
      place: spanPlace(file, code, leniency),
      subject: `${leniency.what} ${code.comment?.annotation?.type ?? ''}`,
      note: 'Write strict JSON.',
    });
}

/** Where a stretch of a code block's text stands. */
function spanPlace(file: string, { text, block }: CodeBlock, span: Span): Place {
  const point = (offset: number) => pointInText(block, 0, text, offset);
  return { file, position: { start: point(span.start), end: point(span.end) } };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
