import type { Document, ExampleBlock, StructureItem, UnannotatedFence } from '../../model/document.ts';
import type { Position } from '../../model/place.ts';
import type { Leaf } from './leaf.ts';
import type { Comment } from './comments.ts';
import { readFrontMatter } from './front-matter.ts';
import { looksLikeRequest, looksLikeResponse } from '../http/text.ts';
import type { CodeBlock } from './outline.ts';
import { namespaceOf, readPageAnnotation } from './page-annotation.ts';
import { linePlace } from '../http/pair.ts';
import { placeOf, type PageText } from './source.ts';

/** What a page says of itself, and where `all` is asked for also what only `check` looks at; to be read when annotations are bound. */
export async function readDocument(
  page: PageText,
  comments: readonly Comment[],
  codes: readonly CodeBlock[],
  leaves: readonly Leaf[],
  asked: 'promises' | 'all',
): Promise<Document> {
  const frontMatter = await readFrontMatter(page);
  const annotation = readPageAnnotation(page, comments, codes);
  const namespace = namespaceOf(page, annotation, codes);
  const marks = asked === 'all' ? structureOf(page, leaves) : [];
  const includes = includedIn(page);
  return {
    ...(frontMatter === undefined ? {} : { frontMatter }),
    ...(annotation === undefined ? {} : { annotation }),
    ...(namespace === undefined ? {} : { namespace }),
    structure: marks.map(({ item }) => item),
    examples: codes.flatMap((code) => exampleOf(page, code)),
    unannotated: asked === 'all' ? unannotated(page, comments, codes, marks) : [],
    includes,
  };
}

/** The files that a page is made of beside its own; their lines stand together. */
function includedIn({ file, origins = [] }: PageText): string[] {
  const files = new Set<string>();
  let last = file;
  for (const origin of origins) {
    if (origin.file !== last) files.add(origin.file);
    last = origin.file;
  }
  files.delete(file);
  return [...files];
}

/** The document of a page that could not be read. */
export const NO_DOCUMENT: Document = { structure: [], examples: [], unannotated: [], includes: [] };

interface Mark {
  readonly offset: number;
  readonly item: StructureItem;
}

function structureOf(page: PageText, leaves: readonly Leaf[]): Mark[] {
  const marks: Mark[] = [];
  let inTabs = false;
  for (const leaf of leaves) {
    if (leaf.type !== 'heading' && !(leaf.type === 'thematicBreak' && inTabs)) continue;
    const { type, position } = leaf;
    const offset = position.start.offset!;
    const source = page.text.slice(offset, position.end.offset);
    // Text right above `---` is a heading to CommonMark (a setext one, 4.3); within tabs it is meant to close them.
    const closes =
      type === 'thematicBreak' ||
      (inTabs && !(type === 'heading' && leaf.tab) && /[\r\n][ \t>]*-{3,}[ \t]*$/.test(source));
    const place = placeOf(page, closes ? lastLine(position) : wordsOf(source, position));
    if (closes || leaf.type !== 'heading') {
      marks.push({ offset, item: { kind: 'rule', place } });
      inTabs = false;
    } else if (leaf.tab) {
      const id = /#tab\/([^)\s>]*)/.exec(source)?.[1] ?? '';
      marks.push({ offset, item: { kind: 'tab', text: leaf.text, id, place } });
      inTabs = true;
    } else marks.push({ offset, item: { kind: 'heading', level: leaf.depth, text: leaf.text, place } });
  }
  return marks;
}

/** A heading without its marks (`##`, an underline). */
function wordsOf(source: string, { start, end }: Position): Position {
  const first = source.split(/\r\n?|\n/, 1)[0]!;
  if (!first.startsWith('#')) {
    const column = start.column + first.trimEnd().length;
    return { start, end: end.line === start.line ? end : { line: start.line, column } };
  }
  const opening = /^#+[ \t]*/.exec(first)![0].length;
  const words = first
    .slice(opening)
    .trimEnd()
    .replace(/(?:^|[ \t])#+$/, '');
  const from = start.column + opening;
  return {
    start: { line: start.line, column: from },
    end: { line: start.line, column: from + words.trimEnd().length },
  };
}

function lastLine({ start, end }: Position): Position {
  return { start: start.line === end.line ? start : { line: end.line, column: Math.max(1, end.column - 3) }, end };
}

function exampleOf(page: PageText, code: CodeBlock): ExampleBlock[] {
  const annotation = code.comment?.annotation;
  if (annotation?.blockType !== 'example') return [];
  const position = annotation.places['@type'] ?? annotation.places['@odata.type'] ?? annotation.position;
  return [
    {
      ...(annotation.type === undefined ? {} : { type: annotation.type }),
      isCollection: annotation.isCollection ?? false,
      language: code.language,
      text: code.text,
      block: { ...code.block, file: code.block.file ?? page.file },
      place: placeOf(page, position),
    },
  ];
}

function unannotated(
  page: PageText,
  comments: readonly Comment[],
  codes: readonly CodeBlock[],
  marks: readonly Mark[],
): UnannotatedFence[] {
  const found: UnannotatedFence[] = [];
  // All three stand in page order, so that each is walked once.
  let nextMark = 0;
  let nextComment = 0;
  let tab: StructureItem | undefined;
  let nearest: Comment | undefined;
  for (const code of codes) {
    const start = code.node.position!.start.offset!;
    for (; nextMark < marks.length && marks[nextMark]!.offset < start; nextMark++)
      if (marks[nextMark]!.item.kind !== 'heading') tab = marks[nextMark]!.item;
    for (; nextComment < comments.length && comments[nextComment]!.start < start; nextComment++)
      if (comments[nextComment]!.pageText === undefined) nearest = comments[nextComment]!;
    // A comment above it that was reported is the one fault there is.
    const isTold = nearest?.fate === 'reported';
    nearest = undefined;
    const kind = code.comment === undefined ? kindOf(code) : undefined;
    if (kind !== undefined && !isTold && !isOther(tab)) found.push({ kind, place: linePlace(page, code, 0) });
  }
  return found;
}

function kindOf({ language, text }: CodeBlock): UnannotatedFence['kind'] | undefined {
  if (language === 'json') return 'json';
  if (language !== 'http') return undefined;
  if (looksLikeResponse(text)) return 'response';
  if (!looksLikeRequest(text)) return undefined;
  return text.split('\n').filter(looksLikeRequest).length > 1 ? 'route' : 'request';
}

/** Is it a tab of another language than HTTP? */
function isOther(item: StructureItem | undefined): boolean {
  return item?.kind === 'tab' && item.id.toLowerCase() !== 'http' && item.text.toLowerCase() !== 'http';
}
