import { compareText, type Fact } from '../../model/finding.ts';
import type { Place } from '../../model/place.ts';
import type { Enumeration, Property, Resource, Written } from '../../model/resource.ts';
import { primitive } from '../../model/type.ts';

/**
 * Finds what the type names of all pages mean: documented resources and enumerations in any case, unqualified names in the
 * namespace of their page and those around it. Every name that is found gets the spelling of the one who documents it.
 */
export function resolveResources(
  resources: readonly Resource[],
  enumerations: readonly { readonly page: string; readonly enumeration: Enumeration }[],
): Resource[] {
  const lookUp = index(
    resources,
    enumerations.map(({ enumeration }) => enumeration),
  );
  const onPage = new Map<string, Map<string, Enumeration>>();
  for (const { page, enumeration } of enumerations) {
    const known = onPage.get(page) ?? new Map<string, Enumeration>();
    onPage.set(page, known.set(enumeration.name.toLowerCase(), enumeration));
  }
  const bases = basesByDerived(resources, lookUp);
  return resources.map((resource) => {
    const { namespace, baseType, saidBase, saidDerived: _derived, ...rest } = resource;
    const resolution: Resolution = {
      find: (name) => lookUp(name, namespace),
      nearby: (name) => onPage.get(rest.page)?.get(name.toLowerCase()),
    };
    // What the text says counts only where it is plain what is meant.
    const said = saidBase === undefined ? undefined : lookUp(saidBase, namespace)?.name;
    const named = (said === rest.name ? undefined : said) ?? bases.get(rest.name.toLowerCase());
    const base = baseType === undefined ? named : (lookUp(baseType, namespace)?.name ?? baseType);
    return {
      ...rest,
      ...(namespace === undefined ? {} : { namespace }),
      ...(base === undefined ? {} : { baseType: base }),
      properties: resource.properties.map((property) => resolve(property, resolution)),
    };
  });
}

/** The base type of each type that a page lists as derived from its own, by its name in lower case. */
function basesByDerived(
  resources: readonly Resource[],
  lookUp: (name: string, namespace: string | undefined) => Meaning | undefined,
): ReadonlyMap<string, string> {
  const bases = new Map<string, string>();
  for (const { name: base, namespace, saidDerived = [] } of resources)
    for (const written of saidDerived) {
      const key = lookUp(written, namespace)?.name.toLowerCase();
      if (key !== undefined && key !== base.toLowerCase() && !bases.has(key)) bases.set(key, base);
    }
  return bases;
}

/** Names of the types at which a cycle of base types is cut, in lower case: in each cycle the first in code-unit order. */
export function baseCycles(resources: readonly Resource[]): ReadonlySet<string> {
  const bases = new Map<string, string | undefined>();
  for (const { name, baseType } of resources) {
    const key = name.toLowerCase();
    if (!bases.has(key)) bases.set(key, baseType?.toLowerCase());
  }
  const cuts = new Set<string>();
  const done = new Set<string>();
  for (const start of bases.keys()) {
    const path = new Set<string>();
    let at: string | undefined = start;
    for (; at !== undefined && bases.has(at) && !done.has(at) && !path.has(at); at = bases.get(at)) path.add(at);
    if (at !== undefined && path.has(at)) {
      const cycle = [...path].slice([...path].indexOf(at));
      cuts.add(cycle.sort(compareText)[0]!);
    }
    for (const name of path) done.add(name);
  }
  return cuts;
}

/** A warning for each resource whose name another one has already, and for each cycle of base types, at the type where it is cut. */
export function judgeResources(resources: readonly Resource[]): Fact[] {
  const cuts = baseCycles(resources);
  const first = new Map<string, Resource>();
  return resources.flatMap((resource): Fact[] => {
    const { name, baseType, place } = resource;
    if (resource.unread) return [];
    const key = name.toLowerCase();
    const known = first.get(key);
    if (known) return isSame(known.place, place) ? [] : [twice(resource, known)];
    first.set(key, resource);
    if (!cuts.has(key)) return [];
    return [
      {
        ruleId: 'resource/base-cycle',
        reason: `Unexpected base type \`${baseType}\` of \`${name}\`, which is derived from it`,
        place,
        subject: key,
        note: 'Mend the `baseType`; until then nothing is inherited here.',
      },
    ];
  });
}

function isSame(a: Place, b: Place): boolean {
  return a.file === b.file && a.position.start.line === b.position.start.line;
}

function twice({ name, place }: Resource, { place: { file, position } }: Resource): Fact {
  return {
    ruleId: 'resource/duplicate',
    reason: `Unexpected second resource \`${name}\`, documented first at ${file}:${position.start.line}`,
    place,
    subject: name.toLowerCase(),
    group: `resource/duplicate ${name.toLowerCase()}`,
    note: 'Document the type on one page; until then its properties are those of all, and what not all show is optional.',
  };
}

/** What a type name means: the spelling of whoever documents it, and the enumeration that it is. */
interface Meaning {
  readonly name: string;
  readonly enumeration?: Enumeration;
}

interface Resolution {
  find(name: string): Meaning | undefined;
  /** An enumeration on the same page. */
  nearby(name: string): Enumeration | undefined;
}

function index(
  resources: readonly Resource[],
  enumerations: readonly Enumeration[],
): (name: string, namespace: string | undefined) => Meaning | undefined {
  const known = new Map<string, Meaning>();
  const add = (meaning: Meaning): void => {
    const key = meaning.name.toLowerCase();
    if (!known.has(key)) known.set(key, meaning);
  };
  for (const { name } of resources) add({ name });
  for (const enumeration of enumerations) {
    const { namespace, name } = enumeration;
    add({ name: namespace === undefined || name.includes('.') ? name : `${namespace}.${name}`, enumeration });
  }
  return (name, namespace) => {
    const key = name.toLowerCase();
    const direct = known.get(key);
    if (direct) return direct;
    for (let around = namespace?.toLowerCase(); around !== undefined && around !== ''; around = outer(around)) {
      const found = known.get(`${around}.${key}`);
      if (found) return found;
    }
    return undefined;
  };
}

function outer(namespace: string): string | undefined {
  const dot = namespace.lastIndexOf('.');
  return dot < 0 ? undefined : namespace.slice(0, dot);
}

function resolve(property: Property, resolution: Resolution): Property {
  const block = property.block && named(property.block, resolution);
  const table = property.table && named(property.table, resolution);
  const says = chosen(block, table, resolution);
  const {
    type: _type,
    isCollection: _list,
    values: _values,
    isFlags: _flags,
    enumeration: _members,
    ...rest
  } = property;
  const meaning = says?.type === undefined ? undefined : resolution.find(says.type);
  const isText = says?.type === undefined || primitive(says.type) === 'String' || meaning === undefined;
  const enumeration =
    meaning?.enumeration ??
    (isText && property.properties === undefined ? resolution.nearby(property.name) : undefined);
  const told = [...(property.values ?? []), ...(enumeration?.members.map(({ name }) => name) ?? [])];
  // A description counts where nothing else tells, and what has the type of a resource is no word.
  const described = isText && meaning === undefined ? (property.table?.members ?? []).map(({ name }) => name) : [];
  const values = [...new Set(told.length > 0 ? told : described)];
  return {
    ...rest,
    ...(says?.type === undefined ? {} : { type: says.type }),
    ...(says?.isCollection ? { isCollection: true } : {}),
    ...(values.length === 0 ? {} : { values }),
    ...(enumeration === undefined ? {} : { enumeration: enumeration.members }),
    ...(enumeration?.isFlags ? { isFlags: true } : {}),
    ...(property.properties === undefined
      ? {}
      : { properties: property.properties.map((each) => resolve(each, resolution)) }),
    ...(block === undefined ? {} : { block }),
    ...(table === undefined ? {} : { table }),
  };
}

function named({ also, ...written }: Written, { find }: Resolution): Written {
  const proper = written.type === undefined ? undefined : find(written.type)?.name;
  // Of the words of a description only those count that name a resource, other than the type itself.
  const others = (also ?? []).flatMap((word) => {
    const meaning = find(word);
    return meaning === undefined || meaning.enumeration || meaning.name === proper ? [] : meaning.name;
  });
  return {
    ...written,
    ...(proper === undefined ? {} : { type: proper }),
    ...(others.length === 0 ? {} : { also: others }),
  };
}

/** The table says more than an example, unless only the example names something that is known. */
function chosen(block: Written | undefined, table: Written | undefined, { find }: Resolution): Written | undefined {
  if (table?.type === undefined || block?.type === undefined)
    return table?.type === undefined ? (block ?? table) : table;
  const isKnown = (type: string): boolean =>
    find(type) !== undefined || type.split('|').every((part) => primitive(part) !== undefined);
  return !isKnown(table.type) && isKnown(block.type) ? block : table;
}
