import type { Code, Table } from 'mdast';
import type { Block } from '../../model/fixture.ts';
import type { Leaf } from './leaf.ts';
import type { Comment } from './comments.ts';
import { placeOf, type PageText } from './source.ts';

/** A heading and what stands under it: the line of thought that leads to a block. */
export interface Heading {
  readonly depth: number;
  readonly text: string;
}

/** A code block with the headings it stands under and the annotation bound to it. */
export interface CodeBlock {
  readonly node: Code;
  readonly block: Block;
  /** First word of the info string, in lower case; empty where there is none. */
  readonly language: string;
  readonly text: string;
  readonly headings: readonly Heading[];
  readonly comment?: Comment;
}

export interface TableBlock {
  readonly node: Table;
  /** Line of its first row, from 1. */
  readonly line: number;
  readonly headings: readonly Heading[];
}

/** A page's blocks in the order they are read, whatever lists and quotes they stand in. */
export interface Outline {
  readonly codes: readonly CodeBlock[];
  readonly tables: readonly TableBlock[];
  readonly headings: readonly Heading[];
}

/**
 * Walks the blocks of a page and binds each annotation to the code block that is the next block after it, at any depth; other
 * comments, tab headings and docs markup such as `[!NOTE]` alone may stand between. Annotations that bind to nothing are reported.
 */
export function outline(page: PageText, leaves: readonly Leaf[], comments: readonly Comment[]): Outline {
  const codes: CodeBlock[] = [];
  const tables: TableBlock[] = [];
  const headings: Heading[] = [];
  let path: readonly Heading[] = [];
  const waiting: Comment[] = [];
  let next = 0;

  for (const leaf of leaves) {
    const start = leaf.position.start.offset!;
    const end = leaf.position.end.offset!;
    // Comments before this leaf that no html block holds stand in a container's own text (a definition): nothing binds them.
    const inside: Comment[] = [];
    while (next < comments.length && comments[next]!.start < end) inside.push(comments[next++]!);
    if (leaf.type === 'html') {
      const before = inside.filter((comment) => comment.start < start);
      before.forEach((comment) => reportLoose(page, comment));
      bindHtml(
        page,
        leaf,
        inside.filter((comment) => comment.start >= start),
        waiting,
      );
      continue;
    }
    if (leaf.type === 'code') {
      const closed = isClosed(page, leaf.node);
      if (!closed) reportOpenFence(page, leaf.node);
      inside.forEach((comment) => reportInCode(page, comment, leaf.node, closed));
      const comment = waiting.pop();
      drop(page, waiting, 'another annotation');
      const isOpen = !closed || inside.some(({ isSwallowed }) => isSwallowed);
      codes.push({
        ...codeBlock(page, leaf.node, isOpen),
        headings: path,
        ...(comment === undefined ? {} : { comment }),
      });
      continue;
    }
    inside.forEach((comment) => reportLoose(page, comment));
    // Whether a paragraph parts what stands before and after it matters only where an annotation waits.
    if (leaf.type === 'paragraph' && waiting.length === 0) continue;
    if (isTransparent(leaf)) continue;
    drop(page, waiting, WORDS[leaf.type] ?? 'something else');
    if (leaf.type === 'heading') {
      const heading = { depth: leaf.depth, text: leaf.text };
      // Blocks hold the path that led to them.
      path = [...path.slice(0, path.findLastIndex(({ depth }) => depth < heading.depth) + 1), heading];
      headings.push(heading);
    } else if (leaf.type === 'table') tables.push(tableBlock(leaf, path));
  }
  for (; next < comments.length; next++) reportLoose(page, comments[next]!);
  drop(page, waiting, 'the end of the page');
  for (const { isCode, facts } of comments) if (!isCode) for (const fact of facts) page.report(fact);
  return { codes, tables, headings };
}

/** The code of a fence and where its lines stand. */
function codeBlock(
  page: PageText,
  node: Code,
  isOpen: boolean,
): Pick<CodeBlock, 'node' | 'block' | 'language' | 'text'> {
  const first = node.position!.start.line + (isFenced(page, node) ? 1 : 0);
  const value = node.value.replace(/\r\n?/g, '\n');
  const text = isOpen ? ownPart(value) : value;
  const indents: number[] = [];
  // A blank line tells nothing of the indentation.
  const told = new Set<number>();
  for (const line of text.split('\n')) {
    const source = page.lines[first - 1 + indents.length] ?? '';
    const indent = source.endsWith(line) ? source.length - line.length : 0;
    indents.push(indent);
    if (source.trim() !== '') told.add(indent);
  }
  const origin = page.origins?.[first - 1];
  return {
    node,
    language: (node.lang ?? '').toLowerCase(),
    text,
    block: {
      ...(origin === undefined || origin.file === page.file ? {} : { file: origin.file }),
      line: origin?.line ?? first,
      indent: told.size > 1 ? indents : ([...told][0] ?? 0),
    },
  };
}

/** What a fence that is not closed was meant to hold: all before the next fence, comment or heading. */
function ownPart(text: string): string {
  const next = text.search(/^[ \t]*(?:`{3}|~{3}|<!--|``[ \t]*$|~~[ \t]*$)|(?<=\n[ \t]*\n)#{1,6} /m);
  return next < 0 ? text : text.slice(0, next).trimEnd();
}

/** The rows of a table are read when somebody asks for them. */
function tableBlock(leaf: Extract<Leaf, { type: 'table' }>, headings: readonly Heading[]): TableBlock {
  return {
    get node() {
      return leaf.table();
    },
    line: leaf.position.start.line,
    headings,
  };
}

function bindHtml(
  page: PageText,
  node: Extract<Leaf, { type: 'html' }>,
  inside: readonly Comment[],
  waiting: Comment[],
): void {
  for (const comment of inside) {
    if (comment.annotation === undefined) continue;
    drop(page, waiting, 'another annotation');
    waiting.push(comment);
  }
  const last = inside.at(-1);
  const tail = (last ? page.text.slice(last.end, node.position.end.offset) : node.value)
    .replace(/<!--[^]*?(?:-->|$)/g, '')
    .replace(/[\s>]+/g, ' ')
    .trim();
  if (tail !== '' && !/^<\/?\w+$/.test(tail))
    drop(
      page,
      waiting,
      /(`{3,}|~{3,})/.test(tail) ? 'an HTML block that swallows the fence' : 'text after the comment',
    );
}

const WORDS: Readonly<Record<string, string>> = {
  heading: 'a heading',
  paragraph: 'text',
  table: 'a table',
  thematicBreak: 'a rule',
  yaml: 'front matter',
};

/** What stands between an annotation and its code block without parting them. */
function isTransparent(leaf: Leaf): boolean {
  if (leaf.type === 'definition') return true;
  if (leaf.type === 'heading') return leaf.tab;
  return (
    leaf.type === 'paragraph' &&
    leaf
      .text()
      .split('\n')
      .every((line) => /^\s*\[(![\w-]+\b.*|END|TAGS=.*)\]\s*$/i.test(line))
  );
}

/** Annotations that still wait when something other than code comes: kinds that need no code are ignored, the others reported. */
function drop(page: PageText, waiting: Comment[], obstacle: string): void {
  for (const comment of waiting.splice(0)) reportUnbound(page, comment, obstacle);
}

function reportUnbound(page: PageText, comment: Comment, obstacle: string): void {
  if (comment.fate !== undefined) return;
  const kind = comment.annotation!.blockType;
  if (kind === 'ignored' || kind === 'permissions' || kind === 'samples') comment.fate = 'ignored';
  else if (comment.word === undefined) return;
  else {
    comment.fate = 'reported';
    page.report({
      ruleId: 'annotation/unbound',
      reason: `Unexpected ${obstacle}, expected a code block after the \`${kind}\` annotation`,
      place: placeOf(page, comment.position),
      subject: `${kind} ${comment.annotation!.names[0] ?? ''}`,
      note: 'Put the comment on lines of its own, directly above the code block it is about.',
    });
  }
}

/** A comment that stands in text: shown in `code`, or lost. */
function reportLoose(page: PageText, comment: Comment): void {
  const { start, column } = { start: comment.start, column: comment.position.start.column };
  const before = page.text.slice(Math.max(start - column + 1, start - 1000), start);
  if ((before.match(/`+/g)?.length ?? 0) % 2 === 0) return reportUnbound(page, comment, 'text around it');
  reportShown(page, comment, 'annotation/in-code', 'Unexpected annotation inside `code`, read as text');
}

function reportInCode(page: PageText, comment: Comment, code: Code, closed: boolean): void {
  // Where another fence with a language opens inside a fence, the mark that closes it was meant to close the inner one.
  const opening = openingOf(page, code);
  const inner = new RegExp(`^ {0,3}${opening[0]}{${opening.length},}[ \\t]*[\\w-]`, 'm');
  if (closed && !inner.test(code.value))
    return reportShown(page, comment, 'annotation/in-code', 'Unexpected annotation inside a code block, read as code');
  const { line } = placeOf(page, code.position!).position.start;
  const reason = `Unexpected annotation inside the code block of line ${line}, which is never closed`;
  comment.isSwallowed = true;
  reportShown(page, comment, 'annotation/in-open-fence', reason, `Close the fence of line ${line}.`);
}

function reportShown(
  page: PageText,
  comment: Comment,
  ruleId: 'annotation/in-code' | 'annotation/in-open-fence',
  reason: string,
  note = 'Nothing to do if it is an example of an annotation.',
): void {
  comment.isCode = true;
  if (comment.word === undefined) return;
  comment.fate = 'reported';
  page.report({ ruleId, reason, place: placeOf(page, comment.position), subject: comment.word, note });
}

function reportOpenFence(page: PageText, node: Code): void {
  const { start } = node.position!;
  const fence = /^[`~]+/.exec(page.text.slice(start.offset, start.offset! + 20))?.[0] ?? '```';
  page.report({
    ruleId: 'fence/unclosed',
    reason: `Missing closing \`${fence.replaceAll('`', "'")}\`, expected before the end of what the fence stands in`,
    place: placeOf(page, { start, end: { line: start.line, column: start.column + fence.length } }),
    subject: String(node.lang ?? ''),
    note: 'Close the fence; until then everything after it is code.',
  });
}

function isFenced(page: PageText, node: Code): boolean {
  return /[`~]/.test(page.text[node.position!.start.offset!] ?? '');
}

/** The marks that open a fence. */
function openingOf(page: PageText, node: Code): string {
  const { offset } = node.position!.start;
  return /^(`+|~+)/.exec(page.text.slice(offset, offset! + 1000))?.[1] ?? '```';
}

/** Indented code needs no fence; a fence is closed by as many of its marks or more, alone on a line (CommonMark 4.5). */
function isClosed(page: PageText, node: Code): boolean {
  if (!isFenced(page, node)) return true;
  const { start, end } = node.position!;
  const opening = openingOf(page, node);
  const { text } = page;
  const rest = text.slice(text.lastIndexOf('\n', end.offset! - 1) + 1, end.offset);
  const last = rest.slice(rest.lastIndexOf('\r') + 1);
  const closing = /(`+|~+)[ \t]*$/.exec(last)?.[1];
  return (
    end.line > start.line &&
    closing !== undefined &&
    closing[0] === opening[0] &&
    closing.length >= opening.length &&
    /^[\s>]*$/.test(last.slice(0, last.lastIndexOf(closing)).replace(/^[\s>\d.)*+-]*/, ''))
  );
}
