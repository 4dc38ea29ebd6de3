import type { Finding } from '../model/finding.ts';
import type { PagedExchange } from '../model/fixture.ts';
import type { Shard } from '../model/report.ts';
import type { Resource } from '../model/resource.ts';
import { ownSteps, stepsOf, type Scenario } from '../model/scenario.ts';
import { cut, cutStamp } from '../model/shard.ts';
import { groupsOf } from '../replay/flow/groups.ts';
import type { Job } from './job.ts';
import { keysOf } from './left.ts';
import { chooseTarget } from './target.ts';

/** The exchanges that are this shard's, and which shard that is; all of them where the run is not parted. */
export interface Share {
  readonly exchanges: readonly PagedExchange[];
  readonly scenarios: readonly Scenario[];
  readonly shard?: Shard;
}

/**
 * This run's share of the exchanges that were selected, where `--shard` parts the run: cut from the fixtures, or by the durations of an
 * earlier report that was named, and from nothing that differs between machines. Exchanges between which values flow stay together.
 */
export function shareOf(
  { settings, durations }: Job,
  chosen: { readonly exchanges: readonly PagedExchange[]; readonly scenarios: readonly Scenario[] },
  { all, resources }: { readonly all: readonly PagedExchange[]; readonly resources: readonly Resource[] },
): Share {
  const { shard, links, values, target, targets } = settings;
  if (shard === undefined) return chosen;
  const named = Object.hasOwn(targets, target) ? targets[target]!.values : undefined;
  // What is played nowhere is no part of what is parted.
  const scenarios = chooseTarget(settings).url === undefined ? [] : chosen.scenarios;
  const covered = new Set(scenarios.flatMap(({ covers }) => covers));
  const plain = chosen.exchanges.filter(({ id }) => !covered.has(id));
  const goals = chosen.exchanges.filter(({ id }) => covered.has(id));
  const exchanges = [...plain, ...goals, ...ownSteps(scenarios).map(({ exchange }) => exchange)];
  const groups = groupsOf(plain, { all, links, values: { ...values, ...named }, keyOf: keysOf(resources) });
  const index = new Map(exchanges.map(({ id }, at) => [id, at]));
  // A scenario is played as a whole.
  const played = scenarios.map((scenario) => [
    ...new Set(stepsOf(scenario).flatMap(({ exchange }) => index.get(exchange.id) ?? [])),
  ]);
  const weight = weightsBy(durations, exchanges);
  const shards = cut([...groups, ...played], shard.total, weight);
  const own = new Set(shards[shard.index - 1]!.map((at) => exchanges[at]!.id));
  return {
    exchanges: chosen.exchanges.filter(({ id }) => own.has(id)),
    scenarios:
      scenarios.length === 0 ? chosen.scenarios : scenarios.filter(({ steps }) => own.has(steps[0]!.exchange.id)),
    shard: {
      ...shard,
      exchanges: exchanges.length,
      cut: cutStamp(
        shards,
        exchanges.map(({ id }) => id),
      ),
    },
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
