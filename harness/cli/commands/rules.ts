import { styleText } from 'node:util';
import { rules, ruleUrl, type Rule, type RuleId } from '../../model/rules.ts';
import { UsageError } from '../../model/usage.ts';
import { isColored } from '../terminal.ts';
import type { Job } from '../job.ts';

/** `docwright rules`: every rule with its severity and what it promises, on standard output, for people or as JSON. */
export function rulesCommand({ pages: words, settings, streams, environment, version }: Job): Promise<number> {
  const [word] = words;
  if (word !== undefined)
    throw new UsageError(`Unexpected word \`${word}\`; \`docwright explain ${word}\` tells of one rule`);
  const known = Object.entries<Rule>(rules) as [RuleId, Rule][];
  if (settings.json) {
    const tool = { name: 'docwright', version };
    const list = known.map(([id, rule]) => ({ id, ...rule, url: ruleUrl(id) }));
    streams.stdout.write(`${JSON.stringify({ schemaVersion: 1, tool, rules: list }, null, 2)}\n`);
    return Promise.resolve(0);
  }
  const color = isColored(settings.color, environment, streams.stdout);
  const width = Math.max(...known.map(([id]) => id.length));
  for (const [id, { severity, summary, fixable }] of known) {
    const word = severity.padEnd('warning'.length);
    const shown = color ? styleText(COLORS[severity], word, { validateStream: false }) : word;
    streams.stdout.write(`${id.padEnd(width)}  ${shown}  ${summary}${fixable ? ' (--fix)' : ''}\n`);
  }
  return Promise.resolve(0);
}

const COLORS = { error: 'red', warning: 'yellow', note: 'blue' } as const;
