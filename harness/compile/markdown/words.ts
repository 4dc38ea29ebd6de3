import type { Nodes, RootContent } from 'mdast';
import { toString } from 'mdast-util-to-string';
import type { Leaf } from './leaf.ts';
import { readLines } from './inline.ts';
import { mayLink } from './links.ts';
import { moved } from './move.ts';
import { pointsOn, position, readAlone, type Scan } from './scanned.ts';

/** Where words stand: whole lines, counted from 0, and the offset at which the words of each begin. */
export interface Spread {
  readonly first: number;
  readonly last: number;
  readonly offsets: readonly number[];
  /** Offset of what remark is handed, where it does not begin with the first line. */
  readonly from?: number;
}

/** A paragraph whose words are read when they are asked for. */
export function words(scan: Scan, { first, last, offsets, from }: Spread): Leaf {
  const { text, lines, labels } = scan;
  const whole = position(lines, first, last);
  const start = from ?? lines.starts[first]!;
  const source = () => text.slice(start, lines.ends[last]);
  let read: RootContent | undefined;
  const node = () => (read ??= moved(readAlone(scan, source(), first + 1), first, start, start - lines.starts[first]!));
  const quick = (): Nodes | undefined => {
    const children = readLines(
      text,
      offsets.map((offset, at) => [offset, lines.ends[first + at]!, pointsOn(lines, first + at)]),
      labels,
    );
    return children && { type: 'paragraph', children };
  };
  return {
    type: 'paragraph',
    position: { start: pointsOn(lines, first)(offsets[0]!), end: whole.end },
    text: () => toString(node()),
    content: () => (mayLink(source()) ? (quick() ?? node()) : undefined),
  };
}
