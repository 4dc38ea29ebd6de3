import type { Data } from './data.ts';
import type { ListControl } from './list.tsx';
import type { Filter, Route } from './route.ts';

/** What every view is given. */
export interface ViewProps {
  readonly data: Data;
  readonly route: Route;
  readonly change: (filter: Filter) => void;
  /** On paper nothing is folded and every row is there. */
  readonly isPrinted: boolean;
  readonly control: ListControl;
}
