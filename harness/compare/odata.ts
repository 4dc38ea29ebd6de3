/** What is known of OData JSON (OData JSON Format 4.01) beside the core of comparison. */

/** Control information: says how to read the payload, and belongs to no documented type (4.6). */
export function isControl(name: string): boolean {
  return name.includes('@');
}

/** The JSON type of what control information says (4.6), named with or without OData's prefix; nothing for what others add. */
export function controlType(name: string): 'string' | 'number' | undefined {
  const term = /@(?:odata\.)?([a-zA-Z]+)$/.exec(name)?.[1];
  return term === 'count' ? 'number' : term !== undefined && TEXTS.has(term) ? 'string' : undefined;
}

const TEXTS: ReadonlySet<string> = new Set([
  'context',
  'type',
  'id',
  'etag',
  'nextLink',
  'deltaLink',
  'editLink',
  'readLink',
  'navigationLink',
  'associationLink',
]);

/** Links to a next page or to later changes depend on how much data there is, not on what is promised (4.6.5, 4.6.6). */
export function dependsOnData(name: string): boolean {
  return /@(odata\.)?(nextLink|deltaLink)$/.test(name);
}

/** The type that an object says it is of, without `#`: the fragment of a type URI (4.6.3). */
export function ownType(object: Readonly<Record<string, unknown>>): string | undefined {
  for (const name of ['@odata.type', '@type']) {
    const written = Object.hasOwn(object, name) ? object[name] : undefined;
    if (typeof written === 'string') return written.slice(written.indexOf('#') + 1);
  }
  return undefined;
}

/** The property that holds the items of a collection (4.5.1 and 13). */
export const ITEMS = 'value';

/** A number that JSON cannot write may come as one of these strings (7.1). */
export function isNumberWord(value: unknown): boolean {
  return value === 'INF' || value === '-INF' || value === 'NaN';
}

/** The names under which entity tags come (4.6.11), with or without OData's prefix. */
export function isEntityTagName(name: string): boolean {
  return /^(.*@(odata\.)?)?(etag|ctag)$/i.test(name);
}

/** Names that promise a URL: `webUrl`, `redirectUri`, `href`, and the links of OData. */
export function isUrlName(name: string): boolean {
  return /(Ur[li]|URL|URI|href)$|^(ur[li]|@(odata\.)?(context|nextLink|deltaLink))$/.test(name);
}

/** A type of which any JSON is a value: `Edm.Untyped` (CSDL 4.01, 4.3), however docs name it. */
export function isUntyped(type: string): boolean {
  return /(^|\.)(json|object|any|untyped)$/i.test(type);
}

/** `"@odata.type: microsoft.graph.color"` where a value should stand names the type, as generated docs do. */
export function isTypeNote(value: unknown): boolean {
  return typeof value === 'string' && /^@odata\.type:/.test(value);
}
