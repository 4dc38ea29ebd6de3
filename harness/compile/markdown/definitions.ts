import type { Definition } from 'mdast';
import { kindOf, type Kind } from './kind.ts';
import type { Leaf } from './leaf.ts';
import { position, type Scan } from './scanned.ts';

/**
 * Link reference definitions (CommonMark 4.7), one a line, of plain words and an address without a title; gives the line after
 * them. Nothing where the first is no such definition, or the last may go on below.
 */
export function definitions({ text, lines, pieces, definitions, labels }: Scan, first: number): number | undefined {
  const found: Leaf[] = [];
  let line = first;
  for (; line < lines.count; line++) {
    const [, label, url] = DEFINITION.exec(text.slice(lines.starts[line], lines.ends[line])) ?? [];
    if (label === undefined) break;
    const node: Definition = {
      type: 'definition',
      identifier: label.toLowerCase(),
      label,
      title: null,
      url: url!,
      position: position(lines, line, line),
    };
    found.push({ type: 'definition', position: node.position!, content: () => node });
    labels.add(node.identifier);
  }
  if (line === first || (line < lines.count && !CLOSING.has(kindOf({ text, lines }, line)))) return undefined;
  for (const leaf of found) pieces.push(leaf);
  definitions.push([lines.starts[first]!, lines.ends[line - 1]!]);
  return line;
}

const DEFINITION = /^\[([A-Za-z0-9]+(?:[ ._-][A-Za-z0-9]+)*)\]:[ \t]*([^\s<>()[\]\\&]+)$/;

/** What closes definitions: anything else may be the title of the last. */
const CLOSING: ReadonlySet<Kind> = new Set(['blank', 'heading', 'fence', 'comment']);
