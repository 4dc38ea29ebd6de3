import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks';

/** Moves through a list by its rows. */
export interface ListControl {
  /** The number of the row that has the focus, or had it last. */
  at: number;
  focus(row: number): void;
  refresh(): void;
}

/** A list of which only what is in sight is in the page; rows are as high as they need to be. */
export function List<T extends { readonly key: string; readonly kind: 'heading' | 'row' }>({
  items,
  label,
  isWhole,
  control,
  render,
}: {
  readonly items: readonly T[];
  readonly label: string;
  /** On paper everything is there. */
  readonly isWhole: boolean;
  readonly control: ListControl;
  readonly render: (item: T, row: number) => ComponentChildren;
}): JSX.Element {
  const box = useRef<HTMLOListElement>(null);
  const heights = useRef(new Map<string, number>());
  const wanted = useRef<number | undefined>(undefined);
  const [, refresh] = useReducer((count: number) => count + 1, 0);

  const tops = new Float64Array(items.length + 1);
  const rows: number[] = [];
  const numbers = new Int32Array(items.length);
  // Ten thousand at each key that is typed: an iterator takes several times as long.
  for (let index = 0; index < items.length; index++) {
    const item = items[index]!;
    tops[index + 1] = tops[index]! + (heights.current.get(item.key) ?? GUESS[item.kind]);
    numbers[index] = rows.length;
    if (item.kind === 'row') rows.push(index);
  }
  const above = box.current === null ? undefined : box.current.getBoundingClientRect().top;
  const [first, last] = isWhole ? [0, items.length] : inSight(tops, above);

  control.refresh = () => refresh(0);
  control.focus = (row) => {
    const target = Math.min(Math.max(row, 0), rows.length - 1);
    const index = rows[target];
    if (index === undefined || box.current === null) return;
    control.at = target;
    wanted.current = target;
    const top = window.scrollY + box.current.getBoundingClientRect().top + tops[index]!;
    const height = tops[index + 1]! - tops[index]!;
    if (top < window.scrollY + MARGIN) window.scrollTo(0, top - MARGIN);
    else if (top + height > window.scrollY + window.innerHeight - MARGIN)
      window.scrollTo(0, top + height - window.innerHeight + MARGIN);
    refresh(0);
  };

  useEffect(() => {
    let isDue = false;
    const onScroll = (): void => {
      if (isDue) return;
      isDue = true;
      requestAnimationFrame(() => {
        isDue = false;
        refresh(0);
      });
    };
    const onResize = (): void => {
      heights.current.clear();
      onScroll();
    };
    addEventListener('scroll', onScroll, { passive: true });
    addEventListener('resize', onResize);
    return () => {
      removeEventListener('scroll', onScroll);
      removeEventListener('resize', onResize);
    };
  }, []);

  useLayoutEffect(() => {
    if (box.current === null) return;
    let isOther = above === undefined;
    for (const element of box.current.children) {
      const key = items[Number((element as HTMLElement).dataset.item)]?.key;
      if (key === undefined) continue;
      const { height } = element.getBoundingClientRect();
      if (Math.abs((heights.current.get(key) ?? 0) - height) < 0.5) continue;
      if ((heights.current.get(key) ?? GUESS.row) !== height) isOther = true;
      heights.current.set(key, height);
    }
    if (wanted.current !== undefined) {
      const link = box.current.querySelector<HTMLElement>(`[data-row="${wanted.current}"]`);
      if (link) {
        wanted.current = undefined;
        link.focus({ preventScroll: true });
        link.scrollIntoView({ block: 'nearest' });
      }
    }
    if (isOther && !isWhole) refresh(0);
  });

  const shown = items.slice(first, last);
  return (
    <ol
      ref={box}
      class="rows"
      aria-label={label}
      style={{ paddingTop: `${tops[first]}px`, paddingBottom: `${tops[items.length]! - tops[last]!}px` }}
      onFocusIn={(event) => {
        const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]')?.dataset.row;
        if (row !== undefined) control.at = Number(row);
      }}
    >
      {shown.map((item, at) => (
        <li
          key={item.key}
          data-item={first + at}
          class={item.kind === 'heading' ? 'heading' : 'item'}
          aria-setsize={items.length}
          aria-posinset={first + at + 1}
        >
          {render(item, numbers[first + at]!)}
        </li>
      ))}
    </ol>
  );
}

const GUESS = { heading: 56, row: 76 };

/** Pixels kept free around a focused row, and drawn beyond what is in sight. */
const [MARGIN, BEYOND] = [96, 240];

function inSight(tops: Float64Array, above: number | undefined): readonly [number, number] {
  const from = -(above ?? 300) - BEYOND;
  const to = from + window.innerHeight + 2 * BEYOND;
  const last = Math.min(tops.length - 1, before(tops, to) + 1);
  return [Math.min(before(tops, from), last), last];
}

/** The last item that begins at or before a height. */
function before(tops: Float64Array, height: number): number {
  let [low, high] = [0, tops.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (tops[middle]! <= height) low = middle;
    else high = middle - 1;
  }
  return low;
}
