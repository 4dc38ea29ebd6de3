import type { PagedExchange } from '../../model/fixture.ts';
import { grouped } from '../../model/grouped.ts';
import type { Things } from './things.ts';

/** By the number of a thing, those that were made with its help, as far as values flowed. */
export function dependentsOf(
  things: Things,
  exchanges: readonly PagedExchange[],
  waits: ReadonlyMap<number, ReadonlySet<number>>,
): (number: number) => readonly number[] {
  const byId = new Map(exchanges.map(({ id }, at) => [id, at]));
  const numbers = grouped(things.all, ([, { exchangeId }]) => byId.get(exchangeId));
  const dependents = new Map<number, number[]>();
  for (const [number, { exchangeId }] of things.all) {
    const seen = new Set<number>();
    const open = [...(waits.get(byId.get(exchangeId)!) ?? [])];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      for (const [other] of numbers.get(at) ?? []) {
        const known = dependents.get(other);
        if (known) known.push(number);
        else dependents.set(other, [number]);
      }
      // What the creator of another thing waited for, that thing waits for in turn.
      if (!numbers.has(at)) open.push(...(waits.get(at) ?? []));
    }
  }
  return (number) => dependents.get(number) ?? [];
}
