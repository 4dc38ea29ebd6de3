import { matcherText, type Matcher } from '../model/matcher.ts';
import type { RuleId } from '../model/rules.ts';

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

/** Where a difference is, and the documented type of the object that holds the value. */
export interface Spot {
  readonly pointer: string;
  readonly promised: string;
  readonly owner: string | undefined;
}

export type JsonType = 'null' | 'array' | 'object' | 'string' | 'number' | 'boolean';

/** The JSON type of a value, as people say it. */
export function jsonType(value: unknown): JsonType {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'object' || type === 'string' || type === 'number' || type === 'boolean' ? type : 'null';
}

/** A value of another JSON type than the documented one. */
export function wrongType(spot: Spot, wanted: JsonType, actual: unknown): Difference {
  const got = jsonType(actual);
  return {
    ruleId: 'property/type',
    reason: `Unexpected ${got} for ${nameOf(spot)}, expected ${withArticle(wanted)}`,
    ...placed(spot),
    expected: wanted,
    actual: shown(actual),
    note: 'Return the documented type, or mend the documented response.',
    ...groupOf('property/type', spot.owner, `${lastName(spot.pointer)} ${wanted} ${got}`),
  };
}

/** A value of the right JSON type that its documented type does not allow. */
export function wrongValue(spot: Spot, ruleId: RuleId, as: string, actual: unknown, note: string): Difference {
  return {
    ruleId,
    reason: `Unexpected ${actual === '' ? 'empty string' : `\`${clip(String(actual))}\``} for ${nameOf(spot)}, expected ${as}`,
    ...placed(spot),
    expected: as,
    actual: shown(actual),
    note,
    ...groupOf(ruleId, spot.owner, lastName(spot.pointer)),
  };
}

/** Another value than the documented one, where values count. */
export function otherValue(spot: Spot, expected: unknown, actual: unknown): Difference {
  return {
    ruleId: 'property/value',
    reason: `Unexpected \`${clip(String(actual))}\` for ${nameOf(spot)}, expected \`${clip(String(expected))}\``,
    ...placed(spot),
    expected: shown(expected),
    actual: shown(actual),
    note: 'Return the documented value, or match by shape.',
  };
}

/** A value that its matcher does not take. */
export function notMatched(spot: Spot, matcher: Matcher, actual: unknown): Difference {
  const as = matcherText(matcher);
  const got = jsonType(actual);
  const value = got === 'object' || got === 'array' ? got : `\`${clip(String(actual))}\``;
  return {
    ruleId: 'property/value',
    reason: `Unexpected ${value} for ${nameOf(spot)}, expected ${as}`,
    ...placed(spot),
    expected: as,
    actual: shown(actual),
    note: MEND_MATCHER,
    ...groupOf('property/value', spot.owner, `${lastName(spot.pointer)} ${as}`),
  };
}

/** What a matcher asks for, itself or by what it says of something below, and the answer lacks. */
export function lacking(spot: Spot, name: string, matcher: Matcher | undefined): Difference {
  const as = matcher === undefined || matcher.present ? 'it to be there' : matcherText(matcher);
  return {
    ruleId: 'property/missing',
    reason: `Missing ${/^\d+$/.test(name) ? 'item' : 'property'} \`${clip(name)}\`, expected ${as} as a matcher says`,
    ...placed(spot),
    expected: as,
    note: MEND_MATCHER,
    ...groupOf('property/missing', spot.owner, name),
  };
}

/** What to do where a matcher does not take an answer. */
export const MEND_MATCHER = 'Return what the matcher takes, or mend the matcher.';

/** A property that the documented response shows and the answer lacks; `type` where one is known. */
export function missing(spot: Spot, name: string, type: JsonType): Difference {
  return {
    ruleId: 'property/missing',
    reason: `Missing property \`${name}\`, expected ${type === 'null' ? 'it to be there' : withArticle(type)}`,
    ...placed(spot),
    expected: type,
    note: 'Return the property, or take it out of the documented response.',
    ...groupOf('property/missing', spot.owner, name),
  };
}

/** A property of the documented type that the documented response, said to be whole, does not show; it stands on the object. */
export function notShown(spot: Spot, object: string, name: string): Difference {
  return {
    ruleId: 'property/missing',
    reason: `Missing property \`${name}\`, expected as \`${spot.owner}\` documents it`,
    pointer: spot.pointer,
    promised: object,
    note: 'Show the property, say `"truncated": true`, or list it in `optionalProperties`.',
    ...groupOf('property/missing', spot.owner, name),
  };
}

/** An example of null for a property that nothing says may be null: taken as saying so. */
export function nullShown(spot: Spot, type: JsonType): Difference {
  return {
    ruleId: 'property/null',
    reason: `Unexpected null for ${nameOf(spot)}, expected ${withArticle(type)}`,
    ...placed(spot),
    expected: type,
    actual: 'null',
    note: 'Show a value, say "Nullable" in the table, or list the property in `nullableProperties`.',
    ...groupOf('property/null', spot.owner, lastName(spot.pointer)),
  };
}

/** A property that is documented nowhere; it stands where `promised` says. */
export function undocumented(spot: Spot, promised: string, name: string, actual: unknown): Difference {
  const { owner } = spot;
  return {
    ruleId: 'property/undocumented',
    reason: `Unexpected property \`${name}\`, expected a documented one`,
    pointer: spot.pointer,
    promised,
    actual: shown(actual),
    note: owner === undefined ? 'Document the property in the example.' : `Document the property in \`${owner}\`.`,
    ...groupOf('property/undocumented', owner, name),
  };
}

/** An answer nested deeper than any document that could promise it, and than a stack should go. */
export function tooDeep(most: number): Difference {
  return {
    ruleId: 'body/unreadable',
    reason: `Unexpected nesting deeper than ${most}, expected a body that can be judged`,
    pointer: '',
    promised: '',
    note: 'Return less deep JSON.',
  };
}

/** An object of the answer's own around documented properties. */
export function wrapped(object: Difference, name: string, names: readonly string[]): Difference {
  const listed = names.map((each) => `\`${clip(each)}\``).join(', ');
  return {
    ...object,
    ruleId: 'property/nesting',
    reason: `Unexpected object \`${clip(name)}\` around ${clip(listed, 200)}, expected without it`,
    expected: clip(names.join(', '), 200),
    note: 'Return the properties where they are documented, or document the object around them.',
    ...(object.group === undefined ? {} : { group: object.group.replace(/^\S+/, 'property/nesting') }),
  };
}

/** An object that says it is of a type that is not the promised one, nor derived from it; `qualified` where only the namespace lacks. */
export function foreignType(object: Spot, promisedType: string, actualType: string, qualified?: string): Difference {
  const as = qualified === undefined ? `\`${promisedType}\` or one derived from it` : `its whole name \`${qualified}\``;
  return {
    ruleId: 'property/foreign-type',
    reason: `Unexpected type \`${clip(actualType)}\`, expected ${as}`,
    pointer: `${object.pointer}/@odata.type`,
    promised: `${object.promised}/@odata.type`,
    expected: qualified ?? promisedType,
    actual: shown(actualType),
    note:
      qualified === undefined
        ? 'Return the documented type, or document that this type derives from it.'
        : 'Write the namespace, too.',
    ...groupOf('property/foreign-type', promisedType, actualType),
  };
}

function placed({ pointer, promised }: Spot): Pick<Difference, 'pointer' | 'promised'> {
  return { pointer, promised };
}

/** A fault of one property of one documented type is one cause, wherever it is met; without a type nothing is known to be the same. */
function groupOf(ruleId: RuleId, type: string | undefined, what: string): { readonly group?: string } {
  return type === undefined ? {} : { group: `${ruleId} ${type} ${what}` };
}

function nameOf({ pointer }: Spot): string {
  const name = lastName(pointer);
  if (name === '') return pointer === '' ? 'the body' : 'an item';
  return isIndex(pointer, pointer.lastIndexOf('/') + 1, pointer.length)
    ? `an item of \`${clip(name)}\``
    : `\`${clip(name)}\``;
}

/** The last token of a pointer that is no index. */
function lastName(pointer: string): string {
  let end = pointer.length;
  for (;;) {
    const start = pointer.lastIndexOf('/', end - 1) + 1;
    if (start === 0 || !isIndex(pointer, start, end)) return pointer.slice(start, end);
    end = start - 1;
    if (end === 0) return '';
  }
}

/** Does a stretch of a pointer hold digits and nothing else? */
function isIndex(pointer: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const unit = pointer.charCodeAt(at);
    if (unit < 48 || unit > 57) return false;
  }
  return start < end;
}

function withArticle(type: string): string {
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}

/** A value as a finding shows it. */
export function shown(value: unknown): string {
  return clip(typeof value === 'string' ? value : (jsonOf(value) ?? 'nothing'), 200);
}

/** An answer may be nested deeper than a stack goes. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return `${jsonType(value)}, nested too deep to show`;
  }
}

function clip(text: string, length = 80): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
