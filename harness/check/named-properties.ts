import { bodyJson } from '../model/body-json.ts';
import type { AnnotatedBlock } from '../model/docset.ts';
import type { Fact } from '../model/finding.ts';
import type { PromisedBody } from '../model/fixture.ts';
import type { ResourceIndex } from '../model/resource.ts';
import { didYouMean } from '../model/usage.ts';
import type { Part } from './part.ts';

/** What an annotation says of properties it says of properties that are there: of the type's, or of the ones the body shows. */
export function* namedProperties({ pages, exchanges, around }: Part): Generator<Fact> {
  const bodies = new Map<string, PromisedBody>();
  for (const { file, responses } of exchanges)
    for (const { block, body } of responses)
      if (body.kind === 'json') bodies.set(`${block.file ?? file}:${block.line}`, body);
  for (const block of pages.flatMap(({ annotated }) => annotated)) {
    const names = LISTS.flatMap((list) => {
      const value = block[list];
      return (typeof value === 'string' ? [value] : (value ?? [])).map((name) => ({ list, name }));
    }).filter(({ name }) => !name.includes('@'));
    if (names.length === 0) continue;
    const known = knownTo(block, around.types, bodies.get(`${block.code.file}:${block.code.line}`));
    if (known === undefined) continue;
    for (const { list, name } of names) if (!known.has(name)) yield unknown(block, list, name, [...known]);
  }
}

const LISTS = ['keyProperty', 'optionalProperties', 'nullableProperties'] as const;

/** A near name is looked for where not too many could be meant. */
const MOST_TRIED = 500;

function unknown(block: AnnotatedBlock, list: (typeof LISTS)[number], name: string, known: readonly string[]): Fact {
  const { type } = block;
  return {
    ruleId: 'annotation/no-such-property',
    reason: `Unexpected \`${name}\` in \`${list}\`, expected a property of ${type === undefined ? 'the body' : `\`${type}\``}${known.length > MOST_TRIED ? '' : didYouMean(name, known)}`,
    place: block.places[list] ?? block.place,
    subject: `${list} ${name}`,
    note: 'Mend the name, or take it out.',
  };
}

/** Names that may be meant; nothing where not all that may be there is known. */
function knownTo(
  { kind, type }: AnnotatedBlock,
  index: ResourceIndex,
  body: PromisedBody | undefined,
): ReadonlySet<string> | undefined {
  const properties = type === undefined ? undefined : index.properties(type);
  if (type !== undefined && (properties === undefined || index.isOpen(type))) return undefined;
  if (kind !== 'resource' && body === undefined) return undefined;
  const names = new Set(properties?.keys());
  if (body !== undefined) {
    const json = bodyJson(body);
    // A body that cannot be read does not show what it lacks.
    if (json === undefined || json.error) return undefined;
    collect(json.value, names);
  }
  return names;
}

/** Every key at any depth: the lists of a response speak of nested objects too. */
function collect(value: unknown, names: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (!Array.isArray(value)) names.add(name);
    collect(member, names);
  }
}
