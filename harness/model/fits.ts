/** Does a value keep a schema? */
export type Fits = (value: unknown) => boolean;

type Schema = boolean | Readonly<Record<string, unknown>>;

/**
 * A quick judge of a JSON Schema (2020-12): says whether, never why, and is made in a fraction of the time. Nothing for a schema with a
 * keyword that it does not know. Members whose value is undefined count as absent, as ajv has it.
 */
export function fits(schema: Schema): Fits | undefined {
  const making: Making = { root: schema, known: new Map() };
  try {
    return judgeOf(schema, making);
  } catch (error) {
    if (error instanceof UnknownKeyword) return undefined;
    throw error;
  }
}

interface Making {
  readonly root: Schema;
  /** Judges of what `$ref` names: made once, and known before they are done, so that a schema may speak of itself. */
  readonly known: Map<string, { judge: Fits }>;
}

class UnknownKeyword extends Error {}

type Maker = (operand: never, schema: Readonly<Record<string, unknown>>, making: Making) => Fits | undefined;

function judgeOf(schema: Schema, making: Making): Fits {
  if (typeof schema === 'boolean') return () => schema;
  const judges: Fits[] = [];
  for (const [keyword, operand] of Object.entries(schema)) {
    if (SILENT.has(keyword)) continue;
    const make = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined;
    if (make === undefined) throw new UnknownKeyword(keyword);
    const judge = make(operand as never, schema, making);
    if (judge !== undefined) judges.push(judge);
  }
  if (judges.length === 1) return judges[0]!;
  return (value) => {
    for (const judge of judges) if (!judge(value)) return false;
    return true;
  };
}

/** Annotations, and words that others among the keywords look at. */
const SILENT = new Set('$schema $id $defs $comment title description default examples then else'.split(' '));

const KEYWORDS: Readonly<Record<string, Maker>> = {
  $ref(name: string, _, making) {
    let found = making.known.get(name);
    if (found === undefined) {
      making.known.set(name, (found = { judge: () => false }));
      found.judge = judgeOf(named(name, making.root), making);
    }
    const judged = found;
    return (value) => judged.judge(value);
  },
  type(types: string | readonly string[]) {
    const judges = [types].flat().map((type) => TYPES[type]!);
    const [only] = judges;
    return judges.length === 1 ? only : (value) => judges.some((judge) => judge(value));
  },
  const: (only: unknown) => among([only]),
  enum: (values: readonly unknown[]) => among(values),
  minLength: (least: number) => (value) =>
    typeof value !== 'string' || (value.length >= least && (least < 2 || [...value].length >= least)),
  pattern(source: string) {
    const pattern = new RegExp(source, 'u');
    return (value) => typeof value !== 'string' || pattern.test(value);
  },
  minimum: (least: number) => (value) => typeof value !== 'number' || value >= least,
  exclusiveMinimum: (least: number) => (value) => typeof value !== 'number' || value > least,
  maximum: (most: number) => (value) => typeof value !== 'number' || value <= most,
  minItems: (least: number) => (value) => !Array.isArray(value) || value.length >= least,
  items(schema: Schema, _, making) {
    const judge = judgeOf(schema, making);
    return (value) => !Array.isArray(value) || value.every(judge);
  },
  required: (names: readonly string[]) => (value) => !isObject(value) || hasAll(value, names),
  dependentRequired: (needs: Readonly<Record<string, readonly string[]>>) => (value) =>
    !isObject(value) ||
    Object.entries(needs).every(([name, others]) => value[name] === undefined || hasAll(value, others)),
  minProperties: (least: number) => (value) => !isObject(value) || Object.keys(value).length >= least,
  maxProperties: (most: number) => (value) => !isObject(value) || Object.keys(value).length <= most,
  propertyNames(schema: Schema, _, making) {
    const judge = judgeOf(schema, making);
    return (value) => {
      if (isObject(value)) for (const name in value) if (!judge(name)) return false;
      return true;
    };
  },
  properties: (_, schema, making) => members(schema, making),
  additionalProperties: (_, schema, making) => ('properties' in schema ? undefined : members(schema, making)),
  not(schema: Schema, _, making) {
    const judge = judgeOf(schema, making);
    return (value) => !judge(value);
  },
  anyOf(schemas: readonly Schema[], _, making) {
    const judges = schemas.map((schema) => judgeOf(schema, making));
    return (value) => judges.some((judge) => judge(value));
  },
  if(schema: Schema, { then: yes = true, else: no = true }, making) {
    const [judge, then, otherwise] = [schema, yes as Schema, no as Schema].map((each) => judgeOf(each, making));
    return (value) => (judge!(value) ? then!(value) : otherwise!(value));
  },
};

const TYPES: Readonly<Record<string, Fits>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: (value) => Array.isArray(value),
  object: (value) => isObject(value),
};

/** `properties` and what is said of all others. */
function members({ properties = {}, additionalProperties = true }: Record<string, unknown>, making: Making): Fits {
  const judges = new Map(
    Object.entries(properties as Record<string, Schema>).map(([name, schema]) => [name, judgeOf(schema, making)]),
  );
  const other = judgeOf(additionalProperties as Schema, making);
  return (value) => {
    if (!isObject(value)) return true;
    for (const name in value) {
      const judge = judges.get(name);
      const member = value[name];
      if (judge === undefined ? !other(member) : member !== undefined && !judge(member)) return false;
    }
    return true;
  };
}

/** Members of objects are not compared here. */
function among(values: readonly unknown[]): Fits {
  if (values.some((value) => typeof value === 'object' && value !== null)) throw new UnknownKeyword('enum of objects');
  return (value) => values.includes(value);
}

function named(name: string, root: Schema): Schema {
  const [, key] = /^#\/\$defs\/(\w+)$/.exec(name) ?? [];
  const defs = typeof root === 'object' ? (root.$defs as Readonly<Record<string, Schema>> | undefined) : undefined;
  if (key === undefined || defs === undefined || !Object.hasOwn(defs, key)) throw new UnknownKeyword(name);
  return defs[key]!;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasAll(value: Readonly<Record<string, unknown>>, names: readonly string[]): boolean {
  for (const name of names) if (value[name] === undefined) return false;
  return true;
}
