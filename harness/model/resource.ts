import type { Place } from './place.ts';

/** A documented type, merged from the JSON block and the tables of its page. */
export interface Resource {
  /** Qualified name as written: `microsoft.graph.sharedInsight`. */
  readonly name: string;
  /** The page that documents it. */
  readonly page: string;
  /** Namespace in which unqualified type names of its page are looked up. */
  readonly namespace?: string;
  /** Where its annotation names it. */
  readonly place: Place;
  readonly baseType?: string;
  /** What the text of its page says it inherits from; the base type where that is documented and the annotation names none. */
  readonly saidBase?: string;
  /** The types that the text of its page lists as derived from it: it is their base type where nothing else says one. */
  readonly saidDerived?: readonly string[];
  readonly keyProperty?: string;
  readonly openType?: boolean;
  readonly abstract?: boolean;
  /** Does its annotation list what may be null? Then nothing else may. */
  readonly declaresNullable?: boolean;
  /** Is its name all that is known, since its annotation or its block cannot be read? Then nothing is judged by it. */
  readonly unread?: boolean;
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
  /** The table of the members, where there is one. */
  readonly enumeration?: readonly Member[];
  /** Do several members together make a value, parted by commas (OData CSDL 4.01, 10.1)? */
  readonly isFlags?: boolean;
  /** What the documentation says of a string in brackets: `url`. */
  readonly format?: string;
  /** Members of an object that has no type of its own, or of each item. */
  readonly properties?: readonly Property[];
  /** Which of the two sources name it. */
  readonly from: 'json' | 'table' | 'both';
  /** What the JSON block says. */
  readonly block?: Written;
  /** What the table says. */
  readonly table?: Written;
  /** The key in the JSON block, else the cell of the table. */
  readonly place: Place;
}

/** How one source writes a property: its name stands at `place`. */
export interface Written {
  readonly type?: string;
  readonly isCollection?: boolean;
  /** A short text that is no type word: `"lastShared": "sharingDetail"` may name one all the same. */
  readonly word?: string;
  /** Does it say so by the word `nullable`? Then silence about others says something, too. */
  readonly nullable?: boolean;
  /** Other types that the description names, which a value may be of as well. */
  readonly also?: readonly string[];
  /** The members that it lists of an enumeration, if it lists all of them. */
  readonly members?: readonly Member[];
  readonly place: Place;
}

/** A member of an enumeration, where it is written. */
export interface Member {
  readonly name: string;
  readonly place: Place;
}

/** A documented enumeration: the table of its members. */
export interface Enumeration {
  /** As its heading has it: `season`. */
  readonly name: string;
  readonly namespace?: string;
  readonly members: readonly { readonly name: string; readonly value?: number; readonly place: Place }[];
  readonly isFlags?: boolean;
  /** Its first member. */
  readonly place: Place;
}

/** A resource as JSON Schema 2020-12: the content of one file in `fixtures/schemas/`. */
export interface ResourceSchema {
  readonly $schema: string;
  /** The name of its file, percent-encoded where a URI asks for it; references between schemas are such names. */
  readonly $id: string;
  /** Whose file it is and which page says so; see `schemaComment`. */
  readonly $comment: string;
  /** The name of the type. */
  readonly title: string;
  readonly type: 'object';
  readonly allOf?: readonly { readonly $ref: string }[];
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  /** The type as the docs say it; see `storedDefinition`. */
  readonly $defs?: { readonly docwright: { readonly const: unknown } };
}

/** The version of the schema files; a file with another one is not ours to change or remove. */
export const SCHEMA_VERSION = 1;

/** The `$comment` of a schema that is ours. */
export function schemaComment(page: string): string {
  return `docwright resource schema, schemaVersion ${SCHEMA_VERSION}, of ${page}`;
}

/** The page that a schema of ours was written for; nothing where it is not ours. */
export function pageOfSchema(schema: unknown): string | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  const comment: unknown = (schema as { $comment?: unknown }).$comment;
  const prefix = schemaComment('');
  return typeof comment === 'string' && comment.startsWith(prefix) ? comment.slice(prefix.length) : undefined;
}

/** Finds documented types by name, in any case, and knows what they inherit. */
export interface ResourceIndex {
  find(name: string): Resource | undefined;
  /** Own and inherited properties by name; nothing where the type or one of its bases is not documented. */
  properties(name: string): ReadonlyMap<string, Property> | undefined;
  /** Does the type or one of its bases take properties beyond the documented ones? */
  isOpen(name: string): boolean;
  /** Is it the other type, or derived from it? */
  isA(name: string, other: string): boolean;
  /** What it passes on to, where somebody hears which names are asked for. */
  readonly heard?: { readonly index: ResourceIndex; readonly by: (name: string) => void };
}

/** The same index; `by` hears each name that is asked for. An answer is of that name's type and the types it is derived from. */
export function overheard(index: ResourceIndex, by: (name: string) => void): ResourceIndex {
  const asked = (name: string): string => {
    by(name);
    return name;
  };
  return {
    find: (name) => index.find(asked(name)),
    properties: (name) => index.properties(asked(name)),
    isOpen: (name) => index.isOpen(asked(name)),
    isA: (name, other) => index.isA(asked(name), other),
    heard: { index, by },
  };
}

/**
 * Every type once, by its name in lower case. Docs that part a type among several pages, each with some of its properties, mean
 * all of them together, and what not all of them show is optional.
 */
export function uniteResources(resources: readonly Resource[]): ReadonlyMap<string, Resource> {
  const byName = new Map<string, Resource[]>();
  for (const resource of resources) {
    const key = nameKey(resource.name);
    const known = byName.get(key);
    if (known) known.push(resource);
    else byName.set(key, [resource]);
  }
  return new Map([...byName].map(([key, same]) => [key, same.length === 1 ? same[0]! : united(same)]));
}

function united(same: readonly Resource[]): Resource {
  const properties = new Map<string, { property: Property; count: number }>();
  for (const property of same.flatMap((resource) => resource.properties)) {
    const known = properties.get(property.name);
    if (known) known.count++;
    else properties.set(property.name, { property, count: 1 });
  }
  // What one page leaves unsaid another may say.
  const said = <K extends 'baseType' | 'keyProperty' | 'openType' | 'abstract'>(key: K): Pick<Resource, K> | object => {
    const value = same.find((resource) => resource[key] !== undefined)?.[key];
    return value === undefined ? {} : { [key]: value };
  };
  return {
    ...same[0]!,
    ...said('baseType'),
    ...said('keyProperty'),
    ...said('openType'),
    ...said('abstract'),
    properties: [...properties.values()].map(({ property, count }) =>
      count < same.length ? { ...property, optional: true } : property,
    ),
  };
}

/** An index over the resources of a docset. A cycle of base types ends where it closes. */
export function indexResources(resources: readonly Resource[]): ResourceIndex {
  let index = INDEXES.get(resources);
  if (index === undefined) {
    const byName = uniteResources(resources);
    INDEXES.set(resources, (index = indexBy((name) => byName.get(nameKey(name)))));
  }
  return index;
}

/** The same list is indexed once, however often it is asked for. */
const INDEXES = new WeakMap<readonly Resource[], ResourceIndex>();

/** An index over types that are looked up. */
export function indexBy(find: ResourceIndex['find']): ResourceIndex {
  const lineage = (name: string): { line: Set<Resource>; whole: boolean } => {
    const line = new Set<Resource>();
    for (let at: string | undefined = name; at !== undefined;) {
      const resource: Resource | undefined = find(at);
      if (resource === undefined) return { line, whole: false };
      if (line.has(resource)) break;
      line.add(resource);
      if (resource.unread) return { line, whole: false };
      at = resource.baseType;
    }
    return { line, whole: true };
  };
  const known = new Map<string, ReadonlyMap<string, Property> | undefined>();
  return {
    find,
    isOpen: (name) => {
      const { line, whole } = lineage(name);
      return whole && [...line].some(({ openType }) => openType);
    },
    isA: (name, other) => {
      const wanted = find(other);
      return nameKey(name) === nameKey(other) || (wanted !== undefined && lineage(name).line.has(wanted));
    },
    properties: (name) => {
      const key = nameKey(name);
      if (!known.has(key)) {
        const { line, whole } = lineage(name);
        const inherited = [...line].reverse().flatMap(({ properties }) => properties);
        known.set(key, whole ? new Map(inherited.map((property) => [property.name, property])) : undefined);
      }
      return known.get(key);
    },
  };
}

/** A name as types are told apart by it: without `#`, in lower case. */
export function nameKey(name: string): string {
  return name.replace(/^#/, '').toLowerCase();
}
