import { pageOfSchema, type Resource, type ResourceSchema } from './resource.ts';

/**
 * Where a schema of ours holds the type as the docs say it: what a validator has no words for is needed to judge an answer as the
 * docs do. A definition that nothing refers to, which every validator passes over.
 */
export function storedDefinition(resource: Resource): NonNullable<ResourceSchema['$defs']> {
  return { docwright: { const: withoutPlaces(resource) } };
}

function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (typeof value !== 'object' || value === null) return value;
  const kept: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value))
    if (key !== 'place' && each !== undefined) kept[key] = withoutPlaces(each);
  return kept;
}

/** The type that a schema of ours was written for; nothing where it is not ours, or from before it held the type. */
export function storedResource(schema: unknown): Resource | undefined {
  const page = pageOfSchema(schema);
  const held = (schema as Partial<ResourceSchema> | undefined)?.$defs?.docwright?.const;
  if (page === undefined || typeof held !== 'object' || held === null) return undefined;
  const { name, properties } = held as Partial<Resource>;
  if (typeof name !== 'string' || !Array.isArray(properties)) return undefined;
  const start = { line: 1, column: 1 };
  // Lines are those of the docs of that day: whoever asks for the place of a type reads the docs.
  return placed(held, { file: page, position: { start, end: start } }) as Resource;
}

function placed(value: unknown, place: Resource['place']): unknown {
  if (Array.isArray(value)) return value.map((item) => placed(item, place));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, placed(member, place)] as const);
  return { ...Object.fromEntries(members), place };
}
