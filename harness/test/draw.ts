import { compareText, type Finding } from '../model/finding.ts';

/** How a sample of findings is drawn. */
export interface Draw {
  readonly seed: number;
  readonly count: number;
  readonly mostARule: number;
}

/** The sample by which the truth of our findings is measured. */
export const TRUTH_DRAW: Draw = { seed: 20210701, count: 100, mostARule: 10 };

/** What tells a finding from all others. */
export type Drawn = Pick<Finding, 'ruleId' | 'file' | 'line' | 'column' | 'pointer'>;

/**
 * Draws errors and warnings. Each finding draws a number of its own from the seed and its identity, and the smallest are taken, of one
 * rule only so many: a finding more or less changes one place of the sample, and the order of the findings none.
 */
export function draw(findings: readonly Finding[], { seed, count, mostARule }: Draw): Finding[] {
  const byRule = new Map<string, number>();
  return findings
    .filter(({ severity }) => severity !== 'note')
    .map((each) => ({ each, id: identityOf(each) }))
    .map(({ each, id }) => ({ each, id, number: numberOf(id, seed) }))
    .sort((a, b) => a.number - b.number || compareText(a.id, b.id))
    .filter(({ each: { ruleId } }) => {
      const drawn = byRule.get(ruleId) ?? 0;
      byRule.set(ruleId, drawn + 1);
      return drawn < mostARule;
    })
    .slice(0, count)
    .map(({ each }) => each);
}

/** The same as one line, whose words and place in the report do not count. */
export function identityOf({ ruleId, file, line, column, pointer = '' }: Drawn): string {
  return [ruleId, file, line, column, pointer].join(' ');
}

/** 32 bits of a text, equal on every machine: FNV-1a from the seed, then the finish of MurmurHash3, so that near texts are far apart. */
function numberOf(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
