import { posix } from 'node:path';
import type { Link } from '../model/docset.ts';
import type { Fact } from '../model/finding.ts';
import { editOf } from '../model/fix.ts';
import { grouped } from '../model/grouped.ts';
import { fewOrIndexed, once } from '../model/once.ts';
import type { LinkTarget, PageName } from './link-target.ts';

type Fixed = Pick<Fact, 'fix'>;

/** The link with the name of its file in the case the file has it. */
export function inCase(link: Link, { name, written }: Extract<LinkTarget, { kind: 'case' }>): Fixed {
  const path = pathOf(link.url);
  const tail = path.replace(/^(?:\.{0,2}\/)+/, '');
  const ending = ['', '.md', '/index.md'].find((each) => written.endsWith(tail + each));
  if (tail === '' || ending === undefined || name.length !== written.length) return {};
  const from = written.length - ending.length - tail.length;
  return rewritten(link, path, path.slice(0, path.length - tail.length) + name.slice(from, from + tail.length));
}

/** The link with the one anchor of its page that has the same letters and digits, which is what a heading keeps that is written otherwise. */
export function withAnchor(link: Link, anchors: Iterable<string>, anchor: string): Fixed {
  const letters = lettersOf(anchor);
  const [found, ...others] = letters === '' ? [] : [...anchors].filter((each) => lettersOf(each) === letters);
  const mark = link.url.indexOf('#');
  if (found === undefined || others.length > 0) return {};
  return rewritten(link, link.url.slice(mark + 1), found, mark + 1);
}

/** Finds what a file that is gone is called now, or the one file that has its name elsewhere; a name that many folders have is no trace. */
export function moved(
  pages: readonly PageName[],
  files: ReadonlySet<string> = new Set(),
  renamed: ReadonlyMap<string, string> = new Map(),
): (name: string) => string | undefined {
  const all = once(() => [...pages.map(({ page }) => page), ...files]);
  const there = once(() => new Set(all()));
  const named = fewOrIndexed(
    (name) => all().filter((path) => path.endsWith(name) && nameOf(path) === name),
    () => grouped(all(), nameOf),
  );
  return (name) => {
    const now = renamed.get(name);
    if (now !== undefined && there().has(now)) return now;
    const base = nameOf(name);
    const found = named(base) ?? [];
    return found.length === 1 && !/^(?:index|readme|overview|toc|default|intro(?:duction)?)\./i.test(base)
      ? found[0]
      : undefined;
  };
}

/** The link with the path to where its file is now. */
export function toMoved(
  link: Link,
  { from }: Extract<LinkTarget, { kind: 'missing' }>,
  now: string,
  hasAnchor: (anchor: string) => boolean,
): Fixed {
  const path = pathOf(link.url);
  const mark = link.url.indexOf('#');
  if (mark >= 0 && !hasAnchor(link.url.slice(mark + 1))) return {};
  const relative = posix.relative(posix.dirname(from), now);
  const shown = path.startsWith('/')
    ? `/${now}`
    : path.startsWith('./') && !relative.startsWith('../')
      ? `./${relative}`
      : relative;
  return rewritten(link, path, /\.\w+$/.test(path) ? shown : shown.replace(/\.md$/i, ''));
}

/** The part of a URL from an offset on, in other words; only where the URL stands in the page as it is read. */
function rewritten({ url, place }: Link, was: string, text: string, at = 0): Fixed {
  const { start, end } = place.position;
  const isVerbatim = start.line === end.line && end.column - start.column === url.length;
  if (was === '' || was === text || !isVerbatim || !/^[\p{L}\p{N}\w./~#?&=+@,:-]*$/u.test(text)) return {};
  const column = start.column + at;
  const position = { start: { line: start.line, column }, end: { line: start.line, column: column + was.length } };
  return { fix: { title: `Write \`${text}\``, edits: [editOf({ file: place.file, position }, was, text)] } };
}

function pathOf(url: string): string {
  return url.split(/[?#]/, 1)[0]!;
}

function lettersOf(anchor: string): string {
  return anchor.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
