import { checkPages, requestTypes, type CheckOptions } from '../check/index.ts';
import type { Part } from '../check/part.ts';
import { compareDocumented, compareRequest } from '../compare/index.ts';
import { finding, type Finding } from '../model/finding.ts';
import type { ResourceIndex } from '../model/resource.ts';
import { agreedExchanges } from './agreed.ts';

/** The types that documented messages are held to. */
export interface Held {
  readonly responses: ResourceIndex;
  readonly requests: ResourceIndex;
}

/** Holds pages to themselves, and each of their messages to what is promised of it as if it were sent. */
export function judge(part: Part, held: Held, options: CheckOptions): Finding[] {
  const checked = checkPages(part, options);
  const typeOf = requestTypes(part);
  const documented = agreedExchanges(part.exchanges, checked).flatMap((exchange) => {
    options.heard?.();
    return [
      ...compareRequest(exchange, held.requests, typeOf(exchange)),
      ...compareDocumented(exchange, held.responses),
    ];
  });
  return [...checked, ...documented.map((fact) => finding(fact))];
}
