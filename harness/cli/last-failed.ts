import path from 'node:path';
import { readLastRun, writeLastRun } from '../files/last-run.ts';
import type { PagedExchange } from '../model/fixture.ts';
import type { ExchangeResult } from '../model/report.ts';
import { stepsOf, type Scenario } from '../model/scenario.ts';
import { UsageError } from '../model/usage.ts';
import type { Job } from './job.ts';
import { chooseTarget, targetName } from './target.ts';

/** What a run asks for. */
interface Asked {
  readonly exchanges: readonly PagedExchange[];
  readonly scenarios: readonly Scenario[];
}

/** With `--last-failed`, those of the exchanges that failed when this target was last asked, and scenarios of which a step did; else all. */
export function lastFailed(job: Job, { exchanges, scenarios }: Asked): Asked {
  const { settings } = job;
  if (!settings.lastFailed) return { exchanges, scenarios };
  const target = targetName(chooseTarget(settings));
  const failed = readLastRun(fileOf(job))?.get(target);
  const again = scenarios.filter((scenario) => stepsOf(scenario).some(({ exchange }) => failed?.has(exchange.id)));
  const goals = new Set(again.flatMap(({ covers }) => covers));
  const chosen = exchanges.filter(({ id }) => failed?.has(id) || goals.has(id));
  if (chosen.length + again.length > 0 || settings.passWithNoTests) return { exchanges: chosen, scenarios: again };
  throw new UsageError(
    failed === undefined
      ? `Nothing selected: no failure of a run against ${target} is remembered`
      : 'Nothing selected: nothing of this failed in the last run',
  );
}

/** Remembers what failed, for `--last-failed`. What this run did not ask for stays as it was. */
export function remember(job: Job, target: string, results: readonly ExchangeResult[]): void {
  const before = readLastRun(fileOf(job));
  const failed = new Set(before?.get(target));
  for (const { id, outcome } of results) {
    if (outcome === 'skipped') continue;
    const isFailure =
      outcome === 'differs' || outcome === 'unanswered' || (outcome === 'blocked' && job.settings.forbidBlocked);
    if (isFailure) failed.add(id);
    else failed.delete(id);
  }
  // Where nothing ever failed, there is nothing to keep.
  if (before === undefined && failed.size === 0) return;
  writeLastRun(fileOf(job), new Map([...(before ?? []), [target, failed]]));
}

function fileOf({ cwd }: Job): string {
  return path.join(cwd, '.docwright', 'last-run.json');
}
