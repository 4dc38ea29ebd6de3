import type { Target } from '../../model/http.ts';
import type { Fact } from '../../model/finding.ts';
import type { JsonPathQuery } from '../../model/json-path.ts';
import type { Journal } from '../../model/journal.ts';
import type { Observation } from '../../model/observation.ts';
import type { Scenario, Step } from '../../model/scenario.ts';
import type { Account } from '../accounts.ts';
import type { Flow } from '../flow/index.ts';
import type { FollowUpOptions } from '../follow-up.ts';
import type { Limit } from '../limiter.ts';
import type { Scope } from './scope.ts';
import type { ScenarioThings } from './things.ts';

/** What became of one step, and what the scenario has to say of it. */
export interface Played {
  readonly scenario: Scenario;
  readonly step: Step;
  readonly observation: Observation;
  readonly facts: readonly Fact[];
}

/** How to play scenarios: as a part of a replay, which they share everything with. */
export interface PlayOptions extends FollowUpOptions {
  readonly writes: boolean;
  readonly flow: Flow;
  readonly limit: Limit;
  readonly journal?: Journal;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Aborted: no further step is begun; what clears up still is, for half a minute. */
  readonly signal: AbortSignal;
  /** Who may ask, where the target has several accounts. */
  readonly accounts?: readonly Account[];
  /** Hears what became of each step, as it goes. */
  readonly played: (played: Played) => void;
}

/** All that scenarios which are played side by side have in common. */
export interface Playing extends PlayOptions {
  readonly target: Target;
  readonly query: JsonPathQuery;
  readonly signals: { readonly stop: AbortSignal; readonly late: AbortSignal; readonly last: AbortSignal };
}

/** One that is being played. */
export interface Stage extends Playing {
  readonly scenario: Scenario;
  readonly scope: Scope;
  readonly things: ScenarioThings;
}
