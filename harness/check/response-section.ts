import type { Page, Section, TypeUse } from '../model/docset.ts';
import type { Fact } from '../model/finding.ts';
import { lineInBlock, type PagedExchange, type PromisedResponse } from '../model/fixture.ts';
import { hasNoContent } from '../model/http.ts';
import type { Place } from '../model/place.ts';
import type { ResourceIndex } from '../model/resource.ts';
import { grouped } from '../model/grouped.ts';
import type { Around, Part } from './part.ts';
import { ofPage, speaksOf } from './scope.ts';

/** What the Response section of a page names, a status and a type, its examples show. */
export function* responseSection({ pages, exchanges, around }: Part): Generator<Fact> {
  const byFile = grouped(exchanges, ({ file }) => file);
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
        yield* type(use, typesOf(page, prose, around), shown, around.types);
    }
  }
}

type Prose = Exclude<Section, { kind: 'permissions' }>;

/** A type that prose links to, and the line it does so. */
interface NamedType {
  readonly name: string;
  readonly line: number;
  /** Of a collection, or of one; nothing where the prose does not say. */
  readonly isMany: boolean | undefined;
}

function* statuses(about: (place: Place) => Prose[], exchanges: readonly PagedExchange[]): Generator<Fact> {
  const seen = new Set<string>();
  for (const { id, file, responses } of exchanges)
    for (const { block, at, status, body } of responses) {
      const place = lineInBlock(file, block, at, 1);
      const site = `${place.file}:${place.position.start.line}`;
      // A body where HTTP has none is told at the body: the status above it is the same fault.
      if (seen.has(site) || !isSuccess(status) || (hasNoContent(status) && body.kind !== 'empty')) continue;
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
function typesOf(page: Page, sections: readonly Prose[], around: Around): NamedType[] {
  return sections
    .flatMap(({ links }) => links)
    .flatMap(({ text, url, place, isMany }) => {
      const target = around.targets(page, url);
      const isOther = target.kind === 'page' && target.page.file !== page.file;
      const found = isOther ? around.typesOn(target.page.file) : [];
      const called = found.filter((name) => lastPart(name) === text.replace(/\s/g, '').toLowerCase());
      return (called.length > 0 ? called : found).map((name) => ({
        name,
        line: place.position.start.line,
        isMany,
      }));
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
  const related = named.filter(({ name }) => areRelated(name, written, index));
  const isMany = response.isCollection ?? false;
  const other = related.find((each) => each.isMany !== undefined);
  // Only what is said in one way is said.
  if (
    other !== undefined &&
    !isToldThere(response) &&
    other.isMany !== isMany &&
    related.every((each) => each.isMany === other.isMany)
  )
    yield {
      ruleId: 'response/type',
      reason: `Unexpected ${isMany ? 'collection' : 'single object'} of \`${written}\`, expected ${isMany ? 'one object' : 'a collection'} as line ${other.line} says`,
      place,
      subject: `${written} ${isMany}`,
      ...(exchangeId === undefined ? {} : { exchangeId }),
      note: 'Make the annotation and the Response section say the same.',
    };
  if (related.length > 0) return;
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

/** That the annotation and the body contradict each other is told at the annotation. */
function isToldThere({ body, isCollection = false, collectionProperty = 'value' }: PromisedResponse): boolean {
  if (body.kind !== 'json') return false;
  const list = /^\s*(?:\[|\{[^[{]*?"([^"]+)"\s*:\s*\[)/.exec(body.text);
  const isList = list !== null && (list[1] === undefined || list[1] === collectionProperty);
  return isCollection !== isList;
}

/** Is one the other, or derived from it? Where no base type is documented, names that end in the same word may well be. */
function areRelated(a: string, b: string, index: ResourceIndex): boolean {
  if (index.isA(a, b) || index.isA(b, a)) return true;
  const areKnown = [a, b].every((name) => index.find(name)?.baseType !== undefined);
  return !areKnown && endAlike(a, b);
}

/** Names that end in the same word, but not in the same two after words of their own, such as `openShiftChangeRequest` and `swapShiftsChangeRequest`. */
function endAlike(a: string, b: string): boolean {
  const [one, other] = [wordsOf(a), wordsOf(b)];
  const areBeside = one.length > 2 && other.length > 2 && one.at(-2) === other.at(-2);
  return one.at(-1) === other.at(-1) && !areBeside;
}

function wordsOf(name: string): string[] {
  const words = name.slice(name.lastIndexOf('.') + 1).match(/[A-Z]?[^A-Z]+|[A-Z]+/g) ?? [];
  return words.map((word) => word.toLowerCase());
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase();
}
