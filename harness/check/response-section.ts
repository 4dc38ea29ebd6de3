import type { Docset, Page, Section, TypeUse } from '../model/docset.ts';
import type { Fact } from '../model/finding.ts';
import { lineInBlock, type PagedExchange } from '../model/fixture.ts';
import type { Place } from '../model/place.ts';
import { indexResources, type Resource, type ResourceIndex } from '../model/resource.ts';
import { grouped } from './grouped.ts';
import { linkTargets, type LinkTargets } from './link-target.ts';
import { ofPage, speaksOf } from './scope.ts';

/** What the Response section of a page names, a status and a type, its examples show. */
export function* responseSection({ pages, exchanges, resources }: Docset): Generator<Fact> {
  const index = indexResources(resources);
  const byPage = grouped(resources, ({ page }) => page);
  const byFile = grouped(exchanges, ({ file }) => file);
  const targets = linkTargets(pages);
  for (const page of pages) {
    const sections = page.sections.flatMap((section) => (section.kind === 'response' ? [section] : []));
    const shown = ofPage(page, byFile.get(page.file) ?? []);
    if (sections.length === 0 || shown.length === 0) continue;
    const isAbout = speaksOf(page);
    const about = (place: Place): Prose[] => sections.filter((section) => isAbout(section.place, place));
    yield* statuses(about, shown);
    for (const use of page.types) {
      const prose = use.as === 'response' ? about(use.place) : [];
      if (prose.length > 0 && !prose.some(({ varies }) => varies))
        yield* type(use, typesOf(page, prose, targets, byPage), shown, index);
    }
  }
}

type Prose = Exclude<Section, { kind: 'permissions' }>;

/** A type that prose links to, and the line it does so. */
interface NamedType {
  readonly name: string;
  readonly line: number;
}

function* statuses(about: (place: Place) => Prose[], exchanges: readonly PagedExchange[]): Generator<Fact> {
  const seen = new Set<string>();
  for (const { id, file, responses } of exchanges)
    for (const { block, at, status } of responses) {
      const place = lineInBlock(file, block, at, 1);
      const site = `${place.file}:${place.position.start.line}`;
      if (seen.has(site) || !isSuccess(status)) continue;
      seen.add(site);
      const named = about(place)
        .flatMap((section) => section.statuses)
        .filter((each) => isSuccess(each.status));
      if (named.length === 0 || named.some((each) => each.status === status)) continue;
      const expected = [...new Set(named.map((each) => each.status))];
      yield {
        ruleId: 'response/status',
        reason: `Unexpected status \`${status}\`, expected ${expected.map((each) => `\`${each}\``).join(' or ')} as line ${named[0]!.place.position.start.line} says`,
        place,
        subject: String(status),
        exchangeId: id,
        expected: expected.join(' or '),
        actual: String(status),
        note: 'Make the example and the Response section say the same status.',
      };
    }
}

/** Statuses of success; that of several answers in one says nothing of each (RFC 4918, 13). */
function isSuccess(status: number): boolean {
  return status >= 200 && status < 400 && status !== 207;
}

/** What the section's links lead to: of a page with several resources the one that the link is called after, else all of them. */
function typesOf(
  page: Page,
  sections: readonly Prose[],
  targets: LinkTargets,
  byPage: ReadonlyMap<string, readonly Resource[]>,
): NamedType[] {
  return sections
    .flatMap(({ links }) => links)
    .flatMap(({ text, url, place }) => {
      const target = targets(page, url);
      const found = target.kind === 'page' && target.page !== page ? (byPage.get(target.page.file) ?? []) : [];
      const called = found.filter(({ name }) => lastPart(name) === text.replace(/\s/g, '').toLowerCase());
      return (called.length > 0 ? called : found).map(({ name }) => ({ name, line: place.position.start.line }));
    });
}

function* type(
  { type: written, place, exchangeId }: TypeUse,
  named: readonly NamedType[],
  exchanges: readonly PagedExchange[],
  index: ResourceIndex,
): Generator<Fact> {
  if (named.length === 0 || index.find(written) === undefined) return;
  const response = exchanges
    .find(({ id }) => id === exchangeId)
    ?.responses.find((each) => each.type?.toLowerCase() === written.toLowerCase());
  if (response === undefined || !isSuccess(response.status) || response.expectError) return;
  if (named.some(({ name }) => areRelated(name, written, index))) return;
  const { name, line } = named[0]!;
  yield {
    ruleId: 'response/type',
    reason: `Unexpected type \`${written}\`, expected \`${name}\` as line ${line} says`,
    place,
    subject: written,
    ...(exchangeId === undefined ? {} : { exchangeId }),
    expected: name,
    actual: written,
    note: 'Make the annotation and the Response section name the same type.',
  };
}

/** Is one the other, or derived from it? Where no base type is documented, names that end in the same word may well be. */
function areRelated(a: string, b: string, index: ResourceIndex): boolean {
  if (index.isA(a, b) || index.isA(b, a)) return true;
  const areKnown = [a, b].every((name) => index.find(name)?.baseType !== undefined);
  return !areKnown && lastWord(a) === lastWord(b);
}

function lastWord(name: string): string {
  return /[A-Z]?[^A-Z.]*$/.exec(name)![0].toLowerCase();
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase();
}
