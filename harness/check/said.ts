import { distance } from 'fastest-levenshtein';
import type { Page, TypeUse } from '../model/docset.ts';
import type { PagedExchange } from '../model/fixture.ts';
import { urlParts } from '../model/url.ts';

/** What a page says that rules ask of all pages together: plain data, so that it can lie in a cache. */
export interface Said {
  /** Hosts that documented forms are called on; `null` stands for none. */
  readonly origins: readonly (string | null)[];
  /** The host of each request that names one. */
  readonly hosts: readonly string[];
  /** Does it tell of permissions? */
  readonly permissions: boolean;
  /** Files that it includes. */
  readonly includes: readonly string[];
  /** Base types that its annotations name. */
  readonly bases: readonly TypeUse[];
  /** All types that its annotations name. */
  readonly types: readonly string[];
  /** Names of the enumerations that its tables list. */
  readonly enums: readonly string[];
  /** Other files that blocks of it are written in. */
  readonly foreign: readonly string[];
}

/** What all pages together say. */
export interface SaidTogether {
  /** What each of them says, in their order. */
  readonly said: readonly Said[];
  readonly origins: ReadonlySet<string | undefined>;
  /** Hosts met once or twice that are nearly one that many examples call, and that one. */
  readonly meantHosts: ReadonlyMap<string, string>;
  readonly tellsPermissions: boolean;
  readonly included: ReadonlySet<string>;
}

/** What one page says; `exchanges` are its own. */
export function saidOn(page: Page, exchanges: readonly PagedExchange[]): Said {
  const { types, includes, tables, sections } = page;
  return {
    origins: unique(
      exchanges.flatMap(({ request }) => (request.template ? [urlParts(request.url).origin ?? null] : [])),
    ),
    hosts: exchanges.flatMap(({ request }) => hostOf(request.url) ?? []),
    permissions: sections.some(({ kind }) => kind === 'permissions'),
    includes: unique(includes),
    bases: types.filter(({ as }) => as === 'baseType'),
    types: types.map(({ type }) => type),
    enums: tables.enums.map(({ name }) => name),
    foreign: unique(foreignFiles(page, exchanges)),
  };
}

/** What all of them say together. */
export function saidTogether(all: readonly Said[]): SaidTogether {
  const origins = new Set<string | undefined>();
  const hosts = new Map<string, number>();
  const included = new Set<string>();
  let tellsPermissions = false;
  for (const said of all) {
    for (const origin of said.origins) origins.add(origin ?? undefined);
    for (const host of said.hosts) hosts.set(host, (hosts.get(host) ?? 0) + 1);
    for (const file of said.includes) included.add(file);
    tellsPermissions ||= said.permissions;
  }
  return { said: all, origins, meantHosts: meantHosts(hosts), tellsPermissions, included };
}

/** The host of a URL, in lower case. */
export function hostOf(url: string): string | undefined {
  return /^https?:\/\/([\w.-]+)/i.exec(url)?.[1]?.toLowerCase();
}

/** What stands before the last part of a type name, in lower case. */
export function namespaceOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('.'))).toLowerCase();
}

/** Hosts met once or twice that are nearly one that many examples call. */
function meantHosts(hosts: ReadonlyMap<string, number>): ReadonlyMap<string, string> {
  const many = [...hosts].filter(([, count]) => count >= 4).map(([host]) => host);
  const found = new Map<string, string>();
  let tried = 0;
  for (const [host, count] of hosts) {
    if (count > 2 || ++tried > MOST_TRIED) continue;
    const near = many.find(
      (each) => each !== host && Math.abs(each.length - host.length) <= 2 && distance(each, host) <= 2,
    );
    // `api1.example.com` beside `api2.example.com` is another host.
    if (near !== undefined && near.replace(/\d+/g, '') !== host.replace(/\d+/g, '')) found.set(host, near);
  }
  return found;
}

/** Hosts are compared one by one only where they are few. */
const MOST_TRIED = 200;

/** Pages that show blocks of the same file say the same of it: they are to be judged together. */
function* foreignFiles(
  { file, annotated, unannotated, examples }: Page,
  exchanges: readonly PagedExchange[],
): Generator<string> {
  for (const { request, responses } of exchanges)
    for (const { block } of [request, ...responses])
      if (block.file !== undefined && block.file !== file) yield block.file;
  for (const { code } of annotated) if (code.file !== file) yield code.file;
  for (const { place } of [...unannotated, ...examples]) if (place.file !== file) yield place.file;
}

function unique<T>(items: Iterable<T>): T[] {
  return [...new Set(items)];
}
