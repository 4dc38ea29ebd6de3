/** A patch that `git apply` takes: three lines of context, line ends and byte order marks as they are, an ending without line end said. Empty where nothing differs. */
export function unifiedDiff(file: string, before: string, after: string): string {
  const [a, b] = [linesOf(before), linesOf(after)];
  const blocks = changedBlocks(a, b);
  if (blocks.length === 0) return '';
  const name = quoted(file);
  return [`--- ${name('a')}\n+++ ${name('b')}\n`, ...hunks(blocks).map((hunk) => hunkText(hunk, a, b))].join('');
}

/** Lines `[from, to)` of both sides that stand for each other. */
interface Block {
  readonly from: number;
  readonly to: number;
  readonly otherFrom: number;
  readonly otherTo: number;
}

const CONTEXT = 3;

/** Lines with their ends; git parts them at line feeds alone. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function hunks(blocks: readonly Block[]): Block[][] {
  const found: Block[][] = [];
  for (const block of blocks) {
    const last = found.at(-1);
    if (last !== undefined && block.from - last.at(-1)!.to <= 2 * CONTEXT) last.push(block);
    else found.push([block]);
  }
  return found;
}

function hunkText(blocks: readonly Block[], a: readonly string[], b: readonly string[]): string {
  const [first, last] = [blocks[0]!, blocks.at(-1)!];
  const lead = Math.min(CONTEXT, first.from);
  const [start, otherStart] = [first.from - lead, first.otherFrom - lead];
  const end = Math.min(a.length, last.to + CONTEXT);
  const otherEnd = last.otherTo + end - last.to;
  const lines: string[] = [];
  let at = start;
  for (const { from, to, otherFrom, otherTo } of blocks) {
    for (; at < from; at++) lines.push(marked(' ', a[at]!));
    for (; at < to; at++) lines.push(marked('-', a[at]!));
    for (let other = otherFrom; other < otherTo; other++) lines.push(marked('+', b[other]!));
  }
  for (; at < end; at++) lines.push(marked(' ', a[at]!));
  return `@@ -${range(start, end)} +${range(otherStart, otherEnd)} @@\n${lines.join('')}`;
}

function range(start: number, end: number): string {
  return end === start ? `${start},0` : `${start + 1},${end - start}`;
}

function marked(mark: string, line: string): string {
  return line.endsWith('\n') ? mark + line : `${mark}${line}\n\\ No newline at end of file\n`;
}

/** A name in quotes, as git writes those that would break a line of the patch. */
function quoted(file: string): (side: string) => string {
  if (!/[\u0000-\u001f"\\\u007f]/.test(file)) return (side) => `${side}/${file}${/\s/.test(file) ? '\t' : ''}`;
  const bytes = Buffer.from(file, 'utf8');
  const text = [...bytes]
    .map((byte) =>
      byte === 0x22 || byte === 0x5c
        ? `\\${String.fromCharCode(byte)}`
        : byte < 0x20 || byte > 0x7e
          ? `\\${byte.toString(8).padStart(3, '0')}`
          : String.fromCharCode(byte),
    )
    .join('');
  return (side) => `"${side}/${text}"`;
}

/** Where two texts differ, by Myers' greedy search over what is left between their common ends. */
function changedBlocks(a: readonly string[], b: readonly string[]): Block[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let [endA, endB] = [a.length, b.length];
  while (endA > head && endB > head && a[endA - 1] === b[endB - 1]) [endA, endB] = [endA - 1, endB - 1];
  if (endA === head && endB === head) return [];
  const whole = [{ from: head, to: endA, otherFrom: head, otherTo: endB }];
  const trace = searched(a.slice(head, endA), b.slice(head, endB));
  return trace === undefined ? whole : blocksOf(trace, endA - head, endB - head, head);
}

/** More edits than these are shown as one: memory grows with their square. */
const MOST_EDITS = 2000;

/** For each number of edits the farthest lines reached on each diagonal. */
function searched(a: readonly string[], b: readonly string[]): Int32Array[] | undefined {
  const most = Math.min(a.length + b.length, MOST_EDITS);
  const trace: Int32Array[] = [];
  let reached: Int32Array = new Int32Array(3);
  for (let edits = 0; edits <= most; edits++) {
    const next = new Int32Array(2 * edits + 3);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      // `reached` is of one edit less: its diagonals run from `1 - edits`, one place before and one after them left empty.
      const down = reached[diagonal + edits + 1] ?? 0;
      const right = (reached[diagonal + edits - 1] ?? 0) + 1;
      let x = edits === 0 ? 0 : diagonal === -edits || (diagonal !== edits && right - 1 < down) ? down : right;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      next[diagonal + edits + 1] = x;
      if (x >= a.length && x - diagonal >= b.length) return [...trace, next];
    }
    trace.push(next);
    reached = next;
  }
  return undefined;
}

function blocksOf(trace: readonly Int32Array[], lengthA: number, lengthB: number, shift: number): Block[] {
  const blocks: Block[] = [];
  let [x, y] = [lengthA, lengthB];
  const add = (from: number, to: number, otherFrom: number, otherTo: number): void => {
    const next = blocks[0];
    // What touches the block after it is one with it.
    if (next?.from === to + shift && next.otherFrom === otherTo + shift)
      blocks[0] = { ...next, from: from + shift, otherFrom: otherFrom + shift };
    else blocks.unshift({ from: from + shift, to: to + shift, otherFrom: otherFrom + shift, otherTo: otherTo + shift });
  };
  for (let edits = trace.length - 1; edits > 0; edits--) {
    const before = trace[edits - 1]!;
    const diagonal = x - y;
    const at = (of: number): number => before[of + edits] ?? 0;
    const isDown = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
    const fromX = isDown ? at(diagonal + 1) : at(diagonal - 1);
    const fromY = fromX - (isDown ? diagonal + 1 : diagonal - 1);
    if (isDown) add(fromX, fromX, fromY, fromY + 1);
    else add(fromX, fromX + 1, fromY, fromY);
    [x, y] = [fromX, fromY];
  }
  return blocks;
}
