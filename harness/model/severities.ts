import type { Finding, Severity } from './finding.ts';
import { globFits } from './glob.ts';
import { rules, type RuleId } from './rules.ts';

/** What a config makes of a rule: how grave a breach is, or `off` for one that is not told at all. */
export const LEVELS = ['off', 'note', 'warning', 'error'] as const satisfies readonly (Severity | 'off')[];

export type Level = (typeof LEVELS)[number];

/** Levels by rule: an id (`link/dead`), all of an area (`link/*`), or `*`. The last that fits counts. */
export type Levels = Readonly<Record<string, Level>>;

/** Levels of the rules on files alone that one of the globs fits. */
export interface Override {
  readonly files: string | readonly string[];
  readonly rules: Levels;
}

/** Tells the level of a finding, where the config says one. */
export type LevelOf = (finding: Pick<Finding, 'ruleId' | 'file'>) => Level | undefined;

/** Is a word a rule, an area with all its rules, or all rules? */
export function isRuleWord(word: string): boolean {
  return Object.hasOwn(rules, word) || word === '*' || (/^[^/*]+\/\*$/.test(word) && RULE_WORDS.has(word));
}

/** Does a word that is one mean this rule? */
export function meansRule(word: string, rule: RuleId): boolean {
  return word === rule || word === '*' || (word.endsWith('/*') && rule.startsWith(word.slice(0, -1)));
}

/** Every word for rules: for who asks which one is meant. */
export function ruleWords(): readonly string[] {
  return [...RULE_WORDS];
}

const ids = Object.keys(rules);
const RULE_WORDS: ReadonlySet<string> = new Set([...ids, ...ids.map((id) => id.replace(/\/.*/, '/*'))]);

/**
 * Reads the levels of a config: of all that speak of a rule the last counts, overrides after `rules`. `namesOf` gives the paths that a
 * glob may mean a file by.
 */
export function levelsOf(
  levels: Levels,
  overrides: readonly Override[],
  namesOf: (file: string) => readonly string[],
): LevelOf {
  const groups = [
    { fits: () => true, levels: Object.entries(levels) },
    ...overrides.map(({ files, rules: own }) => {
      const globs = [files].flat().map(globFits);
      return {
        fits: (names: readonly string[]) => names.some((name) => globs.some((fits) => fits(name))),
        levels: Object.entries(own),
      };
    }),
  ].filter((group) => group.levels.length > 0);
  if (groups.length === 0) return () => undefined;
  const byFile = new Map<string, (rule: RuleId) => Level | undefined>();
  return ({ file, ruleId }) => {
    let level = byFile.get(file);
    if (level === undefined) {
      const names = namesOf(file);
      const words = groups.filter(({ fits }) => fits(names)).flatMap((group) => group.levels);
      byFile.set(file, (level = lastOf(words)));
    }
    return level(ruleId);
  };
}

function lastOf(words: readonly (readonly [word: string, level: Level])[]): (rule: RuleId) => Level | undefined {
  const known = new Map<RuleId, Level | undefined>();
  return (rule) => {
    if (!known.has(rule)) known.set(rule, words.findLast(([word]) => meansRule(word, rule))?.[1]);
    return known.get(rule);
  };
}
