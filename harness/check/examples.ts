import type { Fact } from '../model/finding.ts';
import { primitive } from '../model/type.ts';
import type { Part } from './part.ts';

/** The type that an `example` block names is documented. */
export function* examples({ pages, around }: Part): Generator<Fact> {
  for (const { type, place } of pages.flatMap((page) => page.examples)) {
    if (type === undefined || primitive(type) !== undefined || around.types.find(type) !== undefined) continue;
    yield {
      ruleId: 'type/unresolved',
      reason: `Missing resource \`${type}\`, expected a page that documents it`,
      place,
      subject: type,
      group: `type/unresolved ${type.toLowerCase()}`,
      note: 'Document the type with a `resource` annotation, or mend its name.',
    };
  }
}
