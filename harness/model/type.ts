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

/** Reads a type cell or a type word; links are already text. Nothing where it names no type. */
export function readType(written: string): TypeName | undefined {
  let text = written.replace(/[`*]/g, '').replace(/\s+/g, ' ').trim();
  const inner =
    /^collection\s*(?:\(\s*(.*?)\s*\)|of\s+(.*))$/i.exec(text) ??
    /^(.*?)\s+collection$/i.exec(text) ??
    /^(\S+)\[\]$/.exec(text);
  if (inner) text = (inner[1] ?? inner[2] ?? '').trim();
  const isEnum = /\s+enum(eration)?$/i.test(text);
  if (isEnum) text = text.replace(/\s+enum(eration)?$/i, '');
  const bracket = /^(.*?)\s*\(([^()]*)\)$/.exec(text);
  if (bracket) text = bracket[1]!.trim();
  if (text === '') return undefined;
  const bare = text.replace(/^#/, '');
  return {
    name: primitive(bare) ?? bare,
    isCollection: inner !== null,
    isEnum,
    ...(bracket === null
      ? {}
      : /^nullable$/i.test(bracket[2]!.trim())
        ? { nullable: true }
        : { format: bracket[2]!.trim() }),
  };
}

/** The JSON type that a value of a primitive type has; nothing for types that are not primitive. */
export function jsonTypeOf(name: string): 'string' | 'number' | 'boolean' | undefined {
  const known = primitive(name);
  if (known === undefined) return undefined;
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
