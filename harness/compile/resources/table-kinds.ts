import {
  TABLE_TYPES,
  type ParsingRule,
  type TableConfig,
  type TableDefinition,
  type TableType,
} from '../../model/tables.ts';
import type { Heading } from '../markdown/outline.ts';

/** What a table is known to be, and in which column what stands. */
export interface TableKind {
  readonly type: TableType;
  /** What its heading names: `season` of `season values`; the whole heading where it names nothing. */
  readonly subject: string;
  /** Index of a column by what stands in it (`name`, `type`, `description`, …); the first column of a name wins. */
  readonly columns: ReadonlyMap<string, number>;
  readonly heading: string;
}

/** Tells the kind of a table from the headings over it, nearest last, and the texts of its first row. */
export type TableReader = (headings: readonly Heading[], columns: readonly string[]) => TableKind | undefined;

/**
 * Makes a reader. A table is what the nearest heading with a known title says, if it has the columns of that; else what its
 * columns alone say. What a config says of a kind replaces what is built in for it.
 */
export function tableReader(config?: TableConfig): TableReader {
  const { tables = [], parsingRules = [] } = config?.tableDefinitions ?? {};
  const told = new Set(tables.map(({ type }) => type));
  const definitions = [...tables, ...TABLES.filter(({ type }) => !told.has(type))].filter(({ type }) =>
    TABLE_TYPES.includes(type),
  );
  const ruled = new Set(parsingRules.map(({ type }) => type));
  const rules = new Map(
    [...PARSING_RULES.filter(({ type }) => !ruled.has(type)), ...parsingRules].map((rule) => [rule.type, rule]),
  );
  const tell: TableReader = (headings, columns) => {
    const texts = columns.map((column) => column.trim().toLowerCase());
    for (let at = headings.length - 1; at >= 0; at--) {
      for (const definition of definitions) {
        const subject = subjectOf(definition, headings, at);
        const found = subject === undefined ? undefined : columnsOf(rules.get(definition.parseAs), texts, definition);
        if (found) return { type: definition.type, subject: subject!, columns: found, heading: headings[at]!.text };
      }
    }
    const type = BY_COLUMNS.find(([pattern]) => pattern.test(texts[0] ?? ''))?.[1];
    const definition = definitions.find((each) => each.type === type);
    const found = definition && columnsOf(rules.get(definition.parseAs), texts, definition);
    const heading = headings.at(-1)?.text ?? '';
    return found && { type: definition.type, subject: heading, columns: found, heading };
  };
  return onceEach(tell);
}

/** The same reader, which thinks once about what pages have in common: that `Permissions` stands over `Permission type`. */
function onceEach(tell: TableReader): TableReader {
  const known = new Map<string, TableKind | undefined>();
  return (headings, columns) => {
    const key = JSON.stringify([headings.map(({ text }) => text), columns]);
    if (known.has(key)) return known.get(key);
    const kind = tell(headings, columns);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, kind);
    return kind;
  };
}

const MOST_KNOWN = 5000;

/** What the heading at `at` names, where a title of the definition fits it (and, without a name in the title, its parents). */
function subjectOf({ titles, parents }: TableDefinition, headings: readonly Heading[], at: number): string | undefined {
  const { text } = headings[at]!;
  for (const title of titles) {
    const subject = fit(title, text);
    if (subject === undefined) continue;
    if (title.includes('{x}') || !parents?.length) return subject;
    for (const outer of headings.slice(0, at).reverse())
      for (const parent of parents) {
        const named = fit(parent, outer.text);
        if (named !== undefined) return named;
      }
  }
  return undefined;
}

/** `{x} values` fits a heading that ends so and gives the word before; a plain title fits one that contains it. */
function fit(title: string, heading: string): string | undefined {
  const text = heading.trim().toLowerCase();
  const mark = title.indexOf('{x}');
  if (mark < 0) return text.includes(title.trim().toLowerCase()) ? heading.trim() : undefined;
  const end = title.slice(mark + 3).toLowerCase();
  if (!text.endsWith(end)) return undefined;
  const words = heading
    .trim()
    .slice(0, text.length - end.length)
    .trim()
    .split(/\s+/);
  return words.at(-1) || undefined;
}

/** What must be there for a table to be of its kind; a list of members or headers needs its names alone. */
const NEEDED: Partial<Readonly<Record<TableType, readonly string[]>>> = {
  AuthScopes: ['title', 'scope'],
  EnumerationValues: ['memberName'],
  ErrorCodes: [],
  ResourcePropertyDescriptions: ['name', 'type'],
  ResourceNavigationPropertyDescriptions: ['name', 'type'],
};

function columnsOf(
  rule: ParsingRule | undefined,
  texts: readonly string[],
  { type }: TableDefinition,
): ReadonlyMap<string, number> | undefined {
  const found = new Map<string, number>();
  for (const [role, names] of Object.entries(rule?.columns ?? {}))
    for (const name of names) {
      const index = texts.indexOf(name.trim().toLowerCase());
      if (index < 0) continue;
      found.set(role, index);
      break;
    }
  return found.size > 0 && (NEEDED[type] ?? ['name']).every((role) => found.has(role)) ? found : undefined;
}

/** First columns that say what a table is, whatever it stands under. */
const BY_COLUMNS: readonly (readonly [pattern: RegExp, type: TableType])[] = [
  [/^(request )?header( name)?$/, 'HttpHeaders'],
  [/^permission type$/, 'AuthScopes'],
  [/^(relationship( name)?|navigation property)$/, 'ResourceNavigationPropertyDescriptions'],
  [/^property( name)?$/, 'ResourcePropertyDescriptions'],
  [/^query (string )?parameter$/, 'QueryStringParameters'],
  [/^path parameter$/, 'PathParameters'],
  [/^error code$/, 'ErrorCodes'],
];

const NAMES = [
  'Property',
  'Property name',
  'Relationship',
  'Relationship name',
  'Navigation property',
  'Parameter',
  'Parameter name',
  'Query parameter',
  'Path parameter',
  'Header',
  'Header name',
  'Name',
];

const TABLES: readonly TableDefinition[] = [
  {
    type: 'EnumerationValues',
    titles: ['{x} values', '{x} enumeration', '{x} enum', '{x} members', '{x} flags', 'Enumerated values', 'Members'],
    parents: ['{x} enum type', '{x} enumeration type', '{x} enum', '{x} enumeration'],
    parseAs: 'EnumerationDefinition',
  },
  { type: 'AuthScopes', titles: ['Permissions', 'Authentication scopes'], parseAs: 'AuthScopeDefinition' },
  { type: 'ErrorCodes', titles: ['Error response', 'Error code', 'Errors'], parseAs: 'ErrorDefinition' },
  {
    type: 'HttpHeaders',
    titles: ['Request header', 'Response header', 'Optional header', 'HTTP header'],
    parseAs: 'ParameterDefinition',
  },
  { type: 'PathParameters', titles: ['Path parameter', 'Function parameter'], parseAs: 'ParameterDefinition' },
  {
    type: 'QueryStringParameters',
    titles: ['Query parameter', 'Query string parameter'],
    parseAs: 'ParameterDefinition',
  },
  { type: 'RequestObjectProperties', titles: ['Request body'], parseAs: 'ParameterDefinition' },
  { type: 'ResponseObjectProperties', titles: ['Response body'], parseAs: 'ParameterDefinition' },
  {
    type: 'ResourceNavigationPropertyDescriptions',
    titles: ['Relationships', 'Navigation properties'],
    parseAs: 'ParameterDefinition',
  },
  {
    type: 'ResourcePropertyDescriptions',
    titles: ['Properties', 'Instance attributes'],
    parseAs: 'ParameterDefinition',
  },
];

const PARSING_RULES: readonly ParsingRule[] = [
  {
    type: 'ParameterDefinition',
    columns: {
      name: NAMES,
      type: ['Type', 'Data type', 'Value'],
      value: ['Value'],
      description: ['Description'],
      required: ['Required', 'Required?', 'Required (Y/N)', 'Description'],
    },
  },
  {
    type: 'EnumerationDefinition',
    columns: {
      memberName: ['Member', 'Member name', 'Name', 'Value'],
      numericValue: ['Numeric value', 'Int value', 'Value'],
      description: ['Description'],
    },
  },
  {
    type: 'ErrorDefinition',
    columns: {
      httpStatusCode: ['HTTP code', 'HTTP status code', 'Status code', 'Status'],
      httpStatusMessage: ['HTTP error message', 'HTTP status message'],
      errorCode: ['Error code', 'Code'],
      description: ['Error message', 'Message', 'Description'],
    },
  },
  {
    type: 'AuthScopeDefinition',
    columns: {
      title: ['Permission type'],
      scope: [
        'Least privileged permissions',
        'Least privileged permission',
        'Permissions (from least to most privileged)',
        'Permissions (from most to least privileged)',
        'Permissions',
        'Permission',
        'Scope',
        'Least privileged permissions',
        'Least privileged permission',
      ],
      more: ['Higher privileged permissions'],
      descending: ['Permissions (from most to least privileged)'],
      description: ['Description'],
      required: ['Required'],
    },
  },
];
