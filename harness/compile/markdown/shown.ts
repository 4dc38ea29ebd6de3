import type { Nodes } from 'mdast';
import { toString } from 'mdast-util-to-string';

/**
 * What readers are shown of a heading or a cell: its text without HTML. Translated pages carry the text that they translate in a span
 * that is shown on demand (`class="sxs-lookup"`): then that is given, for the words that a page is known by are in its language.
 */
export function shownText(children: readonly Nodes[]): string {
  const source = children.some(isSource) ? sourceOf(children) : '';
  return (source === '' ? toString(children, { includeHtml: false }) : source).trim();
}

function isSource(node: Nodes): boolean {
  return node.type === 'html' && /^<span\s[^>]*class=["']sxs-lookup["']/i.test(node.value);
}

/** Text between the span of the source and its end; spans nest. */
function sourceOf(children: readonly Nodes[]): string {
  let depth = 0;
  let within = 0;
  let text = '';
  for (const child of children) {
    if (child.type === 'html' && /^<span[\s>]/i.test(child.value)) {
      depth++;
      if (within === 0 && isSource(child)) within = depth;
    } else if (child.type === 'html' && /^<\/span/i.test(child.value)) {
      if (within === depth) within = 0;
      depth--;
    } else if (within > 0) text += toString(child, { includeHtml: false });
  }
  return text.trim();
}
