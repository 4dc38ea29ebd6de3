import type { Property, Resource, ResourceIndex } from '../model/resource.ts';
import { jsonTypeOf, primitive } from '../model/type.ts';
import type { JsonType } from './difference.ts';
import { FORMATS } from './formats.ts';
import { isUntyped } from './odata.ts';

/** What comparison needs to know of a documented type. */
export interface TypeFacts {
  /** The JSON type of its values; nothing where that is not known. */
  readonly json: JsonType | undefined;
  readonly isInteger: boolean;
  /** The least and the greatest of its numbers, as far as a double can tell. */
  readonly range: readonly [least: number, greatest: number] | undefined;
  readonly format: { readonly is: (text: string) => boolean; readonly as: string } | undefined;
  /** The name of the resource as its page spells it. */
  readonly name: string | undefined;
  /** Is it a documented resource? */
  readonly isResource: boolean;
  readonly isOpen: boolean;
  /** Own and inherited properties; nothing where the type or a base of it is not documented. */
  readonly properties: ReadonlyMap<string, Property> | undefined;
  /** Properties that are never null: the key, and where an annotation lists what may be null, all others. */
  readonly neverNull: ReadonlySet<string>;
  /** Do its docs say of anything that it may be null? Where they never do, they mean nothing by it. */
  readonly saysNull: boolean;
  /** Is it the other type, or derived from it? Names in any case. */
  isKindOf(base: string): boolean;
}

/** Facts of types by name, each found out once. */
export type TypeLookup = (name: string) => TypeFacts;

/** The types of a docset; kept as long as its index is. */
export function typesOf(resources: ResourceIndex): TypeLookup {
  const { heard } = resources;
  if (heard !== undefined) {
    const lookup = typesOf(heard.index);
    return (name) => {
      heard.by(name);
      return lookup(name);
    };
  }
  let lookup = lookups.get(resources);
  if (lookup === undefined) lookups.set(resources, (lookup = lookupIn(resources)));
  return lookup;
}

const lookups = new WeakMap<ResourceIndex, TypeLookup>();

function lookupIn(resources: ResourceIndex): TypeLookup {
  const known = new Map<string, TypeFacts>();
  return (name) => {
    let facts = known.get(name);
    if (facts === undefined) {
      facts = factsOf(resources, name);
      // Names come from answers too: what nobody documents is not worth keeping without end.
      if (known.size < MOST_KEPT) known.set(name, facts);
    }
    return facts;
  };
}

const MOST_KEPT = 20_000;

function factsOf(resources: ResourceIndex, name: string): TypeFacts {
  const plain = primitive(name);
  const resource = resources.find(name);
  const properties = isUntyped(name) ? undefined : resources.properties(name);
  return {
    json: isUntyped(name) ? undefined : (jsonTypeOf(name) ?? (resource ? 'object' : undefined)),
    isInteger: plain !== undefined && /^(Int|SByte|Byte)/.test(plain),
    range: plain === undefined ? undefined : RANGES[plain],
    format: plain === undefined ? undefined : FORMATS[plain],
    name: resource?.name,
    isResource: resource !== undefined && !isUntyped(name),
    // A type that documents no property at all says nothing of what its objects hold.
    isOpen: isUntyped(name) || properties?.size === 0 || (resource !== undefined && resources.isOpen(name)),
    properties,
    neverNull: resource === undefined ? NONE : neverNull(resources, name),
    saysNull: resource !== undefined && saysNull(resources, name),
    isKindOf: (base) => resources.isA(name, base),
  };
}

/** OData CSDL 4.01, 3.3. */
const RANGES: Readonly<Record<string, TypeFacts['range']>> = {
  Byte: [0, 255],
  SByte: [-128, 127],
  Int16: [-(2 ** 15), 2 ** 15 - 1],
  Int32: [-(2 ** 31), 2 ** 31 - 1],
  Int64: [-(2 ** 63), 2 ** 63],
};

const NONE: ReadonlySet<string> = new Set();

function saysNull(resources: ResourceIndex, type: string): boolean {
  return lineOf(resources, type).some(
    ({ declaresNullable, properties }) =>
      // A relationship is nullable in most docs whatever they say of properties.
      declaresNullable === true || properties.some(({ table, navigation }) => table?.nullable && !navigation),
  );
}

function neverNull(resources: ResourceIndex, type: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { declaresNullable, keyProperty, properties } of lineOf(resources, type))
    for (const { name, nullable } of properties)
      if (!nullable && (declaresNullable || name === keyProperty)) names.add(name);
  return names;
}

/** A type and its bases. A cycle of base types ends where it closes. */
function lineOf(resources: ResourceIndex, type: string): readonly Resource[] {
  const line = new Set<Resource>();
  for (let at = resources.find(type); at !== undefined && !line.has(at);) {
    line.add(at);
    at = at.baseType === undefined ? undefined : resources.find(at.baseType);
  }
  return [...line];
}
