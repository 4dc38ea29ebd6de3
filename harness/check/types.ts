import type { Docset, TypeUse } from '../model/docset.ts';
import type { Fact } from '../model/finding.ts';
import { indexResources } from '../model/resource.ts';
import { primitive } from '../model/type.ts';
import { didYouMean } from '../model/usage.ts';

/** Every type an annotation names is documented, and spelled as its resource, or at least as the body, spells it. */
export function* types({ pages, resources }: Docset): Generator<Fact> {
  const index = indexResources(resources);
  const names = resources.map(({ name }) => name);
  // To look for a near name among all is dear: docs that name nothing right get only so many.
  let hints = 50;
  for (const use of pages.flatMap((page) => page.types)) {
    const { type, aka, place, bodyType } = use;
    if (primitive(type) !== undefined) continue;
    const known = index.find(type);
    if (known === undefined && (aka === undefined || index.find(aka) === undefined)) {
      const near = use.as === 'baseType' && hints-- > 0 ? didYouMean(type, names) : '';
      yield unresolved(use, near);
    }
    const proper = known?.name ?? bodyType;
    if (proper !== undefined && proper !== type && proper.toLowerCase() === type.toLowerCase())
      yield {
        ruleId: 'type/spelling',
        reason: `Unexpected spelling \`${type}\`, expected \`${proper}\` as ${known ? 'its resource has it' : 'the body has it'}`,
        place,
        subject: type,
        group: `type/spelling ${type}`,
        note: `Write \`${proper}\`.`,
      };
  }
}

function unresolved({ type, as, place, exchangeId }: TypeUse, near: string): Fact {
  return {
    ruleId: 'type/unresolved',
    reason: `Missing resource \`${type}\`, expected a page that documents it${near}`,
    place,
    subject: type,
    group: `type/unresolved ${type.toLowerCase()}`,
    ...(exchangeId === undefined ? {} : { exchangeId }),
    note:
      as === 'baseType'
        ? 'Document the base type, or mend its name.'
        : 'Document the type with a `resource` annotation, or mend its name; until then the body is judged by its example alone.',
  };
}
