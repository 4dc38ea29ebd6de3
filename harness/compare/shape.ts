import { MAX_DEPTH } from '../model/json.ts';
import type { Property } from '../model/resource.ts';
import { standInType } from '../model/type.ts';
import {
  foreignType,
  jsonType,
  lacking,
  missing,
  notMatched,
  notShown,
  nullShown,
  otherValue,
  tooDeep,
  undocumented,
  wrongType,
  type Difference,
  type JsonType,
} from './difference.ts';
import { foldMoved } from './moved.ts';
import { goesOn, holds, isAskedFor, matcherOf, namedBelow, pinsBelow } from './matchers.ts';
import { controlType, dependsOnData, isControl, isNumberWord, isTypeNote, ownType } from './odata.ts';
import { compareForm, compareScalar } from './scalar.ts';
import { typesOf } from './types.ts';
import {
  isElided,
  promisedPointer,
  spotOf,
  tell,
  type At,
  type JsonObject,
  type Promise,
  type Shape,
  type Told,
  type Walk,
} from './walk.ts';

/**
 * Judges the shape of a body: what the example shows is there, and every value is of the JSON type that the example or the documented
 * type says, in its format and enumeration, in every nested object and item; nothing is there that is documented nowhere.
 */
export function compareShape(expected: unknown, actual: unknown, shape: Shape): Difference[] {
  return judge(shape.match === 'schema' ? undefined : expected, actual, shape, undefined);
}

/**
 * Judges a documented example by the resource alone, as if it were an answer: types, formats and enumerations, and nothing undocumented.
 * With `complete` every documented property of the typed objects is to be shown.
 */
export function compareExample(example: unknown, shape: Shape, complete: boolean): Difference[] {
  return judge(undefined, example, shape, { complete });
}

function judge(expected: unknown, actual: unknown, shape: Shape, self: Walk['self']): Difference[] {
  const walk: Walk = { shape, self, types: typesOf(shape.resources), differences: [] };
  const isTop = shape.typed === '';
  const promise = shape.isList ? ITEMS_PROMISE : isTop && shape.type !== undefined ? { type: shape.type } : undefined;
  const role = shape.isList ? 'items' : isTop ? 'top' : 'wrapper';
  const { pins } = shape;
  compareValue(expected, actual, {
    walk,
    up: undefined,
    token: '',
    promised: '',
    promise,
    owner: undefined,
    role,
    pins,
    depth: 0,
  });
  return foldMoved(
    walk.differences.map(({ words }) => words()),
    actual,
  );
}

/** `expected` is undefined where the example does not show the value. */
function compareValue(expected: unknown, actual: unknown, at: At): void {
  const { walk } = at;
  if (at.depth > MAX_DEPTH) {
    if (!walk.differences.some(({ ruleId }) => ruleId === 'body/unreadable'))
      tell(at, 'body/unreadable', () => tooDeep(MAX_DEPTH));
    return;
  }
  const standIn = standInOf(expected);
  // A mock answers with the words of the docs: a type word for itself is as promised.
  if (standIn !== undefined && actual === expected) return;
  if (walk.self && (standInOf(actual) !== undefined || isTypeNote(actual) || (actual === null && isElided(at)))) return;
  if (at.pins !== undefined && comparePinned(expected, actual, at)) return;
  const isShown = expected !== undefined && expected !== null && !isTypeNote(expected);
  const shown = isShown && standIn === undefined ? jsonType(expected) : undefined;
  const documented = documentedType(at, standIn);
  const got = jsonType(actual);
  if (got === 'null') {
    if (mayBeNull(at)) return;
    // An example of null, or none at all, does not say that a value may not be null.
    if (isShown || (at.promise?.neverNull && documented !== undefined && expected === undefined))
      tell(at, 'property/type', () => wrongType(spotOf(at), documented ?? shown ?? jsonType(expected), actual));
    else if (walk.self && documented !== undefined && at.role === 'inner' && saysNull(at))
      tell(at, 'property/null', () => nullShown(spotOf(at), documented));
    return;
  }
  // Where example and resource contradict each other, the docs are at fault, and check says so: an answer that keeps either will do.
  if ((shown !== undefined || documented !== undefined) && got !== shown && got !== documented) {
    if (!(documented === 'number' && isNumberWord(actual)) && !isSaidElsewhere(got, at))
      tell(at, 'property/type', () => wrongType(spotOf(at), documented ?? shown!, actual));
  } else if (got === 'object') {
    compareObject(shown === 'object' ? (expected as JsonObject) : undefined, actual as JsonObject, at);
  } else if (got === 'array') {
    compareItems(shown === 'array' ? (expected as readonly unknown[]) : [], actual as readonly unknown[], at);
  } else {
    const told = walk.differences.length;
    if (got === documented) compareScalar(expected, actual, at, standIn);
    if (shown === 'string' && walk.differences.length === told) compareForm(expected as string, actual as string, at);
    if (isExact(at) && shown !== undefined && actual !== expected && walk.differences.length === told)
      tell(at, 'property/value', () => otherValue(spotOf(at), expected, actual));
  }
}

/** Do the docs of the object that holds a value say of anything that it may be null? */
function saysNull({ owner, walk }: At): boolean {
  return owner !== undefined && walk.types(owner).saysNull;
}

/** Judges a value by its matcher, which beats example and type; false where it has none, or none that says more than that it is there. */
function comparePinned(expected: unknown, actual: unknown, at: At): boolean {
  const matcher = matcherOf(at.pins);
  if (matcher === undefined || matcher.present) return false;
  // Where the docs leave the value out, so does a mock.
  if (actual === null && expected === null && isElided(at)) return true;
  if (!holds(matcher, actual)) {
    tell(at, 'property/value', () => notMatched(spotOf(at), matcher, actual));
    return true;
  }
  const got = jsonType(actual);
  const isSame = jsonType(expected) === got;
  if (!goesOn(matcher)) return true;
  if (got === 'object') compareObject(isSame ? (expected as JsonObject) : undefined, actual as JsonObject, at);
  else if (got === 'array')
    compareItems(isSame ? (expected as unknown[]) : [], actual as unknown[], { ...at, isPinned: true });
  return true;
}

/** The JSON type that the resource, or a type word in the example's place, says. */
function documentedType({ promise, walk }: At, standIn: string | undefined): JsonType | undefined {
  if (promise?.isCollection) return 'array';
  if (promise?.values) return 'string';
  const type = promise?.type ?? standIn;
  return type === undefined ? undefined : walk.types(type).json;
}

/** Block and table of a resource may contradict each other: check says so there, and what keeps either will do. */
function isSaidElsewhere(got: JsonType, { promise, walk }: At): boolean {
  if (promise?.block?.type === undefined || promise.table?.type === undefined) return false;
  const [block, table] = [promise.block, promise.table].map(({ type, isCollection }) =>
    isCollection ? 'array' : walk.types(type!).json,
  );
  return block !== table && (got === block || got === table);
}

function compareObject(expected: JsonObject | undefined, actual: JsonObject, at: At): void {
  const { walk } = at;
  const exampleType = expected && typeIn(expected, walk.shape);
  const promisedType = at.promise?.type ?? exampleType;
  const actualType = typeIn(actual, walk.shape);
  const isForeign =
    actualType !== undefined &&
    promisedType !== undefined &&
    isForeignTo(walk, actualType, promisedType, exampleType) &&
    !(at.promise?.table?.also ?? []).some((other) => walk.types(actualType).isKindOf(other));
  // A matcher of the name speaks in its place.
  const typeMatcher = isForeign ? matcherOf(pinsBelow(at.pins, '@odata.type')) : undefined;
  const isTold = isForeign && (typeMatcher === undefined || typeMatcher.present === true);
  if (isTold)
    tell(at, 'property/foreign-type', () =>
      foreignType(spotOf(at), promisedType, actualType, qualifiedName(walk, actualType, promisedType)),
    );
  else if (!walk.self && actualType !== undefined && at.pins === undefined) {
    // Names of types count in their case (OData ABNF), but an answer may spell one as the example does.
    const { name } = walk.types(actualType);
    if (
      name !== undefined &&
      promisedType !== undefined &&
      name !== actualType &&
      exampleType !== actualType &&
      name.toLowerCase() === actualType.toLowerCase()
    )
      tell(at, 'property/foreign-type', () => foreignType(spotOf(at), promisedType, actualType, name));
  }
  // Judged as what it says it is where that is promised, else as what is promised.
  const isOwn = actualType !== undefined && !isForeign && walk.types(actualType).isResource;
  const type = isOwn ? actualType : (exampleType ?? promisedType);
  const facts = type === undefined ? undefined : walk.types(type);
  const known = facts?.properties;
  const members = at.promise?.properties;
  const find = (name: string): Property | undefined =>
    known === undefined ? members?.find((member) => member.name === name) : known.get(name);
  const isListed = at.role === 'top' && walk.shape.nullable !== undefined;
  const isSameForm =
    type === undefined || exampleType === undefined || type.toLowerCase() === exampleType.toLowerCase();
  const optional = at.role === 'wrapper' ? NONE : walk.shape.optional;
  const below = (name: string, property: Property | undefined): At => {
    const role = at.role === 'wrapper' && walk.shape.typed === `/${name}` ? 'items' : 'inner';
    const neverNull = isListed || facts?.neverNull.has(name);
    const promise = role === 'items' ? ITEMS_PROMISE : property && neverNull ? { ...property, neverNull } : property;
    const pins = at.pins && pinsBelow(at.pins, name);
    const depth = at.depth + 1;
    return { walk, up: at, token: name, promised: name, promise, owner: type, role, pins, depth };
  };

  if (at.pins !== undefined && !walk.self)
    for (const name of namedBelow(at.pins)) {
      const spot = below(name, find(name));
      if (Object.hasOwn(actual, name) || !isAskedFor(spot.pins)) continue;
      // What is below a value that need not be there is asked for where it is.
      if (matcherOf(spot.pins) || !(optional.has(name) || find(name)?.optional))
        tell(spot, 'property/missing', () => lacking(spotOf(spot), name, matcherOf(spot.pins)));
    }
  for (const name in expected) {
    const property = find(name);
    if (Object.hasOwn(actual, name)) {
      if (!(isTold && name === '@odata.type')) compareValue(expected[name], actual[name], below(name, property));
    } else if (
      !optional.has(name) &&
      !property?.optional &&
      (at.pins === undefined || isAskedFor(pinsBelow(at.pins, name)) === undefined) &&
      !dependsOnData(name) &&
      (isSameForm || property || isControl(name))
    ) {
      const value = expected[name];
      const spot = below(name, property);
      tell(spot, 'property/missing', () =>
        missing(spotOf(spot), name, documentedType(spot, standInOf(value)) ?? jsonType(value)),
      );
    }
  }
  if (walk.self?.complete && at.role === 'top' && !isElided(at)) {
    for (const [name, property] of known ?? [])
      if (!Object.hasOwn(actual, name) && !optional.has(name) && !property.optional && !property.navigation)
        tell(at, 'property/missing', () => notShown(spotOf(below(name, property)), promisedPointer(at), name));
  }
  for (const name in actual) {
    if (expected !== undefined && Object.hasOwn(expected, name)) continue;
    const property = find(name);
    const spot = below(name, property);
    if (property || spot.role === 'items' || spot.pins) compareValue(undefined, actual[name], spot);
    else if (isControl(name)) {
      const wanted = controlType(name);
      if (wanted !== undefined && jsonType(actual[name]) !== wanted)
        tell(spot, 'property/type', () => wrongType(spotOf(spot), wanted, actual[name]));
    }
    // Of what type an object is that is of none promised, nobody knows, unless an example shows it.
    else if (!(isForeign && !exampleType) && mayNotBeThere(expected, known, type, at))
      tell(spot, 'property/undocumented', () =>
        undocumented(spotOf(spot), promisedPointer(walk.self ? spot : at), name, actual[name]),
      );
    // What an open type takes may say itself of what type it is.
    else if (typeof actual[name] === 'object' && actual[name] !== null) compareValue(undefined, actual[name], spot);
  }
}

/** The type that an object says it is of, by its documented name. */
function typeIn(object: JsonObject, { type, alias }: Shape): string | undefined {
  const own = ownType(object);
  return alias !== undefined && own?.toLowerCase() === alias.toLowerCase() ? type : own;
}

const NONE: ReadonlySet<string> = new Set();
const ITEMS_PROMISE: Promise = { isCollection: true };

/** An object is of the promised type or one derived from it; what the example says it is, is promised too, whatever its page says of its base type. */
function isForeignTo({ types }: Walk, type: string, promised: string, example: string | undefined): boolean {
  const { isResource, properties, isKindOf } = types(type);
  return (
    types(promised).isResource &&
    // What a type derives from nobody knows while one of its bases is not documented; that is told there.
    !(isResource && properties === undefined) &&
    !isKindOf(promised) &&
    !(example !== undefined && types(type).isKindOf(example))
  );
}

/** The whole name of a type that is the promised one, or derived from it, where an object leaves its namespace out (OData JSON Format 4.01, 4.6.3). */
function qualifiedName({ types }: Walk, type: string, promised: string): string | undefined {
  if (type.includes('.')) return undefined;
  const qualified = `${promised.slice(0, promised.lastIndexOf('.') + 1)}${type}`;
  return types(qualified).isKindOf(promised) ? qualified : undefined;
}

/** A cut example of a type nobody documents cannot tell what else may be there; an open type takes anything. */
function mayNotBeThere(
  expected: JsonObject | undefined,
  known: ReadonlyMap<string, Property> | undefined,
  type: string | undefined,
  at: At,
): boolean {
  if (isElided(at) || (type !== undefined && at.walk.types(type).isOpen)) return false;
  // What a cut example leaves out is of its type, not of the object around the items of one.
  const isCut = at.walk.shape.truncated && !(at.role === 'wrapper' && at.walk.shape.type !== undefined);
  return known !== undefined || (expected !== undefined && type === undefined && !isCut);
}

/** Every item is judged, by the documented item it is most like. */
function compareItems(expected: readonly unknown[], actual: readonly unknown[], at: At): void {
  const { walk, owner } = at;
  const { type } = walk.shape;
  const depth = at.depth + 1;
  const promise =
    at.role === 'items'
      ? type === undefined
        ? undefined
        : { type }
      : at.promise?.isCollection
        ? { ...at.promise, isCollection: false }
        : at.promise;
  const role = at.role === 'items' ? 'top' : 'inner';
  if (isExact(at) && actual.length !== expected.length)
    return tell(at, 'property/value', () =>
      otherValue(spotOf(at), `${expected.length} items`, `${actual.length} items`),
    );
  const forms = isElided(at) ? expected.filter((form) => form !== null) : expected;
  const told = walk.differences;
  if (at.pins !== undefined && !walk.self)
    for (const name of namedBelow(at.pins)) {
      const pins = pinsBelow(at.pins, name);
      const isItem = /^(0|[1-9]\d{0,15})$/.test(name);
      if (!isItem || Number(name) < actual.length || !isAskedFor(pins)) continue;
      tell(at, 'property/missing', () => {
        const { pointer, promised, owner } = spotOf(at);
        return lacking({ pointer: `${pointer}/${name}`, promised, owner }, name, matcherOf(pins));
      });
    }
  actual.forEach((item, index) => {
    const start = told.length;
    const pins = at.pins && pinsBelow(at.pins, index);
    let best: Told[] | undefined;
    // The item in the same place first: most lists show one form, and then one look is enough.
    const first = index < forms.length ? index : 0;
    for (let turn = 0; turn <= Math.min(forms.length, MOST_FORMS); turn++) {
      const form = turn === 0 ? first : turn - 1;
      if (turn > 0 && (form === first || form >= forms.length)) continue;
      const promised = walk.self ? index : forms.length === 0 ? undefined : form;
      compareValue(forms[form], item, { walk, up: at, token: index, promised, promise, owner, role, pins, depth });
      if (told.length === start) return;
      const differences = told.splice(start);
      if (best === undefined || weight(differences) < weight(best)) best = differences;
      if (isExact(at)) break;
    }
    told.push(...best!);
  });
}

/** At most this many documented items are tried for one actual item. */
const MOST_FORMS = 8;

/** An undocumented property counts, but any number of them less than one error. */
function weight(differences: readonly Told[]): number {
  return differences.reduce((sum, { ruleId }) => sum + (ruleId === 'property/undocumented' ? 0.001 : 1), 0);
}

function isExact(at: At): boolean {
  return at.walk.shape.match === 'exact' && !at.isPinned && !isElided(at);
}

function mayBeNull({ promise, walk, promised }: At): boolean {
  return promise?.nullable === true || walk.shape.nullable?.has(String(promised)) === true;
}

/** Type words begin with a capital: most values need no closer look. */
function standInOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 60) return undefined;
  const first = value.charCodeAt(0);
  return first >= 65 && first <= 90 ? standInType(value) : undefined;
}
