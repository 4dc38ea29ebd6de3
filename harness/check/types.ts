import { distance } from 'fastest-levenshtein';
import type { TypeUse } from '../model/docset.ts';
import type { Fact } from '../model/finding.ts';
import { pointInText } from '../model/fixture.ts';
import { primitive } from '../model/type.ts';
import { didYouMean } from '../model/usage.ts';
import type { ResourceIndex } from '../model/resource.ts';
import type { Part } from './part.ts';
import { requestTypes } from './request-section.ts';
import { namespaceOf } from './said.ts';

/** Every type that the annotation of a message names is documented, and spelled as its resource, or at least as the body, spells it. */
export function* types(part: Part): Generator<Fact> {
  const index = part.around.types;
  for (const use of part.pages.flatMap((page) => page.types)) if (use.as !== 'baseType') yield* annotated(use, index);
  yield* ofRequests(part);
}

/** So is every base type. */
export function* baseTypes({ resources, around }: Part): Generator<Fact> {
  const names = resources.map(({ name }) => name);
  // To look for a near name among all is dear: docs that name nothing right get only so many.
  let hints = 50;
  const near = (type: string): string => (hints-- > 0 ? didYouMean(type, names) : '');
  for (const use of around.said.flatMap(({ bases }) => bases)) yield* annotated(use, around.types, near);
}

function* annotated(use: TypeUse, index: ResourceIndex, near = (_type: string) => ''): Generator<Fact> {
  const { type, aka, place, bodyType } = use;
  if (primitive(type) !== undefined) return;
  const known = index.find(type);
  if (known === undefined && (aka === undefined || index.find(aka) === undefined)) yield unresolved(use, near(type));
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

/**
 * A type of a property that nobody documents may be anything, an enumeration above all; one that is a letter away from a documented or a
 * primitive one is that one, misspelt.
 */
export function* propertyTypes({ resources, around }: Part): Generator<Fact> {
  const { said, types: index } = around;
  const named = [...resources.map(({ name }) => name), ...said.flatMap(({ enums }) => enums)].map(lastPart);
  const known = new Set(named.map((name) => name.toLowerCase()));
  const words = new Map([...PRIMITIVES, ...named].map((name) => [name.toLowerCase(), name]));
  const meant = new Map<string, string | undefined>();
  // A name that stands in several places is hardly misspelt in all of them.
  const uses = new Map<string, number>();
  for (const { properties } of resources)
    for (const { table, block } of properties) count(uses, table?.type ?? block?.type);
  for (const each of said) for (const type of each.types) count(uses, type);
  for (const { name: owner, properties } of resources)
    for (const { name, table, block } of properties)
      for (const written of [table, block]) {
        const type = written?.type;
        if (type === undefined || primitive(type) !== undefined || !/^[\w.]{5,}$/.test(type)) continue;
        const key = lastPart(type).toLowerCase();
        if (key.length < 5 || (uses.get(key) ?? 0) > 1 || known.has(key) || index.find(type) !== undefined) continue;
        if (!meant.has(key)) meant.set(key, nearIn(key, words));
        const near = meant.get(key);
        if (near === undefined) continue;
        yield {
          ruleId: 'type/unresolved',
          reason: `Missing resource \`${type}\`, expected \`${near}\` as the type of \`${name}\``,
          place: written!.place,
          subject: `${owner} ${name} ${type}`,
          group: `type/unresolved ${type.toLowerCase()}`,
          note: `Did you mean \`${near}\`?`,
        };
      }
}

const PRIMITIVES = [
  'String',
  'Boolean',
  'Int16',
  'Int32',
  'Int64',
  'Double',
  'Single',
  'Decimal',
  'DateTimeOffset',
  'TimeOfDay',
  'Duration',
  'Binary',
];

function count(uses: Map<string, number>, type: string | undefined): void {
  if (type === undefined) return;
  const key = lastPart(type).toLowerCase();
  uses.set(key, (uses.get(key) ?? 0) + 1);
}

function nearIn(word: string, words: ReadonlyMap<string, string>): string | undefined {
  const most = word.length < 9 ? 1 : 2;
  for (const [key, written] of words)
    if (
      Math.abs(key.length - word.length) <= most &&
      (key[0] === word[0] || key.at(-1) === word.at(-1)) &&
      distance(key, word) <= most
    )
      return written;
  return undefined;
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** Types that request bodies name for themselves (`@odata.type`), in docs that document types of that namespace. */
function* ofRequests(part: Part): Generator<Fact> {
  const { exchanges, around } = part;
  const { types: index, namespaces } = around;
  let typeOf: ReturnType<typeof requestTypes> | undefined;
  for (const exchange of exchanges) {
    const { id, file, request } = exchange;
    const { body, block } = request;
    if (body.kind !== 'json' || !body.text.includes('@odata.type')) continue;
    // A body that is judged by a type is judged in its nested objects, too.
    const judged = request.type ?? (typeOf ??= requestTypes(part))(exchange);
    if (judged !== undefined && index.find(judged) !== undefined) continue;
    for (const found of body.text.matchAll(/"@odata\.type"\s*:\s*"#?([A-Za-z][\w.]*)"/g)) {
      const type = found[1]!;
      if (!namespaces.has(namespaceOf(type)) || primitive(type) !== undefined || index.find(type) !== undefined)
        continue;
      const start = pointInText(block, body.at, body.text, found.index);
      const end = { line: start.line, column: start.column + '"@odata.type"'.length };
      yield {
        ruleId: 'type/unresolved',
        reason: `Missing resource \`${type}\`, expected a page that documents it`,
        place: { file: block.file ?? file, position: { start, end } },
        subject: type,
        group: `type/unresolved ${type.toLowerCase()}`,
        exchangeId: id,
        note: 'Document the type with a `resource` annotation, or mend its name.',
      };
    }
  }
}
