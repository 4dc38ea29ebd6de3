import { setMaxListeners } from 'node:events';
import type { Target } from '../../model/http.ts';
import { jsonPaths } from '../../model/json-path.ts';
import type { Scenario, Step } from '../../model/scenario.ts';
import { GRACE, LAST_MOMENTS, lateSignal } from '../late.ts';
import { scopeOf } from './scope.ts';
import type { Playing, PlayOptions, Stage } from './stage.ts';
import { playStep } from './step.ts';
import { thingsOfScenario } from './things.ts';

export type { Played, PlayOptions } from './stage.ts';

/** Plays scenarios side by side, the steps of each in order. Never rejects: whatever goes wrong is told of the step. */
export async function playScenarios(
  scenarios: readonly Scenario[],
  target: Target,
  options: PlayOptions,
): Promise<void> {
  const query = await jsonPaths();
  for (const scenario of scenarios) options.journal?.plays(scenario);
  const stop = options.signal;
  setMaxListeners(0, stop);
  const [late, endLate] = lateSignal(stop, GRACE);
  const [last, endLast] = lateSignal(stop, LAST_MOMENTS);
  try {
    await Promise.all(
      scenarios.map((scenario) => playOne(scenario, { ...options, target, query, signals: { stop, late, last } })),
    );
  } finally {
    endLate();
    endLast();
  }
}

async function playOne(scenario: Scenario, playing: Playing): Promise<void> {
  const { journal, environment, signals, played } = playing;
  const scope = scopeOf(scenario, {
    ...(environment === undefined ? {} : { environment }),
    ...(journal === undefined ? {} : { generated: journal.generated }),
  });
  const stage: Stage = { ...playing, scenario, scope, things: thingsOfScenario(playing.flow.things) };
  let failed: Step | undefined;
  let hasBegun = false;
  for (const step of scenario.steps) {
    const { exchange } = step;
    if (signals.stop.aborted) played({ scenario, step, observation: { kind: 'skipped', exchange }, facts: [] });
    else if (failed !== undefined) {
      const missing = [`step \`${failed.label}\` of the scenario`];
      played({ scenario, step, observation: { kind: 'blocked', exchange, missing }, facts: [] });
    } else {
      const { isDone, wasSent, ...rest } = await playStep(step, stage, false);
      hasBegun ||= wasSent;
      if (!isDone) failed = step;
      played({ scenario, step, ...rest });
    }
  }
  for (const step of scenario.cleanup) {
    const { observation, facts } = hasBegun
      ? await playStep(step, stage, true)
      : { observation: { kind: 'skipped', exchange: step.exchange } as const, facts: [] };
    // What was never made need not be cleared up.
    const isNeedless = observation.kind === 'blocked' && (failed !== undefined || signals.stop.aborted);
    played({
      scenario,
      step,
      observation: isNeedless ? { kind: 'skipped', exchange: step.exchange } : observation,
      facts,
    });
  }
}
