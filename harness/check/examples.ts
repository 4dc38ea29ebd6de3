import type { Docset } from '../model/docset.ts';
import type { Fact } from '../model/finding.ts';
import { indexResources } from '../model/resource.ts';
import { primitive } from '../model/type.ts';

/** The type that an `example` block names is documented. */
export function* examples({ pages, resources }: Docset): Generator<Fact> {
  const index = indexResources(resources);
  for (const { type, place } of pages.flatMap((page) => page.examples)) {
    if (type === undefined || primitive(type) !== undefined || index.find(type) !== undefined) continue;
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
