import type { Match } from '../model/config.ts';
import { pointerToken } from '../model/json.ts';
import type { Property, ResourceIndex } from '../model/resource.ts';
import type { Difference, Spot } from './difference.ts';
import type { Pins } from './matchers.ts';
import type { TypeLookup } from './types.ts';

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

/** A JSON object as it was read. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What the resource says of a value. */
export type Promise = Partial<
  Pick<Property, 'type' | 'isCollection' | 'nullable' | 'values' | 'format' | 'properties' | 'block' | 'table'> & {
    /** Never null, whatever the example leaves open. */
    readonly neverNull: boolean;
  }
>;

/** One judgement under way. */
export interface Walk {
  readonly shape: Shape;
  readonly types: TypeLookup;
  /** Set where the actual value is the documented example itself. */
  readonly self: { readonly complete: boolean } | undefined;
  readonly differences: Told[];
}

/** A difference that is put into words only where it is told in the end: an item is held against several documented ones. */
export interface Told {
  readonly ruleId: Difference['ruleId'];
  readonly words: () => Difference;
}

/** A value being judged. Pointers are put together only when a difference is told: most values have none. */
export interface At {
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

/** Does the example say that it leaves something out here? */
export function isElided(at: At): boolean {
  return at.walk.shape.elided.size > 0 && at.walk.shape.elided.has(promisedPointer(at));
}

/** Notes a difference at a value. */
export function tell(at: At, ruleId: Difference['ruleId'], words: () => Difference): void {
  at.walk.differences.push({ ruleId, words });
}

/** Where a value stands in the answer, and what of the promise documents it (RFC 6901). */
export function spotOf(at: At): Spot {
  return { pointer: actualPointer(at), promised: promisedPointer(at), owner: at.owner };
}

function actualPointer(at: At): string {
  return at.up === undefined ? '' : `${actualPointer(at.up)}/${pointerToken(at.token)}`;
}

/** The pointer of the documented value, or of the nearest that holds it (RFC 6901). */
export function promisedPointer(at: At): string {
  if (at.up === undefined) return '';
  return at.promised === undefined ? promisedPointer(at.up) : `${promisedPointer(at.up)}/${pointerToken(at.promised)}`;
}
