import { bodyJson } from '../model/body-json.ts';
import type { AnnotatedBlock } from '../model/docset.ts';
import type { Fact } from '../model/finding.ts';
import type { PagedExchange, PromisedResponse } from '../model/fixture.ts';
import type { JsonText } from '../model/json.ts';
import type { Place } from '../model/place.ts';
import type { ResourceIndex } from '../model/resource.ts';
import type { Part } from './part.ts';

/** What an annotation says of a body the body shows: a collection, an empty one, an error, the sample keys of a request. */
export function* bodies({ pages, exchanges, around }: Part): Generator<Fact> {
  const annotated = new Map(
    pages.flatMap((page) => page.annotated).map((each) => [`${each.code.file}:${each.code.line}`, each]),
  );
  const seen = new Set<AnnotatedBlock>();
  for (const exchange of exchanges)
    for (const message of [exchange.request, ...exchange.responses]) {
      const block = annotated.get(`${message.block.file ?? exchange.file}:${message.block.line}`);
      if (block === undefined || seen.has(block)) continue;
      seen.add(block);
      if ('status' in message) yield* response(exchange, message, block, around.types);
      else yield* sampleKeys(exchange, block);
    }
}

function* sampleKeys({ id, request }: PagedExchange, { places, place }: AnnotatedBlock): Generator<Fact> {
  const { method, url, readAs, headers, body, sampleKeys: keys = [] } = request;
  const text = [
    method,
    url,
    readAs ?? '',
    ...headers.map(({ name, value }) => `${name}: ${value}`),
    body.kind === 'empty' ? '' : body.text,
  ].join('\n');
  for (const key of keys)
    if (!text.includes(key))
      yield {
        ruleId: 'annotation/sample-key',
        reason: `Missing sample key \`${key}\`, expected in the request`,
        place: places.sampleKeys ?? place,
        subject: key,
        exchangeId: id,
        note: 'Use the key in the request, or take it out of `sampleKeys`.',
      };
}

function* response(
  { id }: PagedExchange,
  message: PromisedResponse,
  { places, place }: AnnotatedBlock,
  resources: ResourceIndex,
): Generator<Fact> {
  const { body, status, type, isCollection, collectionProperty, isEmpty, expectError } = message;
  const json = bodyJson(body);
  if (json?.error) return;
  const about = (property: string, reason: string, note: string): Fact => ({
    ruleId: 'annotation/body',
    reason,
    place: placeIn(property, places, place),
    subject: property,
    exchangeId: id,
    note,
  });
  if (expectError) {
    if (status < 400 && !hasKey(json, 'error'))
      yield about(
        'expectError',
        `Unexpected \`expectError\`, expected the status or the body of an error, not \`${status}\``,
        'Take `expectError` out, or show the error.',
      );
    return;
  }
  if (json === undefined || json.elided.has('')) return;
  const name = collectionProperty ?? 'value';
  const items = itemsOf(json, name);
  if (items === undefined) {
    if ((isCollection || collectionProperty !== undefined) && status < 400)
      yield about(
        collectionProperty === undefined ? 'isCollection' : 'collectionProperty',
        `Missing list \`${name}\`, expected in the body of a collection`,
        'Show the list, or take the words out of the annotation.',
      );
    return;
  }
  if (type !== undefined && !isCollection && isUnsaid(json, type, resources)) {
    yield about(
      '@odata.type',
      `Missing \`isCollection\`, expected since the body is a list of \`${type}\``,
      'Say `"isCollection": true`.',
    );
    return;
  }
  if (isEmpty && items.length > 0)
    yield about(
      'isEmpty',
      `Unexpected \`isEmpty\`, expected a list without items, not ${items.length}`,
      'Take the items out, or `isEmpty`.',
    );
}

/** A collection may also be said by its type: `Collection(x)`. */
function placeIn(property: string, places: AnnotatedBlock['places'], comment: Place): Place {
  return places[property] ?? places['@odata.type'] ?? places['@type'] ?? comment;
}

/** A list under `value` where the type has no such property: the annotation speaks of its items. */
function isUnsaid({ value }: JsonText, type: string, resources: ResourceIndex): boolean {
  const properties = resources.properties(type);
  return !Array.isArray(value) && properties !== undefined && !properties.has('value') && !resources.isOpen(type);
}

function itemsOf({ value, elided }: JsonText, name: string): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  const items = (value as Readonly<Record<string, unknown>>)[name];
  if (Array.isArray(items)) return items as unknown[];
  return elided.has(`/${name}`) ? [] : undefined;
}

function hasKey(json: JsonText | undefined, name: string): boolean {
  const value = json?.value;
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name);
}
