import type { Page } from '../model/docset.ts';
import { frontMatterValue, type StructureItem } from '../model/document.ts';
import type { Fact } from '../model/finding.ts';
import type { Part } from './part.ts';

/**
 * Tabs of API pages stand in an example section, begin with HTTP, are two or more, each there once, the same and in the same order
 * in every group of a page, hold no headings and are closed by `---`.
 */
export function* tabs({ pages }: Part): Generator<Fact> {
  for (const page of pages) {
    if (frontMatterValue(page, 'doc_type') !== 'apiPageType') continue;
    const groups = groupsOf(page);
    // What the groups are held to: the first one that is in order itself.
    const sound = groups.filter((group) => faultOf(group) === undefined);
    for (const group of groups) {
      yield* group.headings.map((heading) =>
        fact(heading, `Unexpected heading \`${heading.text}\` between tabs`, 'Move it out, or make it bold text.'),
      );
      const fault = faultOf(group) ?? (sound[0] === group ? undefined : difference(group, sound[0]));
      if (fault) yield fault;
    }
  }
}

type Tab = Extract<StructureItem, { kind: 'tab' }>;
type Heading = Extract<StructureItem, { kind: 'heading' }>;

interface Group {
  readonly tabs: Tab[];
  /** Headings between its tabs. */
  readonly headings: Heading[];
  /** Headings it stands under. */
  readonly under: readonly Heading[];
  closed: boolean;
}

function groupsOf({ structure }: Page): Group[] {
  const groups: Group[] = [];
  const path: Heading[] = [];
  let group: Group | undefined;
  const next = nextOf(structure);
  for (const [index, item] of structure.entries()) {
    if (item.kind === 'rule') {
      if (group) group.closed = true;
      group = undefined;
      continue;
    }
    if (item.kind === 'tab') {
      if (!group) groups.push((group = { tabs: [], headings: [], under: [...path], closed: false }));
      group.tabs.push(item);
      continue;
    }
    if (group && isInside(group, next[index])) {
      group.headings.push(item);
      continue;
    }
    group = undefined;
    while (path.length > 0 && path.at(-1)!.level >= item.level) path.pop();
    path.push(item);
  }
  return groups;
}

/** Does a heading stand between the tabs of a group? So it does where its rule, or another of its tabs, comes next. */
function isInside({ tabs }: Group, next: StructureItem | undefined): boolean {
  return next?.kind === 'rule' || (next?.kind === 'tab' && !tabs.some((tab) => same(tab, next)));
}

/** What follows each item, headings passed over. */
function nextOf(structure: readonly StructureItem[]): (StructureItem | undefined)[] {
  const next: (StructureItem | undefined)[] = [];
  let coming: StructureItem | undefined;
  for (let index = structure.length - 1; index >= 0; index--) {
    next[index] = coming;
    if (structure[index]!.kind !== 'heading') coming = structure[index];
  }
  return next;
}

function faultOf({ tabs, under, closed }: Group): Fact | undefined {
  const [first] = tabs;
  if (!under.some(({ text }) => /^examples?\b/i.test(text)))
    return fact(first!, 'Unexpected tabs, expected them in an example section only', 'Move them under `## Examples`.');
  const seen = new Set<string>();
  const again = tabs.find(({ id }) => seen.size === seen.add(id.toLowerCase()).size);
  if (again)
    return fact(again, `Unexpected tab \`${again.text}\`, which this group has already`, 'Take one of them out.');
  if (!closed)
    return fact(tabs.at(-1)!, `Missing \`---\`, expected after the tab \`${tabs.at(-1)!.text}\``, 'Close the tabs.');
  if (!isHttp(first!))
    return fact(first!, `Unexpected tab \`${first!.text}\`, expected \`HTTP\` as the first`, 'Put the tab HTTP first.');
  if (tabs.length < 2) return fact(first!, 'Missing tab, expected two or more', 'Add a tab, or take the only one out.');
  return undefined;
}

/** The first tab that another group has not, or has elsewhere. */
function difference({ tabs }: Group, other: Group | undefined): Fact | undefined {
  if (other === undefined) return undefined;
  const index = tabs.findIndex((tab, at) => other.tabs[at] === undefined || !same(tab, other.tabs[at]));
  if (index < 0 && tabs.length === other.tabs.length) return undefined;
  const at = index < 0 ? tabs.at(-1)! : tabs[index]!;
  const { line } = other.tabs[0]!.place.position.start;
  return fact(
    at,
    `Unexpected tabs ${list(tabs)}, expected ${list(other.tabs)} as in line ${line}`,
    'Give every example the same tabs in the same order.',
  );
}

function list(tabs: readonly Tab[]): string {
  return tabs.map(({ text }) => `\`${text}\``).join(', ');
}

function same(a: Tab, b: Tab): boolean {
  return a.id.toLowerCase() === b.id.toLowerCase();
}

function isHttp({ id, text }: Tab): boolean {
  return id.toLowerCase() === 'http' || text.toLowerCase() === 'http';
}

function fact({ place, text }: Tab | Heading, reason: string, note: string): Fact {
  return { ruleId: 'structure/tabs', reason, place, subject: text, note };
}
