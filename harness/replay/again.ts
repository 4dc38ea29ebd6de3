import type { PagedExchange } from '../model/fixture.ts';
import { isWrite } from '../model/http.ts';
import type { Observation } from '../model/observation.ts';

/** When an exchange is asked once more. */
export interface AgainOptions {
  /** At most so often; only of what changes nothing. */
  readonly retries?: number;
  /** Is this not what was promised? */
  readonly isFailure?: (observation: Observation) => boolean;
  /** Hears the last word on each exchange before another one is sent in its place. */
  readonly settled?: (observation: Observation) => void;
}

/** Observes an exchange, and once more as long as that fails and is safe; the last word counts. */
export async function observeAgain(
  exchange: PagedExchange,
  options: AgainOptions,
  observe: () => Promise<Observation>,
): Promise<Observation> {
  const observed = await lastOf(exchange, options, observe);
  options.settled?.(observed);
  return observed;
}

async function lastOf(
  { request }: PagedExchange,
  { retries = 0, isFailure = () => false }: AgainOptions,
  observe: () => Promise<Observation>,
): Promise<Observation> {
  let observed = await observe();
  if (retries === 0 || isWrite(request)) return observed;
  for (let tries = 0; tries < retries && isFailure(observed); tries++) {
    const next = await observe();
    // Whoever stopped the run did not want to lose what was known.
    if (next.kind === 'skipped') return observed;
    observed = next;
  }
  return observed;
}
