import { fileURLToPath } from 'node:url';
import { readText } from '../files/read.ts';
import { ruleUrl, type RuleId } from '../model/rules.ts';

/** The page of a rule, as it is written. Sources and what is built of them lie equally deep in the package. */
export function rulePage(id: RuleId): string {
  return readText(fileURLToPath(new URL(`../../${ruleUrl(id)}`, import.meta.url)));
}

/** The same, and nothing where somebody has packed the tool without its pages: no report is to fail for that. */
export function rulePageIfAny(id: RuleId): string | undefined {
  try {
    return rulePage(id);
  } catch {
    return undefined;
  }
}
