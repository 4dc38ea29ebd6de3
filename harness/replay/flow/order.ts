/** An exchange that waits for another, by their indexes. */
export interface Wait {
  readonly from: number;
  readonly to: number;
}

/** An order in which everyone comes after those it waits for, else as near to the order of the docs as can be. */
export interface Order {
  readonly order: readonly number[];
  /** Whom each waits for, by index; absent for those that wait for nobody. */
  readonly waits: ReadonlyMap<number, ReadonlySet<number>>;
  /** Waits that would have closed a circle, as they were given. */
  readonly dropped: readonly Wait[];
}

/** Orders `size` exchanges. Of waits that close a circle the last given is dropped. Linear but inside circles. */
export function orderOf(size: number, wanted: readonly Wait[]): Order {
  const circles = circlesOf(size, wanted);
  const after: number[][] = [];
  const waits = new Map<number, Set<number>>();
  const dropped: Wait[] = [];
  for (const wait of wanted) {
    const { from, to } = wait;
    const isInCircle = from === to || circles[from] === circles[to];
    if (isInCircle && (from === to || reaches(after, to, from, circles))) {
      dropped.push(wait);
      continue;
    }
    (after[from] ??= []).push(to);
    const of = waits.get(to);
    if (of) of.add(from);
    else waits.set(to, new Set([from]));
  }
  return { order: sorted(size, after, waits), waits, dropped };
}

/** Kahn's algorithm, always with the first in the docs of those that wait for nobody any more. */
function sorted(size: number, after: readonly (readonly number[] | undefined)[], waits: Order['waits']): number[] {
  const left = Array.from({ length: size }, (_, at) => waits.get(at)?.size ?? 0);
  const order: number[] = [];
  const free = heap();
  // Those that wait for nobody come by themselves in the order of the docs; the heap holds only those set free.
  for (let next = 0; order.length < size;) {
    while (next < size && (waits.get(next)?.size ?? 0) > 0) next++;
    const first = free.peek();
    const at = first !== undefined && (next >= size || first < next) ? free.pop()! : next++;
    order.push(at);
    for (const other of new Set(after[at])) if (--left[other]! === 0) free.push(other);
  }
  return order;
}

function reaches(
  after: readonly (readonly number[] | undefined)[],
  from: number,
  to: number,
  circles: readonly number[],
): boolean {
  const seen = new Set([from]);
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === to) return true;
    for (const next of after[at] ?? []) {
      if (seen.has(next) || circles[next] !== circles[to]) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return false;
}

/** The strongly connected component of each (Tarjan), without recursion: docs may be as deep as they like. */
function circlesOf(size: number, waits: readonly Wait[]): number[] {
  const next: number[][] = [];
  for (const { from, to } of waits) (next[from] ??= []).push(to);
  const [index, low, circle] = [new Map<number, number>(), new Map<number, number>(), new Array<number>(size).fill(-1)];
  if (waits.length === 0) return circle.map((_, at) => at);
  const stack: number[] = [];
  for (let root = 0; root < size; root++) {
    if (index.has(root) || next[root] === undefined) continue;
    const calls: { readonly at: number; child: number }[] = [];
    const enter = (at: number): void => {
      index.set(at, index.size);
      low.set(at, index.get(at)!);
      stack.push(at);
      calls.push({ at, child: 0 });
    };
    enter(root);
    while (calls.length > 0) {
      const call = calls.at(-1)!;
      const child = next[call.at]?.[call.child++];
      if (child !== undefined) {
        if (!index.has(child)) enter(child);
        else if (circle[child] === -1) low.set(call.at, Math.min(low.get(call.at)!, index.get(child)!));
        continue;
      }
      calls.pop();
      const parent = calls.at(-1);
      if (parent) low.set(parent.at, Math.min(low.get(parent.at)!, low.get(call.at)!));
      if (low.get(call.at) !== index.get(call.at)) continue;
      for (let member = stack.pop()!; ; member = stack.pop()!) {
        circle[member] = call.at;
        if (member === call.at) break;
      }
    }
  }
  return circle.map((of, at) => (of === -1 ? at : of));
}

/** A heap of numbers, least first. */
function heap(): { peek(): number | undefined; pop(): number | undefined; push(value: number): void } {
  const items: number[] = [];
  const swap = (a: number, b: number): void => {
    [items[a], items[b]] = [items[b]!, items[a]!];
  };
  return {
    peek: () => items[0],
    push(value) {
      items.push(value);
      for (let at = items.length - 1; at > 0 && items[(at - 1) >> 1]! > items[at]!; at = (at - 1) >> 1)
        swap(at, (at - 1) >> 1);
    },
    pop() {
      const least = items[0];
      const last = items.pop();
      if (items.length === 0 || last === undefined) return least;
      items[0] = last;
      for (let at = 0; ;) {
        const left = at * 2 + 1;
        const child = left + 1 < items.length && items[left + 1]! < items[left]! ? left + 1 : left;
        if (child >= items.length || items[child]! >= items[at]!) return least;
        swap(at, child);
        at = child;
      }
    },
  };
}
