import { createHash } from 'node:crypto';
import { compareText } from '../../model/finding.ts';
import {
  indexResources,
  schemaComment,
  uniteResources,
  type Property,
  type Resource,
  type ResourceSchema,
  type Written,
} from '../../model/resource.ts';
import { storedDefinition } from '../../model/stored-resource.ts';
import { primitive } from '../../model/type.ts';
import { baseCycles } from './resolve.ts';

/**
 * Each resource as JSON Schema 2020-12, by the path of its file below the folder of fixtures, in the order of the paths. `taken`
 * are the paths of the fixtures, to which a schema gives way. Objects are open: what is documented nowhere is for comparison to
 * tell, so that a base type does not forbid what its derived types add.
 */
export function resourceSchemas(
  resources: readonly Resource[],
  taken: Iterable<string>,
): ReadonlyMap<string, ResourceSchema> {
  const united = uniteResources(resources);
  const files = fileNames([...united.keys()].sort(compareText), united, taken);
  const cuts = baseCycles(resources);
  const types: Types = { file: (type) => files.get(type.toLowerCase()), isA: indexResources(resources).isA };
  const schemas = [...united].map(([key, resource]): [string, ResourceSchema] => {
    const file = files.get(key)!;
    return [`${FOLDER}/${file}`, schemaOf(resource, file, cuts.has(key), types)];
  });
  return new Map(schemas.sort(([a], [b]) => compareText(a, b)));
}

const FOLDER = 'schemas';

/** A part of a schema. */
type Part = Readonly<Record<string, unknown>>;

/** What is known of the types. */
interface Types {
  /** The file that documents a type, by any spelling of its name. */
  file(type: string): string | undefined;
  isA(type: string, other: string): boolean;
}

function schemaOf(resource: Resource, file: string, isCut: boolean, types: Types): ResourceSchema {
  const { name, page, baseType, properties, keyProperty, declaresNullable } = resource;
  const base = baseType === undefined || isCut ? undefined : types.file(baseType);
  const required = requiredOf(properties);
  const mayBeNull = (property: Property): boolean =>
    property.nullable === true || (!declaresNullable && property.name !== keyProperty);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: file,
    $comment: schemaComment(page),
    title: name,
    type: 'object',
    ...(base === undefined ? {} : { allOf: [{ $ref: base }] }),
    properties: propertiesSchema(properties, mayBeNull, types),
    ...(required.length === 0 ? {} : { required }),
    $defs: storedDefinition(resource),
  };
}

function propertiesSchema(
  properties: readonly Property[],
  mayBeNull: (property: Property) => boolean,
  types: Types,
): Part {
  // Not by assignment: a property may be called `__proto__`.
  return Object.fromEntries(
    properties.map((property) => {
      const schema = propertySchema(property, mayBeNull, types);
      return [property.name, mayBeNull(property) ? orNull(schema) : schema];
    }),
  );
}

/** What the block shows is in every answer, but relationships, streams and annotations, which must be asked for. */
function requiredOf(properties: readonly Property[]): string[] {
  return properties
    .filter(({ from, optional, navigation }) => from !== 'table' && !optional && !navigation)
    .filter(({ name, type }) => !name.includes('@') && name !== '__proto__' && type !== 'Stream')
    .map(({ name }) => name);
}

function propertySchema(property: Property, mayBeNull: (property: Property) => boolean, types: Types): Part {
  const { properties, block, table } = property;
  if (properties !== undefined && (property.type === undefined || types.file(property.type) === undefined)) {
    const required = requiredOf(properties);
    const object = {
      type: 'object',
      properties: propertiesSchema(properties, mayBeNull, types),
      ...(required.length === 0 ? {} : { required }),
    };
    return property.isCollection ? { type: 'array', items: object } : object;
  }
  const main = formSchema(property, property, types);
  // Where block and table contradict each other, nobody can be held to one of them.
  const other = [table, block].find((written) => written !== undefined && contradicts(written, property, types));
  if (other === undefined) return main;
  return { anyOf: [main, formSchema(other, property, types)] };
}

function formSchema(form: Pick<Written, 'type' | 'isCollection'>, property: Property, types: Types): Part {
  const item = itemSchema(form.type, property, types);
  return form.isCollection ? { type: 'array', ...(Object.keys(item).length === 0 ? {} : { items: item }) } : item;
}

function itemSchema(type: string | undefined, { values, isFlags, format }: Property, types: Types): Part {
  // The convention's own word for any JSON, even where a page documents it.
  if (type !== undefined && /(^|\.)json$/i.test(type)) return {};
  const file = type === undefined ? undefined : types.file(type);
  if (file !== undefined) return { $ref: file };
  const known = type === undefined ? undefined : primitive(type);
  if (values !== undefined && (known === undefined || known === 'String')) {
    const member = `(${values.map(escaped).join('|')})`;
    return isFlags ? { type: 'string', pattern: `^${member}(, ?${member})*$` } : { type: 'string', enum: values };
  }
  if (type === undefined) return {};
  if (known === 'String' && format === 'url') return { type: 'string', format: 'uri' };
  if (known !== undefined) return PRIMITIVES[known] ?? { type: 'string' };
  const parts = type.split('|');
  if (parts.length > 1 && parts.every((part) => primitive(part) !== undefined))
    return { anyOf: parts.map((part) => PRIMITIVES[primitive(part)!] ?? { type: 'string' }) };
  return { $comment: `${type} is documented nowhere` };
}

const whole = (minimum: number, maximum: number): Part => ({ type: 'integer', minimum, maximum });

/** OData JSON Format 4.01, 7.1: what is no number is one of three words. */
const REAL: Part = { anyOf: [{ type: 'number' }, { enum: ['INF', '-INF', 'NaN'] }] };

/**
 * What JSON each primitive type is. A `format` where it means the same; a `pattern` for times and durations, since `time` asks for
 * an offset, which a TimeOfDay has not, and `duration` forbids the fractions and signs that OData allows (ABNF 4.01).
 */
const PRIMITIVES: Readonly<Record<string, Part>> = {
  Json: {},
  Boolean: { type: 'boolean' },
  Byte: whole(0, 255),
  SByte: whole(-128, 127),
  Int16: whole(-32768, 32767),
  Int32: whole(-2147483648, 2147483647),
  Int64: { type: 'integer' },
  Single: REAL,
  Float: REAL,
  Double: REAL,
  Guid: { type: 'string', format: 'uuid' },
  DateTimeOffset: { type: 'string', format: 'date-time' },
  Date: { type: 'string', format: 'date' },
  TimeOfDay: { type: 'string', pattern: '^([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,12})?)?$' },
  Duration: {
    type: 'string',
    pattern: '^-?P(?=\\d|T)(\\d+Y)?(\\d+M)?(\\d+W)?(\\d+D)?(T(?=\\d)(\\d+H)?(\\d+M)?(\\d+(\\.\\d+)?S)?)?$',
  },
  Binary: { type: 'string', contentEncoding: 'base64' },
};

/** Does one source say something that the other cannot be read as? A word of text may well be a date; a list is no text. */
function contradicts(written: Written, property: Property, types: Types): boolean {
  if ((written.isCollection ?? false) !== (property.isCollection ?? false)) return true;
  if (written.type === undefined || property.type === undefined || types.isA(written.type, property.type)) return false;
  const [a, b] = [kindOf(written.type, property, types), kindOf(property.type, property, types)];
  return a !== undefined && b !== undefined && a !== b;
}

function kindOf(type: string, { values }: Property, types: Types): string | undefined {
  const known = primitive(type);
  const file = types.file(type);
  if (file !== undefined) return file;
  if (known === undefined) return values === undefined ? undefined : 'text';
  if (known === 'Json') return undefined;
  const schema = PRIMITIVES[known] ?? { type: 'string' };
  return schema === REAL || schema.type === 'integer' ? 'number' : schema.type === 'boolean' ? 'boolean' : 'text';
}

function orNull(schema: Part): Part {
  if (typeof schema.type === 'string') {
    const { enum: values } = schema as { enum?: readonly unknown[] };
    return { ...schema, type: [schema.type, 'null'], ...(values === undefined ? {} : { enum: [...values, null] }) };
  }
  if (Array.isArray(schema.anyOf)) return { anyOf: [...(schema.anyOf as readonly unknown[]), { type: 'null' }] };
  return schema.$ref === undefined ? schema : { anyOf: [schema, { type: 'null' }] };
}

/** A name for the file of each type: safe on every file system, whatever the case, and no fixture's. */
function fileNames(
  keys: readonly string[],
  resources: ReadonlyMap<string, Resource>,
  fixtures: Iterable<string>,
): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  for (const path of fixtures)
    for (let at = path.toLowerCase(); at.includes('/'); at = at.slice(0, at.lastIndexOf('/'))) taken.add(at);
  const names = new Map<string, string>();
  for (const key of keys) {
    let stem = safe(resources.get(key)!.name);
    while (taken.has(`${FOLDER}/${stem}${ENDING}`.toLowerCase())) stem += '~type';
    taken.add(`${FOLDER}/${stem}${ENDING}`.toLowerCase());
    names.set(key, `${stem}${ENDING}`);
  }
  return names;
}

const ENDING = '.schema.json';

/** The name itself where it is plain; else what is plain of it and a hash of all of it. */
function safe(name: string): string {
  const isPlain = /^[a-z0-9_][a-z0-9._-]{0,149}$/i.test(name) && !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name);
  if (isPlain) return name;
  const plain = name
    .replace(/[^A-Za-z0-9._-]/g, '_')
    .replace(/^\.+/, '')
    .slice(0, 100);
  return `_${plain}~${createHash('sha256').update(name.toLowerCase()).digest('hex').slice(0, 8)}`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
