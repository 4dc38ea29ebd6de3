import type { Ajv2020 as Ajv } from 'ajv/dist/2020.js';
import { createRequire } from 'node:module';
import { fits } from './fits.ts';

/** The published JSON Schemas (2020-12), by the name of what they describe. */
export type SchemaName = 'config' | 'event' | 'fixture' | 'print' | 'report' | 'scenarios';

/** One way in which a value breaks its schema. */
export interface SchemaFault {
  /** RFC 6901 pointer to the value at fault; for an unknown key to that key. */
  readonly pointer: string;
  /** What is wrong, without the place: `must be a string`. */
  readonly reason: string;
  /** A key that the schema does not know, and those it does know there. */
  readonly unknown?: { readonly key: string; readonly known: readonly string[] };
}

const require = createRequire(import.meta.url);

/** A published JSON Schema, as a plain value. */
export function schema(name: SchemaName): Readonly<Record<string, unknown>> {
  // Said from the room, so that it leads there from wherever this is bundled to, too.
  return require(`../model/schemas/${name}.schema.json`) as Record<string, unknown>;
}

/**
 * Makes the judge of a schema. Almost every value keeps it, which is seen at a glance; the validator that says why one does not is
 * loaded for that alone: start-up counts.
 */
export function validator(name: SchemaName): (value: unknown) => readonly SchemaFault[] {
  const isFine = fits(schema(name));
  let judge: ((value: unknown) => readonly SchemaFault[]) | undefined;
  return (value) => (isFine?.(value) ? [] : (judge ??= thorough(name))(value));
}

function thorough(name: SchemaName): (value: unknown) => readonly SchemaFault[] {
  const { Ajv2020 } = require('ajv/dist/2020.js') as { readonly Ajv2020: typeof Ajv };
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    verbose: true,
    // That our own schemas are schemas is tested; to look again, and to polish the code, takes longer than all judging.
    validateSchema: false,
    code: { optimize: false },
  });
  const validate = ajv.compile(schema(name));
  return (value) => {
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ keyword, instancePath, params, message, parentSchema }) => {
      if (keyword !== 'additionalProperties')
        return { pointer: instancePath, reason: wording(keyword, params, message) };
      const key = String(params.additionalProperty);
      return {
        pointer: `${instancePath}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        reason: `unknown key`,
        unknown: { key, known: Object.keys((parentSchema?.properties as object | undefined) ?? {}) },
      };
    });
  };
}

function wording(keyword: string, params: Record<string, unknown>, message = 'is not valid'): string {
  if (keyword === 'enum') return `must be one of ${(params.allowedValues as unknown[]).map(String).join(', ')}`;
  if (keyword === 'const') return `must be ${JSON.stringify(params.allowedValue)}`;
  if (keyword === 'type') return `must be ${[params.type].flat().join(' or ')}`;
  return message;
}
