import type { Includes, Page, Stamps } from '../model/docset.ts';
import { distinct, finding, type Finding } from '../model/finding.ts';
import { once } from '../model/once.ts';
import { packed, unpacked, type PackedFinding } from '../model/packed-finding.ts';
import { hashOf } from '../model/hash.ts';
import type { Place } from '../model/place.ts';
import type { ExchangeResult } from '../model/report.ts';
import { result } from '../model/result.ts';
import { rowsByTable } from '../model/rows.ts';
import type { PageReading } from './page.ts';

/** A page reading as pages are joined: facts judged, and whatever is long made only when somebody looks at it. */
export interface KnownPage extends Omit<PageReading, 'facts'> {
  /** None twice. */
  readonly findings: readonly Finding[];
  /** What is reported of its exchanges where nobody asks for them. */
  readonly skipped: readonly ExchangeResult[];
  /** Does it promise anything? */
  readonly isPromising: boolean;
  /** What changes with anything that it depends on; not told of a page that nobody keeps. */
  readonly stamp?: string;
  /** The same goes for these. */
  readonly stamps?: Stamps;
  readonly includes?: Includes;
}

/** A reading as one to be joined, with the stamps of its text where it has one. */
export function known({ facts, ...reading }: PageReading, stamps?: Stamps): KnownPage {
  const { file, exchanges } = reading;
  return {
    ...reading,
    findings: distinct(facts.map((fact) => finding(fact))),
    skipped: exchanges.map((exchange) => result({ ...exchange, file }, 'skipped')),
    isPromising: exchanges.length > 0,
    ...(stamps ? { stamps } : {}),
  };
}

/** Which rows of tables stand together, by the numbers of their properties. */
function tablesOf({ properties }: PageReading['resources'][number]): string {
  const numbers = new Map(properties.map((property, at) => [property, at]));
  return JSON.stringify(rowsByTable(properties).map((rows) => rows.map((row) => numbers.get(row))));
}

/** A place in a text of JSON; in a string of it the quotes would be escaped. */
const PLACES = /"place":\{"file":"(?:[^"\\]|\\.)*","position":\{"start":\{[^}]*\},"end":\{[^}]*\}\}\}/g;

/** A reading as a text of four lines: what every run asks for, and apart from it what few do. */
export function knownText(reading: PageReading, includes: Includes): Read & { readonly text: string } {
  const { file, path, exchanges, resources, enums } = reading;
  const exchangesText = JSON.stringify(exchanges);
  const typesText = JSON.stringify({ resources, enums });
  const isTyped = resources.length + enums.length > 0;
  const stamps: Stamps = {
    exchanges: exchanges.length === 0 ? '' : hashOf(`${file}\n${exchangesText}`),
    types: isTyped ? hashOf(`${file}\n${typesText}`) : '',
    shape: isTyped ? hashOf([typesText.replace(PLACES, '"place":0'), ...resources.map(tablesOf)].join('\n')) : '',
  };
  const page = known(reading, stamps);
  const asked = includes.length === 0 ? '' : hashOf(JSON.stringify(includes));
  const head: Head = {
    file,
    path,
    includes,
    asked,
    stamps,
    findings: page.findings.map((found) => packed(found, file)),
    skipped: page.skipped.map((each) => packedResult(each, file)),
    fates: reading.fates.map(({ word, fate, place }) => [word, fate, ...packedPlace(place, file)]),
    names: reading.names.map(({ name, place }) => [name, ...packedPlace(place, file)]),
    ...(reading.disables.length === 0 ? {} : { disables: reading.disables }),
  };
  const text = [JSON.stringify(head), exchangesText, typesText, JSON.stringify(reading.page)].join('\n');
  return { text, page, includes, asked };
}

/** A page out of such a text, and what it asked for. */
export interface Read {
  readonly page: KnownPage;
  readonly includes: Includes;
  /** What changes with what any of these files said; empty where there is none. */
  readonly asked: string;
}

/** What such a text is of: its lines by their number. */
export function knownFrom(line: (number: number) => string): Read {
  const {
    file,
    path,
    includes,
    asked,
    stamps,
    findings,
    skipped,
    fates,
    names,
    disables = [],
  } = JSON.parse(line(0)) as Head;
  const exchanges = once(() => JSON.parse(line(1)) as PageReading['exchanges']);
  const types = once(() => JSON.parse(line(2)) as Pick<PageReading, 'resources' | 'enums'>);
  const page = once(() => JSON.parse(line(3)) as Page);
  return {
    includes,
    asked,
    page: {
      file,
      path,
      stamps,
      isPromising: stamps.exchanges !== '',
      findings: findings.map((each) => unpacked(each, file)),
      fates: fates.map(([word, fate, ...place]) => ({ word, fate, place: unpackedPlace(place, file) })),
      names: names.map(([name, ...place]) => ({ name, place: unpackedPlace(place, file) })),
      disables,
      get skipped() {
        return skipped.map((each) => unpackedResult(each, file));
      },
      get exchanges() {
        return stamps.exchanges === '' ? [] : exchanges();
      },
      get resources() {
        return stamps.types === '' ? [] : types().resources;
      },
      get enums() {
        return stamps.types === '' ? [] : types().enums;
      },
      get page() {
        return page();
      },
    },
  };
}

interface Head extends Pick<KnownPage, 'file' | 'path'> {
  readonly includes: Includes;
  readonly asked: string;
  readonly stamps: Stamps;
  readonly findings: readonly PackedFinding[];
  readonly skipped: readonly PackedResult[];
  readonly fates: readonly (readonly [word: string, fate: PageReading['fates'][number]['fate'], ...PackedPlace])[];
  readonly names: readonly (readonly [name: string, ...PackedPlace])[];
  readonly disables?: KnownPage['disables'];
}

/** Of one that nobody asked for; the file where it is not the page. */
type PackedResult = readonly [
  ...(readonly [id: string, title: string, line: number, method: string, url: string, statuses: readonly number[]]),
  file?: string,
];

function packedResult({ id, title, file, line, request, expected }: ExchangeResult, page: string): PackedResult {
  const all = [id, title, line, request.method, request.url, expected.statuses] as const;
  return file === page ? all : [...all, file];
}

function unpackedResult(
  [id, title, line, method, url, statuses, file = undefined]: PackedResult,
  page: string,
): ExchangeResult {
  const expected = { status: statuses[0]!, statuses };
  return { id, title, file: file ?? page, line, request: { method, url }, outcome: 'skipped', expected };
}

/** Line and column of start and end, and the file where it is not the page. */
type PackedPlace = readonly [number, number, number, number, string?];

function packedPlace({ file, position: { start, end } }: Place, page: string): PackedPlace {
  const { line, column } = start;
  return file === page ? [line, column, end.line, end.column] : [line, column, end.line, end.column, file];
}

function unpackedPlace([line, column, endLine, endColumn, file]: PackedPlace, page: string): Place {
  return { file: file ?? page, position: { start: { line, column }, end: { line: endLine, column: endColumn } } };
}
