import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { SchemaValidateFunction } from 'ajv/dist/types/index.js';
import { createRequire } from 'node:module';
import { pointerToken } from '../model/json.ts';
import type { ResourceSchema } from '../model/resource.ts';

/** One way in which a value breaks the schema of its type. */
export interface SchemaFault {
  /** RFC 6901, into the value; for a property that is missing to where it would be. */
  readonly pointer: string;
  /** The keyword of the schema: `type`, `required`, `enum`, `format`, `pattern`, `minimum`, `maximum`, or `anyOf` where none of several forms fits. */
  readonly keyword: string;
  /** What is wrong, for people: `must be integer`. */
  readonly reason: string;
  /** The value of the keyword: the types, the members, the format; nothing where that says no more than the keyword. */
  readonly expected?: unknown;
}

/** Judges a value by the schema of a type; no fault: it conforms. */
export type Validator = (value: unknown) => readonly SchemaFault[];

/**
 * Makes validators of types on demand: ajv is loaded with the first, a type is compiled when a value of it is met, and then
 * alone. Types that a value refers to are found by name while it is judged, so neither a cycle nor a long chain of types costs
 * anything. An object that says by `@odata.type` that it is of a derived type is judged as such. Types are found in any case.
 */
export function schemaValidators(
  schemas: ReadonlyMap<string, ResourceSchema>,
): (type: string) => Validator | undefined {
  const byName = new Map<string, ResourceSchema>();
  const byFile = new Map<string, ResourceSchema>();
  for (const schema of schemas.values()) {
    byName.set(schema.title.toLowerCase(), schema);
    byFile.set(schema.$id, schema);
  }
  const compiled = new Map<ResourceSchema, ValidateFunction>();
  let compiler: Compiler | undefined;
  const check = (schema: ResourceSchema): ValidateFunction => {
    const known = compiled.get(schema);
    if (known) return known;
    compiler ??= makeCompiler((file, value) => {
      const promised = byFile.get(file)!;
      return check(derivedBy(value, promised));
    });
    const validate = compiler(ownSchema(schema, byFile));
    compiled.set(schema, validate);
    return validate;
  };
  const derivedBy = (value: unknown, promised: ResourceSchema): ResourceSchema => {
    const said = (value as { '@odata.type'?: unknown } | null)?.['@odata.type'];
    const named = typeof said === 'string' ? byName.get(said.replace(/^#/, '').toLowerCase()) : undefined;
    return named && lineage(named, byFile).has(promised) ? named : promised;
  };
  return (type) => {
    const schema = byName.get(type.replace(/^#/, '').toLowerCase());
    if (schema === undefined) return undefined;
    return (value) => {
      const validate = check(isObject(value) ? derivedBy(value, schema) : schema);
      return validate(value) ? [] : faultsOf(validate.errors ?? []);
    };
  };
}

type Compiler = (schema: object) => ValidateFunction;

/** The keyword that stands in for a `$ref` here: what it names is compiled when a value comes to it. */
const TYPED = 'docwrightType';

interface Reference {
  readonly file: string;
  readonly orNull: boolean;
}

const require = createRequire(import.meta.url);

function makeCompiler(find: (file: string, value: unknown) => ValidateFunction): Compiler {
  const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  const { default: addFormats } = require('ajv-formats') as typeof import('ajv-formats');
  const ajv = new Ajv2020({ allErrors: true, strict: true });
  addFormats(ajv);
  const typed: SchemaValidateFunction = ({ file, orNull }: Reference, value: unknown, _parent, context) => {
    if (value === null && orNull) return true;
    const validate = find(file, value);
    const holds = validate(value, context);
    typed.errors = holds ? [] : [...(validate.errors ?? [])];
    return holds;
  };
  ajv.addKeyword({ keyword: TYPED, schemaType: 'object', validate: typed, errors: 'full' });
  return (schema) => ajv.compile(schema);
}

/** A schema by itself: what it inherits stands in it, and references are left to their values. */
function ownSchema(schema: ResourceSchema, byFile: ReadonlyMap<string, ResourceSchema>): object {
  const parts: Part[] = [];
  for (const { properties, required = [] } of [...lineage(schema, byFile)].reverse()) {
    for (const [name, property] of Object.entries(properties)) {
      // What two types of a line say of one property holds both ways, so it stands in parts of its own.
      const part = parts.find((each) => !each.properties.has(name)) ?? emptyPart(parts);
      part.properties.set(name, withoutReferences(property, byFile));
      if (required.includes(name)) part.required.add(name);
    }
  }
  const schemas = parts.map(({ properties, required }) => ({
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.size === 0 ? {} : { required: [...required] }),
  }));
  if (schemas.length > 1) return { type: 'object', allOf: schemas };
  return schemas[0] ?? { type: 'object' };
}

interface Part {
  readonly properties: Map<string, unknown>;
  readonly required: Set<string>;
}

function emptyPart(parts: Part[]): Part {
  const part = { properties: new Map<string, unknown>(), required: new Set<string>() };
  parts.push(part);
  return part;
}

function lineage(schema: ResourceSchema, byFile: ReadonlyMap<string, ResourceSchema>): Set<ResourceSchema> {
  const line = new Set<ResourceSchema>();
  for (let at: ResourceSchema | undefined = schema; at !== undefined && !line.has(at);) {
    line.add(at);
    const base: string | undefined = at.allOf?.[0]?.$ref;
    at = base === undefined ? undefined : byFile.get(base);
  }
  return line;
}

function withoutReferences(part: unknown, byFile: ReadonlyMap<string, ResourceSchema>): unknown {
  if (Array.isArray(part)) return part.map((each) => withoutReferences(each, byFile));
  if (!isObject(part)) return part;
  const reference = referenceIn(part);
  if (reference) return byFile.has(reference.file) ? { [TYPED]: reference } : {};
  // Not by assignment: a property may be called `__proto__`.
  return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, withoutReferences(each, byFile)]));
}

/** `{$ref}`, or `{anyOf: [{$ref}, {type: null}]}`, which would tell the faults of both. */
function referenceIn({ $ref, anyOf }: Record<string, unknown>): Reference | undefined {
  if (typeof $ref === 'string') return { file: $ref, orNull: false };
  const [first, last, more] = Array.isArray(anyOf) ? (anyOf as Record<string, unknown>[]) : [];
  const isPair = more === undefined && typeof first?.$ref === 'string' && last?.type === 'null';
  return isPair ? { file: first.$ref as string, orNull: true } : undefined;
}

/** The faults that ajv found; where none of several forms fits, that alone and not what each of them lacks. */
function faultsOf(errors: readonly ErrorObject[]): SchemaFault[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath);
  const faults = new Map<string, SchemaFault>();
  for (const error of errors) {
    const { keyword, instancePath, message = 'is not valid', params } = error;
    const isPart = choices.some((choice) => instancePath === choice || instancePath.startsWith(`${choice}/`));
    if (isPart && keyword !== 'anyOf') continue;
    const pointer =
      keyword === 'required'
        ? `${instancePath}/${pointerToken((params as { missingProperty: string }).missingProperty)}`
        : instancePath;
    faults.set(`${keyword} ${pointer}`, { pointer, keyword, reason: message, expected: expectation(params) });
  }
  return [...faults.values()];
}

function expectation(params: Readonly<Record<string, unknown>>): unknown {
  return params.type ?? params.allowedValues ?? params.format ?? params.pattern ?? params.limit;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
