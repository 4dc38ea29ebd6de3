import path from 'node:path';
import type { Readings } from '../compile/index.ts';
import { discover, type Discovery } from '../files/discover.ts';
import { fileName, isWithin } from '../files/names.ts';
import { includeReader, kindOf, readBytes } from '../files/read.ts';
import { targetOf } from '../files/watch.ts';
import { sourceIndex, type Source } from '../model/docset.ts';
import { cacheOf } from './docs.ts';
import type { Found } from './found.ts';
import type { Job } from './job.ts';

/** The docs of somebody who watches them: each page is read again only when it was saved. */
export interface Watched {
  /** The docs as they are. */
  found(): Found;
  /** Takes in what was saved, by absolute paths; gives the pages, and what else matters, that are not as they were. */
  saved(files: ReadonlySet<string>): Promise<readonly string[]>;
  /** Looks at all again. */
  refresh(): Promise<void>;
  /** Keeps for later runs what was read, and looks at once for what every save will ask. */
  keep(): void;
}

/** Begins with the docs as they were found. */
export function watchedDocs(job: Job, first: Found): Watched {
  const { settings, cwd } = job;
  const cache = cacheOf(job);
  const readings: Readings = new WeakMap();
  const included = includer();
  let { discovery } = first;
  let byFile = sourceIndex(discovery.sources);
  let byTarget: Map<string, Source> | undefined;
  const use = (sources: readonly Source[]): void => {
    discovery = { ...discovery, sources };
    byFile = sourceIndex(sources);
  };
  const refresh = async (): Promise<void> => {
    const next = await discover(settings.docs, cwd);
    discovery = next;
    use(next.sources.map((source) => sameAs(source, byFile.get(source.file))));
    byTarget = undefined;
  };
  const sourceOf = (file: string): Source | undefined => {
    const source = byFile.get(fileName(file, cwd));
    if (source !== undefined) return source;
    // A page may be a link to a file elsewhere.
    byTarget ??= targetsOf(discovery.sources, cwd);
    return byTarget.get(file);
  };
  return {
    found: () => ({ discovery, readFile: includeReader(cwd), before: { readings, cache } }),
    async saved(files) {
      const changed = new Map<Source, Source>();
      const names = new Set<string>();
      let isOther = false;
      for (const file of files) {
        const name = fileName(file, cwd);
        const source = sourceOf(file);
        const fresh = source && readAgain(source, path.resolve(cwd, source.file));
        if (source === undefined) {
          const isBelow = discovery.roots.some((root) => isWithin(file, root));
          const isNews = file === settings.suppressions || (isBelow && bearsOn(file, discovery, cwd));
          if (isNews) names.add(name);
          isOther ||= isNews;
        } else if (fresh === undefined) {
          names.add(name);
          isOther = true;
        } else if (fresh !== source) {
          changed.set(source, fresh);
          names.add(source.file);
        }
      }
      for (const source of changed.keys())
        for (const other of discovery.sources)
          if (!changed.has(other) && included(other).has(stemOf(source.file))) changed.set(other, { ...other });
      if (changed.size > 0) use(discovery.sources.map((source) => changed.get(source) ?? source));
      const before = discovery;
      if (isOther) await refresh();
      // A folder was touched, and holds what it held.
      const isSame =
        changed.size === 0 && !names.has(fileName(settings.suppressions, cwd)) && isAsBefore(before, discovery);
      return isSame ? [] : [...names];
    },
    refresh,
    keep() {
      cache?.save();
      discovery.sources.forEach(included);
    },
  };
}

function isAsBefore(before: Discovery, now: Discovery): boolean {
  const [old, fresh] = [before.files ?? new Set<string>(), now.files ?? new Set<string>()];
  return (
    before.sources.length === now.sources.length &&
    now.sources.every((source, at) => source === before.sources[at]) &&
    old.size === fresh.size &&
    [...fresh].every((file) => old.has(file))
  );
}

/** The source as it is now: the very same where it has not changed, nothing where it is gone. */
function readAgain(source: Source, absolute: string): Source | undefined {
  try {
    if (kindOf(absolute) !== 'file') return undefined;
    return sameAs({ ...source, content: readBytes(absolute) }, source);
  } catch (cause) {
    return { ...source, content: cause instanceof Error ? cause : new Error(String(cause)) };
  }
}

function sameAs(fresh: Source, known: Source | undefined): Source {
  const [a, b] = [fresh.content, known?.content];
  const isSame =
    known !== undefined &&
    fresh.page === known.page &&
    a instanceof Uint8Array &&
    b instanceof Uint8Array &&
    Buffer.from(a.buffer, a.byteOffset, a.length).equals(b);
  return isSame ? known : fresh;
}

/** Is something there that was not, or gone that was: a page, a folder, a file that links may lead to? */
function bearsOn(file: string, { sources, files: others }: Found['discovery'], cwd: string): boolean {
  const name = fileName(file, cwd);
  const base = path.basename(file);
  const kind = kindOf(file);
  if (kind === 'folder') return true;
  // A folder that is gone held pages.
  if (kind === 'nothing' && sources.some((page) => page.file.startsWith(`${name}/`))) return true;
  if (/\.md$/i.test(base)) return kind === 'file';
  // Drafts of editors come and go.
  if (base.startsWith('.') || /~$|^\d+$|\.(?:sw\w|tmp)$/.test(base)) return false;
  const isKnown = others !== undefined && [...others].some((other) => name === other || name.endsWith(`/${other}`));
  return (kind === 'file') !== isKnown;
}

/** The names, without folder and ending, of the files that a page may include; a page is looked through once. */
function includer(): (page: Source) => ReadonlySet<string> {
  const known = new WeakMap<Source, ReadonlySet<string>>();
  return (page) => {
    let names = known.get(page);
    if (names === undefined) known.set(page, (names = includedIn(page)));
    return names;
  };
}

function includedIn({ content }: Source): ReadonlySet<string> {
  if (content instanceof Error) return NONE;
  const text = Buffer.from(content.buffer, content.byteOffset, content.length).toString('latin1');
  // A page in UTF-16 has a NUL between any two letters.
  const found = [
    ...text.replaceAll('\0', '').matchAll(/\[!INCLUDE\s{0,100}\[[^\]]{0,1000}\]\(\s{0,100}<?([^)>\s]{1,1000})/gi),
  ];
  return found.length === 0
    ? NONE
    : new Set(found.map(([, file]) => stemOf(Buffer.from(file!, 'latin1').toString('utf8'))));
}

const NONE: ReadonlySet<string> = new Set();

function stemOf(file: string): string {
  return path.posix.basename(file).replace(/\.md$/i, '');
}

function targetsOf(sources: readonly Source[], cwd: string): Map<string, Source> {
  const targets = new Map<string, Source>();
  for (const source of sources) {
    const absolute = path.resolve(cwd, source.file);
    const real = targetOf(absolute);
    if (real !== undefined && real !== absolute) targets.set(real, source);
  }
  return targets;
}
