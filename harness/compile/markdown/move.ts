import type { Nodes } from 'mdast';
import type { Point } from 'unist';

/** Moves a node and all it holds by lines and characters, and what stands on the node's first line by columns; gives the node. */
export function moved<N extends Nodes>(node: N, lines: number, offset: number, columns = 0): N {
  const first = node.position?.start.line;
  const pointAfter = (point: Point): Point => ({
    line: point.line + lines,
    column: point.column + (point.line === first ? columns : 0),
    offset: point.offset! + offset,
  });
  const move = (each: Nodes): void => {
    if (each.position) each.position = { start: pointAfter(each.position.start), end: pointAfter(each.position.end) };
    if ('children' in each) each.children.forEach(move);
  };
  move(node);
  return node;
}
