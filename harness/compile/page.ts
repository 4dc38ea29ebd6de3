import type { Annotation } from '../model/annotation.ts';
import type { AnnotatedBlock, Lookalike, Page, Source, Template, Todo, TypeUse } from '../model/docset.ts';
import { frontMatterValue, type Document } from '../model/document.ts';
import type { Fact } from '../model/finding.ts';
import type { Exchange } from '../model/fixture.ts';
import { readJson } from '../model/json.ts';
import type { Place } from '../model/place.ts';
import type { Enumeration, Resource } from '../model/resource.ts';
import { NO_TABLES } from '../model/tables.ts';
import { plainType } from './annotation.ts';
import { assemble, type ReadFile } from './markdown/assemble.ts';
import { leavesOf, mayDefine, readLeaves } from './markdown/blocks.ts';
import type { Leaf } from './markdown/leaf.ts';
import { readBodies } from './http/bodies.ts';
import { findComments, type Comment } from './markdown/comments.ts';
import { NO_DOCUMENT, readDocument } from './markdown/document.ts';
import { looksLikeRequest, looksLikeResponse } from './http/text.ts';
import { findAnchors, findLinks } from './markdown/links.ts';
import { outline, type CodeBlock, type Outline } from './markdown/outline.ts';
import { linePlace, pair, promise, promisedResponse, type Pair } from './http/pair.ts';
import type { Remark } from './markdown/remark.ts';
import { readResources } from './resources/index.ts';
import { htmlLinks, readSections, undefinedReferences } from './markdown/sections.ts';
import { placeOf, placeOnLine, type PageText } from './markdown/source.ts';
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
  const leaves = await leavesIn(page, remark, asked);
  const comments = findComments(page);
  const blocks = outline(page, leaves, comments);
  const document = await readDocument(page, comments, blocks.codes, leaves, asked);
  const title = titleOf(blocks, document);
  const templates = readTemplates(page, blocks.codes);
  const hasResources = blocks.codes.some(({ comment }) => comment?.annotation?.blockType === 'resource');
  const tables = knownTables(page, blocks.tables, readTable, wantedTables(hasResources, asked === 'all'));
  const resources = readResources(page, blocks.codes, tables, document.namespace);
  const pairs = pair(page, blocks.codes);
  const exchanges = withIds(source.page, pairs).map(({ id, pair: one }) =>
    exchangeOf(id, one, title, templatesFor(one.code, templates)),
  );
  readBodies(page, exchanges);
  settle(page, blocks.codes);
  const told = readTables(tables, document.namespace);
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
    resources,
    facts,
    fates: [
      ...comments.flatMap(({ word, fate, position }) =>
        word === undefined ? [] : [{ word, fate: fate ?? ('ignored' as const), place: placeOf(page, position) }],
      ),
      ...(page.leftOut ?? []).map((each) => ({ ...each, fate: 'ignored' as const })),
    ],
    names: blocks.codes.flatMap(({ comment }) => nameOf(page, comment)),
  };
}

/** The leaf blocks of a page: with the user's plugins of the tree they leave, and of whole text where links may be told by definitions far from them. */
async function leavesIn(page: PageText, remark: Remark, facts: Facts): Promise<Leaf[]> {
  if (remark.run) return leavesOf(await remark.run(page.text, page.file));
  const isWhole = facts === 'all' && mayDefine(page.text);
  return isWhole ? leavesOf(remark.parse(page.text)) : readLeaves(page.text, remark);
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

function exchangeOf(id: string, one: Pair, title: string | undefined, templates: readonly Template[]): Exchange {
  const annotation: Partial<Annotation> = one.code.comment?.annotation ?? {};
  const name = one.names[0];
  return {
    id,
    ...(name === undefined ? {} : { name }),
    title: exchangeTitle(one, title),
    ...(annotation.scopes === undefined ? {} : { scopes: annotation.scopes }),
    ...(annotation.tags === undefined ? {} : { tags: annotation.tags }),
    ...(annotation.apiVersions === undefined ? {} : { apiVersions: annotation.apiVersions }),
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

function findTypes(
  page: PageText,
  pairs: readonly Pair[],
  exchanges: readonly Exchange[],
  codes: readonly CodeBlock[],
): TypeUse[] {
  const uses: TypeUse[] = [];
  const add = (code: CodeBlock, as: TypeUse['as'], body?: string, exchangeId?: string): void => {
    const annotation = code.comment?.annotation;
    const type = as === 'baseType' ? annotation?.baseType?.replace(/^#/, '') : annotation?.type;
    if (annotation === undefined || type === undefined) return;
    const position =
      as === 'baseType' ? annotation.places.baseType : (annotation.places['@type'] ?? annotation.places['@odata.type']);
    const bodyType = body === undefined ? undefined : typeOfBody(body);
    uses.push({
      type,
      ...(as === 'baseType' || annotation.typeAka === undefined ? {} : { aka: annotation.typeAka.replace(/^#/, '') }),
      as,
      place: placeOf(page, position ?? annotation.position),
      ...(bodyType === undefined ? {} : { bodyType }),
      ...(exchangeId === undefined ? {} : { exchangeId }),
    });
  };
  const seen = new Set<CodeBlock>();
  pairs.forEach(({ code, request, responses }, index) => {
    add(code, 'request', request.body.kind === 'json' ? request.body.text : undefined, exchanges[index]!.id);
    for (const { code: block, response } of responses) {
      if (seen.has(block)) continue;
      seen.add(block);
      add(block, 'response', response.body.kind === 'json' ? response.body.text : undefined, exchanges[index]!.id);
    }
  });
  for (const code of codes) if (code.comment?.annotation?.blockType === 'resource') add(code, 'baseType');
  return uses;
}

function findAnnotated(page: PageText, codes: readonly CodeBlock[]): AnnotatedBlock[] {
  return codes.flatMap(({ comment, block }): AnnotatedBlock[] => {
    const annotation = comment?.annotation;
    const kind = annotation?.blockType;
    if (annotation === undefined || (kind !== 'request' && kind !== 'response' && kind !== 'resource')) return [];
    const { type, keyProperty, optionalProperties, nullableProperties, places, position } = annotation;
    return [
      {
        kind,
        code: { file: block.file ?? page.file, line: block.line },
        ...(type === undefined ? {} : { type }),
        ...(keyProperty === undefined ? {} : { keyProperty }),
        ...(optionalProperties === undefined ? {} : { optionalProperties }),
        ...(nullableProperties === undefined ? {} : { nullableProperties }),
        place: placeOf(page, position),
        places: Object.fromEntries(Object.entries(places).map(([name, at]) => [name, placeOf(page, at)])),
      },
    ];
  });
}

function typeOfBody(text: string): string | undefined {
  const type = (value: unknown): unknown =>
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['@odata.type'] : undefined;
  const { value } = readJson(text);
  const items = typeof value === 'object' && value !== null ? (value as Record<string, unknown>).value : undefined;
  const found = type(value) ?? (Array.isArray(items) ? type(items[0]) : undefined);
  return typeof found === 'string' ? plainType(found).type : undefined;
}

/** Lines outside code that say TODO, once each: the emphasised text or the word itself. */
function findTodos(page: PageText, codes: readonly CodeBlock[]): Todo[] {
  if (!page.text.includes('TODO')) return [];
  const inCode = new Set<number>();
  for (const { node } of codes)
    for (let line = node.position!.start.line; line <= node.position!.end.line; line++) inCode.add(line);
  return page.lines.flatMap((line, index) => {
    if (inCode.has(index + 1)) return [];
    const found = /\*\*\s*TODO\b.{0,300}?\*\*|\bTODO\b[^|"]{0,80}/.exec(line);
    if (!found) return [];
    const text = found[0].trimEnd();
    return [{ text, place: placeOnLine(page, index + 1, found.index + 1, text.length) }];
  });
}

function findLookalikes(page: PageText, codes: readonly CodeBlock[]): Page['lookalikes'] {
  const bare = codes.filter(({ comment }) => comment === undefined);
  const alike = (looks: (text: string) => boolean): Lookalike[] =>
    bare
      .filter(({ text }) => looks(text))
      .map((code) => ({ place: linePlace(page, code, 0), line: code.text.trim().split('\n', 1)[0]! }));
  return { requests: alike(looksLikeRequest), responses: alike(looksLikeResponse) };
}

function nameOf(page: PageText, comment: Comment | undefined): { name: string; place: Place }[] {
  const annotation = comment?.annotation;
  const name = annotation?.names[0];
  if (annotation?.blockType !== 'request' || name === undefined) return [];
  return [{ name, place: placeOf(page, annotation.places.name ?? annotation.position) }];
}
