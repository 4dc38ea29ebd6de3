import type { PromisedResponse } from '../model/fixture.ts';
import { isJsonType, headerValue, type ResponseMessage } from '../model/http.ts';
import type { Property, Resource, ResourceIndex } from '../model/resource.ts';
import type { SeenType } from '../model/report.ts';

/** Counts, answer by answer, which documented properties came. */
export interface Sightings {
  /** Looks at an answer and the response that it was judged by. */
  look(by: PromisedResponse, actual: ResponseMessage): void;
  /** Every documented type with its own and inherited properties, by name. */
  all(): readonly SeenType[];
}

/** Nothing seen yet. */
export function sightings(resources: ResourceIndex, documented: readonly Resource[]): Sightings {
  const types = new Map<string, Counts>();
  const countsOf = (name: string): Counts | undefined => {
    const resource = resources.find(name);
    const properties = resource && resources.properties(name);
    if (resource === undefined || properties === undefined) return undefined;
    let counts = types.get(resource.name);
    if (counts === undefined)
      types.set(resource.name, (counts = { resource, properties, objects: 0, seen: new Map() }));
    return counts;
  };

  function walk(type: string, value: unknown, depth: number): void {
    if (depth > DEEPEST || typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) walk(type, item, depth + 1);
      return;
    }
    const object = value as Readonly<Record<string, unknown>>;
    const said = Object.hasOwn(object, '@odata.type') ? object['@odata.type'] : undefined;
    // An answer may say that it is of a derived type; of no other.
    const own = typeof said === 'string' ? said.replace(/^#/, '') : type;
    const counts = countsOf(resources.isA(own, type) ? own : type);
    if (counts === undefined) return;
    counts.objects++;
    for (const [name, property] of counts.properties) {
      if (!Object.hasOwn(object, name)) continue;
      counts.seen.set(name, (counts.seen.get(name) ?? 0) + 1);
      if (property.type !== undefined) walk(property.type, object[name], depth + 1);
    }
  }

  return {
    look({ type, isCollection, collectionProperty = 'value' }, actual) {
      if (type === undefined || !isJsonType(headerValue(actual.headers, 'content-type') ?? 'application/json')) return;
      const body = parsed(actual.body);
      const items = isCollection && typeof body === 'object' && body !== null && !Array.isArray(body);
      if (!items) return walk(type, body, 0);
      if (Object.hasOwn(body, collectionProperty))
        walk(type, (body as Readonly<Record<string, unknown>>)[collectionProperty], 0);
    },
    all() {
      for (const { name } of documented) countsOf(name);
      return [...types.values()]
        .map(({ resource, properties, objects, seen }) => ({
          name: resource.name,
          page: resource.page,
          objects,
          properties: [...properties].map(([name, { navigation }]) => ({
            name,
            seen: seen.get(name) ?? 0,
            ...(navigation ? { isRelationship: true } : {}),
          })),
        }))
        .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    },
  };
}

interface Counts {
  readonly resource: Resource;
  readonly properties: ReadonlyMap<string, Property>;
  objects: number;
  readonly seen: Map<string, number>;
}

/** No documented type is nested deeper, and no stack should depend on an answer. */
const DEEPEST = 100;

/** Longer answers are not looked at: what they hold shows in shorter ones, too. */
const LONGEST = 2_000_000;

function parsed(body: Uint8Array): unknown {
  if (body.length === 0 || body.length > LONGEST) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
