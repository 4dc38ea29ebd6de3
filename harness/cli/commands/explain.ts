import { styleText } from 'node:util';
import { rules, type RuleId } from '../../model/rules.ts';
import { didYouMean, UsageError } from '../../model/usage.ts';
import { isColored } from '../terminal.ts';
import type { Job } from '../job.ts';
import { rulePage } from '../rule-page.ts';

/** `docwright explain RULE…`: the pages of these rules, as they are written, with colours where they are wanted. */
export function explainCommand({ pages: words, settings, streams, environment }: Job): Promise<number> {
  if (words.length === 0) throw new UsageError('Missing rule, expected its id; `docwright rules` lists them');
  const color = isColored(settings.color, environment, streams.stdout);
  const texts = words.map((word) => rulePage(ruleNamed(word)));
  const shown = texts.map((text) => (color ? painted(text) : text));
  streams.stdout.write(shown.join('\n'));
  return Promise.resolve(0);
}

function ruleNamed(word: string): RuleId {
  const ids = Object.keys(rules) as RuleId[];
  const known = ids.find((id) => id === word.toLowerCase());
  if (known !== undefined) return known;
  // Half an id is told apart: an area, or a name without its area.
  const halves = ids.filter((id) => id.split('/').includes(word.toLowerCase()));
  const near =
    halves.length > 0 ? `, did you mean ${halves.map((id) => `\`${id}\``).join(', ')}?` : didYouMean(word, ids);
  throw new UsageError(`Unknown rule \`${word}\`${near || '; `docwright rules` lists them'}`);
}

const PROSE = [
  [/^#+ .*/, 'bold'],
  [/`[^`]+`/g, 'cyan'],
] as const;

/** The same text with its headings, code and fences coloured. */
function painted(markdown: string): string {
  const paint = (style: 'bold' | 'cyan' | 'dim', text: string): string =>
    text === '' ? '' : styleText(style, text, { validateStream: false });
  let fence: string | undefined;
  const lines = markdown.split('\n').map((line) => {
    const mark = /^(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined && mark === undefined)
      return PROSE.reduce((text, [pattern, style]) => text.replace(pattern, (part) => paint(style, part)), line);
    if (fence === undefined) fence = mark;
    else if (line === fence) fence = undefined;
    else return paint('cyan', line);
    return paint('dim', line);
  });
  return lines.join('\n');
}
