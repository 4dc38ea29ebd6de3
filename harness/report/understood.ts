import type { Docset } from '../model/docset.ts';
import type { Finding } from '../model/finding.ts';
import { pointInBlock, type Block, type PagedExchange, type PromisedHeader } from '../model/fixture.ts';
import { matcherText, type Matchers } from '../model/matcher.ts';
import type { Place } from '../model/place.ts';
import {
  PRINT_VERSION,
  type Understood,
  type UnderstoodExchange,
  type UnderstoodFile,
  type UnderstoodPlace,
  type UnderstoodProperty,
  type UnderstoodResource,
} from '../model/print.ts';
import type { Property, Resource } from '../model/resource.ts';

/** The part of a docset to tell of. */
export interface Chosen {
  /** Pages by `file`; absent: all. */
  readonly files?: ReadonlySet<string>;
  readonly exchanges: readonly PagedExchange[];
  readonly resources: readonly Resource[];
  /** Parts to leave out have no name here. */
  readonly show: readonly ('files' | 'exchanges' | 'resources')[];
}

/** What was understood of the docs, as plain data. */
export function understood(docset: Docset, chosen: Chosen, tool: Understood['tool']): Understood {
  const { show, exchanges, resources } = chosen;
  return {
    schemaVersion: PRINT_VERSION,
    tool,
    ...(show.includes('files') ? { files: filesOf(docset, chosen.files) } : {}),
    ...(show.includes('exchanges') ? { exchanges: exchanges.map(exchangeOf) } : {}),
    ...(show.includes('resources') ? { resources: resources.map(resourceOf) } : {}),
  };
}

function filesOf(docset: Docset, only: ReadonlySet<string> | undefined): UnderstoodFile[] {
  const exchanges = countBy(docset.exchanges, ({ file }) => file);
  const resources = countBy(docset.resources, ({ page }) => page);
  const findings = severitiesByFile(docset.findings);
  return docset.pages
    .filter(({ file }) => only === undefined || only.has(file))
    .map(({ file, title }) => ({
      file,
      ...(title === undefined ? {} : { title }),
      annotations: docset.annotations.get(file) ?? {},
      exchanges: exchanges.get(file) ?? 0,
      resources: resources.get(file) ?? 0,
      findings: findings.get(file) ?? NONE,
    }));
}

function exchangeOf({ id, name, title, file, request, responses }: PagedExchange): UnderstoodExchange {
  const message = ({ block, at, headers, body, type, matchers }: Message) => ({
    ...placeInBlock(file, block, at),
    headers: headers.map(({ name, value }) => ({ name, value })),
    body: body.kind,
    ...(type === undefined ? {} : { type }),
    ...(matchers === undefined ? {} : { matchers: matchersOf(matchers) }),
  });
  const { method, url, readAs, template } = request;
  return {
    id,
    ...(name === undefined ? {} : { name }),
    title,
    file,
    request: {
      ...message(request),
      method,
      url,
      ...(readAs === undefined ? {} : { readAs }),
      ...(template === undefined ? {} : { template }),
    },
    responses: responses.map((response) => ({
      ...message(response),
      status: response.status,
      ...(response.isCollection === undefined ? {} : { isCollection: response.isCollection }),
    })),
  };
}

type Message = {
  readonly block: Block;
  readonly at: number;
  readonly headers: readonly PromisedHeader[];
  readonly body: { readonly kind: UnderstoodExchange['request']['body'] };
  readonly type?: string;
  readonly matchers?: Matchers;
};

function matchersOf(matchers: Matchers): NonNullable<UnderstoodExchange['request']['matchers']> {
  return Object.entries(matchers).map(([pointer, matcher]) => ({ pointer, expected: matcherText(matcher) }));
}

function resourceOf({
  name,
  place,
  baseType,
  keyProperty,
  openType,
  abstract,
  properties,
}: Resource): UnderstoodResource {
  return {
    name,
    ...pointOf(place),
    ...(baseType === undefined ? {} : { baseType }),
    ...(keyProperty === undefined ? {} : { keyProperty }),
    ...(openType === undefined ? {} : { openType }),
    ...(abstract === undefined ? {} : { abstract }),
    properties: properties.map(propertyOf),
  };
}

function propertyOf(property: Property): UnderstoodProperty {
  const { name, place, type, isCollection, optional, nullable, navigation, values, properties } = property;
  return {
    name,
    ...(type === undefined ? {} : { type }),
    ...(isCollection === undefined ? {} : { isCollection }),
    ...(optional === undefined ? {} : { optional }),
    ...(nullable === undefined ? {} : { nullable }),
    ...(navigation === undefined ? {} : { navigation }),
    ...(values === undefined ? {} : { values }),
    ...pointOf(place),
    ...(properties === undefined ? {} : { properties: properties.map(propertyOf) }),
  };
}

function placeInBlock(page: string, block: Block, at: number): UnderstoodPlace {
  return { file: block.file ?? page, ...pointInBlock(block, at, 0) };
}

function pointOf({ file, position }: Place): UnderstoodPlace {
  return { file, line: position.start.line, column: position.start.column };
}

const NONE: UnderstoodFile['findings'] = { error: 0, warning: 0, note: 0 };

function severitiesByFile(findings: readonly Finding[]): ReadonlyMap<string, UnderstoodFile['findings']> {
  const counts = new Map<string, UnderstoodFile['findings']>();
  for (const { file, severity } of findings) {
    const count = counts.get(file) ?? NONE;
    counts.set(file, { ...count, [severity]: count[severity] + 1 });
  }
  return counts;
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
