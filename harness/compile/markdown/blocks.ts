import type { Nodes, Root, RootContent } from 'mdast';
import { toString } from 'mdast-util-to-string';
import { refuseHard } from './hard.ts';
import type { Leaf } from './leaf.ts';
import { linesOf } from './lines.ts';
import { moved } from './move.ts';
import type { Remark } from './remark.ts';
import { scan, type Scanned } from './scan.ts';
import type { Stretch } from './scanned.ts';
import { shownText } from './shown.ts';

/**
 * The leaf blocks of a text in order: exactly those that remark finds in it. What a scan of the lines proves is not handed to
 * remark; of the rest only the stretches that it cannot prove, and the whole text where it cannot tell where one ends.
 */
export function readLeaves(text: string, remark: Remark): Leaf[] {
  const scanned = scan(text, remark);
  return (scanned && fill(text, scanned, remark)) ?? leavesOf(remark.parse(text));
}

/** The leaf blocks of a tree that remark made. */
export function leavesOf(root: Root): Leaf[] {
  return [...leaves(root)].map(leafOf);
}

/** Puts what remark reads in the place of each stretch; nothing where a stretch does not end where the scan believed. */
function fill(text: string, { pieces, definitions }: Scanned, remark: Remark): Leaf[] | undefined {
  const stretches = pieces.filter((piece) => piece.type === 'stretch');
  if (stretches.length === 0) return pieces as Leaf[];
  const read = parseStretches(text, stretches, definitions, remark);
  if (read === undefined) return undefined;
  return pieces.flatMap((piece) => (piece.type === 'stretch' ? read.get(piece)! : [piece]));
}

/** Where the heading stands as a block of the root, nothing is left open before it. */
const SENTINEL = '# x\n';

/** Reads all stretches in one go, below the definitions of the page, each closed by a heading that proves that it ends there. */
function parseStretches(
  text: string,
  stretches: readonly Stretch[],
  definitions: Scanned['definitions'],
  remark: Remark,
): ReadonlyMap<Stretch, readonly Leaf[]> | undefined {
  let batch = '';
  let line = 1;
  const own = new Set(stretches.map(({ start }) => start));
  for (const [start, end] of definitions) {
    if (own.has(start)) continue;
    batch += `${text.slice(start, end)}\n${SENTINEL}`;
  }
  const first = (line += linesOf(batch).count);
  const segments = stretches.map((stretch) => {
    refuseHard(text.slice(stretch.start, stretch.end), stretch.line);
    const segment = { stretch, offset: batch.length, line, sentinel: line + stretch.lines };
    batch += text.slice(stretch.start, stretch.end);
    line += stretch.lines;
    if (stretch.end < text.length) {
      batch += SENTINEL;
      line++;
    }
    return segment;
  });
  const { children } = remark.parseStretch(batch);
  const found = new Map<Stretch, readonly Leaf[]>();
  let next = 0;
  while (next < children.length && children[next]!.position!.start.line < first) next++;
  for (const { stretch, offset, line, sentinel } of segments) {
    const from = next;
    while (next < children.length && children[next]!.position!.start.line < sentinel) next++;
    const blocks = children.slice(from, next);
    if (stretch.end < text.length && !isSentinel(children[next++], sentinel)) return undefined;
    for (const block of blocks) moved(block, stretch.line - line, stretch.start - offset);
    found.set(stretch, leavesOf({ type: 'root', children: blocks }));
  }
  return found;
}

function isSentinel(node: RootContent | undefined, line: number): boolean {
  return node?.type === 'heading' && node.position!.start.line === line && node.position!.start.column === 1;
}

type LeafNode =
  Exclude<RootContent, { children: unknown[] }> | Extract<RootContent, { type: 'heading' | 'paragraph' | 'table' }>;

function* leaves(node: Nodes): Generator<LeafNode> {
  switch (node.type) {
    case 'root':
    case 'blockquote':
    case 'list':
    case 'listItem':
    case 'footnoteDefinition':
      for (const child of node.children) yield* leaves(child);
      return;
    default:
      yield node as LeafNode;
  }
}

function leafOf(node: LeafNode): Leaf {
  const position = node.position!;
  switch (node.type) {
    case 'code':
      return { type: 'code', position, node };
    case 'html':
      return { type: 'html', position, value: node.value };
    case 'heading': {
      const { depth, children } = node;
      return {
        type: 'heading',
        position,
        depth,
        text: shownText(node.children),
        tab: isTab(children),
        content: () => node,
      };
    }
    case 'paragraph':
      return { type: 'paragraph', position, text: () => toString(node), content: () => node };
    case 'table':
      return { type: 'table', position, table: () => node, content: () => node };
    case 'thematicBreak':
    case 'yaml':
      return { type: node.type, position };
    default:
      return { type: node.type === 'definition' ? 'definition' : 'other', position, content: () => node };
  }
}

function isTab(children: readonly Nodes[]): boolean {
  const [only] = children;
  return children.length === 1 && only!.type === 'link' && /^#tab\//.test(only!.url);
}
