import { wrongValue } from './difference.ts';
import { ETAG_FORMAT, FORMATS, URL_FORMAT } from './formats.ts';
import { isEntityTagName, isUrlName } from './odata.ts';
import type { TypeFacts } from './types.ts';
import { spotOf, tell, type At } from './walk.ts';

/** What the documented example breaks itself (a format, an enumeration) is no promise: check tells of it. */
export function compareScalar(expected: unknown, actual: unknown, at: At, standIn: string | undefined): void {
  const fault = scalarFault(actual, at, standIn);
  if (!fault || (standIn === undefined && expected !== undefined && scalarFault(expected, at, standIn))) return;
  tell(at, fault.ruleId, () => wrongValue(spotOf(at), fault.ruleId, fault.as, actual, fault.note));
}

/** An example in the form of an entity tag or an absolute URL, under a name that promises one, promises that form. */
export function compareForm(expected: string, actual: string, at: At): void {
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
