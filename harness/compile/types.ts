import type { FixtureFile } from '../model/docset.ts';
import { finding, type Finding } from '../model/finding.ts';
import { hashOf } from '../model/hash.ts';
import { pageOfSchema, type Resource, type ResourceSchema } from '../model/resource.ts';
import type { ReadingCache } from './cached.ts';
import { once, type KnownPage } from './known.ts';
import { judgeResources, resolveResources } from './resources/resolve.ts';
import { resourceSchemas } from './resources/schemas.ts';

/** What the pages say of types, all of them together; made only when somebody looks at it. */
export interface Types {
  readonly resources: () => readonly Resource[];
  readonly schemas: () => ReadonlyMap<string, ResourceSchema>;
  /** The files of the schemas. */
  readonly files: ReadonlyMap<string, FixtureFile>;
  readonly findings: readonly Finding[];
}

/** Joins the types of all pages; `fixtures` are the paths that are taken. Where no page that speaks of types has changed, all lies in the cache. */
export function joinTypes(pages: readonly KnownPage[], fixtures: Iterable<string>, cache?: ReadingCache): Types {
  const resources = once(() => resourcesOf(pages));
  const taken = [...fixtures].filter((path) => /^schemas\//i.test(path));
  const stamps = pages.map((page) => page.stamps?.types);
  // A page that was not kept has no stamps.
  if (cache === undefined || stamps.includes(undefined)) return freshTypes(resources, taken, () => undefined);
  const key = `types ${hashOf(JSON.stringify([stamps.filter((stamp) => stamp !== ''), taken]))}`;
  const line = cache.lines(key);
  if (line === undefined) return freshTypes(resources, taken, (text) => cache.set(key, text));
  const { files, findings } = JSON.parse(line(0)) as Head;
  const schemas = once(() => new Map(JSON.parse(line(1)) as [string, ResourceSchema][]));
  return { resources, schemas, files: new Map(files), findings };
}

/** The first line of what is kept; the second are the schemas. */
interface Head {
  readonly files: readonly (readonly [path: string, file: FixtureFile])[];
  readonly findings: readonly Finding[];
}

function freshTypes(
  resources: () => readonly Resource[],
  taken: readonly string[],
  keep: (text: string) => void,
): Types {
  const schemas = resourceSchemas(
    resources().filter(({ unread }) => !unread),
    taken,
  );
  const findings = judgeResources(resources()).map((fact) => finding(fact));
  const files = [...schemas].map(([path, schema]) => {
    const stamp = hashOf(JSON.stringify(schema));
    return [path, { page: pageOfSchema(schema)!, stamp }] as const;
  });
  keep([{ files, findings } satisfies Head, [...schemas]].map((line) => JSON.stringify(line)).join('\n'));
  return { resources, schemas: () => schemas, files: new Map(files), findings };
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
