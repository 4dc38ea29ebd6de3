import type { Suite } from '../../cli/door.ts';
import { requestLine, type PagedExchange } from '../../model/fixture.ts';
import { stepsOf, type Scenario } from '../../model/scenario.ts';
import { oneLine } from '../../report/visible.ts';

/** What one test asks. */
export interface Part {
  readonly title: string;
  readonly place: { readonly file: string; readonly line: number; readonly column: number };
  readonly tags: readonly string[];
  /** In the order of the docs; of a scenario those that it is for. */
  readonly exchanges: readonly PagedExchange[];
  readonly scenario?: Scenario;
  /** What was found before anything is asked. */
  readonly findings: Suite['findings'];
}

/**
 * The tests of a suite, in the order of the docs, then the scenarios: each exchange is in one, and values flow inside of one alone. A
 * scenario is one test, whatever is parted how.
 */
export function partsOf(suite: Suite, per: 'exchange' | 'page'): readonly Part[] {
  const { promises, groups: grouped, scenarios, findings } = suite;
  const groups = grouped();
  const parts =
    per === 'page' ? byPage(promises.exchanges, groups) : groups.map((group) => partOf(group, flowTitle(group)));
  const places = new Map(promises.exchanges.map((exchange, at) => [exchange, at]));
  const inOrder = parts.toSorted((a, b) => places.get(a.exchanges[0]!)! - places.get(b.exchanges[0]!)!);
  const played = scenarios.map((scenario) => scenarioPart(scenario, promises.exchanges));
  return [...(findings.length === 0 ? [] : [before(findings)]), ...inOrder, ...played];
}

function scenarioPart(scenario: Scenario, exchanges: readonly PagedExchange[]): Part {
  const { id, name, place, tags, covers } = scenario;
  const { file, position } = place;
  const goals = new Set(covers);
  return {
    title: oneLine(`${name} (${id})`),
    place: { file, ...position.start },
    tags: tagsOf([tags, ...stepsOf(scenario).map(({ exchange }) => exchange.tags ?? [])].flat()),
    exchanges: exchanges.filter((exchange) => goals.has(exchange.id)),
    scenario,
    findings: [],
  };
}

function before(findings: Suite['findings']): Part {
  const { file, line, column } = findings[0]!;
  return {
    title: 'Fixtures, scenarios and config can be read',
    place: { file, line, column },
    tags: [],
    exchanges: [],
    findings,
  };
}

function partOf(exchanges: readonly PagedExchange[], title: string): Part {
  const { file, position } = requestLine(exchanges[0]!);
  return {
    title,
    place: { file, ...position.start },
    tags: tagsOf(exchanges.flatMap(({ tags = [] }) => tags)),
    exchanges,
    findings: [],
  };
}

/** As Playwright wants them. */
function tagsOf(tags: readonly string[]): string[] {
  const named = new Set(tags.map((tag) => `@${tag.trim().replace(/^@|\s+/g, '')}`));
  return [...named].filter((tag) => tag !== '@');
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
  // What scenarios are for is in no group.
  const grouped = new Set(groups.flat());
  for (const exchange of exchanges) {
    if (!grouped.has(exchange)) continue;
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
