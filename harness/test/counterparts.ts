import type { Docset } from '../model/docset.ts';
import type { PagedExchange, PromisedResponse } from '../model/fixture.ts';
import { readJson } from '../model/json.ts';
import type { Property, ResourceIndex } from '../model/resource.ts';
import type { RuleId } from '../model/rules.ts';
import { primitive } from '../model/type.ts';

/** An exchange as the reference system knows it, and the codes of what it finds there, severity first. */
export interface KnownMethod {
  readonly file: string;
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly codes: readonly string[];
}

/** What answers a code of the reference system at one exchange. */
export interface Answer {
  /** Rules of ours that say the same. */
  readonly rules: readonly RuleId[];
  /** Where none of them does: why the reference is not right here, as keys of `REASONS`; nothing where no reason holds. */
  reasons(exchange: PagedExchange, response: PromisedResponse | undefined, docs: Docs): readonly Reason[];
}

/** Why we are right not to say what the reference says. */
export const REASONS = {
  control:
    'Names with `@` are control information of OData JSON (4.6): no type documents them, and clients expect them.',
  'own type': 'The object says by `@odata.type` that it is of a derived type, and that documents the property.',
  inherited: 'The text of the page says what the type inherits from, and that documents the property.',
  open: 'The type, or what it inherits from, is said to be open: it takes any property.',
  'no members':
    'The type documents no property at all, or any JSON is a value of it: nothing is promised to be broken.',
  relationship: 'The table of relationships documents the property; the block need not show it.',
  table: 'The table documents the property, the block does not: told once, as `resource/table-only` of the resource.',
  contradiction:
    'Block and table name two types: told once, as `resource/type` of the resource; neither is held against an example.',
  'listed header': 'The page lists the header, in its table or its text. Not to be standard is no fault.',
  'whole double': 'A number without a fraction is a double like any other.',
  'known type': 'The type is documented; the `#` before its name is how OData writes it (4.6.3).',
  'own limit': 'The reference says that it cannot judge the object. We judge it, and find nothing.',
  'any media type': 'The media type is well formed and that of the file which the page says is sent.',
} as const;

export type Reason = keyof typeof REASONS;

/** What the reasons look at. */
export interface Docs {
  readonly index: ResourceIndex;
  /** Does a rule of ours speak at a property of a resource? */
  told(rule: RuleId, property: Property): boolean;
  /** Does a page tell of a header, in a table or in its text? */
  lists(file: string, header: string): boolean;
}

const BODY: readonly RuleId[] = [
  'property/undocumented',
  'property/nesting',
  'property/foreign-type',
  'annotation/body',
  'response/type',
];

/** Every code that the reference has at an exchange of the sample set. */
export const ANSWERS: Readonly<Record<string, Answer>> = {
  'W:AdditionalPropertyDetected': { rules: BODY, reasons: (_, response, docs) => [...extras(response, docs)] },
  'W:ConsolidatedError': {
    rules: [...BODY, 'property/type', 'property/enum', 'property/format', 'property/null'],
    reasons: (_, response, docs) => [...extras(response, docs)],
  },
  'W:NonStandardHeaderUsed': {
    rules: ['header/unlisted'],
    reasons: ({ file, request }, _, { lists }) =>
      request.headers.every(({ name }) => STANDARD.test(name) || lists(file, name)) ? ['listed header'] : [],
  },
  'W:ResourceTypeNotFound': {
    rules: ['type/unresolved', 'property/foreign-type'],
    reasons: (_, response, { index }) =>
      named(jsonOf(response)).every((name) => index.find(name) !== undefined) ? ['known type'] : [],
  },
  'W:CustomValidationNotSupported': { rules: [], reasons: () => ['own limit'] },
  'E:ExpectedTypeDifferent': {
    rules: ['property/type'],
    reasons: (_, response, docs) =>
      hasWholeDouble(jsonOf(response), response?.type, docs.index) ? ['whole double'] : [],
  },
  'W:InvalidContentType': { rules: ['http/content-type'], reasons: mediaTypes },
  'W:UnsupportedContentType': { rules: ['http/content-type', 'http/body-type'], reasons: mediaTypes },
  'E:IncorrectSampleKey': { rules: ['annotation/sample-key'], reasons: () => [] },
};

/** Why each property is no fault that the block of the very type named does not show; nothing where one is. */
function extras(response: PromisedResponse | undefined, docs: Docs): Set<Reason> {
  const reasons = new Set<Reason>();
  if (response === undefined) return reasons;
  const json = jsonOf(response);
  const items = response.isCollection && !Array.isArray(json) ? (json as { value?: unknown } | undefined)?.value : json;
  return explain(items, response.type, docs, reasons) ? reasons : new Set();
}

function explain(value: unknown, type: string | undefined, docs: Docs, reasons: Set<Reason>): boolean {
  if (Array.isArray(value)) return value.every((item) => explain(item, type, docs, reasons));
  const { index, told } = docs;
  const resource = type === undefined ? undefined : index.find(type);
  if (typeof value !== 'object' || value === null || type === undefined || resource === undefined) return true;
  const own = ownType(value);
  const all = index.properties(type);
  return Object.entries(value).every(([name, member]) => {
    if (name.includes('@')) return reasons.add('control');
    let property = resource.properties.find((each) => each.name === name);
    if (property?.from === 'table') {
      if (!property.navigation && !told('resource/table-only', property)) return false;
      reasons.add(property.navigation ? 'relationship' : 'table');
    }
    if (property === undefined) {
      property = all?.get(name);
      if (property !== undefined) reasons.add('inherited');
    }
    if (property === undefined && own !== undefined) {
      property = index.properties(own)?.get(name);
      if (property !== undefined) reasons.add('own type');
    }
    if (property === undefined) {
      if (index.isOpen(type) || (own !== undefined && index.isOpen(own))) return reasons.add('open');
      return all?.size === 0 || /\bjson$/i.test(type) ? reasons.add('no members') : false;
    }
    // What is said two ways is told of there, and looked into no further.
    if (told('resource/type', property)) return reasons.add('contradiction');
    return explain(member, property.type, docs, reasons);
  });
}

function hasWholeDouble(value: unknown, type: string | undefined, index: ResourceIndex): boolean {
  if (Array.isArray(value)) return value.some((item) => hasWholeDouble(item, type, index));
  if (typeof value === 'number')
    return Number.isInteger(value) && /^(Double|Single|Float)$/.test(primitive(type ?? '') ?? '');
  if (typeof value !== 'object' || value === null || type === undefined) return false;
  return Object.entries(value).some(([name, member]) =>
    name === 'value' && Array.isArray(member)
      ? hasWholeDouble(member, type, index)
      : hasWholeDouble(member, index.properties(type)?.get(name)?.type, index),
  );
}

function jsonOf(response: PromisedResponse | undefined): unknown {
  return response?.body.kind === 'json' ? readJson(response.body.text).value : undefined;
}

/** Every `@odata.type` in a value, however deep. */
function named(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === '@odata.type' && typeof member === 'string' ? [member.slice(member.indexOf('#') + 1)] : named(member),
  );
}

function ownType(value: object): string | undefined {
  const name = (value as Readonly<Record<string, unknown>>)['@odata.type'];
  return typeof name === 'string' ? name.slice(name.indexOf('#') + 1) : undefined;
}

const STANDARD =
  /^(accept|accept-language|authorization|content-type|content-length|content-range|host|if-match|if-none-match|prefer)$/i;

function mediaTypes({ request }: PagedExchange): Reason[] {
  const type = request.headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? '';
  return /^[\w.+-]+\/[\w.+-]+$/.test(type.trim()) ? ['any media type'] : [];
}

/** What the reference counts over the whole set without saying where; what we say of the same, and why the numbers differ. */
export const COUNTED: readonly { readonly code: string; readonly rules: readonly RuleId[]; readonly reason: string }[] =
  [
    {
      code: 'MissingMetadataBlock',
      rules: ['fence/unannotated'],
      reason:
        'We speak of fences that show HTTP, whatever their language; the reference of all that say `http` or `json`.',
    },
    {
      code: 'AdditionalPropertyDetected',
      rules: ['resource/block-only', 'resource/table-only'],
      reason: 'What a base type documents is no surplus, and neither is a row of a table about something else.',
    },
    {
      code: 'ExpectedTypeDifferent',
      rules: ['resource/type', 'resource/enum'],
      reason:
        'Words that mean the same are the same: `String (timestamp)` is a DateTimeOffset, any number may stand for any other.',
    },
    {
      code: 'RequiredPropertiesMissing',
      rules: ['annotation/no-such-property'],
      reason:
        'A `keyProperty` that the type does not show is said at the annotation; what a base type documents is there.',
    },
    {
      code: 'Unknown',
      rules: ['resource/duplicate', 'resource/enum', 'property/enum'],
      reason:
        'Its catch-all: types on several pages, spellings, suspicions about enumerations. Each has a rule of its own here.',
    },
    { code: 'DuplicateMethodIdentifier', rules: ['pairing/duplicate-name'], reason: 'The same.' },
    {
      code: 'MarkdownParserError',
      rules: ['resource/row', 'page/annotation', 'annotation/leniency'],
      reason: 'What can be read for certain is read, and noted.',
    },
    {
      code: 'UnmappedDocumentElements',
      rules: [],
      reason: 'A table or a type that its reader has no use for is no fault of the docs.',
    },
    {
      code: 'JsonParserException',
      rules: ['page/annotation', 'json/leniency'],
      reason: 'The same, at its line and column.',
    },
    {
      code: 'HttpParserError',
      rules: ['http/unreadable'],
      reason: 'Two blocks said to be responses show a request; the reference tells of one.',
    },
    {
      code: 'LinkDestinationNotFound',
      rules: ['link/dead', 'link/case'],
      reason:
        'A scan of the plain text finds the links that we do, one in a comment, and one that is no link since its bracket is never closed.',
    },
    {
      code: 'ResourceTypeNotFound',
      rules: ['type/unresolved'],
      reason: 'The same, for every annotation that names a type.',
    },
    {
      code: 'AnnotationParserException',
      rules: ['annotation/leniency', 'page/annotation'],
      reason: 'What can be read for certain is read, and noted.',
    },
    {
      code: 'OrphanedDocumentPage',
      rules: [],
      reason:
        'A page that no page links to is reached by the table of contents or a search; that is for a site to judge, not for docs.',
    },
  ];

/** The exchange and the response that a method of the reference is. */
export function exchangeOf(
  { file, id, method, url, status }: KnownMethod,
  { exchanges }: Pick<Docset, 'exchanges'>,
): { readonly exchange: PagedExchange; readonly response: PromisedResponse | undefined } | undefined {
  const same = exchanges.filter(
    (each) => `/${each.file}` === file && each.request.method === method && each.request.url === url,
  );
  const exchange =
    same.find((each) => each.id.endsWith(`#${id}`)) ??
    same.find(({ responses }) => responses.some((each) => each.status === status));
  return exchange && { exchange, response: exchange.responses.find((each) => each.status === status) };
}
