import type { Nodes } from 'mdast';
import type { Link } from '../../model/docset.ts';
import type { Leaf } from './leaf.ts';
import { placeOf, type PageText } from './source.ts';
import { shownText } from './shown.ts';

/** Links, images and definitions of a page, each at its URL; includes and tabs are none. */
export function findLinks(page: PageText, leaves: readonly Leaf[]): Link[] {
  const links: Link[] = [];
  for (const leaf of leaves) {
    const content = contentOf(leaf);
    if (content === undefined || content.type === 'html') continue;
    each(content, undefined, (node, before) => {
      if (node.type !== 'link' && node.type !== 'image' && node.type !== 'definition') return;
      // A bare address that GFM made a link of has no position; it names its host, so it is not judged.
      if (/^#tab\//.test(node.url) || node.position === undefined) return;
      if (before?.type === 'text' && /\[!\w+\s*$/.test(before.value)) return;
      links.push({ url: node.url, place: placeOf(page, urlPosition(page, node)) });
    });
  }
  return links;
}

/** Ids that a page gives its headings (letters, digits, `_` and `-` kept, blanks to `-`, `-1` for a second one) and its own anchors. */
export function findAnchors(leaves: readonly Leaf[]): string[] {
  const ids = new Set<string>();
  // The next number of each heading that stands more than once: counted on, not from the start.
  const used = new Map<string, number>();
  for (const leaf of leaves) {
    const content = contentOf(leaf);
    if (content === undefined) continue;
    each(content, undefined, (node) => {
      if (node.type === 'html') for (const id of ownIds(node.value)) ids.add(id);
      if (node.type === 'heading')
        ids.add(idOf(leaf.type === 'heading' ? leaf.text : shownText(node.children), ids, used));
    });
  }
  return [...ids];
}

/** Can a text that remark reads as words hold a link, an image, or HTML? All of these but bare addresses need one of these marks. */
export function mayLink(text: string): boolean {
  return LINKING.test(text);
}

const LINKING = /\]\(|<|@|www\.|https?:\/\//i;

/** What of a leaf may hold links or anchors. */
function contentOf(leaf: Leaf): Nodes | undefined {
  if (leaf.type === 'html') return { type: 'html', value: leaf.value };
  return 'content' in leaf ? leaf.content() : undefined;
}

/** Shows a node and all it holds in reading order, each with the one before it: pages hold a million, and a walk that can do more takes many times as long. */
function each(node: Nodes, before: Nodes | undefined, show: (node: Nodes, before: Nodes | undefined) => void): void {
  show(node, before);
  if (!('children' in node)) return;
  let last: Nodes | undefined;
  for (const child of node.children) {
    each(child, last, show);
    last = child;
  }
}

function ownIds(html: string): string[] {
  return [...html.matchAll(/<\w[^>]{0,500}?\b(?:id|name)\s*=\s*["']?([^"'\s>]+)/gi)].map((found) => found[1]!);
}

function idOf(text: string, taken: ReadonlySet<string>, used: Map<string, number>): string {
  const slug =
    /\{#([^}\s]+)\}\s*$/.exec(text)?.[1] ??
    text
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
      .replaceAll(' ', '-');
  let id = slug;
  let count = used.get(slug) ?? 1;
  for (; taken.has(id); count++) id = `${slug}-${count}`;
  used.set(slug, count);
  return id;
}

function urlPosition(
  page: PageText,
  node: Nodes & { url: string },
): { start: { line: number; column: number }; end: { line: number; column: number } } {
  const { start, end } = node.position!;
  const source = page.text.slice(start.offset, end.offset);
  const index = source.lastIndexOf(node.url);
  if (index < 0 || node.url === '') return { start, end };
  const before = source.slice(0, index).split(/\r\n?|\n/);
  const line = start.line + before.length - 1;
  const column = before.length === 1 ? start.column + index : before.at(-1)!.length + 1;
  return { start: { line, column }, end: { line, column: column + node.url.length } };
}
