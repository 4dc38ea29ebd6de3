import type { Source } from '../../model/docset.ts';
import type { Fact } from '../../model/finding.ts';
import { assemble } from './assemble.ts';
import { findComments } from './comments.ts';
import { HardText, MOST } from './hard.ts';
import { unreadable, type PageReading, type Reading } from '../page.ts';
import { decode, placeOf, type PageText } from './source.ts';

/** A page too large to be assembled, let alone parsed: its annotations alone are looked for. */
export function refusesSize({ content }: Source): HardText | undefined {
  return content instanceof Error || content.length <= MOST.bytes
    ? undefined
    : new HardText(`a file of ${content.length} bytes, at most ${MOST.bytes} are read`, 1);
}

/** What is left of a page that is not parsed: a finding where it gets too hard, and one at each annotation, none of which is read. */
export function refused(source: Source, { message, line }: HardText, { readFile, tags }: Reading): PageReading {
  const { content, file } = source;
  if (content instanceof Error) return unreadable(source, content);
  const silent = (): void => {};
  const page: PageText =
    content.length > MOST.bytes
      ? { file, page: source.page, text: decode(content).text, lines: [], leftOut: [], report: silent }
      : assemble(file, source.page, content, readFile, silent, tags);
  const start = { line, column: 1 };
  const fact = (about: Pick<Fact, 'reason' | 'place' | 'subject'>): Fact => ({
    ruleId: 'page/unreadable',
    group: `page/unreadable ${file}`,
    note: 'Split the page, or take out what no reader could follow.',
    ...about,
  });
  const written = findComments(page).filter(({ word }) => word !== undefined);
  return {
    ...unreadable(source, new Error(message)),
    facts: [
      fact({
        reason: `Unexpected ${message}: the page is not read`,
        place: placeOf(page, { start, end: start }),
        subject: 'content',
      }),
      ...written.map((comment) =>
        fact({
          reason: `Unexpected annotation on a page that is not read (${message})`,
          place: placeOf(page, comment.position),
          subject: comment.word!,
        }),
      ),
    ],
    fates: [
      ...written.map(({ word, position }) => ({
        word: word!,
        place: placeOf(page, position),
        fate: 'reported' as const,
      })),
      ...(page.leftOut ?? []).map((each) => ({ ...each, fate: 'ignored' as const })),
    ],
  };
}
