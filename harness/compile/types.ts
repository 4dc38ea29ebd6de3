import type { DocsetTypes, FixtureFile, TypeStamp } from '../model/docset.ts';
import { finding, type Finding } from '../model/finding.ts';
import { hashOf } from '../model/hash.ts';
import { nameKey, pageOfSchema, uniteResources, type Resource, type ResourceSchema } from '../model/resource.ts';
import { storedResource } from '../model/stored-resource.ts';
import type { ReadingCache } from './cached.ts';
import { once } from '../model/once.ts';
import type { KnownPage } from './known.ts';
import { judgeResources, resolveResources } from './resources/resolve.ts';
import { resourceSchemas } from './resources/schemas.ts';

/** What the pages say of types, all of them together; made only when somebody looks at it. */
export interface Types {
  readonly resources: () => readonly Resource[];
  readonly schemas: () => ReadonlyMap<string, ResourceSchema>;
  /** The files of the schemas. */
  readonly files: () => ReadonlyMap<string, FixtureFile>;
  readonly findings: readonly Finding[];
  /** The types one by one, where all pages have stamps. */
  readonly oneByOne?: DocsetTypes;
}

/** Joins the types of all pages; `fixtures` are the paths that are taken. Where no page that speaks of types has changed, all lies in the cache. */
export function joinTypes(pages: readonly KnownPage[], fixtures: Iterable<string>, cache?: ReadingCache): Types {
  const resources = once(() => resourcesOf(pages));
  const taken = [...fixtures].filter((path) => /^schemas\//i.test(path));
  const stamps = pages.map((page) => page.stamps?.types);
  // A page that was not kept has no stamps.
  if (cache === undefined || stamps.includes(undefined)) return madeTypes(resources, taken);
  const key = hashOf(JSON.stringify([stamps.filter((stamp) => stamp !== ''), taken]));
  return keptTypes(resources, taken, key, cache) ?? freshTypes(resources, taken, key, cache);
}

/** What is kept of all types, its first line; the schema of each lies under its stamp. */
interface Head {
  readonly documented: DocsetTypes['documented'];
  readonly stamps: readonly (readonly [key: string, stamp: TypeStamp])[];
  readonly bases: readonly string[];
  /** Those of which no more is known than the name. */
  readonly unread: readonly (readonly [key: string, resource: Resource])[];
}

/** The second line, which who looks at a few pages does not ask for. */
interface Rest {
  readonly files: readonly (readonly [path: string, file: FixtureFile])[];
  readonly findings: readonly Finding[];
}

/** The types of a cache, one by one; of a schema that is damaged since, `united` tells. */
export function keptOneByOne(
  key: string,
  cache: ReadingCache,
  united: () => ReadonlyMap<string, Resource>,
): DocsetTypes | undefined {
  const line = cache.lines(`types ${key}`);
  if (line === undefined) return undefined;
  const { documented, stamps, bases, unread } = JSON.parse(line(0)) as Head;
  const byName = new Map(stamps);
  const known = new Map<string, Resource | undefined>(unread);
  const find = (name: string): Resource | undefined => {
    const at = nameKey(name);
    const stamp = byName.get(at)?.stamp;
    if (!known.has(at) && stamp !== undefined)
      known.set(at, storedResource(schemaIn(cache, stamp)) ?? united().get(at));
    return known.get(at);
  };
  return { key, documented, stamps: byName, bases: new Set(bases), find };
}

function schemaIn(cache: ReadingCache, stamp: string): ResourceSchema | undefined {
  const text = cache.lines(schemaKey(stamp))?.(0);
  return text === undefined ? undefined : (JSON.parse(text) as ResourceSchema);
}

function keptTypes(
  resources: () => readonly Resource[],
  taken: readonly string[],
  key: string,
  cache: ReadingCache,
): Types | undefined {
  const united = once(() => uniteResources(resources()));
  const oneByOne = keptOneByOne(key, cache, united);
  if (oneByOne === undefined) return undefined;
  const { files, findings } = JSON.parse(cache.lines(`types ${key}`)!(1)) as Rest;
  if (!files.every(([, { stamp }]) => cache.keep(schemaKey(stamp!)))) return undefined;
  const schemas = once(() => {
    const kept = files.map(([path, { stamp }]) => [path, schemaIn(cache, stamp!)] as const);
    // What was damaged since is made anew.
    return kept.every((each): each is [string, ResourceSchema] => each[1] !== undefined)
      ? new Map(kept)
      : schemasOf(resources(), taken);
  });
  return { resources, schemas, files: () => new Map(files), findings, oneByOne };
}

function freshTypes(
  resources: () => readonly Resource[],
  taken: readonly string[],
  key: string,
  cache: ReadingCache,
): Types {
  const { schemas, findings } = madeTypes(resources, taken);
  const united = uniteResources(resources());
  const texts = [...schemas()].map(([path, schema]) => {
    const text = JSON.stringify(schema);
    return { path, schema, text, stamp: hashOf(text) };
  });
  for (const { text, stamp } of texts) cache.set(schemaKey(stamp), text);
  const ofSchema = new Map(texts.map(({ schema, stamp }) => [nameKey(schema.title), stamp]));
  const stamps = [...united].map(([at, { baseType }]) => {
    const base = baseType === undefined ? {} : { base: nameKey(baseType) };
    return [at, { stamp: ofSchema.get(at) ?? 'unread', ...base }] as const;
  });
  const rest: Rest = {
    files: texts.map(({ path, schema, stamp }) => [path, { page: pageOfSchema(schema)!, stamp }]),
    findings,
  };
  const head: Head = {
    documented: resources().map(({ name, page }) => [name, page]),
    stamps,
    bases: [...new Set(resources().flatMap(({ baseType }) => baseType?.toLowerCase() ?? []))],
    unread: [...united].filter(([, { unread }]) => unread),
  };
  cache.set(`types ${key}`, [head, rest].map((each) => JSON.stringify(each)).join('\n'));
  const oneByOne = {
    key,
    documented: head.documented,
    stamps: new Map(stamps),
    bases: new Set(head.bases),
    find: (name: string) => united.get(nameKey(name)),
  };
  return { resources, schemas, files: () => new Map(rest.files), findings, oneByOne };
}

/** Does a key of a cache lead to something of all types, and not of a page? */
export function isOfTypes(key: string): boolean {
  return /^(?:types|schema) /.test(key);
}

function schemaKey(stamp: string): string {
  return `schema ${stamp}`;
}

function madeTypes(resources: () => readonly Resource[], taken: readonly string[]): Types {
  const schemas = once(() => schemasOf(resources(), taken));
  const findings = judgeResources(resources()).map((fact) => finding(fact));
  return {
    resources,
    schemas,
    files: () => new Map([...schemas()].map(([path, schema]) => [path, { page: pageOfSchema(schema)! }])),
    findings,
  };
}

function schemasOf(resources: readonly Resource[], taken: Iterable<string>): ReadonlyMap<string, ResourceSchema> {
  return resourceSchemas(
    resources.filter(({ unread }) => !unread),
    taken,
  );
}

function resourcesOf(pages: readonly KnownPage[]): readonly Resource[] {
  return resolveResources(
    readOnes(pages.flatMap(({ resources }) => resources)),
    pages.flatMap(({ file, enums }) => enums.map((enumeration) => ({ page: file, enumeration }))),
  );
}

/** A type that cannot be read counts only where no other page documents it. */
function readOnes(resources: readonly Resource[]): Resource[] {
  const read = new Set(resources.flatMap(({ name, unread }) => (unread ? [] : [name.toLowerCase()])));
  return resources.filter(({ name, unread }) => !unread || !read.has(name.toLowerCase()));
}
