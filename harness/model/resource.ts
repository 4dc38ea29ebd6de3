import type { Place } from './place.ts';

/** A documented type, merged from the JSON blocks and tables of its page. */
export interface Resource {
  /** Qualified name as written: `microsoft.graph.sharedInsight`. */
  readonly name: string;
  /** Where its annotation names it. */
  readonly place: Place;
  readonly baseType?: string;
  readonly keyProperty?: string;
  readonly openType?: boolean;
  readonly abstract?: boolean;
  readonly properties: readonly Property[];
}

/** A documented property of a resource. */
export interface Property {
  readonly name: string;
  /** Type as documented, without link and `Collection()`: `String`, `microsoft.graph.identity`; absent where nothing names it. */
  readonly type?: string;
  readonly isCollection?: boolean;
  readonly optional?: boolean;
  readonly nullable?: boolean;
  /** A relationship: in an answer only when expanded. */
  readonly navigation?: boolean;
  /** Members of an enumeration, where documented. */
  readonly values?: readonly string[];
  readonly place: Place;
}

/** Finds documented types by name, in any case, and knows what they inherit. */
export interface ResourceIndex {
  find(name: string): Resource | undefined;
  /** Own and inherited properties by name; nothing where the type or one of its bases is not documented. */
  properties(name: string): ReadonlyMap<string, Property> | undefined;
  /** Does the type or one of its bases take properties beyond the documented ones? */
  isOpen(name: string): boolean;
}

/** An index over the resources of a docset; the first of several with one name counts. A cycle of base types ends where it closes. */
export function indexResources(resources: readonly Resource[]): ResourceIndex {
  const byName = new Map<string, Resource>();
  for (const resource of resources) {
    const key = resource.name.toLowerCase();
    if (!byName.has(key)) byName.set(key, resource);
  }
  const find = (name: string): Resource | undefined => byName.get(name.replace(/^#/, '').toLowerCase());
  const lineage = (name: string): Resource[] | undefined => {
    const line: Resource[] = [];
    for (let at: string | undefined = name; at !== undefined;) {
      const resource: Resource | undefined = find(at);
      if (resource === undefined) return undefined;
      if (line.includes(resource)) break;
      line.push(resource);
      at = resource.baseType;
    }
    return line;
  };
  const known = new Map<string, ReadonlyMap<string, Property> | undefined>();
  return {
    find,
    isOpen: (name) => lineage(name)?.some(({ openType }) => openType) ?? false,
    properties: (name) => {
      const key = name.toLowerCase();
      if (!known.has(key)) {
        const line = lineage(name);
        known.set(
          key,
          line &&
            new Map(
              line
                .toReversed()
                .flatMap(({ properties }) => properties.map((property) => [property.name, property] as const)),
            ),
        );
      }
      return known.get(key);
    },
  };
}
