/** What is looked at, all of it in the address, so that a view can be sent. */
export interface Route {
  readonly view: View;
  readonly filter: Filter;
  /** The exchange (by its id) or the finding (by its number) that is looked at. */
  readonly id?: string;
}

export type View = 'overview' | 'exchanges' | 'findings' | 'coverage' | 'exchange' | 'finding';

/** What a list is narrowed to, and how it is laid out; absent is as it comes. */
export type Filter = Readonly<Partial<Record<FilterKey, string>>>;

/** The keys of a filter, in the order an address has them. */
export const FILTER_KEYS = [
  'q',
  'outcome',
  'severity',
  'rule',
  'area',
  'method',
  'type',
  'state',
  'about',
  'page',
  'cause',
  'sort',
  'group',
  /** Which list a detail was opened from. */
  'from',
] as const;

export type FilterKey = (typeof FILTER_KEYS)[number];

const VIEWS: readonly View[] = ['overview', 'exchanges', 'findings', 'coverage', 'exchange', 'finding'];

/** Reads a fragment such as `#/exchanges?outcome=differs`; what is not known leads to the overview. */
export function readRoute(hash: string): Route {
  const [, name = '', query = ''] = /^#\/([a-z]*)\??(.*)$/s.exec(hash) ?? [];
  const view = VIEWS.find((each) => each === name) ?? 'overview';
  const parameters = new URLSearchParams(query);
  const entries = FILTER_KEYS.flatMap((key) => {
    const value = parameters.get(key);
    return value === null || value === '' ? [] : [[key, value] as const];
  });
  const id = parameters.get('id');
  return { view, filter: Object.fromEntries(entries), ...(id === null ? {} : { id }) };
}

/** The fragment of a route. */
export function hashOf({ view, filter, id }: Route): string {
  const parameters = new URLSearchParams();
  if (id !== undefined) parameters.set('id', id);
  for (const key of FILTER_KEYS) {
    const value = filter[key];
    if (value !== undefined && value !== '') parameters.set(key, value);
  }
  const query = parameters.toString();
  return `#/${view}${query === '' ? '' : `?${query}`}`;
}

/** The list that a detail belongs to. */
export function listOf({ view, filter }: Route): 'exchanges' | 'findings' {
  if (view === 'findings' || view === 'exchanges') return view;
  return filter.from === 'findings' || (view === 'finding' && filter.from === undefined) ? 'findings' : 'exchanges';
}
