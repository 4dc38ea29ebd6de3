import { distance } from 'fastest-levenshtein';
import type { OutlineEntry, OutlineHeading } from '../model/outline.ts';
import type { Place } from '../model/place.ts';

/** A heading of a page with the headings below it. */
export interface Heading {
  readonly level: number;
  readonly text: string;
  readonly place: Place;
  readonly children: Heading[];
}

/** A place in the order of headings: an entry, or several of which none is there. */
export interface Slot {
  readonly titles: readonly string[];
  readonly level: number;
  readonly required: boolean;
  /** Absent where it stands for several. */
  readonly entry?: OutlineHeading;
  /** How a heading fits it. */
  fit(heading: Heading): Fit;
  met?: boolean;
}

type Fit = 'exact' | 'case' | 'misspelt' | undefined;

/** An `or` becomes the alternative that fits best, all of them tried; where none fits, one slot that names them all. */
export function slotsOf(entry: OutlineEntry, headings: readonly Heading[]): Slot[] {
  if (entry.kind === 'heading') {
    const { title, level, required } = entry;
    const fitTitle = fitOf(title);
    const fit = (heading: Heading): Fit => (heading.level === level ? fitTitle(heading.text) : undefined);
    return [{ titles: [title], level, required, entry, fit }];
  }
  const alternatives = entry.entries.map((each) => slotsOf(each, headings));
  if (entry.kind === 'and') return alternatives.flat();
  const scores = alternatives.map((slots) => slots.reduce((sum, slot) => sum + score(slot, headings), 0));
  const best = Math.max(0, ...scores);
  if (best > 0) return alternatives[scores.indexOf(best)]!;
  const all = alternatives.flat();
  if (all.length === 0) return [];
  // An alternative that may be absent is met by nothing at all.
  const required = alternatives.every((slots) => slots.some((slot) => slot.required));
  return [{ titles: all.flatMap(({ titles }) => titles), level: all[0]!.level, required, fit: () => undefined }];
}

/** How well a slot is met: by a heading as it is written, in another case, or misspelt. */
function score(slot: Slot, headings: readonly Heading[]): number {
  const fits = new Set(headings.map((heading) => slot.fit(heading)));
  return fits.has('exact') ? 100 : fits.has('case') ? 10 : fits.has('misspelt') ? 1 : 0;
}

function fitOf(title: string): (text: string) => Fit {
  const exact = pattern(title, '');
  const loose = pattern(title, 'i');
  // Of `Example *` only the words before the star can be misspelt.
  const fixed = title
    .replace(/\*[^]*$/, '')
    .trim()
    .toLowerCase();
  const count = title.includes('*') ? fixed.split(/\s+/).length : Infinity;
  return (text) => {
    if (exact.test(text)) return 'exact';
    if (loose.test(text)) return 'case';
    const words = text.slice(0, 200).split(/\s+/).slice(0, count).join(' ').toLowerCase();
    if (fixed === '' || Math.abs(words.length - fixed.length) > 2) return undefined;
    const apart = distance(fixed, words);
    return apart < 3 && apart * 2 < fixed.length ? 'misspelt' : undefined;
  };
}

function pattern(title: string, flags: string): RegExp {
  const parts = title.split(/\*+/).map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, `s${flags}`);
}

/** Which heading stands in which slot, and those that are not written as it says. */
export interface Assignment {
  readonly taken: ReadonlyMap<Heading, Slot>;
  readonly near: ReadonlyMap<Heading, { readonly slot: Slot; readonly fault: 'case' | 'misspelt' }>;
}

/** Gives each heading its slot: as it is written, then nearly so; what is left goes to a lone star. */
export function assign(slots: readonly Slot[], headings: readonly Heading[]): Assignment {
  const taken = new Map<Heading, Slot>();
  const near = new Map<Heading, { slot: Slot; fault: 'case' | 'misspelt' }>();
  const isAny = ({ entry }: Slot): boolean => entry?.title === '*';
  // A title written out goes before one with a star.
  const named = slots.filter((slot) => !isAny(slot)).sort((a, b) => stars(a) - stars(b));
  const give = (among: readonly Slot[], wanted: Fit): void => {
    for (const slot of among)
      for (const heading of headings) {
        if (slot.met && !slot.entry?.multiple) break;
        if (taken.has(heading) || slot.fit(heading) !== wanted) continue;
        taken.set(heading, slot);
        slot.met = true;
        if (wanted === 'case' || wanted === 'misspelt') near.set(heading, { slot, fault: wanted });
      }
  };
  for (const wanted of ['exact', 'case', 'misspelt'] as const) give(named, wanted);
  give(slots.filter(isAny), 'exact');
  return { taken, near };
}

function stars({ titles }: Slot): number {
  return titles.some((title) => title.includes('*')) ? 1 : 0;
}

/** Indices of a longest run of numbers, gaps allowed, that never falls. */
export function longestRise(numbers: readonly number[]): ReadonlySet<number> {
  // `ends[n]`: the index of the smallest number that a run of n + 1 can end in.
  const ends: number[] = [];
  const previous: number[] = [];
  for (const [index, number] of numbers.entries()) {
    let length = 0;
    let high = ends.length;
    while (length < high) {
      const middle = (length + high) >> 1;
      if (numbers[ends[middle]!]! <= number) length = middle + 1;
      else high = middle;
    }
    previous[index] = length === 0 ? -1 : ends[length - 1]!;
    ends[length] = index;
  }
  const run = new Set<number>();
  for (let index = ends.at(-1) ?? -1; index >= 0; index = previous[index]!) run.add(index);
  return run;
}
