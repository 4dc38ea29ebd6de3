import type { Page } from '../model/docset.ts';
import { frontMatterValue } from '../model/document.ts';
import type { Fact } from '../model/finding.ts';
import type { OutlineEntry, PageOutlines } from '../model/outline.ts';
import type { Place } from '../model/place.ts';
import type { Part } from './part.ts';
import { assign, longestRise, slotsOf, type Heading, type Slot } from './slots.ts';

/** The headings of each page are those that the outline of its kind (`doc_type`) says, spelled so and in its order. */
export function* structure({ pages }: Part, outlines: PageOutlines): Generator<Fact> {
  for (const page of pages) {
    const outline = outlines.get(frontMatterValue(page, 'doc_type'));
    if (outline !== undefined) yield* judge(outline, headingTree(page), top(page), '');
  }
}

function headingTree({ structure }: Page): Heading[] {
  const roots: Heading[] = [];
  const path: Heading[] = [];
  for (const item of structure) {
    if (item.kind !== 'heading') continue;
    const heading = { level: item.level, text: item.text, place: item.place, children: [] };
    while (path.length > 0 && path.at(-1)!.level >= heading.level) path.pop();
    (path.at(-1)?.children ?? roots).push(heading);
    path.push(heading);
  }
  return roots;
}

/** Holds headings that stand side by side to what is expected there; `parent` is what they stand under. */
function* judge(
  expected: readonly OutlineEntry[],
  headings: readonly Heading[],
  place: Place,
  parent: string,
): Generator<Fact> {
  const slots = expected.flatMap((entry) => slotsOf(entry, headings));
  const { taken, near } = assign(slots, headings);
  for (const [heading, { slot, fault }] of near) yield misnamed(heading, slot, fault);
  for (const slot of slots) if (slot.required && !slot.met) yield missing(slot, place, parent);
  for (const heading of headings) if (!taken.has(heading)) yield unexpected(heading, slots);
  yield* order(headings, slots, taken);
  for (const heading of headings) {
    const headers = taken.get(heading)?.entry?.headers ?? [];
    if (headers.length > 0) yield* judge(headers, heading.children, heading.place, heading.text);
  }
}

/** Headings out of order: the fewest without which the others stand as the outline has them. */
function* order(
  headings: readonly Heading[],
  slots: readonly Slot[],
  taken: ReadonlyMap<Heading, Slot>,
): Generator<Fact> {
  const known = headings.flatMap((heading) => {
    const slot = taken.get(heading);
    return slot === undefined ? [] : [{ heading, rank: slots.indexOf(slot) }];
  });
  const kept = longestRise(known.map(({ rank }) => rank));
  const last: Heading[] = [];
  for (const index of kept) last[known[index]!.rank] = known[index]!.heading;
  for (const [index, { heading, rank }] of known.entries()) {
    if (kept.has(index)) continue;
    const before = last.slice(0, rank + 1).findLast((each) => each !== undefined);
    const where = before ? `after \`${before.text}\`` : `before \`${last.find((each) => each !== undefined)!.text}\``;
    yield {
      ruleId: 'structure/heading-order',
      reason: `Unexpected place of the heading \`${heading.text}\`, expected it ${where}`,
      place: heading.place,
      subject: heading.text,
      note: 'Move the section.',
    };
  }
}

function misnamed(heading: Heading, { titles }: Slot, fault: 'case' | 'misspelt'): Fact {
  const title = titles[0]!;
  return {
    ruleId: fault === 'case' ? 'structure/heading-case' : 'structure/heading-misspelt',
    reason: `Unexpected heading \`${heading.text}\`, expected \`${title}\``,
    place: heading.place,
    subject: heading.text,
    group: `structure/heading ${heading.text}`,
    expected: title,
    actual: heading.text,
    note: `Did you mean \`${title}\`?`,
  };
}

function missing({ titles, level }: Slot, place: Place, parent: string): Fact {
  const named = titles.map((title) => `\`${'#'.repeat(level)} ${title}\``).join(' or ');
  return {
    ruleId: 'structure/heading-missing',
    reason: `Missing heading ${named}, expected ${parent === '' ? 'on this page' : `under \`${parent}\``}`,
    place,
    subject: titles.join(' '),
    group: `structure/heading-missing ${titles.join(' ')}`,
    note: 'Write the section.',
  };
}

function unexpected(heading: Heading, slots: readonly Slot[]): Fact {
  const elsewhere = slots.find(({ titles }) => titles.includes(heading.text));
  const again = elsewhere?.level === heading.level;
  return {
    ruleId: 'structure/heading-unexpected',
    reason: `Unexpected heading \`${heading.text}\`${again ? ', which stands here already' : ''}`,
    place: heading.place,
    subject: heading.text,
    group: `structure/heading-unexpected ${heading.text}`,
    note:
      elsewhere && !again
        ? `Write it as \`${'#'.repeat(elsewhere.level)} ${heading.text}\`.`
        : 'Take the heading out, or add it to the outline.',
  };
}

/** What stands for a page as a whole: the head of its front matter, else its first heading, else its first line. */
function top({ file, frontMatter, structure }: Page): Place {
  const start = { line: 1, column: 1 };
  return frontMatter?.place ?? structure[0]?.place ?? { file, position: { start, end: start } };
}
