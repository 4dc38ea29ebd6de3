import type { Disable, Lines } from '../../model/disable.ts';
import { disabledWords } from '../../model/disable.ts';
import type { Fact } from '../../model/finding.ts';
import { points, type Position } from '../../model/place.ts';
import { isRuleWord, ruleWords } from '../../model/severities.ts';
import { didYouMean } from '../../model/usage.ts';
import type { Leaf } from './leaf.ts';
import type { Outline } from './outline.ts';
import { placeOf, type PageText } from './source.ts';

const COMMENT = /<!--\s*docwright-([\w-]*)([^]*?)(?:(-->)|$(?![^]))/g;

/** The comments that take findings out, in the order of the page, and what is wrong with them; those that stand in code are none. */
export function findDisables(page: PageText, leaves: readonly Leaf[]): Stretch[] {
  if (!page.text.includes('docwright-')) return [];
  const point = points(page.text);
  const stretches: Stretch[] = [];
  let open: Stretch[] = [];
  for (const found of page.text.matchAll(COMMENT)) {
    const start = found.index;
    const end = start + found[0].length;
    if (isCode(page, leaves, start)) continue;
    const spot = (from: number, to: number): Position => ({ start: point(from), end: point(to) });
    const tell = (fact: Omit<Fact, 'place'>, from = start, to = end): void =>
      page.report({ ...fact, place: placeOf(page, spot(from, to)) });
    const directive = found[1]!;
    if (found[3] === undefined) {
      tell(malformed('comment that is never closed', directive, 'Write `-->` at its end.'));
      continue;
    }
    if (directive !== 'disable' && directive !== 'disable-next' && directive !== 'enable') {
      const near = didYouMean(`docwright-${directive}`, DIRECTIVES);
      const reason = `Unexpected \`docwright-${directive}\`, expected one of ${DIRECTIVES.map((each) => `\`${each}\``).join(', ')}${near}`;
      tell({
        ruleId: 'disable/malformed',
        reason,
        subject: directive,
        note: 'Mend the word; nothing is disabled by it.',
      });
      continue;
    }
    const words = wordsOf(found[2]!, start + found[0].indexOf(found[2]!, 4), tell);
    if (words === undefined) continue;
    const line = point(end).line;
    const spots = words.length === 0 ? [{ rule: '*', from: start, to: end }] : words;
    if (directive === 'enable') {
      open = enable(spots, open, line, stretches, (rule, from, to) =>
        tell(
          {
            ruleId: 'disable/unused',
            reason: `Unexpected \`docwright-enable\`${rule === '*' ? '' : ` of \`${rule}\``}, expected after a \`docwright-disable\` that it ends`,
            subject: `enable ${rule}`,
            note: 'Take it out.',
          },
          from,
          to,
        ),
      );
      continue;
    }
    const last = directive === 'disable' ? undefined : endOfNext(page, leaves, end);
    for (const { rule, from, to } of spots) {
      const stretch: Stretch = { rule, place: spot(from, to), from: point(start).line, to: last ?? line };
      stretches.push(stretch);
      if (directive === 'disable') open.push(stretch);
    }
  }
  for (const stretch of open) stretch.to = Infinity;
  return stretches;
}

/** Lines of the page's text, from 1, both counted, on which a rule does not count. */
export interface Stretch {
  readonly rule: string;
  readonly except?: readonly string[];
  readonly place: Position;
  readonly from: number;
  to: number;
}

/** The same in the files where these lines are written. */
export function disablesOf(page: PageText, stretches: readonly Stretch[]): Disable[] {
  return stretches.map(({ rule, except, place, from, to }) => ({
    rule,
    ...(except === undefined ? {} : { except }),
    place: placeOf(page, place),
    covers: written(page, from, Math.min(to, Math.max(from, page.lines.length))),
  }));
}

/** The outline with code blocks that know what is disabled in them. */
export function withDisabled(outline: Outline, stretches: readonly Stretch[]): Outline {
  if (stretches.length === 0) return outline;
  const codes = outline.codes.map((code) => {
    const { line } = code.node.position!.start;
    const own = stretches.filter(({ from, to }) => line >= from && line <= to);
    return own.length === 0 ? code : { ...code, block: { ...code.block, disabled: disabledWords(own)! } };
  });
  return { ...outline, codes };
}

const DIRECTIVES = ['docwright-disable-next', 'docwright-disable', 'docwright-enable'];

function malformed(what: string, directive: string, note: string): Omit<Fact, 'place'> {
  return {
    ruleId: 'disable/malformed',
    reason: `Unexpected ${what}, expected \`docwright-${directive} rule, rule -- reason\``,
    subject: directive,
    note,
  };
}

interface Word {
  readonly rule: string;
  readonly from: number;
  readonly to: number;
}

type Tell = (fact: Omit<Fact, 'place'>, from: number, to: number) => void;

/** The rules that a comment names, each where it stands; nothing where it means to name some and none is known. */
function wordsOf(text: string, offset: number, tell: Tell): Word[] | undefined {
  const list = /^[^]*?(?=\s-{2,}(?:\s|$)|$(?![^]))/
    .exec(text)![0]
    .replace(/-{2,}$/, (marks) => ' '.repeat(marks.length));
  const words: Word[] = [];
  let isSaid = false;
  for (const found of list.matchAll(/[^,]+/g)) {
    const part = found[0].trim();
    if (part === '') continue;
    isSaid = true;
    const from = offset + found.index + found[0].indexOf(part);
    const [rule = '', ...more] = part.split(/\s+/);
    if (more.length > 0)
      tell(
        {
          ruleId: 'disable/malformed',
          reason: `Unexpected \`${more.join(' ')}\` after \`${rule}\`, expected a comma before a rule, or \` -- \` before a reason`,
          subject: more.join(' '),
          note: 'Write `rule, rule -- reason`.',
        },
        from + rule.length,
        from + part.length,
      );
    if (isRuleWord(rule)) words.push({ rule, from, to: from + rule.length });
    else
      tell(
        {
          ruleId: 'disable/unknown-rule',
          reason: `Unexpected rule \`${rule}\`, expected one that \`docwright rules\` lists${didYouMean(rule, ruleWords())}`,
          subject: rule,
          note: 'Mend the name; nothing is disabled by it.',
        },
        from,
        from + rule.length,
      );
  }
  return isSaid && words.length === 0 ? undefined : words;
}

/** Ends what a comment names; of a stretch of all rules those alone. */
function enable(
  words: readonly Word[],
  before: readonly Stretch[],
  line: number,
  stretches: Stretch[],
  needless: (rule: string, from: number, to: number) => void,
): Stretch[] {
  let open = [...before];
  for (const { rule, from, to } of words) {
    const ended = open.filter((each) => rule === '*' || each.rule === rule || covers(rule, each.rule));
    const wider = open.filter((each) => !ended.includes(each) && covers(each.rule, rule));
    for (const each of [...ended, ...wider]) each.to = line;
    const rest = wider.map((each): Stretch => ({
      ...each,
      except: [...(each.except ?? []), rule],
      from: line,
    }));
    stretches.push(...rest);
    if (ended.length + wider.length === 0) needless(rule, from, to);
    open = [...open.filter((each) => !ended.includes(each) && !wider.includes(each)), ...rest];
  }
  return open;
}

/** Does one word mean all that the other means? */
function covers(wide: string, narrow: string): boolean {
  return wide === '*' || wide === narrow || (wide.endsWith('/*') && narrow.startsWith(wide.slice(0, -1)));
}

/** The last line of the next block that is no comment: an annotation and its fence are one. */
function endOfNext(page: PageText, leaves: readonly Leaf[], after: number): number | undefined {
  for (const { position, ...leaf } of leaves) {
    const end = position.end.offset!;
    if (end <= after || leaf.type === 'yaml') continue;
    const text = page.text.slice(Math.max(after, position.start.offset!), end);
    if (leaf.type === 'html' && text.replace(/<!--[^]*?(?:-->|$(?![^]))/g, '').trim() === '') continue;
    return position.end.line;
  }
  return undefined;
}

function isCode(page: PageText, leaves: readonly Leaf[], start: number): boolean {
  const leaf = leaves.find(({ position }) => position.end.offset! > start);
  if (leaf === undefined || leaf.position.start.offset! > start) return false;
  if (leaf.type === 'code') return true;
  if (leaf.type === 'html') return false;
  const before = page.text.slice(leaf.position.start.offset, start);
  return (before.match(/`+/g)?.length ?? 0) % 2 === 1;
}

/** Lines of the page's text as lines of the files they are written in. */
function written(page: PageText, from: number, to: number): Lines[] {
  const { origins, file } = page;
  if (origins === undefined) return [{ file, from, to }];
  const lines: { file: string; from: number; to: number }[] = [];
  for (const origin of origins.slice(from - 1, to)) {
    const last = lines.at(-1);
    if (last?.file === origin.file && (origin.line === last.to || origin.line === last.to + 1)) last.to = origin.line;
    else lines.push({ file: origin.file, from: origin.line, to: origin.line });
  }
  return lines;
}
