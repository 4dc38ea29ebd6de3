/** A type as documentation names it: `Collection(String)`, `[user](user.md) collection`, `season enum`. */
export interface TypeName {
  readonly name: string;
  readonly isCollection: boolean;
  readonly isEnum: boolean;
  /** What stands in brackets after it: `String (timestamp)` has the format `timestamp`. */
  readonly format?: string;
  readonly nullable?: boolean;
}

/** Words for primitive types, in lower case, and the Edm name of each (OData CSDL 4.01, 3.3). */
const PRIMITIVES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    string: 'String',
    etag: 'String',
    url: 'String',
    range: 'String',
    int64: 'Int64',
    long: 'Int64',
    number: 'Int64',
    integer: 'Int64',
    int32: 'Int32',
    int: 'Int32',
    int16: 'Int16',
    short: 'Int16',
    byte: 'Byte',
    sbyte: 'SByte',
    single: 'Single',
    float: 'Float',
    double: 'Double',
    decimal: 'Double',
    boolean: 'Boolean',
    bool: 'Boolean',
    guid: 'Guid',
    datetime: 'DateTimeOffset',
    datetimeoffset: 'DateTimeOffset',
    timestamp: 'DateTimeOffset',
    date: 'Date',
    timeofday: 'TimeOfDay',
    duration: 'Duration',
    stream: 'Stream',
    binary: 'Binary',
    json: 'Json',
  }),
);

/** The Edm name of a primitive type however it is written (`Edm.String`, `string`, `timestamp`); nothing for other types. */
export function primitive(name: string): string | undefined {
  return PRIMITIVES.get(
    name
      .trim()
      .replace(/^edm\./i, '')
      .toLowerCase(),
  );
}

/**
 * Reads a type cell or a type word; links are already text. Nothing where it names no type. Words that are no type are kept as
 * a name that no resource has, so that what was written is not lost.
 */
export function readType(written: string): TypeName | undefined {
  // `[folder][]` is a reference to a link even where nothing defines it, and no list of folders.
  let text = written
    .replace(/[`*]/g, '')
    .replace(/\[([^[\]]+)\]\[[^[\]]*\]/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  const nullable = /[,;]? ?(\(nullable\)|\bnullable)$/i.exec(text);
  if (nullable) text = text.slice(0, nullable.index).trim();
  const inner =
    /^(?:collection|array|list) ?\((.*)\)$/i.exec(text) ??
    /^(?:collection|array|list) of (.*)$/i.exec(text) ??
    /^(.*) (?:collection|array)$/i.exec(text) ??
    /^(\S+)\[\]$/.exec(text);
  if (inner) text = inner[1]!.trim();
  const isEnum = /(^| )enum(eration)?$/i.test(text);
  if (isEnum) text = text.replace(/(^| )enum(eration)?$/i, '') || 'String';
  const bracket = /^([^()]*)\(([^()]*)\)$/.exec(text);
  if (bracket) text = bracket[1]!.trim();
  const bare = text.replace(/^#/, '');
  if (bare === '') return undefined;
  return {
    name: primitive(bare) ?? bare,
    isCollection: inner !== null,
    isEnum,
    ...(bracket === null ? {} : { format: bracket[2]!.trim() }),
    ...(nullable === null ? {} : { nullable: true }),
  };
}

/** What an example value in brackets says of a word: `String (timestamp)` is a DateTimeOffset. */
const FORMATS: readonly (readonly [pattern: RegExp, type: string])[] = [
  [/timestamp/i, 'DateTimeOffset'],
  [/duration/i, 'Duration'],
  [/time ?of ?day/i, 'TimeOfDay'],
  [/binary|base64/i, 'Binary'],
  [/^(guid|uuid)$/i, 'Guid'],
  [/^double$/i, 'Double'],
];

/**
 * The type that a string in a resource block stands for: a word (`String (timestamp)`, `Int32`, `collection(ns.x)`), what it is
 * an example of (a date, a GUID), else nothing, and it is a string. Only for resource blocks: in an answer it is just a value.
 */
export function wordType(word: string): TypeName | undefined {
  const read = word.length > 300 ? undefined : readType(word);
  if (read !== undefined) {
    const known = primitive(read.name);
    const meant = known === 'String' ? FORMATS.find(([pattern]) => pattern.test(read.format ?? ''))?.[1] : undefined;
    if (known !== undefined) return { ...read, name: meant ?? known };
    if (read.isCollection && /^\w+(\.\w+)+$/.test(read.name)) return read;
  }
  const example = EXAMPLES.find(([pattern]) => pattern.test(word.trim()))?.[1];
  return example === undefined ? undefined : { name: example, isCollection: false, isEnum: false };
}

const EXAMPLES: readonly (readonly [pattern: RegExp, type: string])[] = [
  [/timestamp/i, 'DateTimeOffset'],
  [/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{0,7})?)?Z)?$/, 'DateTimeOffset'],
  [/^\d\d:\d\d:\d\d(\.\d{1,3})?$/, 'TimeOfDay'],
  [/^\{?[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}\}?$/i, 'Guid'],
  [/^base64/i, 'Binary'],
];

/** The JSON type that a value of a primitive type has; nothing for types that are not primitive. */
export function jsonTypeOf(name: string): 'string' | 'number' | 'boolean' | undefined {
  const known = primitive(name);
  if (known === undefined || known === 'Json') return undefined;
  if (known === 'Boolean') return 'boolean';
  return /^(Int|SByte|Byte|Single|Float|Double)/.test(known) ? 'number' : 'string';
}

const STAND_IN =
  /^(?:Edm\.)?(String|Boolean|Int16|Int32|Int64|Double|Single|Decimal|DateTimeOffset|Date|TimeOfDay|Duration|Guid|Binary)(?:\s*\([^()]*\))?$/;

/** The primitive type that an example value such as `"String (timestamp)"` stands for; nothing where it is a value like any other. */
export function standInType(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const word = STAND_IN.exec(value)?.[1];
  return word === undefined
    ? undefined
    : /timestamp/i.test(value)
      ? 'DateTimeOffset'
      : /identifier/i.test(value)
        ? 'String'
        : primitive(word);
}
