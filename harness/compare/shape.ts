import type { Match } from '../model/config.ts';
import { MAX_DEPTH, pointerToken } from '../model/json.ts';
import type { Property, ResourceIndex } from '../model/resource.ts';
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
  wrongValue,
  type Difference,
  type JsonType,
  type Spot,
} from './difference.ts';
import { foldMoved } from './moved.ts';
import { goesOn, holds, isAskedFor, matcherOf, namedBelow, pinsBelow, type Pins } from './matchers.ts';
import {
  controlType,
  dependsOnData,
  isControl,
  isEntityTagName,
  isNumberWord,
  isTypeNote,
  isUrlName,
  ownType,
} from './odata.ts';
import { ETAG_FORMAT, FORMATS, URL_FORMAT } from './formats.ts';
import { typesOf, type TypeFacts, type TypeLookup } from './types.ts';

/** What is known of the promise beyond its example. */
export interface Shape {
  readonly resources: ResourceIndex;
  /** Pointers of what the example says it leaves out. */
  readonly elided: ReadonlySet<string>;
  readonly truncated: boolean;
  readonly optional: ReadonlySet<string>;
  /** What may be null, where the annotation lists it: then nothing else of its objects may that the example does not show so. */
  readonly nullable: ReadonlySet<string> | undefined;
  /** The documented type of the objects that `typed` points to: the root, or the items of the collection. */
  readonly type?: string;
  /** Another name of that type, by which nobody documents it. */
  readonly alias?: string;
  /** `exact`: values are equal too; `schema`: the example does not count. */
  readonly match?: Match;
  /** Pointer prefix of the typed objects: empty, or `/value`. */
  readonly typed: string;
  /** Are the typed objects the items of the body, which is a list? */
  readonly isList?: boolean;
  /** What matchers say of the body. */
  readonly pins?: Pins | undefined;
}

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

type JsonObject = Readonly<Record<string, unknown>>;

/** What the resource says of a value. */
type Promise = Partial<
  Pick<Property, 'type' | 'isCollection' | 'nullable' | 'values' | 'format' | 'properties' | 'block' | 'table'> & {
    /** Never null, whatever the example leaves open. */
    readonly neverNull: boolean;
  }
>;

/** One judgement under way. */
interface Walk {
  readonly shape: Shape;
  readonly types: TypeLookup;
  /** Set where the actual value is the documented example itself. */
  readonly self: { readonly complete: boolean } | undefined;
  readonly differences: Told[];
}

/** A difference that is put into words only where it is told in the end: an item is held against several documented ones. */
interface Told {
  readonly ruleId: Difference['ruleId'];
  readonly words: () => Difference;
}

/** A value being judged. Pointers are put together only when a difference is told: most values have none. */
interface At {
  readonly walk: Walk;
  readonly up: At | undefined;
  readonly token: string | number;
  /** The token of the documented value: another item of an array may document this one; none where the array itself does. */
  readonly promised: string | number | undefined;
  readonly promise: Promise | undefined;
  /** Documented type of the object that holds the value. */
  readonly owner: string | undefined;
  /** The annotation's type is that of `top` values: the root, or each of the `items` in the `wrapper`. */
  readonly role: 'wrapper' | 'items' | 'top' | 'inner';
  readonly depth: number;
  /** What matchers say of the value and below it. */
  readonly pins: Pins | undefined;
  /** Has a matcher judged the value itself already? */
  readonly isPinned?: true;
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

/** What the documented example breaks itself (a format, an enumeration) is no promise: check tells of it. */
function compareScalar(expected: unknown, actual: unknown, at: At, standIn: string | undefined): void {
  const fault = scalarFault(actual, at, standIn);
  if (!fault || (standIn === undefined && expected !== undefined && scalarFault(expected, at, standIn))) return;
  tell(at, fault.ruleId, () => wrongValue(spotOf(at), fault.ruleId, fault.as, actual, fault.note));
}

/** An example in the form of an entity tag or an absolute URL, under a name that promises one, promises that form. */
function compareForm(expected: string, actual: string, at: At): void {
  const { token } = at;
  if (actual === expected || typeof token !== 'string') return;
  const format =
    isEntityTagName(token) && ETAG_FORMAT.is(expected)
      ? ETAG_FORMAT
      : isUrlName(token) && /^https?:\/\/[^\s{<]/i.test(expected)
        ? URL_FORMAT
        : undefined;
  if (format === undefined || format.is(actual)) return;
  const as = `${format.as}, as the example shows`;
  tell(at, 'property/format', () =>
    wrongValue(spotOf(at), 'property/format', as, actual, 'Return the form that the example shows, or mend it.'),
  );
}

interface ScalarFault {
  readonly ruleId: 'property/type' | 'property/enum' | 'property/format';
  /** What is expected instead. */
  readonly as: string;
  readonly note: string;
}

function scalarFault(value: unknown, { promise, walk }: At, standIn: string | undefined): ScalarFault | undefined {
  const named = promise?.type ?? standIn;
  const type = named === undefined ? undefined : walk.types(named);
  if (typeof value === 'number') {
    const as = numberFault(value, type);
    const note = 'Return the documented type, or mend the documented response.';
    return as === undefined ? undefined : { ruleId: 'property/type', as, note };
  }
  if (typeof value !== 'string') return undefined;
  const values = promise?.values;
  // The members of flags are written with commas between them (OData JSON Format 4.01, 7.1).
  if (
    values &&
    values.length > 0 &&
    !values.includes(value) &&
    !(walk.self && isNoValue(value)) &&
    !(value.includes(',') && value.split(',').every((part) => values.includes(part.trim())))
  )
    return {
      ruleId: 'property/enum',
      as: `one of ${values.map((each) => `\`${each}\``).join(', ')}`,
      note: 'Return a documented value, or document this one.',
    };
  const format = promise?.format === 'url' && type?.json === 'string' ? URL_FORMAT : type?.format;
  if (format && !format.is(value) && !(walk.self && (isNoValue(value) || isShortened(value, format))))
    return {
      ruleId: 'property/format',
      as: format.as,
      note: 'Return the documented format, or mend the documented type.',
    };
  return undefined;
}

/** What a number should be that its type does not hold; `1e999` is more than any double. */
function numberFault(value: number, type: TypeFacts | undefined): string | undefined {
  if (type?.isInteger && !Number.isInteger(value)) return 'an integer';
  const [least, greatest] = type?.range ?? [-Number.MAX_VALUE, Number.MAX_VALUE];
  return value >= least && value <= greatest ? undefined : `a number from ${least} to ${greatest}`;
}

/** `"state-value"`, or the word of its type, is how docs write that some value stands there. */
function isNoValue(text: string): boolean {
  return /^(?:[\w-]+-value|string|timestamp)$/.test(text);
}

/** Docs may show the day of a date-time alone, and a URL as a placeholder; answers may not. */
function isShortened(text: string, format: { readonly as: string }): boolean {
  if (format === FORMATS.DateTimeOffset) return FORMATS.Date!.is(text);
  return format === URL_FORMAT && (/^([<{].*[>}]|string|url|)$/i.test(text) || /\.{3}|…/.test(text));
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

function isElided(at: At): boolean {
  return at.walk.shape.elided.size > 0 && at.walk.shape.elided.has(promisedPointer(at));
}

/** Type words begin with a capital: most values need no closer look. */
function standInOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 60) return undefined;
  const first = value.charCodeAt(0);
  return first >= 65 && first <= 90 ? standInType(value) : undefined;
}

function tell(at: At, ruleId: Difference['ruleId'], words: () => Difference): void {
  at.walk.differences.push({ ruleId, words });
}

function spotOf(at: At): Spot {
  return { pointer: actualPointer(at), promised: promisedPointer(at), owner: at.owner };
}

function actualPointer(at: At): string {
  return at.up === undefined ? '' : `${actualPointer(at.up)}/${pointerToken(at.token)}`;
}

function promisedPointer(at: At): string {
  if (at.up === undefined) return '';
  return at.promised === undefined ? promisedPointer(at.up) : `${promisedPointer(at.up)}/${pointerToken(at.promised)}`;
}
