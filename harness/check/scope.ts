import type { Page } from '../model/docset.ts';
import type { PagedExchange } from '../model/fixture.ts';
import type { Place } from '../model/place.ts';

/**
 * Does what a page says at one place speak of the example at another? An example stands under a heading that says so, beside the section
 * that speaks, or below it under headings of its own; a section that holds the example itself says nothing beyond it, and one under a
 * heading of another operation speaks of that.
 */
export function speaksOf(page: Page): SpeaksOf {
  let known = KNOWN.get(page);
  if (known === undefined) KNOWN.set(page, (known = speaksOn(page)));
  return known;
}

type SpeaksOf = (statement: Place, example: Place) => boolean;

/** Several rules ask it of a page. */
const KNOWN = new WeakMap<Page, SpeaksOf>();

function speaksOn({ structure, file }: Page): SpeaksOf {
  const headings = structure.flatMap((item) =>
    item.kind === 'heading' && item.place.file === file
      ? [{ level: item.level, text: item.text, line: item.place.position.start.line }]
      : [],
  );
  return (statement, example) => {
    if (statement.file !== file || example.file !== file) return false;
    const [said, shown] = [statement.position.start.line, example.position.start.line];
    const at = headings.findLastIndex(({ line }) => line <= said);
    const section = headings[at];
    if (section === undefined) return headings.length === 0;
    const parent = headings.slice(0, at).findLast(({ level }) => level < section.level);
    const end = headings.find(({ level, line }) => parent && line > parent.line && level <= parent.level)?.line;
    if (shown < (parent?.line ?? 0) || shown > (end ?? Infinity)) return false;
    // The heading beside the section that the example stands under.
    const beside = headings.findLast(({ level, line }) => line <= shown && level <= section.level);
    return beside !== undefined && beside.line !== section.line && EXAMPLES.test(beside.text);
  };
}

/** The exchanges that the page is about: one that fits none of the documented forms is of another operation, and told elsewhere. */
export function ofPage({ misfits }: Page, exchanges: readonly PagedExchange[]): readonly PagedExchange[] {
  const strangers = new Set(misfits.map(({ exchangeId }) => exchangeId));
  return strangers.size === 0 ? exchanges : exchanges.filter(({ id }) => !strangers.has(id));
}

const EXAMPLES = /\b(?:samples?|examples?)\b|^(?:requests?|responses?)\b/i;
