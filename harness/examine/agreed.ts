import type { Finding } from '../model/finding.ts';
import type { PagedExchange } from '../model/fixture.ts';
import type { Place } from '../model/place.ts';
import type { Resource } from '../model/resource.ts';

/**
 * Where block and table of a resource contradict each other that is told once, and no example is held to either of them; nor to what a
 * type derives from that is derived from itself.
 */
export function agreedIn(resources: readonly Resource[], found: readonly Finding[]): readonly Resource[] {
  const told = new Set(
    found.flatMap(({ ruleId, file, line, column }) =>
      ruleId === 'resource/type' || ruleId === 'resource/base-cycle' ? `${file}:${line}:${column}` : [],
    ),
  );
  if (told.size === 0) return resources;
  const isTold = ({ file, position: { start } }: Place): boolean => told.has(`${file}:${start.line}:${start.column}`);
  return resources.map((resource) => ({
    ...resource,
    ...(isTold(resource.place) ? { unread: true } : {}),
    properties: resource.properties.map((property) =>
      isTold((property.block ?? property).place) ? untyped(property) : property,
    ),
  }));
}

/** What of a type is held to nothing: all of it, or some of its properties. */
export interface Doubt {
  readonly whole?: true;
  /** Which properties, counted from 0. */
  readonly properties: readonly number[];
}

/** What `agreed` leaves out of `resource`; nothing where it leaves out nothing. */
export function doubtIn(resource: Resource, agreed: Resource): Doubt | undefined {
  const properties = resource.properties.flatMap((property, at) =>
    TYPED.some((key) => key in property && !(key in agreed.properties[at]!)) ? [at] : [],
  );
  const isWhole = agreed.unread === true && resource.unread !== true;
  return isWhole || properties.length > 0 ? { ...(isWhole ? { whole: true } : {}), properties } : undefined;
}

/** The same resource without what is in doubt. */
export function without(resource: Resource, { whole, properties }: Doubt): Resource {
  const doubted = new Set(properties);
  return {
    ...resource,
    ...(whole ? { unread: true } : {}),
    properties: resource.properties.map((property, at) => (doubted.has(at) ? untyped(property) : property)),
  };
}

const TYPED = ['type', 'isCollection', 'values', 'properties'] as const;

function untyped(property: Resource['properties'][number]): Resource['properties'][number] {
  const { type: _type, isCollection: _list, values: _values, properties: _members, ...rest } = property;
  return rest;
}

/** The same for a response of which the Response section names another type than its annotation. */
export function agreedExchanges(
  exchanges: readonly PagedExchange[],
  checked: readonly Finding[],
): readonly PagedExchange[] {
  const told = new Set(
    checked.flatMap(({ ruleId, exchangeId, actual }) => (ruleId === 'response/type' ? `${exchangeId} ${actual}` : [])),
  );
  if (told.size === 0) return exchanges;
  return exchanges.map((exchange) => ({
    ...exchange,
    responses: exchange.responses.map((response) => {
      if (!told.has(`${exchange.id} ${response.type}`)) return response;
      const { type: _type, ...rest } = response;
      return rest;
    }),
  }));
}
