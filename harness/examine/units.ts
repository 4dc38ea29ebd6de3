import type { Said } from '../check/said.ts';
import type { DocsetPage } from '../model/docset.ts';

/**
 * The pages that are judged as one, by their numbers: each by itself, but for those that show blocks of a file which others show, too. What
 * is shown twice is told once, and that is for them together to say.
 */
export function unitsOf(readings: readonly DocsetPage[], said: readonly Said[]): readonly (readonly number[])[] {
  const shown = new Set(said.flatMap(({ foreign }) => foreign));
  if (shown.size === 0) return readings.map((_, at) => [at]);
  const isShared = (at: number): boolean =>
    shown.has(readings[at]!.file) || said[at]!.includes.some((file) => shown.has(file));
  const numbers = readings.map((_, at) => at);
  const shared = numbers.filter(isShared);
  return [...numbers.filter((at) => !isShared(at)).map((at) => [at]), ...(shared.length > 0 ? [shared] : [])];
}
