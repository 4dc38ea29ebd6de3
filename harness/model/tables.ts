import { pointerToken } from './json.ts';
import type { Place } from './place.ts';
import type { Enumeration } from './resource.ts';
import { didYouMean } from './usage.ts';

/** What the tables of a page say, beyond the properties of its resources. */
export interface PageTables {
  readonly headers: readonly HeaderRow[];
  readonly parameters: readonly ParameterRow[];
  readonly permissions: readonly PermissionRow[];
  readonly errors: readonly ErrorRow[];
  readonly enums: readonly Enumeration[];
}

/** A documented header; `place` is that of its name. */
export interface HeaderRow {
  readonly name: string;
  readonly of: 'request' | 'response';
  readonly value?: string;
  /** Of a Content-Type: the media types that its row names, in lower case. */
  readonly mediaTypes?: readonly string[];
  readonly required?: boolean;
  readonly place: Place;
}

/** A documented parameter: of the path, of the query, or a property of a body; `place` is that of its name. */
export interface ParameterRow {
  readonly name: string;
  readonly in: 'path' | 'query' | 'request body' | 'response body';
  readonly type?: string;
  readonly isCollection?: boolean;
  /** Nothing where the row does not say. */
  readonly required?: boolean;
  readonly place: Place;
}

/** The permissions of one way to sign in; none where it is not supported. */
export interface PermissionRow {
  readonly title: string;
  readonly scopes: readonly string[];
  /** A permission that one list of the row has twice. */
  readonly twice?: { readonly scope: string; readonly place: Place };
  /** Does the row say nothing at all, not even that it is not supported? */
  readonly isEmpty?: boolean;
  /** What suffices, the least first: one scope, or several parted by blanks that are needed together. */
  readonly anyOf: readonly string[];
  /** Does it say that there is no such way? */
  readonly isUnsupported?: true;
  readonly place: Place;
}

/** A documented error. */
export interface ErrorRow {
  readonly status?: number;
  readonly message?: string;
  readonly code?: string;
  readonly place: Place;
}

/** The kinds of table that a definition can name. */
export const TABLE_TYPES = [
  'AuthScopes',
  'EnumerationValues',
  'ErrorCodes',
  'HttpHeaders',
  'PathParameters',
  'QueryStringParameters',
  'RequestObjectProperties',
  'ResponseObjectProperties',
  'ResourcePropertyDescriptions',
  'ResourceNavigationPropertyDescriptions',
] as const;

export type TableType = (typeof TABLE_TYPES)[number];

/** How tables are known, in the form of the convention's own `tableDefinitions` file. */
export interface TableConfig {
  readonly tableDefinitions: {
    readonly tables?: readonly TableDefinition[];
    readonly parsingRules?: readonly ParsingRule[];
  };
}

/** A kind of table by the headings it stands under; `{x}` in a title stands for the name of what it lists. */
export interface TableDefinition {
  readonly type: TableType;
  readonly titles: readonly string[];
  /** Titles of headings further out, one of which must fit too where `titles` says no name. */
  readonly parents?: readonly string[] | null;
  /** Name of the parsing rule. */
  readonly parseAs: string;
}

/** The names of columns, by what stands in them. */
export interface ParsingRule {
  readonly type: string;
  readonly columns: Readonly<Record<string, readonly string[]>>;
}

/** No tables. */
export const NO_TABLES: PageTables = { headers: [], parameters: [], permissions: [], errors: [], enums: [] };

/** What is wrong with a table config, and where (RFC 6901). */
export interface TableFault {
  readonly pointer: string;
  readonly reason: string;
}

/** Reads table definitions, whatever else stands beside them in their file. */
export function readTableConfig(value: unknown): { readonly tables?: TableConfig; readonly faults: TableFault[] } {
  const faults: TableFault[] = [];
  const fault = (pointer: string, reason: string): void => void faults.push({ pointer, reason });
  const definitions = isObject(value) ? value.tableDefinitions : undefined;
  if (!isObject(definitions)) {
    fault('', 'must have an object `tableDefinitions`');
    return { faults };
  }
  const { tables = [], parsingRules = [] } = definitions;
  const listed = (list: unknown, name: string): readonly unknown[] => {
    if (!Array.isArray(list)) fault(`/tableDefinitions/${name}`, 'must be a list');
    return Array.isArray(list) ? list : [];
  };
  listed(tables, 'tables').forEach((table, index) => {
    const pointer = `/tableDefinitions/tables/${index}`;
    if (!isObject(table)) return fault(pointer, 'must be an object');
    if (typeof table.type !== 'string') fault(pointer, 'must have a text `type`');
    else if (!TABLE_TYPES.includes(table.type as TableType))
      fault(`${pointer}/type`, `must be one of ${TABLE_TYPES.join(', ')}${didYouMean(table.type, TABLE_TYPES)}`);
    if (typeof table.parseAs !== 'string') fault(pointer, 'must have a text `parseAs`');
    if (!areTexts(table.titles)) fault(pointer, 'must have a list of texts `titles`');
    if (table.parents !== undefined && table.parents !== null && !areTexts(table.parents))
      fault(`${pointer}/parents`, 'must be a list of texts');
  });
  listed(parsingRules, 'parsingRules').forEach((rule, index) => {
    const pointer = `/tableDefinitions/parsingRules/${index}`;
    if (!isObject(rule)) return fault(pointer, 'must be an object');
    if (typeof rule.type !== 'string') fault(pointer, 'must have a text `type`');
    if (!isObject(rule.columns)) return fault(pointer, 'must have an object `columns`');
    for (const [role, names] of Object.entries(rule.columns))
      if (!areTexts(names)) fault(`${pointer}/columns/${pointerToken(role)}`, 'must be a list of texts');
  });
  return faults.length > 0 ? { faults } : { tables: value as unknown as TableConfig, faults };
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
