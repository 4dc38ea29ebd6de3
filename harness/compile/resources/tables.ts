import type { Place, Position } from '../../model/place.ts';
import type { Enumeration } from '../../model/resource.ts';
import type { ErrorRow, HeaderRow, PageTables, ParameterRow, PermissionRow } from '../../model/tables.ts';
import { readType } from '../../model/type.ts';
import { shownText } from '../markdown/shown.ts';
import type { Heading, TableBlock } from '../markdown/outline.ts';
import { placeOf, placeOnLine, type PageText } from '../markdown/source.ts';
import { readAlternatives, saysUnsupported } from './permissions.ts';
import type { TableKind, TableReader } from './table-kinds.ts';

/** A table whose kind is known. */
export interface KnownTable {
  readonly kind: TableKind;
  readonly headings: readonly Heading[];
  /** Without the first row and the rows that only divide it. */
  readonly rows: readonly Row[];
  /** The first cell beyond the columns of the first row, of each row that has one: nobody is shown it (GFM 4.10). */
  readonly beyond: readonly Cell[];
}

/** A row: the cells of the columns that its kind knows. */
export type Row = (column: string) => Cell | undefined;

/** A cell with text in it: links and code are text, HTML is left out. */
export interface Cell {
  readonly text: string;
  /** Is all of it bold? */
  readonly isBold: boolean;
  place(): Place;
  /** Where a word of it stands; the cell itself where the word cannot be found as it is. */
  placeOf(word: string): Place;
}

/** The tables of a page whose kind is known and wanted. */
export function knownTables(
  page: PageText,
  tables: readonly TableBlock[],
  read: TableReader,
  isWanted: (type: TableKind['type']) => boolean,
): KnownTable[] {
  const kindOf = (table: TableBlock, columns: readonly string[]): TableKind | undefined => {
    const kind = read(table.headings, columns);
    return kind && isWanted(kind.type) ? kind : undefined;
  };
  return tables.flatMap((table) => {
    const plain = plainColumns(page, table);
    if (plain && kindOf(table, plain) === undefined) return [];
    const [head = [], ...rows] = cellsOf(page, table);
    const columns = head.map(({ text }) => text);
    const kind = kindOf(table, columns);
    if (kind === undefined) return [];
    const cell = (row: readonly Cell[], column: string): Cell | undefined => {
      const found = row[kind.columns.get(column) ?? -1];
      return found === undefined || found.text === '' ? undefined : found;
    };
    const told = rows.filter((row) => row.length > 0 && !isDivider(row, head.length));
    return [
      {
        kind,
        headings: table.headings,
        beyond: told.flatMap((row) => row.slice(head.length).find(({ text }) => text !== '') ?? []),
        rows: told.map(
          (row): Row =>
            (column) =>
              cell(row, column),
        ),
      },
    ];
  });
}

/**
 * Which kinds a page is to be asked for: those of its resources, if it has any, the permissions of its requests, enumerations, and the
 * others where somebody needs them.
 */
export function wantedTables(
  { resource, request }: Readonly<Record<'resource' | 'request', boolean>>,
  all: boolean,
): (type: TableKind['type']) => boolean {
  return (type) =>
    type === 'EnumerationValues' ||
    (type === 'AuthScopes' && request) ||
    (type === 'ResourcePropertyDescriptions' || type === 'ResourceNavigationPropertyDescriptions' ? resource : all);
}

/** The facts of the tables that are about requests, responses and enumerations. */
export function readTables(tables: readonly KnownTable[], namespace: string | undefined): PageTables {
  const of = <Fact>(type: TableKind['type'], read: (row: Row, kind: TableKind) => Fact | undefined): Fact[] =>
    tables.flatMap(({ kind, rows }) =>
      kind.type === type ? rows.map((row) => read(row, kind)).filter((fact) => fact !== undefined) : [],
    );
  return {
    headers: of('HttpHeaders', readHeader),
    parameters: [
      ...of('PathParameters', (row) => readParameter(row, 'path')),
      ...of('QueryStringParameters', (row) => readParameter(row, 'query')),
      ...of('RequestObjectProperties', (row) => readParameter(row, 'request body')),
      ...of('ResponseObjectProperties', (row) => readParameter(row, 'response body')),
    ],
    permissions: of('AuthScopes', readPermission),
    errors: of('ErrorCodes', readError),
    enums: tables.flatMap((table) => readEnumeration(table, namespace)),
  };
}

/** The one place that knows how a table lies in the tree. */
function cellsOf(page: PageText, { node }: TableBlock): Cell[][] {
  return node.children.map((row) =>
    row.children.map((cell) => {
      const position = (): Position => ({
        start: cell.children[0]?.position?.start ?? cell.position!.start,
        end: cell.children.at(-1)?.position?.end ?? cell.position!.end,
      });
      return {
        text: shownText(cell.children).replace(/\s+/g, ' '),
        isBold: cell.children.length > 0 && cell.children.every(({ type }) => type === 'strong'),
        place: () => placeOf(page, position()),
        placeOf: (word) => wordIn(page, position(), word),
      };
    }),
  );
}

/** A cell stands on one line. */
function wordIn(page: PageText, position: Position, word: string): Place {
  const { line, column } = position.start;
  const text = (page.lines[line - 1] ?? '').slice(0, position.end.column - 1);
  for (let at = text.indexOf(word, column - 1); at >= 0; at = text.indexOf(word, at + 1))
    if (!/\w/.test(text[at - 1] ?? '') && !/\w/.test(text[at + word.length] ?? ''))
      return placeOnLine(page, line, at + 1, word.length);
  return placeOf(page, position);
}

/** The columns of a table whose first row is plain words: most tables are of no kind that matters, and reading one costs time. */
function plainColumns({ lines }: PageText, { line }: TableBlock): string[] | undefined {
  const row = /^ {0,3}\|?((?:[\w ()?.,:'/-]+\|)*[\w ()?.,:'/-]*)$/.exec((lines[line - 1] ?? '').trimEnd())?.[1];
  return row?.replace(/\|$/, '').split('|');
}

/** A row with nothing but a bold first cell, where others belong beside it, is a heading inside the table. */
function isDivider(row: readonly Cell[], width: number): boolean {
  return width > 1 && row[0]!.isBold && row.slice(1).every(({ text }) => text === '');
}

function readHeader(row: Row, { heading }: TableKind): HeaderRow | undefined {
  const name = row('name');
  if (name === undefined) return undefined;
  const value = row('value') ?? row('type');
  return {
    name: name.text.replace(/:$/, ''),
    of: /response/i.test(heading) ? 'response' : 'request',
    ...(value === undefined ? {} : { value: value.text }),
    ...mediaTypesIn(row),
    ...isRequired(row),
    place: name.place(),
  };
}

/** The media types that the row of a Content-Type names. */
function mediaTypesIn(row: Row): Pick<HeaderRow, 'mediaTypes'> {
  if (!/^content-type:?$/i.test(row('name')?.text ?? '')) return {};
  const text = ['value', 'type', 'description'].map((column) => row(column)?.text ?? '').join(' ');
  const found = text.match(/\b(?:application|audio|font|image|message|model|multipart|text|video)\/[\w.+*-]*[\w*]/gi);
  return found === null ? {} : { mediaTypes: [...new Set(found.map((type) => type.toLowerCase()))] };
}

function readParameter(row: Row, where: ParameterRow['in']): ParameterRow | undefined {
  const name = row('name');
  if (name === undefined) return undefined;
  const type = readType(row('type')?.text ?? '');
  return {
    name: name.text,
    in: where,
    ...(type === undefined ? {} : { type: type.name }),
    ...(type?.isCollection ? { isCollection: true } : {}),
    ...isRequired(row),
    place: name.place(),
  };
}

/** `Required.` at the start or the end of a description or a value, a column of its own with `Yes`, `Optional` at the start. */
function isRequired(row: Row): { required?: boolean } {
  for (const column of ['required', 'description', 'value']) {
    const text = row(column)?.text ?? '';
    if (/^(required\b|yes$|y$|true$)|\brequired\.?$/i.test(text) && !/\bnot required\.?$/i.test(text))
      return { required: true };
    if (/^(optional\b|no$|n$|false$|not required\b)/i.test(text)) return { required: false };
  }
  return {};
}

function readPermission(row: Row): PermissionRow | undefined {
  const title = row('title');
  if (title === undefined) return undefined;
  const cells = [row('scope'), row('more')].map((cell) => cell?.text ?? '');
  const anyOf = readAlternatives(...cells);
  const twice = twiceIn(row('scope')) ?? twiceIn(row('more'));
  const isEmpty = cells.every((cell) => cell === '');
  return {
    title: title.text,
    scopes: anyOf.flatMap((scopes) => scopes.split(' ')),
    ...(twice === undefined ? {} : { twice }),
    ...(isEmpty ? { isEmpty } : {}),
    anyOf: row('descending') === undefined ? anyOf : anyOf.toReversed(),
    ...(anyOf.length === 0 && saysUnsupported(cells[0]!) ? { isUnsupported: true } : {}),
    place: title.place(),
  };
}

/** What a list of nothing but permissions and commas has twice; where `and` joins two, one may well stand in several. */
function twiceIn(cell: Cell | undefined): PermissionRow['twice'] {
  if (cell === undefined || !/^[\w.-]+(?:\s*,\s*[\w.-]+)+$/.test(cell.text)) return undefined;
  const scopes = cell.text.split(/\s*,\s*/);
  const scope = scopes.find((each, at) => each.includes('.') && scopes.indexOf(each) < at);
  return scope === undefined ? undefined : { scope, place: cell.placeOf(scope) };
}

function readError(row: Row): ErrorRow | undefined {
  const [status, code, message] = [
    row('httpStatusCode'),
    row('errorCode'),
    row('httpStatusMessage') ?? row('description'),
  ];
  const first = status ?? code ?? message;
  if (first === undefined) return undefined;
  const number = /\b[1-5]\d\d\b/.exec(status?.text ?? '')?.[0];
  return {
    ...(number === undefined ? {} : { status: Number(number) }),
    ...(code === undefined ? {} : { code: code.text }),
    ...(message === undefined ? {} : { message: message.text }),
    place: first.place(),
  };
}

function readEnumeration({ kind, rows }: KnownTable, namespace: string | undefined): Enumeration[] {
  if (kind.type !== 'EnumerationValues') return [];
  const hasNumbers = kind.columns.get('numericValue') !== kind.columns.get('memberName');
  const members = rows.flatMap((row) => {
    const name = row('memberName');
    if (name === undefined || !/^[^\s,|]+$/.test(name.text)) return [];
    const number = hasNumbers ? /^-?\d+$/.exec(row('numericValue')?.text ?? '')?.[0] : undefined;
    return [{ name: name.text, ...(number === undefined ? {} : { value: Number(number) }), place: name.place() }];
  });
  if (members.length === 0) return [];
  const isFlags = /\bflags\b/i.test(kind.heading) || areBits(members.map(({ value }) => value));
  return [
    {
      name: kind.subject,
      ...(namespace === undefined ? {} : { namespace }),
      members,
      ...(isFlags ? { isFlags } : {}),
      place: members[0]!.place,
    },
  ];
}

/** Are these 1, 2, 4 and on, with or without 0? Then members can be joined. */
function areBits(values: readonly (number | undefined)[]): boolean {
  return values.includes(4) && values.every((value) => value !== undefined && value >= 0 && isBit(value));
}

function isBit(value: number): boolean {
  return value === 0 || Number.isInteger(Math.log2(value));
}
