import type { ExchangeMatchers } from '../model/config.ts';
import { pointerToken } from '../model/json.ts';
import { readMatcher, readMatcherPointer, type Matcher } from '../model/matcher.ts';

/** Something wrong in the matchers of a config, at an RFC 6901 pointer into it. */
export interface MatchersFault {
  readonly pointer: string;
  readonly reason: string;
}

/** Reads the matchers of a config. What is no object of objects is left to the schema of the config. */
export function readMatchers(config: unknown): {
  readonly matchers: readonly ExchangeMatchers[];
  readonly faults: readonly MatchersFault[];
} {
  const faults: MatchersFault[] = [];
  const matchers = entriesOf(entriesOf(config).find(([key]) => key === 'matchers')?.[1]).map(([exchanges, said]) => {
    const at = `/matchers/${pointerToken(exchanges)}`;
    if (exchanges.startsWith('/')) {
      faults.push({
        pointer: at,
        reason: `stands where exchanges are named, did you mean \`"*": { ${JSON.stringify(exchanges)}: … }\`?`,
      });
      return { exchanges, matchers: {} };
    }
    const read = entriesOf(said).flatMap(([pointer, written]): [string, Matcher][] => {
      const where = `${at}/${pointerToken(pointer)}`;
      const tokens = readMatcherPointer(pointer);
      const matcher = readMatcher(written);
      if (typeof tokens === 'string') faults.push({ pointer: where, reason: `cannot be read: ${tokens}` });
      else if ('fault' in matcher) faults.push({ pointer: where, reason: `cannot be read: ${matcher.fault.reason}` });
      else return [[pointer, matcher.matcher]];
      return [];
    });
    return { exchanges, matchers: Object.fromEntries(read) };
  });
  return { matchers, faults };
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
