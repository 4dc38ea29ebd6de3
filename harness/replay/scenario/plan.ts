import type { PagedExchange } from '../../model/fixture.ts';
import type { Target } from '../../model/http.ts';
import type { Scenario, Step } from '../../model/scenario.ts';
import { flowOf } from '../flow/index.ts';
import { marks, once, type PlannedRequest } from '../plan.ts';
import type { PrepareOptions } from '../prepare.ts';
import { prepareStep } from './request.ts';
import { scopeOf } from './scope.ts';

/** A scenario as it would be played. */
export interface PlannedScenario {
  readonly scenario: Scenario;
  readonly steps: readonly PlannedStep[];
}

/** One request of it. */
export interface PlannedStep extends Omit<PlannedRequest, 'after'> {
  readonly step: Step;
  readonly isCleanup: boolean;
}

/** Works out what scenarios would send to this target, by the same code that sends. Asks nobody for anything. */
export function planScenarios(
  scenarios: readonly Scenario[],
  exchanges: readonly PagedExchange[],
  target: Pick<Target, 'name' | 'live' | 'base'>,
  options: PrepareOptions,
): PlannedScenario[] {
  const { mark, told } = marks();
  const flow = flowOf(exchanges, target, options, {
    value: ({ from, kind }) => mark(from ?? kind),
    isSent: () => true,
  });
  return scenarios.map((scenario) => {
    const { environment } = options;
    const scope = scopeOf(scenario, {
      ...(environment === undefined ? {} : { environment }),
      shown: (_, from) => mark(from),
    });
    const planned = (step: Step, isCleanup: boolean): PlannedStep => {
      const origins: PlannedRequest['origins'][number][] = [];
      scope.begin(step);
      const prepared = prepareStep(step, scope, target, { ...options, flow }, (origin) => origins.push(origin));
      for (const { name } of step.capture) scope.keep(name, mark(name));
      const rest = { step, isCleanup, exchange: step.exchange, origins: once(origins) };
      if ('missing' in prepared) return { ...rest, missing: prepared.missing.map(told) };
      const { method, url, headers } = prepared.request;
      // A URL that is captured is no path of the target, whatever query is put behind it.
      const whole = /^\{[^{}]+\}(?:\?.*)?$/.exec(
        step.change.url ?? (step.documented ? '' : step.exchange.request.url),
      )?.[0];
      return {
        ...rest,
        missing: [],
        request: {
          method,
          url: whole ?? told(url),
          headers: headers.map(([name, value]) => [name, told(value)] as const),
        },
      };
    };
    return {
      scenario,
      steps: [
        ...scenario.steps.map((step) => planned(step, false)),
        ...scenario.cleanup.map((step) => planned(step, true)),
      ],
    };
  });
}
