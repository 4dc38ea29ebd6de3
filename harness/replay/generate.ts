/**
 * A value for a type that stands where a value belongs (`"String"`, `"String (timestamp)"`, `"Int32"`), the same one
 * each time; nothing where the text is no type. It is a string, number, boolean, array or object of JSON.
 */
export function generate(text: string): unknown {
  const collection = /^(?:Collection\((.+)\)|(.+) collection)$/.exec(text.trim());
  if (collection) {
    const item = generate(collection[1] ?? collection[2]!);
    return item === undefined ? undefined : [item];
  }
  if (/^true ?[|/] ?false$|^false ?[|/] ?true$/i.test(text.trim())) return false;
  const match = /^(?:Edm\.)?([A-Za-z0-9]+)(?: ?\(([^()]*)\))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, type = '', remark] = match;
  if (/^string$/i.test(type) && remark !== undefined) return VALUES.get(REMARKS.get(remark.toLowerCase()) ?? 'String');
  return VALUES.get(type);
}

const GUID = '00000000-0000-4000-8000-000000000000';

/** By type as the documentation spells it: in another case these are words like any other. */
const VALUES: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['String', 'docwright'],
  ['DateTimeOffset', '2026-01-01T00:00:00Z'],
  ['DateTime', '2026-01-01T00:00:00Z'],
  ['Timestamp', '2026-01-01T00:00:00Z'],
  ['Date', '2026-01-01'],
  ['TimeOfDay', '00:00:00'],
  ['Duration', 'PT0S'],
  ['Guid', GUID],
  ['Boolean', false],
  ['Byte', 0],
  ['SByte', 0],
  ['Int16', 0],
  ['Int32', 0],
  ['Int64', 0],
  ['Integer', 0],
  ['Number', 0],
  ['Single', 0],
  ['Double', 0],
  ['Float', 0],
  ['Decimal', 0],
  ['Binary', ''],
]);

/** The type words that a value can be made of. */
export const TYPE_WORDS: readonly string[] = [...VALUES.keys()];

/** What a remark behind `String` makes of it. */
const REMARKS: ReadonlyMap<string, string> = new Map([
  ['timestamp', 'DateTimeOffset'],
  ['datetime', 'DateTimeOffset'],
  ['datetimeoffset', 'DateTimeOffset'],
  ['date', 'Date'],
  ['timeofday', 'TimeOfDay'],
  ['duration', 'Duration'],
  ['guid', 'Guid'],
  ['uuid', 'Guid'],
]);
