import type { Finding } from '../model/finding.ts';
import type { PagedExchange } from '../model/fixture.ts';
import type { Shard } from '../model/report.ts';
import type { Resource } from '../model/resource.ts';
import { cut, cutStamp } from '../model/shard.ts';
import { groupsOf } from '../replay/flow/groups.ts';
import type { Job } from './job.ts';
import { keysOf } from './left.ts';

/** The exchanges that are this shard's, and which shard that is; all of them where the run is not parted. */
export interface Share {
  readonly exchanges: readonly PagedExchange[];
  readonly shard?: Shard;
}

/**
 * This run's share of the exchanges that were selected, where `--shard` parts the run: cut from the fixtures, or by the durations of an
 * earlier report that was named, and from nothing that differs between machines. Exchanges between which values flow stay together.
 */
export function shareOf(
  { settings, durations }: Job,
  exchanges: readonly PagedExchange[],
  { all, resources }: { readonly all: readonly PagedExchange[]; readonly resources: readonly Resource[] },
): Share {
  const { shard, links, values, target, targets } = settings;
  if (shard === undefined) return { exchanges };
  const named = Object.hasOwn(targets, target) ? targets[target]!.values : undefined;
  const groups = groupsOf(exchanges, { all, links, values: { ...values, ...named }, keyOf: keysOf(resources) });
  const weight = weightsBy(durations, exchanges);
  const shards = cut(groups, shard.total, weight);
  const ids = exchanges.map(({ id }) => id);
  return {
    exchanges: shards[shard.index - 1]!.map((at) => exchanges[at]!),
    shard: { ...shard, exchanges: exchanges.length, cut: cutStamp(shards, ids) },
  };
}

/** The findings without those about exchanges of other shards, which tell them. */
export function ownFindings(
  found: readonly Finding[],
  selected: readonly PagedExchange[],
  { exchanges, shard }: Share,
): readonly Finding[] {
  if (shard === undefined) return found;
  const own = new Set(exchanges.map(({ id }) => id));
  const others = new Set(selected.flatMap(({ id }) => (own.has(id) ? [] : [id])));
  return found.filter(({ exchangeId }) => exchangeId === undefined || !others.has(exchangeId));
}

/** One each; with durations those, and the mean of them for what has none. */
function weightsBy(durations: Job['durations'], exchanges: readonly PagedExchange[]): (at: number) => number {
  if (durations === undefined) return () => 1;
  const known = new Map(durations.report.exchanges.map(({ id, durationMs }) => [id, durationMs]));
  const told = exchanges.flatMap(({ id }) => known.get(id) ?? []);
  const mean = told.length === 0 ? 1 : told.reduce((sum, each) => sum + each, 0) / told.length;
  return (at) => known.get(exchanges[at]!.id) ?? mean;
}
