import type { Fact } from '../model/finding.ts';
import type { Place } from '../model/place.ts';
import type { Member, Property } from '../model/resource.ts';
import { nearest } from '../model/usage.ts';
import type { Part } from './part.ts';

/**
 * The members of an enumeration are the same wherever all of them are listed: in a table of their own, in the description of the property
 * ("Possible values are …") and in the JSON block (`open | done`).
 */
export function* enumerations({ resources }: Part): Generator<Fact> {
  // An enumeration that several properties have is held to each of them, and told of once.
  const seen = new Set<string>();
  for (const { name, properties } of resources)
    for (const property of properties)
      for (const fact of judge(name, property)) {
        const { file, position } = fact.place;
        const site = `${file}:${position.start.line}:${position.start.column}`;
        if (seen.size < seen.add(site).size) yield fact;
      }
}

/** One list of members. */
interface List {
  readonly members: readonly Member[];
  /** What stands for a member that it lacks. */
  readonly place: Place;
  /** Its names, sorted, without the one that stands for members yet to come. */
  readonly key: string;
}

function judge(type: string, { name, enumeration, table, block }: Property): Fact[] {
  const twice = enumeration && memberTwice(type, name, enumeration);
  if (twice) return [twice];
  // Most properties are none, or are listed once.
  const listed = (enumeration ? 1 : 0) + (table?.members ? 1 : 0) + (block?.members ? 1 : 0);
  if (listed < 2) return [];
  const lists = [
    listOf(enumeration, enumeration?.[0]?.place),
    listOf(table?.members, table?.members?.[0]?.place),
    listOf(block?.members, block?.place),
  ].filter((list) => list !== undefined);
  // What two of three say is right; of two the table of the members, else the description.
  const right =
    lists.find((list, at) => lists.some((other, index) => index > at && other.key === list.key)) ?? lists[0];
  // Lists that have nothing in common are not about the same thing.
  const isOther = (list: List): boolean =>
    list.key !== right!.key && namesOf(list).some((each) => namesOf(right!).includes(each));
  return lists.filter(isOther).map((list) => fact(type, name, list, right!));
}

function memberTwice(type: string, property: string, members: readonly Member[]): Fact | undefined {
  const met = new Map<string, Place>();
  for (const { name, place } of members) {
    const first = met.get(name);
    if (first === undefined) met.set(name, place);
    else
      return {
        ruleId: 'resource/enum',
        reason: `Unexpected second member \`${name}\`, expected one; line ${first.position.start.line} has it already`,
        place,
        subject: `${type} ${property} ${name}`,
        note: 'Take one of them out.',
      };
  }
  return undefined;
}

function listOf(members: readonly Member[] | undefined, place: Place | undefined): List | undefined {
  if (members === undefined || place === undefined) return undefined;
  const names = new Set(members.map(({ name }) => name).filter((name) => !isToCome(name)));
  return { members, place, key: [...names].sort().join(' ') };
}

/** A member yet to come, or no member at all: neither is listed everywhere. */
function isToCome(name: string): boolean {
  return name === '' || /^unknownFutureValue$/i.test(name);
}

function fact(type: string, property: string, list: List, right: List): Fact {
  const [names, others] = [namesOf(list), namesOf(right)];
  const extra = list.members.find(({ name }) => !isToCome(name) && !others.includes(name));
  const { file, position } = right.place;
  const line = `${file === list.place.file ? 'line ' : `${file}:`}${position.start.line}`;
  const about = {
    ruleId: 'resource/enum',
    subject: `${type} ${property}`,
    expected: others.join(', '),
    actual: names.join(', '),
    note: 'List the same members everywhere.',
  } as const;
  if (extra === undefined) {
    const lacks = others.filter((name) => !names.includes(name)).map((name) => `\`${name}\``);
    const reason = `Missing ${lacks.slice(0, 5).join(', ')} among the members of \`${property}\`, expected as ${line} lists them`;
    return { ...about, reason, place: list.place };
  }
  // What the list has as well was not meant here.
  const near = nearest(
    extra.name,
    others.filter((each) => !names.includes(each)),
  );
  return {
    ...about,
    reason: `Unexpected member \`${extra.name}\` of \`${property}\`, expected ${near === undefined ? 'one that' : `\`${near}\` as`} ${line} lists`,
    place: extra.place,
  };
}

function namesOf({ members }: List): string[] {
  return members.map(({ name }) => name).filter((name) => !isToCome(name));
}
