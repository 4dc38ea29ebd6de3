import { posix } from 'node:path';
import type { Page } from '../model/docset.ts';
import { fewOrIndexed, once } from '../model/once.ts';

/** Where a link leads, as far as the docs can tell. */
export type LinkTarget =
  /** Another scheme or host: nothing to judge. */
  | { readonly kind: 'elsewhere' }
  /** Outside the docs that were given. */
  | { readonly kind: 'leaves' }
  | { readonly kind: 'page'; readonly page: PageName; readonly anchor: string | undefined; readonly path: string }
  /** A page or another file that is there, its name in another case. */
  | { readonly kind: 'case'; readonly name: string; readonly written: string }
  /** A file or a folder that is no page. */
  | { readonly kind: 'file' }
  /** `from` is the path of the file that the link is written in. */
  | { readonly kind: 'missing'; readonly name: string; readonly from: string };

/** A page by its two names. */
export type PageName = Pick<Page, 'file' | 'page'>;

/** Resolves a link that is written in `file`, shown on `page`. */
export type LinkTargets = (page: PageName, url: string, file?: string) => LinkTarget;

/**
 * Knows the pages of a docset, its folders, and where they are given its other files (paths like those of pages). A link is resolved
 * from the file that it is written in; one without an ending may leave out `.md` or `index.md`.
 */
export function linkTargets(pages: readonly PageName[], files?: ReadonlySet<string>): LinkTargets {
  const byPath = fewOrIndexed(
    (name: string) => pages.findLast(({ page }) => page === name),
    () => new Map(pages.map((page) => [page.page, page])),
  );
  // Most links lead to a page by its name: the rest is made for who has others.
  const names = once(() => pages.map(({ page }) => page));
  const others = once(() => [...(files ?? [])]);
  const pathOf = once(() => new Map(pages.map(({ file, page }) => [file, page])));
  const [inCase, otherInCase] = [caseFinder(names), caseFinder(others)];
  const isFolder = fewOrIndexed(
    (folder: string) => [names(), others()].some((paths) => paths.some((path) => path.startsWith(`${folder}/`))),
    () => {
      const parents = new Set([...names(), ...others()].map((path) => path.slice(0, path.lastIndexOf('/') + 1)));
      return new Map([...parents].flatMap(foldersOf).map((folder) => [folder, true]));
    },
  );

  const known = new Map<string, Target>();

  return (page, url, file = page.file) => {
    // Other schemes and hosts, and addresses without a scheme that are no path.
    if (/^[a-z][a-z0-9+.-]*:/i.test(url) || url.startsWith('//') || url.startsWith('~')) return { kind: 'elsewhere' };
    const [path, anchor] = parts(url);
    if (path === '') return { kind: 'page', page, anchor, path };
    const plain = decode(path.split('?', 1)[0]!);
    // A query alone asks for the same page.
    if (plain === '') return { kind: 'page', page, anchor, path };
    const from = file === page.file ? page.page : (pathOf().get(file) ?? relatively(page, file));
    // Pages of a folder link to the same pages again and again.
    const way = plain.startsWith('/') ? plain : `${from.slice(0, from.lastIndexOf('/') + 1)}\0${plain}`;
    let found = known.get(way);
    if (found === undefined) known.set(way, (found = placeOf(from, plain)));
    if ('page' in found) return { kind: 'page', page: found.page, anchor, path };
    return found.kind === 'missing' ? { ...found, from } : found;
  };

  function placeOf(from: string, plain: string): Target {
    const isAbsolute = plain.startsWith('/');
    const target = (isAbsolute ? posix.normalize(plain.slice(1)) : posix.join(posix.dirname(from), plain)).replace(
      /\/$/,
      '',
    );
    if (target.startsWith('../') || target === '..') return { kind: 'leaves' };
    if (isAbsolute && !(target.includes('/') && isFolder(target.split('/', 1)[0]!))) return { kind: 'leaves' };
    const names = /\.md$/i.test(target) ? [target] : [target, `${target}.md`, `${target}/index.md`];
    for (const name of names) {
      const found = byPath(name);
      if (found) return { page: found };
    }
    if (files?.has(target) || target === '.' || isFolder(target)) return { kind: 'file' };
    for (const name of names) {
      const there = inCase(name.toLowerCase()) ?? otherInCase(name.toLowerCase());
      if (there !== undefined) return { kind: 'case', name: there, written: name };
    }
    const hasEnding = /\.[a-z0-9]+$/i.test(target);
    // Whether an image or a download is there only those know who were told of the files.
    if (hasEnding && !/\.md$/i.test(target)) return files ? { kind: 'missing', name: target } : { kind: 'file' };
    return { kind: 'missing', name: names[hasEnding ? 0 : 1]! };
  }
}

/** Where a path leads, whatever anchor it is followed by and whichever page of a folder it is written on. */
type Target =
  | { readonly page: PageName }
  | Extract<LinkTarget, { kind: 'leaves' | 'case' | 'file' }>
  | Omit<Extract<LinkTarget, { kind: 'missing' }>, 'from'>;

/** The path of an included file that is no page itself, beside the page that shows it. */
function relatively({ file, page }: PageName, included: string): string {
  return posix.join(posix.dirname(page), posix.relative(posix.dirname(file), included));
}

/** Finds the last path that is this one in lower case. */
function caseFinder(paths: () => readonly string[]): (lower: string) => string | undefined {
  return fewOrIndexed(
    (lower) => paths().findLast((path) => path.length === lower.length && path.toLowerCase() === lower),
    () =>
      new Map(
        paths()
          .map((path) => [path.toLowerCase(), path] as const)
          .filter(([lower, path]) => lower.length === path.length),
      ),
  );
}

function foldersOf(path: string): string[] {
  const steps = path.split('/').slice(0, -1);
  return steps.map((_, index) => steps.slice(0, index + 1).join('/'));
}

function parts(url: string): [path: string, anchor?: string] {
  const mark = url.indexOf('#');
  return mark < 0 ? [url] : [url.slice(0, mark), decode(url.slice(mark + 1))];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
