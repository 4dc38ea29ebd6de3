/** The headings that pages of each kind are to have, by the `doc_type` of their front matter. */
export type PageOutlines = ReadonlyMap<string, readonly OutlineEntry[]>;

export type OutlineEntry = OutlineHeading | OutlineGroup;

/** A heading a page may have, and what may stand under it. */
export interface OutlineHeading {
  readonly kind: 'heading';
  readonly level: number;
  /** `*` in it stands for any text. */
  readonly title: string;
  readonly required: boolean;
  /** May several headings fit it? */
  readonly multiple: boolean;
  /** Empty: anything may stand under it. */
  readonly headers: readonly OutlineEntry[];
}

/** One of several (`or`), or all of them in this order (`and`). */
export interface OutlineGroup {
  readonly kind: 'or' | 'and';
  readonly entries: readonly OutlineEntry[];
}

/** What is wrong with an outline, at a JSON pointer (RFC 6901). */
export interface OutlineFault {
  readonly pointer: string;
  readonly reason: string;
}

/**
 * Reads the outlines of page types as API Doctor's outline files write them: `{apiPageType: [{level, title, required, allowMultiple,
 * headers} | {condition: "OR", arguments}]}`; `multiple` is `allowMultiple`, names in any case. Keys that hold no list are left alone.
 */
export function readOutlines(value: unknown): {
  readonly outlines: PageOutlines;
  readonly faults: readonly OutlineFault[];
} {
  const faults: OutlineFault[] = [];
  if (!isObject(value)) return { outlines: new Map(), faults: [{ pointer: '', reason: 'must be an object' }] };
  const outlines = new Map(
    Object.entries(value).flatMap(([name, entries]) =>
      Array.isArray(entries) ? [[name, readEntries(entries, `/${name}`, 1, faults)] as const] : [],
    ),
  );
  if (outlines.size === 0 && faults.length === 0)
    faults.push({
      pointer: '',
      reason: 'must have a list of headings under the name of a page type, such as `apiPageType`',
    });
  return { outlines, faults };
}

function readEntries(
  entries: readonly unknown[],
  pointer: string,
  level: number,
  faults: OutlineFault[],
): OutlineEntry[] {
  return entries.flatMap((entry, index) => readEntry(entry, `${pointer}/${index}`, level, faults));
}

function readEntry(entry: unknown, pointer: string, level: number, faults: OutlineFault[]): OutlineEntry[] {
  const fault = (reason: string, at = pointer): OutlineEntry[] => {
    faults.push({ pointer: at, reason });
    return [];
  };
  if (!isObject(entry)) return fault('must be an object with `title` or `condition`');
  const said = new Map(Object.entries(entry).map(([name, value]) => [name.toLowerCase(), value]));
  const condition = said.get('condition');
  if (condition !== undefined && condition !== null) {
    const kind = String(condition).toLowerCase();
    const entries = said.get('arguments');
    if (kind !== 'or' && kind !== 'and') return fault('must be `OR` or `AND`', `${pointer}/condition`);
    if (!Array.isArray(entries)) return fault('must be a list', `${pointer}/arguments`);
    return [{ kind, entries: readEntries(entries, `${pointer}/arguments`, level, faults) }];
  }
  const title = said.get('title');
  if (typeof title !== 'string' || title.trim() === '') return fault('must have a `title`');
  const written = said.get('level') ?? level;
  if (typeof written !== 'number' || !Number.isInteger(written) || written < 1 || written > 6)
    return fault('must be a whole number from 1 to 6', `${pointer}/level`);
  const headers = said.get('headers') ?? [];
  if (!Array.isArray(headers)) return fault('must be a list', `${pointer}/headers`);
  return [
    {
      kind: 'heading',
      level: written,
      title: title.trim(),
      required: said.get('required') === true,
      multiple: said.get('allowmultiple') === true || said.get('multiple') === true,
      headers: readEntries(headers, `${pointer}/headers`, Math.min(6, written + 1), faults),
    },
  ];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
