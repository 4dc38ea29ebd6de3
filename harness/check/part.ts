import type { Docset, Link } from '../model/docset.ts';
import { indexResources, type ResourceIndex } from '../model/resource.ts';
import { moved } from './link-fix.ts';
import { linkTargets, type LinkTargets } from './link-target.ts';
import { grouped } from '../model/grouped.ts';
import { once } from '../model/once.ts';
import { namespaceOf, saidOn, saidTogether, type SaidTogether } from './said.ts';

/** Pages that are judged together, and what is to be known of all. */
export interface Part extends Pick<Docset, 'pages' | 'exchanges' | 'resources' | 'findings'> {
  readonly around: Around;
  /** Filled by the rule about links: those that lead out of the docs, and the page that shows each. */
  readonly leaving: Leaving[];
}

/** A link that leads out of the docs, on a page (`file`). */
export interface Leaving {
  readonly file: string;
  readonly link: Link;
}

/** What a rule asks of other pages than those it judges. Whoever remembers what was asked knows when a page is to be judged anew. */
export interface Around extends SaidTogether {
  readonly types: ResourceIndex;
  /** Namespaces of the documented types, in lower case. */
  readonly namespaces: ReadonlySet<string>;
  /** Names of the types that a page documents, in their order; the page by `file`. */
  typesOn(file: string): readonly string[];
  /** Ids of the headings and other anchors of a page; the page by `file`. */
  anchors(file: string): ReadonlySet<string>;
  readonly targets: LinkTargets;
  /** Where a file that is gone is now, as a path like those of pages. */
  moved(name: string): string | undefined;
  /** The page at a path, by `file`. */
  fileAt(page: string): string | undefined;
}

/** What is to be known of files beside the pages. */
export interface Beside {
  /** Files of the docs that are no pages, as paths like those of pages; without it links to such files are not judged. */
  readonly files?: ReadonlySet<string>;
  /** Files that have another name now by the one they had, as paths like those of pages. */
  readonly renamed?: ReadonlyMap<string, string>;
}

/** A whole docset as one part. */
export function wholeOf(
  docset: Pick<Docset, 'pages' | 'exchanges' | 'resources' | 'findings'>,
  beside: Beside = {},
): Part {
  const { pages, exchanges, resources, findings } = docset;
  return { pages, exchanges, resources, findings, leaving: [], around: aroundOf(docset, beside) };
}

/** What rules ask of all pages of a docset, each made when it is first asked for. */
export function aroundOf(
  docset: Pick<Docset, 'pages' | 'exchanges' | 'resources'>,
  { files, renamed }: Beside = {},
): Around {
  const { pages } = docset;
  const types = once(() => indexResources(docset.resources));
  const byPage = once(() => grouped(docset.resources, ({ page }) => page));
  const together = once(() => {
    const shown = grouped(docset.exchanges, ({ file }) => file);
    return saidTogether(pages.map((page) => saidOn(page, shown.get(page.file) ?? [])));
  });
  const namespaces = once(() => new Set(docset.resources.map(({ name }) => namespaceOf(name))));
  const targets = once(() => linkTargets(pages, files));
  const now = once(() => moved(pages, files, renamed));
  const byFile = once(() => new Map(pages.map((page) => [page.file, page])));
  const byPath = once(() => new Map(pages.map(({ page, file }) => [page, file])));
  const anchors = new Map<string, ReadonlySet<string>>();
  return {
    get types() {
      return types();
    },
    typesOn: (file) => (byPage().get(file) ?? []).map(({ name }) => name),
    anchors(file) {
      let known = anchors.get(file);
      if (known === undefined) anchors.set(file, (known = new Set(byFile().get(file)?.anchors)));
      return known;
    },
    get targets() {
      return targets();
    },
    moved: (name) => now()(name),
    fileAt: (page) => byPath().get(page),
    get namespaces() {
      return namespaces();
    },
    get said() {
      return together().said;
    },
    get origins() {
      return together().origins;
    },
    get meantHosts() {
      return together().meantHosts;
    },
    get tellsPermissions() {
      return together().tellsPermissions;
    },
    get included() {
      return together().included;
    },
  };
}
