import { closest, distance } from 'fastest-levenshtein';

/** A fault of the caller (a flag, a config key, a folder that is not there): exit code 2, before anything runs. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The word of `words` nearest to `word`, where it is near enough to be meant; case does not count. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  if (words.length === 0) return undefined;
  const lower = new Map(words.map((candidate) => [candidate.toLowerCase(), candidate]));
  const best = closest(word.toLowerCase(), [...lower.keys()]);
  // Two letters changed places count as two; in words of three letters that would be nearly all of them.
  const limit = Math.max(word.length > 3 ? 2 : 1, Math.floor(Math.max(word.length, best.length) * 0.4));
  return distance(word.toLowerCase(), best) <= limit ? lower.get(best) : undefined;
}

/** `, did you mean X?` where a word of `words` is near enough to `word`, else nothing. */
export function didYouMean(word: string, words: readonly string[], show = (near: string) => `\`${near}\``): string {
  const near = nearest(word, words);
  return near === undefined || near === word ? '' : `, did you mean ${show(near)}?`;
}
