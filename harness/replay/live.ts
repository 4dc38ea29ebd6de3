import type { Target } from '../model/http.ts';
import { authorized, authorizedAs, type Asker, type Credentials } from './auth.ts';
import { systemClock, type Clock } from './clock.ts';
import { httpTarget, type HttpTargetOptions } from './http.ts';
import { paced, type Pace } from './pace.ts';
import { LONGEST_WAIT, persistent } from './retry.ts';
import type { Standing } from './standing.ts';

/** A live service, and how it is to be met. */
export interface LiveTargetOptions extends HttpTargetOptions, Pace {
  /** Who asks; sent to the origin of `base` only. */
  readonly credentials?: Credentials;
  /** Hears how the service takes them. */
  readonly standing?: Standing;
  /** Several who may ask, by name, instead of the one. */
  readonly accounts?: ReadonlyMap<string, Asker>;
  /** Milliseconds that a `Retry-After` may ask for at most; 5 minutes where nothing is said. */
  readonly longestWait?: number;
  /** For tests. */
  readonly clock?: Clock;
}

/** A live service, met with manners: credentials where they belong, no more requests than it takes, and again after what passes. */
export function liveTarget({
  credentials,
  standing,
  accounts,
  concurrency,
  rate,
  clock = systemClock,
  longestWait: longest = LONGEST_WAIT,
  ...options
}: LiveTargetOptions): Target {
  let target = httpTarget(options);
  const { origin } = new URL(options.base);
  if (accounts) target = authorizedAs(target, origin, accounts);
  else if (credentials) target = authorized(target, origin, credentials, standing);
  const pace = { ...(concurrency === undefined ? {} : { concurrency }), ...(rate === undefined ? {} : { rate }) };
  if (Object.keys(pace).length > 0) target = paced(target, pace, clock);
  target = persistent(target, { clock, longest });
  return options.timeout === undefined ? target : { ...target, keepsTime: true };
}
