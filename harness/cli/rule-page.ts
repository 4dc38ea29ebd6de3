import { fileURLToPath } from 'node:url';
import { readText } from '../files/read.ts';
import { ruleUrl, type RuleId } from '../model/rules.ts';

/** The page of a rule, as it is written. Sources and what is built of them lie equally deep in the package. */
export function rulePage(id: RuleId): string {
  return readText(fileURLToPath(new URL(`../../${ruleUrl(id)}`, import.meta.url)));
}
