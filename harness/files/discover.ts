import fs from 'node:fs';
import path from 'node:path';
import type { Source } from '../model/docset.ts';
import { compareText } from '../model/finding.ts';
import { didYouMean, UsageError } from '../model/usage.ts';
import { fileName, relativeTo } from './names.ts';
import type { Layout, Listing } from './listing.ts';
import { bytesOf, statsOf, type Seen } from './seen.ts';
import { walk } from './walk.ts';

/** The pages found under the docs roots. */
export interface Discovery extends Omit<Layout, 'pages'> {
  /** In code-unit order of their page paths. A folder or page that cannot be read is one whose content is an Error. */
  readonly sources: readonly Source[];
}

interface Root {
  readonly written: string;
  readonly folder: string;
  /** What to look for below `folder`; every page where there is none. */
  readonly pattern?: string;
}

/** A folder that was listed. */
interface Listed {
  readonly folder: string;
  /** Has a link led to it? */
  readonly isLinked: boolean;
}

interface Hit {
  readonly folder: string;
  readonly absolute: string;
  readonly failure?: Error;
  readonly isPlain?: true;
}

/**
 * Finds and reads every `*.md` file (any case of the ending) under folders, pages and globs. Links are followed, each
 * file is read once, `node_modules` and dot-folders are left out. A root that is not there is a UsageError. With `seen` each is
 * read when somebody looks at it, and not at all where what its bytes hash to is known and enough; with a `listing` no folder is
 * listed while all are as they were.
 */
export async function discover(
  written: readonly string[],
  cwd: string,
  { seen, listing }: { readonly seen?: Seen; readonly listing?: Listing } = {},
): Promise<Discovery> {
  const { pages, ...others } = listing?.find() ?? (await laidOut(written, cwd, listing));
  const sources = pages.map((named): Source => {
    const { absolute, failure, isPlain, file, page } = named;
    if (failure !== undefined) return { file, page, content: failure };
    return seen?.source(named) ?? { file, page, content: bytesOf(absolute, isPlain) };
  });
  return { sources, ...others };
}

async function laidOut(written: readonly string[], cwd: string, listing: Listing | undefined): Promise<Layout> {
  const since = Date.now();
  const roots = await Promise.all(written.map((root) => rootOf(root, cwd)));
  const listed: Listed[] = [];
  const found = await Promise.all(roots.map((root) => pagesOf(root, listed)));
  const folders = [...new Set(roots.map(({ folder }) => folder))];
  const prefixes = prefixesOf(folders);
  const fileOf = byFolder((absolute) => fileName(absolute, cwd));
  const pageIn = new Map(folders.map((folder) => [folder, byFolder((each) => slashed(relativeTo(folder, each)))]));
  const hits = found.flat();
  const pages = onlyOnce(hits.filter(isPageHit)).map(({ folder, absolute, failure, isPlain }) => ({
    absolute,
    ...(failure && { failure }),
    ...(isPlain && { isPlain }),
    file: failure ? fileName(absolute, cwd) : fileOf(absolute),
    page: prefixes.get(folder)! + (failure ? slashed(relativeTo(folder, absolute)) : pageIn.get(folder)!(absolute)),
  }));
  pages.sort((a, b) => compareText(a.page, b.page));
  const isListed = roots.every(({ pattern }) => pattern === undefined);
  const layout = {
    pages,
    roots: folders,
    missing: roots.filter((_, at) => !found[at]!.some(isPageHit)).map((root) => root.written),
    ...(isListed ? { files: filesOf(hits, prefixes) } : {}),
  };
  // What a link leads to may become another thing without any of these folders.
  const isPlain = hits.every((hit) => hit.isPlain) && !listed.some(({ isLinked }) => isLinked);
  const names = listed.map(({ folder }) => folder);
  if (isListed && isPlain) listing?.keep(layout, names, since);
  return layout;
}

/** The same names with one question for each folder: files of one folder are named alike, but for their own names. */
function byFolder(name: (absolute: string) => string): (absolute: string) => string {
  const known = new Map<string, string>();
  return (absolute) => {
    const slash = absolute.lastIndexOf(path.sep) + 1;
    const own = absolute.slice(slash);
    const folder = absolute.slice(0, slash);
    const before = known.get(folder);
    if (before !== undefined) return before + own;
    const whole = name(absolute);
    known.set(folder, whole.slice(0, whole.length - own.length));
    return whole;
  };
}

/** A page, or what may hide some. */
function isPageHit({ absolute, failure }: Hit): boolean {
  return failure !== undefined || isPage(absolute);
}

function filesOf(hits: readonly Hit[], prefixes: ReadonlyMap<string, string>): ReadonlySet<string> {
  const others = hits.filter((hit) => !isPageHit(hit));
  return new Set(others.map(({ folder, absolute }) => prefixes.get(folder)! + slashed(relativeTo(folder, absolute))));
}

/** Takes a root apart: an existing folder, an existing page, or a glob with the folder it starts from. */
async function rootOf(written: string, cwd: string): Promise<Root> {
  const absolute = path.resolve(cwd, written);
  const stats = statsOf(absolute);
  const asFolder = (): Root => {
    list(absolute, written);
    return { written, folder: absolute };
  };
  // What knows patterns is loaded for who may have written one.
  if (stats && !stats.isFile()) return asFolder();
  const { escapePath, isDynamicPattern } = await import('tinyglobby');
  if (stats && isPage(absolute)) {
    return { written, folder: path.dirname(absolute), pattern: escapePath(path.basename(absolute)) };
  }
  if (stats) throw new UsageError(`\`${written}\` is neither a folder nor a \`*.md\` page`);
  if (!isDynamicPattern(written)) return asFolder();
  const segments = slashed(written).split('/');
  const first = segments.findIndex((segment) => isDynamicPattern(segment));
  const folder = path.resolve(cwd, segments.slice(0, first).join('/') || (written.startsWith('/') ? '/' : '.'));
  list(folder, written);
  return { written, folder, pattern: segments.slice(first).join('/') };
}

/** Makes sure that a folder can be listed; where it is not there, names the sibling that may be meant. */
function list(folder: string, written: string): void {
  try {
    fs.readdirSync(folder);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT') throw new UsageError(`Cannot list the docs folder \`${written}\` (${code})`, { cause });
    const names = foldersIn(path.dirname(folder));
    const near = didYouMean(
      path.basename(folder),
      names,
      (name) => `\`${slashed(path.join(path.dirname(written), name))}\``,
    );
    throw new UsageError(`No docs: there is no \`${written}\`${near || '; name the folder with --docs'}`, { cause });
  }
}

function foldersIn(folder: string): string[] {
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch {
    return [];
  }
}

/** Every page a root leads to, and what could not be looked into. */
async function pagesOf({ folder, pattern }: Root, listed: Listed[]): Promise<Hit[]> {
  if (pattern === undefined) {
    return walk(folder, (each, isLinked) => listed.push({ folder: each, isLinked })).map((hit) => ({ folder, ...hit }));
  }
  const { glob } = await import('tinyglobby');
  const failures: Hit[] = [];
  const paths = await glob(pattern, {
    cwd: folder,
    absolute: true,
    caseSensitiveMatch: false,
    ignore: '**/node_modules/**',
    fs: forgiving((absolute, failure) => failures.push({ folder, absolute, failure })),
  });
  return [...paths.filter(isPage).map((absolute) => ({ folder, absolute: path.normalize(absolute) })), ...failures];
}

/** A file system in which a dangling link is a file, and a folder that cannot be listed is told of. */
function forgiving(failed: (folder: string, cause: Error) => void) {
  type Entries = (error: Error | null, entries: fs.Dirent[]) => void;
  return {
    readdir: ((folder: string, options: { withFileTypes: true }, done: Entries) =>
      fs.readdir(folder, options, (error, entries) => {
        if (error) failed(path.resolve(folder), error);
        done(error, entries);
      })) as unknown as typeof fs.readdir,
    realpath: ((file: string, done: (error: Error | null, real: string) => void) =>
      fs.realpath(file, (error, real) => done(null, error ? file : real))) as unknown as typeof fs.realpath,
    stat: ((file: string, done: (error: Error | null, stats: fs.Stats) => void) =>
      fs.stat(file, (error, stats) => (error ? fs.lstat(file, done) : done(null, stats)))) as unknown as typeof fs.stat,
  };
}

/** Leaves out what was reached before under another name: a file's own path goes before links to it. */
function onlyOnce(hits: readonly Hit[]): Hit[] {
  const realOf = realPaths();
  const seen = new Map<string, Hit>();
  const linked: { readonly hit: Hit; readonly target: string }[] = [];
  for (const hit of hits) {
    const target = realOf(hit);
    if (target !== hit.absolute) linked.push({ hit, target });
    else if (!seen.has(target)) seen.set(target, hit);
  }
  linked.sort((a, b) => compareText(a.hit.absolute, b.hit.absolute));
  for (const { hit, target } of linked) if (!seen.has(target)) seen.set(target, hit);
  return [...seen.values()];
}

/** What stands before the page paths of each folder: nothing for one folder, else its own name, made unique. */
function prefixesOf(folders: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map(
    folders.map((folder) => {
      if (folders.length === 1) return [folder, ''];
      const base = path.basename(folder) || 'root';
      let name = base;
      for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base}-${n}`;
      taken.add(name.toLowerCase());
      return [folder, `${name}/`];
    }),
  );
}

/** Tells real paths; of files in one folder it asks for that of the folder once. */
function realPaths(): (hit: Hit) => string {
  const folders = new Map<string, string>();
  return ({ absolute, isPlain }) => {
    try {
      if (!isPlain && fs.lstatSync(absolute).isSymbolicLink()) return fs.realpathSync.native(absolute);
      const name = absolute.slice(absolute.lastIndexOf(path.sep) + 1);
      const folder = absolute.slice(0, absolute.length - name.length);
      let real = folders.get(folder);
      if (real === undefined) {
        const written = path.dirname(absolute);
        const found = fs.realpathSync.native(written);
        folders.set(folder, (real = found === written ? folder : path.join(found, path.sep)));
      }
      return real + name;
    } catch {
      return absolute;
    }
  };
}

function isPage(file: string): boolean {
  return /\.md$/i.test(file);
}

function slashed(file: string): string {
  return path.sep === '\\' ? file.replaceAll('\\', '/') : file;
}
