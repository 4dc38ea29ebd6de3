import type { RuleId } from '../model/rules.ts';
import { pointerToken } from '../model/json.ts';
import type { Property, ResourceIndex } from '../model/resource.ts';
import { jsonTypeOf, standInType } from '../model/type.ts';

/** How an actual JSON value differs from the promised one. */
export interface Difference {
  readonly ruleId: RuleId;
  readonly reason: string;
  /** RFC 6901, into the actual body. */
  readonly pointer: string;
  /** RFC 6901, into the promised body: where it is documented, or would be. */
  readonly promised: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly note?: string;
  /** Equal for differences of one cause. */
  readonly group?: string;
}

/** What is known of the promise beyond its example. */
export interface Shape {
  readonly resources: ResourceIndex;
  /** Pointers of what the example says it leaves out. */
  readonly elided: ReadonlySet<string>;
  readonly truncated: boolean;
  readonly optional: ReadonlySet<string>;
  readonly nullable: ReadonlySet<string>;
  /** The documented type of the objects that `typed` points to: the root, or the items of the collection. */
  readonly type?: string;
  /** Pointer prefix of the typed objects: empty, or `/value`. */
  readonly typed: string;
}

/** Judges the shape of a body: what the example shows is there and of its JSON type, in every nested object and item; nothing is there that is documented nowhere. */
export function compareShape(expected: unknown, actual: unknown, shape: Shape): Difference[] {
  const differences: Difference[] = [];
  compareValue(expected, actual, {
    pointer: '',
    promised: '',
    type: shape.typed === '' ? shape.type : undefined,
    shape,
    differences,
  });
  return differences;
}

/** The JSON type of a value, as people say it. */
export function jsonType(value: unknown): 'null' | 'array' | 'object' | 'string' | 'number' | 'boolean' {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'object' || type === 'string' || type === 'number' || type === 'boolean' ? type : 'null';
}

interface At {
  readonly pointer: string;
  readonly promised: string;
  /** Documented type of the value, or of the items where it is an array. */
  readonly type: string | undefined;
  readonly property?: Property | undefined;
  readonly shape: Shape;
  readonly differences: Difference[];
}

function compareValue(expected: unknown, actual: unknown, at: At): void {
  const { shape, promised } = at;
  // An example of null tells no type, and a placeholder none at all.
  if (expected === null || expected === undefined) return;
  const standIn = standInType(expected);
  const wanted = standIn === undefined ? jsonType(expected) : jsonTypeOf(standIn)!;
  const got = jsonType(actual);
  if (got === 'null' && mayBeNull(at)) return;
  if (got !== wanted) {
    // The word may be a value after all: a string then is as good.
    if (standIn !== undefined && got === 'string') return;
    at.differences.push(wrongType(at, wanted, got, actual));
  } else if (wanted === 'object') {
    compareObject(expected as Record<string, unknown>, actual as Record<string, unknown>, at);
  } else if (wanted === 'array') {
    compareItems(expected as unknown[], actual as unknown[], at, shape.elided.has(promised));
  }
}

function compareObject(expected: Record<string, unknown>, actual: Record<string, unknown>, at: At): void {
  const { pointer, promised, shape, differences } = at;
  const type = typeName(expected, at.type);
  const known = type === undefined ? undefined : shape.resources.properties(type);
  const isTyped = promised === shape.typed || promised.startsWith(`${shape.typed}/`);
  for (const name of Object.keys(expected)) {
    const below = child(at, name, known?.get(name));
    if (Object.hasOwn(actual, name)) compareValue(expected[name], actual[name], below);
    else if (!isOptional(name, known, isTyped ? shape.optional : NONE))
      differences.push({
        ruleId: 'property/missing',
        reason: `Missing property \`${name}\`, expected ${expectation(expected[name])}`,
        pointer: below.pointer,
        promised: below.promised,
        expected: jsonType(expected[name]),
        note: 'Return the property, or take it out of the documented response.',
        group: `property/missing ${type ?? promised} ${name}`,
      });
  }
  if (shape.elided.has(promised) || (type !== undefined && shape.resources.isOpen(type))) return;
  // A cut example of a type nobody documented cannot tell what else may be there.
  if (known === undefined && (shape.truncated || type !== undefined)) return;
  for (const name of Object.keys(actual)) {
    if (Object.hasOwn(expected, name) || name.includes('@') || known?.has(name)) continue;
    differences.push({
      ruleId: 'property/undocumented',
      reason: `Unexpected property \`${name}\`, expected a documented one`,
      pointer: `${pointer}/${pointerToken(name)}`,
      promised,
      actual: shown(actual[name]),
      note: type === undefined ? 'Document the property in the example.' : `Document the property in \`${type}\`.`,
      group: `property/undocumented ${type ?? promised} ${name}`,
    });
  }
}

const NONE: ReadonlySet<string> = new Set();

/** Every item is judged, by the documented item it is most like. */
function compareItems(expected: readonly unknown[], actual: readonly unknown[], at: At, elided: boolean): void {
  if (expected.length === 0) return;
  actual.forEach((item, index) => {
    const pointer = `${at.pointer}/${index}`;
    let best: Difference[] | undefined;
    // The item in the same place first: most lists show one form, and then one look is enough.
    for (const form of order(expected.length, index)) {
      const differences: Difference[] = [];
      const nullItem = elided && expected[form] === null;
      if (!nullItem)
        compareValue(expected[form], item, {
          ...at,
          pointer,
          promised: `${at.promised}/${form}`,
          property: undefined,
          differences,
        });
      if (best === undefined || errors(differences) < errors(best)) best = differences;
      if (errors(best) === 0) break;
    }
    at.differences.push(...(best ?? []));
  });
}

/** At most this many documented items are tried for one actual item. */
const MOST_FORMS = 8;

function order(length: number, index: number): number[] {
  const first = index < length ? index : 0;
  return [
    first,
    ...Array.from({ length: Math.min(length, MOST_FORMS) }, (_, form) => form).filter((form) => form !== first),
  ];
}

function errors(differences: readonly Difference[]): number {
  return differences.reduce((count, { ruleId }) => count + (ruleId === 'property/undocumented' ? 0.01 : 1), 0);
}

function child(at: At, name: string, property: Property | undefined): At {
  const promised = `${at.promised}/${pointerToken(name)}`;
  const type = promised === at.shape.typed ? at.shape.type : property?.type;
  return { ...at, pointer: `${at.pointer}/${pointerToken(name)}`, promised, type, property };
}

function typeName(expected: Record<string, unknown>, documented: string | undefined): string | undefined {
  const own = Object.hasOwn(expected, '@odata.type') ? expected['@odata.type'] : undefined;
  return typeof own === 'string' ? own.replace(/^#/, '') : documented;
}

/** Links to a next page or a later change depend on how much data there is, not on what is promised. */
function isOptional(
  name: string,
  known: ReadonlyMap<string, Property> | undefined,
  optional: ReadonlySet<string>,
): boolean {
  return optional.has(name) || known?.get(name)?.optional === true || /@odata\.(nextLink|deltaLink)$/.test(name);
}

function mayBeNull({ property, shape, promised }: At): boolean {
  const name = promised.slice(promised.lastIndexOf('/') + 1);
  return property?.nullable === true || shape.nullable.has(name);
}

function wrongType(at: At, wanted: string, got: string, actual: unknown): Difference {
  const name = at.pointer === '' ? 'the body' : `\`${at.pointer.slice(at.pointer.lastIndexOf('/') + 1)}\``;
  return {
    ruleId: 'property/type',
    reason: `Unexpected ${got} for ${name}, expected ${withArticle(wanted)}`,
    pointer: at.pointer,
    promised: at.promised,
    expected: wanted,
    actual: shown(actual),
    note: 'Return the documented type, or mend the documented response.',
    group: `property/type ${at.promised} ${wanted} ${got}`,
  };
}

function expectation(value: unknown): string {
  const standIn = standInType(value);
  const type = standIn === undefined ? jsonType(value) : jsonTypeOf(standIn)!;
  return type === 'null' ? 'it to be there' : withArticle(type);
}

function withArticle(type: string): string {
  return type === 'null' ? 'null' : `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
