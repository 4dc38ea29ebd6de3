/** Stretches of lines, from 1, both counted. */
export type Span = readonly [from: number, to: number];

/**
 * The blocks of a text that were changed: a fence with all its lines, else lines between blank ones. Where lines were taken out, the blocks
 * around them are. Linear in both texts but where very much of them differs; then all between the first and the last difference counts.
 */
export function changedBlocks(before: string | undefined, after: string): Span[] {
  const lines = linesOf(after);
  if (before === undefined) return lines.length === 0 ? [] : [[1, lines.length]];
  const changed = changedLines(linesOf(before), lines);
  if (changed.length === 0) return [];
  return joined(
    blocksOf(lines).filter(([from, to]) => changed.some(([first, last]) => first <= to && last >= from)),
    changed,
  );
}

/** Is any line of a stretch in one of the spans? */
export function touches(spans: readonly Span[] | undefined, from: number, to: number): boolean {
  return spans !== undefined && spans.some(([first, last]) => first <= to && last >= from);
}

function linesOf(text: string): string[] {
  return text.split(/\r\n?|\n/);
}

/** The lines of `after` that are not in `before`, and those next to lines that are gone. */
export function changedLines(before: readonly string[], after: readonly string[]): Span[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let [endBefore, endAfter] = [before.length, after.length];
  while (endBefore > start && endAfter > start && before[endBefore - 1] === after[endAfter - 1]) {
    endBefore--;
    endAfter--;
  }
  if (endBefore === start && endAfter === start) return [];
  const [gone, come] = [before.slice(start, endBefore), after.slice(start, endAfter)];
  if (gone.length * come.length > MOST_CELLS) return [[start + 1, Math.max(start + 1, endAfter)]];
  const kept = keptOf(gone, come);
  const spans: Span[] = [];
  let last = 0;
  let lastGone = 0;
  for (const [old, now] of [...kept, [gone.length, come.length] as const]) {
    // Lines were put in, or others taken out, before this one that stayed.
    if (now > last) spans.push([start + last + 1, start + now]);
    else if (old > lastGone) spans.push([Math.max(1, start + now), Math.min(after.length, start + now + 1)]);
    [lastGone, last] = [old + 1, now + 1];
  }
  return joined(spans, []);
}

const MOST_CELLS = 4_000_000;

/** A longest list of lines that both have, in order, as their places. */
function keptOf(before: readonly string[], after: readonly string[]): [number, number][] {
  const width = after.length + 1;
  const longest = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      longest[i * width + j] =
        before[i] === after[j]
          ? longest[(i + 1) * width + j + 1]! + 1
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
  const kept: [number, number][] = [];
  for (let [i, j] = [0, 0]; i < before.length && j < after.length;) {
    if (before[i] === after[j]) kept.push([i++, j++]);
    else if (longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!) i++;
    else j++;
  }
  return kept;
}

/** Fences, and what stands between blank lines; a comment belongs to the fence that comes next. */
function blocksOf(lines: readonly string[]): Span[] {
  const blocks: Span[] = [];
  let from: number | undefined;
  let fence: string | undefined;
  lines.forEach((line, index) => {
    const number = index + 1;
    if (fence !== undefined) {
      const mark = /^[ \t>]*(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
      if (mark?.startsWith(fence)) {
        blocks.push([from!, number]);
        fence = from = undefined;
      }
      return;
    }
    const opening = /^[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)*(`{3,}(?!.*`)|~{3,})/.exec(line)?.[1];
    if (opening !== undefined) {
      from ??= number;
      fence = opening;
    } else if (/^[ \t>]*$/.test(line)) {
      if (from !== undefined && !/-->[ \t]*$/.test(lines[index - 1] ?? '')) {
        blocks.push([from, number - 1]);
        from = undefined;
      }
    } else from ??= number;
  });
  if (from !== undefined) blocks.push([from, lines.length]);
  return blocks;
}

function joined(a: readonly Span[], b: readonly Span[]): Span[] {
  const result: [number, number][] = [];
  for (const [from, to] of [...a, ...b].sort((one, other) => one[0] - other[0])) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}
