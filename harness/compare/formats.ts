/** How a string of a primitive type must be written; nothing for types whose strings are free. Sources: RFC 3339, RFC 9562, OData ABNF 4.01. */
export const FORMATS: Readonly<Record<string, { readonly is: (text: string) => boolean; readonly as: string }>> = {
  DateTimeOffset: { is: isDateTime, as: 'a date-time such as `2026-01-31T09:30:00Z`' },
  Date: { is: isDate, as: 'a date such as `2026-01-31`' },
  TimeOfDay: { is: (text) => TIME.test(text), as: 'a time of day such as `09:30:00`' },
  Duration: { is: (text) => DURATION.test(text), as: 'a duration such as `P1DT2H`' },
  Guid: { is: (text) => GUID.test(text), as: 'a GUID such as `3f2504e0-4f89-41d3-9a0c-0305e82c3301`' },
  Binary: { is: isBase64, as: 'base64' },
};

/** How the string of a URL property is written (RFC 3986, 4.3: with its scheme). */
export const URL_FORMAT = {
  is: (text: string): boolean => SCHEMED.test(text) && !MISSPELT_SCHEME.test(text),
  as: 'a URL such as `https://example.com/notes/7`',
};

/** An entity tag as HTTP has it (RFC 9110, 8.8.3). */
export function isEntityTag(text: string): boolean {
  return /^(W\/)?"[\x21\x23-\x7e\x80-\uffff]*"$/.test(text);
}

/** How the string of an entity tag is written. */
export const ETAG_FORMAT = { is: isEntityTag, as: 'an entity tag such as `W/"7"`' };

const DATE = /^-?(\d{4,5})-(\d{2})-(\d{2})$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d(:([0-5]\d|60)(\.\d{1,12})?)?$/;
const DURATION = /^[-+]?P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/;
const GUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
const BASE64 = /^[\w+/-]*={0,2}$/;

/** A scheme and what it names; `http` names an authority, after two slashes (RFC 9110, 4.2). */
const SCHEMED = /^(?:https?:\/\/[^\s/?#]\S*|(?!https?:)[a-z][a-z\d+.-]*:\S+)$/i;

/** `https` with a letter lost, doubled or in another place. */
const MISSPELT_SCHEME = /^(?:htps?|ttps?|htts|hhttps?|httpps?|htttps?|httpss|hptts?|htpts?):/i;

/** No bytes make one character more than a multiple of four, and padding fills the last four (RFC 4648, 4); it may be left out (OData ABNF). */
function isBase64(text: string): boolean {
  if (!BASE64.test(text)) return false;
  return text.endsWith('=') ? text.length % 4 === 0 : text.length % 4 !== 1;
}

/** An offset or `Z` is part of a date-time (RFC 3339, 5.6); `T` parts it, and any number of fraction digits up to twelve may follow (OData ABNF). */
function isDateTime(text: string): boolean {
  const [, date, time] = /^(.+?)[Tt](.+?)([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/.exec(text) ?? [];
  return date !== undefined && isDate(date) && TIME.test(time!);
}

function isDate(text: string): boolean {
  const [, year, month, day] = DATE.exec(text) ?? [];
  if (year === undefined) return false;
  // Day 0 of the next month is the last of this one.
  const last = new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0)).getUTCDate();
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= last;
}
