import type { Annotation } from '../model/annotation.ts';
import type { Page, Source, Template } from '../model/docset.ts';
import { frontMatterValue, type Document } from '../model/document.ts';
import type { Disable } from '../model/disable.ts';
import type { Fact } from '../model/finding.ts';
import type { Exchange, Permissions } from '../model/fixture.ts';
import type { Place } from '../model/place.ts';
import type { Enumeration, Resource } from '../model/resource.ts';
import { NO_TABLES } from '../model/tables.ts';
import { findAnnotated, findLookalikes, findTodos, findTypes, nameOf } from './facts.ts';
import { assemble, type ReadFile } from './markdown/assemble.ts';
import { leavesOf, readLeaves } from './markdown/blocks.ts';
import type { Leaf } from './markdown/leaf.ts';
import { readBodies } from './http/bodies.ts';
import { findComments } from './markdown/comments.ts';
import { disablesOf, findDisables, withDisabled } from './markdown/disables.ts';
import { NO_DOCUMENT, readDocument } from './markdown/document.ts';
import { findAnchors, findLinks } from './markdown/links.ts';
import { outline, type CodeBlock, type Outline } from './markdown/outline.ts';
import { pair, promise, promisedResponse, type Pair } from './http/pair.ts';
import type { Remark } from './markdown/remark.ts';
import { permissionsOf } from './resources/permissions.ts';
import { readResources, unreadResources } from './resources/index.ts';
import { htmlLinks, readSections, undefinedReferences } from './markdown/sections.ts';
import { reportSlips } from './markdown/slips.ts';
import { placeOf, type PageText } from './markdown/source.ts';
import type { TableReader } from './resources/table-kinds.ts';
import { knownTables, readTables, wantedTables } from './resources/tables.ts';
import { fitTemplate, readTemplates, templatesFor } from './http/templates.ts';

/** All that one page says: plain data, so that it can cross a thread or lie in a cache. */
export interface PageReading {
  readonly file: string;
  /** Path of the page under its docs root. */
  readonly path: string;
  /** What is told of the page itself. */
  readonly page: Page;
  readonly enums: readonly Enumeration[];
  readonly exchanges: readonly Exchange[];
  readonly resources: readonly Resource[];
  readonly facts: readonly Fact[];
  /** Each annotation comment with what became of it, by where it is written. */
  readonly fates: readonly {
    readonly place: Place;
    readonly word: string;
    readonly fate: 'compiled' | 'ignored' | 'reported';
  }[];
  /** Names of annotated requests, where each is written. */
  readonly names: readonly { readonly name: string; readonly place: Place }[];
  /** What its comments disable. */
  readonly disables: readonly Disable[];
}

/** How pages are read. */
export interface Reading {
  readonly readFile: ReadFile;
  readonly remark: Remark;
  readonly facts: Facts;
  /** Tells what a table is. */
  readonly readTable: TableReader;
  /** Tags whose blocks are kept, in lower case. */
  readonly tags?: ReadonlySet<string>;
}

/** What is wanted of pages: what they promise, or also what only `check` asks for: links, anchors, tables about requests and answers. */
export type Facts = 'promises' | 'all';

/** Reads one page: markdown to tree, comments to annotations, annotations to blocks, blocks to exchanges and resources. */
export async function readPage(
  source: Source,
  { readFile, remark, facts: asked, readTable, tags }: Reading,
): Promise<PageReading> {
  const facts: Fact[] = [];
  const report = (fact: Fact): void => void facts.push(fact);
  if (source.content instanceof Error) return unreadable(source, source.content);
  const page = assemble(source.file, source.page, source.content, readFile, report, tags);
  const leaves = await leavesIn(page, remark);
  const comments = findComments(page);
  const stretches = findDisables(page, leaves);
  const blocks = withDisabled(outline(page, leaves, comments), stretches);
  const document = await readDocument(page, comments, blocks.codes, leaves, asked);
  const title = titleOf(blocks, document);
  const templates = readTemplates(page, blocks.codes);
  const has = (kind: 'resource' | 'request'): boolean =>
    blocks.codes.some(({ comment }) => comment?.annotation?.blockType === kind);
  const wanted = wantedTables({ resource: has('resource'), request: has('request') }, asked === 'all');
  const tables = knownTables(page, blocks.tables, readTable, wanted);
  const told = readTables(tables, document.namespace);
  const permissions = permissionsOf(told.permissions);
  const resources = readResources(page, blocks.codes, tables, document.namespace);
  const pairs = pair(page, blocks.codes, comments);
  const exchanges = withIds(source.page, pairs).map(({ id, pair: one }) =>
    exchangeOf(id, one, title, templatesFor(one.code, templates), permissions),
  );
  readBodies(page, exchanges);
  settle(page, blocks.codes);
  if (asked === 'all') reportSlips(page, leaves, blocks.codes);
  return {
    file: source.file,
    path: source.page,
    enums: told.enums,
    page: {
      file: source.file,
      page: source.page,
      ...(title === undefined ? {} : { title }),
      links: asked === 'all' ? [...findLinks(page, leaves), ...htmlLinks(page, leaves)] : [],
      anchors: asked === 'all' ? findAnchors(leaves) : [],
      templates: templates.map(({ template }) => template),
      misfits: pairs.flatMap(({ code }, index) => {
        const documented = templatesFor(code, templates);
        const { id, request } = exchanges[index]!;
        return documented.length === 0 || request.template !== undefined ? [] : [{ exchangeId: id, documented }];
      }),
      types: findTypes(page, pairs, exchanges, blocks.codes),
      todos: findTodos(page, blocks.codes),
      tables: told,
      annotated: asked === 'all' ? findAnnotated(page, blocks.codes) : [],
      sections: asked === 'all' ? readSections(page, leaves) : [],
      undefinedReferences: asked === 'all' ? undefinedReferences(page, leaves) : [],
      lookalikes: findLookalikes(page, blocks.codes),
      ...document,
    },
    exchanges,
    resources: [...resources, ...unreadResources(page, comments)],
    facts,
    fates: [
      ...comments.flatMap(({ word, fate, position }) =>
        word === undefined ? [] : [{ word, fate: fate ?? ('ignored' as const), place: placeOf(page, position) }],
      ),
      ...(page.leftOut ?? []).map((each) => ({ ...each, fate: 'ignored' as const })),
    ],
    names: blocks.codes.flatMap(({ comment }) => nameOf(page, comment)),
    disables: disablesOf(page, stretches),
  };
}

/** The leaf blocks of a page: with the user's plugins of the tree they leave. */
async function leavesIn(page: PageText, remark: Remark): Promise<Leaf[]> {
  if (remark.run) return leavesOf(await remark.run(page.text, page.file));
  return readLeaves(page.text, remark);
}

/** The reading of a page of which nothing could be read. */
export function unreadable(source: Source, error: Error): PageReading {
  const place = { file: source.file, position: { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } } };
  return {
    file: source.file,
    path: source.page,
    enums: [],
    page: {
      file: source.file,
      page: source.page,
      links: [],
      anchors: [],
      templates: [],
      misfits: [],
      types: [],
      todos: [],
      tables: NO_TABLES,
      annotated: [],
      sections: [],
      undefinedReferences: [],
      lookalikes: { requests: [], responses: [] },
      ...NO_DOCUMENT,
    },
    exchanges: [],
    resources: [],
    facts: [
      {
        ruleId: 'page/unreadable',
        reason: `Missing content, expected a file that can be read: ${error.message}`,
        place,
        subject: 'content',
        note: 'Check that the file is there and may be read.',
      },
    ],
    fates: [],
    names: [],
    disables: [],
  };
}

/** A fence that follows an annotation of a kind that carries nothing to replay needs nothing more; one of no known kind is reported. */
function settle(page: PageText, codes: readonly CodeBlock[]): void {
  for (const { comment, language } of codes) {
    if (comment?.fate !== undefined || comment?.word === undefined) continue;
    if (comment.annotation!.blockType !== 'unknown') {
      comment.fate = 'ignored';
      continue;
    }
    comment.fate = 'reported';
    page.report({
      ruleId: 'annotation/block-type',
      reason: `Unexpected blockType \`unknown\` above ${language === '' ? 'a code block without a language' : `\`${language}\``}, expected \`request\`, \`response\` or \`resource\``,
      place: placeOf(page, comment.position),
      subject: 'blockType',
      note: 'Name the kind of block that follows.',
    });
  }
}

function exchangeOf(
  id: string,
  one: Pair,
  title: string | undefined,
  templates: readonly Template[],
  permissions: Permissions | undefined,
): Exchange {
  const annotation: Partial<Annotation> = one.code.comment?.annotation ?? {};
  const name = one.names[0];
  return {
    id,
    ...(name === undefined ? {} : { name }),
    title: exchangeTitle(one, title),
    ...(annotation.scopes === undefined ? {} : { scopes: annotation.scopes }),
    ...(annotation.tags === undefined ? {} : { tags: annotation.tags }),
    ...(annotation.apiVersions === undefined ? {} : { apiVersions: annotation.apiVersions }),
    ...(permissions === undefined ? {} : { permissions }),
    ...(annotation.target === 'action' || annotation.target === 'function' ? { isAction: true } : {}),
    request: promise(one, fitTemplate(one.request, templates)),
    responses: one.responses.map(({ code, response }) => promisedResponse(code, response)),
  };
}

/** `<page without .md>#<name or ordinal>`, made unique on the page by `~2`, `~3`. */
function withIds(page: string, pairs: readonly Pair[]): { id: string; pair: Pair }[] {
  const stem = page.replace(/\.md$/i, '');
  const taken = new Set<string>();
  return pairs.map((one, index) => {
    const plain = `${stem}#${one.names[0] ?? index + 1}`;
    let id = plain;
    for (let count = 2; taken.has(id); count++) id = `${plain}~${count}`;
    taken.add(id);
    return { id, pair: one };
  });
}

const EMPTY_WORDS = /^(http )?(request|response|example|examples|sample)s?(\s*\d+)?[:.]?$/i;

/** The page's title, and the nearest heading that says more than `Request` or `Example`. */
function exchangeTitle({ code, request }: Pair, title: string | undefined): string {
  const heading = code.headings.findLast(({ text, depth }) => depth > 1 && !EMPTY_WORDS.test(text))?.text;
  if (title === undefined) return heading ?? `${request.method} ${request.url}`;
  return heading === undefined || heading === title ? title : `${title}: ${heading}`;
}

function titleOf({ headings }: Outline, document: Document): string | undefined {
  const heading = headings.find(({ depth }) => depth === 1)?.text;
  return heading || document.annotation?.title || frontMatterValue(document, 'title') || undefined;
}
