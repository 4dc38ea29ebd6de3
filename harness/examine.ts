import { check, requestTypes, type CheckOptions } from './check/index.ts';
import { compareDocumented, compareRequest, requestResources } from './compare/index.ts';
import type { Docset } from './model/docset.ts';
import { byPlace, finding, type Finding } from './model/finding.ts';
import type { PagedExchange } from './model/fixture.ts';
import type { Place } from './model/place.ts';
import { indexResources, type Resource } from './model/resource.ts';

/** Holds the docs to themselves: the rules that need no answer, and each documented message judged as if it were sent. No network. */
export function examine(docset: Docset, options: CheckOptions = {}): Finding[] {
  const checked = check(docset, options);
  const agreed = agreedIn(docset.resources, [...docset.findings, ...checked]);
  const resources = indexResources(agreed);
  const forRequests = requestResources(agreed);
  const typeOf = requestTypes(docset);
  const documented = agreedExchanges(docset.exchanges, checked).flatMap((exchange) => [
    ...compareRequest(exchange, forRequests, typeOf(exchange)),
    ...compareDocumented(exchange, resources),
  ]);
  return distinct([...checked, ...documented.map((fact) => finding(fact))]).sort(byPlace);
}

/** What several exchanges share, such as a response, is told once. */
function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, Finding>();
  for (const each of findings) {
    const { ruleId, file, line, column, pointer = '', reason } = each;
    const key = [ruleId, file, line, column, pointer, reason].join('\0');
    if (!seen.has(key)) seen.set(key, each);
  }
  return [...seen.values()];
}

/**
 * Where block and table of a resource contradict each other that is told once, and no example is held to either of them; nor to what a
 * type derives from that is derived from itself.
 */
function agreedIn(resources: readonly Resource[], found: readonly Finding[]): readonly Resource[] {
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
    properties: resource.properties.map((property) => {
      if (!isTold((property.block ?? property).place)) return property;
      const { type: _type, isCollection: _list, values: _values, properties: _members, ...rest } = property;
      return rest;
    }),
  }));
}

/** The same for a response of which the Response section names another type than its annotation. */
function agreedExchanges(exchanges: readonly PagedExchange[], checked: readonly Finding[]): readonly PagedExchange[] {
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
