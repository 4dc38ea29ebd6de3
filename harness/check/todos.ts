import type { Fact } from '../model/finding.ts';
import type { Part } from './part.ts';

/** No text says that it is yet to be written. */
export function* todos({ pages }: Part): Generator<Fact> {
  for (const { todos: found } of pages)
    for (const { text, place } of found)
      yield {
        ruleId: 'page/todo',
        reason: `Unexpected \`${text.length > 60 ? `${text.slice(0, 60)}…` : text}\`, expected the finished text`,
        place,
        subject: text,
        group: `page/todo ${text}`,
        note: 'Write what is left to write.',
      };
}
