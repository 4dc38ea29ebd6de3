import type { Suite } from '../../cli/door.ts';
import { requestLine, type PagedExchange } from '../../model/fixture.ts';
import { oneLine } from '../../report/visible.ts';

/** What one test asks. */
export interface Part {
  readonly title: string;
  readonly place: { readonly file: string; readonly line: number; readonly column: number };
  readonly tags: readonly string[];
  /** In the order of the docs. */
  readonly exchanges: readonly PagedExchange[];
  /** What was found before anything is asked. */
  readonly findings: Suite['findings'];
}

/** The tests of a suite, in the order of the docs: each exchange is in one, and values flow inside of one alone. */
export function partsOf({ promises, groups: grouped, findings }: Suite, per: 'exchange' | 'page'): readonly Part[] {
  const groups = grouped();
  const parts =
    per === 'page' ? byPage(promises.exchanges, groups) : groups.map((group) => partOf(group, flowTitle(group)));
  const places = new Map(promises.exchanges.map((exchange, at) => [exchange, at]));
  const inOrder = parts.toSorted((a, b) => places.get(a.exchanges[0]!)! - places.get(b.exchanges[0]!)!);
  return findings.length === 0 ? inOrder : [before(findings), ...inOrder];
}

function before(findings: Suite['findings']): Part {
  const { file, line, column } = findings[0]!;
  return { title: 'Fixtures and config can be read', place: { file, line, column }, tags: [], exchanges: [], findings };
}

function partOf(exchanges: readonly PagedExchange[], title: string): Part {
  const { file, position } = requestLine(exchanges[0]!);
  const tags = new Set(
    exchanges.flatMap(({ tags = [] }) => tags).map((tag) => `@${tag.trim().replace(/^@|\s+/g, '')}`),
  );
  return {
    title,
    place: { file, ...position.start },
    tags: [...tags].filter((tag) => tag !== '@'),
    exchanges,
    findings: [],
  };
}

/** Ids are unique, and so are titles that hold them. */
function flowTitle(group: readonly PagedExchange[]): string {
  const [first] = group;
  if (group.length === 1) return oneLine(`${first!.title} (${first!.id})`);
  const ids = group.slice(0, MOST_NAMED).map(({ id }) => id);
  const more = group.length - ids.length;
  return oneLine(`${first!.title}, and what values flow to (${ids.join(', ')}${more > 0 ? `, and ${more} more` : ''})`);
}

const MOST_NAMED = 12;

/** Pages between which values flow are one. */
function byPage(exchanges: readonly PagedExchange[], groups: ReturnType<Suite['groups']>): Part[] {
  const joined = new Map<string, Set<string>>();
  for (const group of groups) {
    const pages = new Set(group.flatMap(({ file }) => [...(joined.get(file) ?? [file])]));
    for (const page of pages) joined.set(page, pages);
  }
  const parts = new Map<Set<string>, PagedExchange[]>();
  for (const exchange of exchanges) {
    const pages = joined.get(exchange.file)!;
    const known = parts.get(pages);
    if (known) known.push(exchange);
    else parts.set(pages, [exchange]);
  }
  return [...parts].map(([pages, own]) => {
    const [first] = own;
    const others = pages.size > 1 ? ` and ${pages.size - 1} that values flow to or from` : '';
    return partOf(own, oneLine(`${first!.id.split('#', 1)[0]}.md${others}`));
  });
}
