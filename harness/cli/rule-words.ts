import { isRuleWord, ruleWords, type Levels } from '../model/severities.ts';
import { didYouMean, UsageError } from '../model/usage.ts';

/** The levels of a config as they are; a word that means no rule is a UsageError that names the nearest. */
export function checkedRules(levels: Levels, where: string): Levels {
  checkedWords(Object.keys(levels), `\`${where}\``);
  return levels;
}

/** Words for rules as they are: ids, `area/*` and `*`. */
export function checkedWords(words: readonly string[], where: string): readonly string[] {
  for (const word of words) {
    if (isRuleWord(word)) continue;
    const near = didYouMean(word, ruleWords());
    throw new UsageError(`Unknown rule \`${word}\` of ${where}${near || '; `docwright rules` lists them'}`);
  }
  return words;
}
