import type { Fact } from '../../model/finding.ts';
import type { CodeBlock } from './outline.ts';
import type { Leaf } from './leaf.ts';
import { placeOf, placeOnLine, type PageText } from './source.ts';

/** Reports what is written as a heading, a link, a table or a comment and is none, fences of HTTP in another language, and marks of a merge. */
export function reportSlips(page: PageText, leaves: readonly Leaf[], codes: readonly CodeBlock[]): void {
  for (const code of codes) reportLanguage(page, code);
  reportConflicts(page);
  for (const { type, position } of leaves) {
    if (type !== 'paragraph') continue;
    for (let line = position.start.line; line <= position.end.line; line++) {
      const slip = slipIn(page.lines[line - 1]!, line === position.start.line);
      if (slip === undefined) continue;
      const { at, length, ...fact } = slip;
      page.report({ ruleId: 'page/markup', ...fact, place: placeOnLine(page, line, at + 1, length) });
      // The other lines of the paragraph are rows of the same table.
      if (fact.subject === 'table') break;
    }
  }
}

type Slip = Pick<Fact, 'reason' | 'subject' | 'note'> & { readonly at: number; readonly length: number };

/** The marks of a list or a quote before the text of a line. */
const MARKS = /^(?:[ \t]|>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))*/;

function slipIn(line: string, isFirst: boolean): Slip | undefined {
  const at = MARKS.exec(line)![0].length;
  const first = line[at];
  if (first === '#' && /^#{2,6}[\p{L}\p{N}]/u.test(line.slice(at)))
    return {
      reason: 'Unexpected text, expected a blank between `#` and the words of a heading',
      subject: 'heading',
      note: 'Put a blank after the number signs.',
      at,
      length: line.trimEnd().length - at,
    };
  if (isFirst && first === '|' && /^\|[^|]*\|[^|]*\|/.test(line.slice(at)))
    return {
      reason: 'Unexpected text, expected a table: a row of names and below it as many cells of dashes',
      subject: 'table',
      note: 'Write the row of dashes with as many cells as the row above it, and no blank line inside the table.',
      at,
      length: line.trimEnd().length - at,
    };
  if (line.includes('blockType')) return commentIn(withoutCode(line));
  return line.includes(']') && line.includes('(') ? linkIn(withoutCode(line)) : undefined;
}

function commentIn(line: string): Slip | undefined {
  const found = /(?:<!?-*\s*)?\{[^{}]*["']blockType["']\s*:/.exec(line);
  if (found === null) return undefined;
  return {
    reason: 'Unexpected text, expected an annotation between `<!--` and `-->`',
    subject: 'comment',
    note: 'Write `<!--` before the braces and `-->` after them.',
    at: found.index,
    length: line.trimEnd().length - found.index,
  };
}

const TARGET = '[^()\\s]*(?:\\.md|\\.png|\\.svg|\\.jpe?g)(?:#[\\w-]*)?';
const LINKS: readonly (readonly [pattern: RegExp, note: string])[] = [
  [new RegExp(`\\[[^[\\]]+\\][ \\t]+\\(${TARGET}\\)`), 'Write the address right after the text: `[text](address)`.'],
  [new RegExp(`\\([^()]+\\)\\[${TARGET}\\]`), 'Write the text in square brackets, the address in round ones.'],
  [new RegExp(`\\[[^[\\]]+\\]\\(${TARGET}(?=\\s+[^"'(\\s)]|\\s*$)`), 'Close the address with `)`.'],
];

function linkIn(line: string): Slip | undefined {
  for (const [pattern, note] of LINKS) {
    const found = pattern.exec(line);
    if (found === null) continue;
    const reason = `Unexpected text \`${found[0].slice(0, 100)}\`, expected a link`;
    return { reason, subject: 'link', note, at: found.index, length: found[0].length };
  }
  return undefined;
}

/** Code spans blanked out, so that columns stay. */
function withoutCode(line: string): string {
  return line.includes('`') ? line.replace(/(`+)[^`]*\1/g, (code) => ' '.repeat(code.length)) : line;
}

function reportConflicts(page: PageText): void {
  if (!page.text.includes('<<<<<<< ')) return;
  for (const [index, line] of page.lines.entries())
    if (/^<{7} \S/.test(line))
      page.report({
        ruleId: 'page/conflict',
        reason: 'Unexpected mark of a merge, expected one of its two texts',
        place: placeOnLine(page, index + 1),
        subject: 'conflict',
        note: 'Decide for one text, or join both, and take the marks out.',
      });
}

/** Languages that are none of HTTP, or a slip of `http`. */
const NOT_HTTP = /^(?:|json|jsonc|javascript|html|xml|text|htt|htp|htpp|hhtp|thtp|ttp|httpp)$/;

function reportLanguage(page: PageText, { comment, language, node, block, text }: CodeBlock): void {
  const kind = comment?.annotation?.blockType;
  if ((kind !== 'request' && kind !== 'response') || !NOT_HTTP.test(language) || text.trim() === '') return;
  const { start } = node.position!;
  // Indented code has no fence to say a language.
  if (block.line === start.line) return;
  const place = placeOf(page, { start, end: { line: start.line, column: start.column + 3 + language.length } });
  page.report({
    ruleId: 'fence/language',
    reason: `${language === '' ? 'Missing language' : `Unexpected language \`${language}\``}, expected \`http\` above a ${kind}`,
    place,
    subject: `${kind} ${language}`,
    note: 'Write `http` after the marks that open the fence.',
  });
}
