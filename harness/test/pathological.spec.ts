import { expect, test } from '@playwright/test';
import { compile } from '../compile/index.ts';
import type { Docset } from '../model/docset.ts';

const MEGABYTE = 1_000_000;

/** An annotation that stands apart from what is adversarial: it may be compiled or reported, but never lost. */
const ANNOTATION = '<!-- { "blockType": "ignored" } -->\n\n';

const pages: Readonly<Record<string, string>> = {
  'a million backticks': '`'.repeat(MEGABYTE),
  'backtick runs of every length': Array.from({ length: 1400 }, (_, index) => '`'.repeat(index)).join(' '),
  'quotes in quotes': `${'> '.repeat(MEGABYTE / 2)}a`,
  'quotes that deepen': Array.from({ length: 1000 }, (_, index) => `${'> '.repeat(index)}a\n`).join(''),
  'lists in lists on a line': `${'- '.repeat(MEGABYTE / 2)}a`,
  'lists in lists by indentation': Array.from({ length: 1000 }, (_, index) => `${' '.repeat(2 * index)}- a\n`).join(''),
  'a line of 500,000 characters': 'word '.repeat(100_000),
  'open brackets': '['.repeat(MEGABYTE),
  'open images': '!['.repeat(MEGABYTE / 2),
  'open links': '[a]('.repeat(MEGABYTE / 4),
  'emphasis that never ends': '*a _b '.repeat(MEGABYTE / 6),
  'open tags': '<a '.repeat(MEGABYTE / 3),
  'open comments': '<!-- '.repeat(MEGABYTE / 5),
  'empty comments on one line': '<!---->'.repeat(MEGABYTE / 7),
  'comments in text': 'a <!-- b --> '.repeat(MEGABYTE / 13),
  'fences that open': '```a\n~~~\n'.repeat(MEGABYTE / 9),
  'fences in a list': '- ```\n'.repeat(MEGABYTE / 6),
  'an open fence': '```http\n' + 'GET /\n'.repeat(MEGABYTE / 6),
  'open front matter': '---\n' + 'a: b\n'.repeat(MEGABYTE / 5),
  'rows of a table': '|a|b|\n|-|-|\n' + '|*a|[b|\n'.repeat(MEGABYTE / 8),
  'columns of a table': `${'|a'.repeat(MEGABYTE / 8)}\n${'|-'.repeat(MEGABYTE / 8)}\n`,
  'delimiter rows': '|a|\n|-|\n'.repeat(MEGABYTE / 8),
  definitions: '[a]: b\n'.repeat(MEGABYTE / 7),
  'references far from definitions': `${'[a]: b\n'.repeat(MEGABYTE / 14)}\n${'[a][ [x](y.md)\n\n'.repeat(MEGABYTE / 32)}`,
  headings: '# *a\n'.repeat(MEGABYTE / 5),
  includes: '[!INCLUDE [a](b)] '.repeat(MEGABYTE / 18),
  'open includes': '[!INCLUDE ['.repeat(MEGABYTE / 11),
  references: '&amp'.repeat(MEGABYTE / 4),
  'dollars and tildes': '~$'.repeat(MEGABYTE / 2),
  addresses: 'www.a@'.repeat(MEGABYTE / 6),
  blanks: ' \t'.repeat(MEGABYTE / 2),
  'blank quotes': '>\n'.repeat(MEGABYTE / 2),
  'carriage returns': '\r'.repeat(MEGABYTE),
  'annotations that never end': '<!-- {"blockType": "request", '.repeat(MEGABYTE / 30),
};

for (const [name, hostile] of Object.entries(pages)) {
  test(`1 MB is read in a moment: ${name}`, async () => {
    const { seconds, docset } = await timed(`${ANNOTATION}${hostile}`, 'promises');
    expectAccount(docset, seconds);
  });

  test(`a quarter of it all of it: ${name}`, async () => {
    const { seconds, docset } = await timed(`${ANNOTATION}${hostile.slice(0, MEGABYTE / 4)}`, 'all');
    expectAccount(docset, seconds);
  });
}

/** Seconds are what it takes; minutes are what it took before there were bounds. */
function expectAccount({ coverage, findings }: Docset, seconds: number): void {
  expect(seconds).toBeLessThan(25);
  const tally = coverage.annotations.ignored!;
  expect(tally).toMatchObject({ found: 1 });
  expect(tally.compiled + tally.ignored + tally.reported).toBe(1);
  for (const { line } of findings) expect(line).toBeLessThanOrEqual(MEGABYTE + 5);
}

test('a file of 100 MB is a finding, and its annotations are counted', async () => {
  const page = `${ANNOTATION}${'0123456789'.repeat(10 * MEGABYTE)}`;
  const { seconds, docset } = await timed(page, 'all');
  expect(seconds).toBeLessThan(25);
  expect(docset.coverage.annotations).toEqual({ ignored: { found: 1, compiled: 0, ignored: 0, reported: 1 } });
  expect(docset.findings.map(({ ruleId, severity, line }) => ({ ruleId, severity, line }))).toEqual([
    { ruleId: 'page/unreadable', severity: 'error', line: 1 },
    { ruleId: 'page/unreadable', severity: 'error', line: 1 },
  ]);
});

test('nesting that no page needs is refused at its line, not read for minutes', async () => {
  const { docset } = await timed(`${ANNOTATION}text\n\n${'> '.repeat(1000)}a\n`, 'promises');
  expect(docset.findings.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
    '1 Unexpected annotation on a page that is not read (nesting deeper than 60)',
    '5 Unexpected nesting deeper than 60: the page is not read',
  ]);
});

async function timed(
  text: string,
  facts: 'promises' | 'all',
): Promise<{ readonly seconds: number; readonly docset: Docset }> {
  const source = { file: 'page.md', page: 'page.md', content: new TextEncoder().encode(text) };
  const start = performance.now();
  const docset = await compile([source], { readFile: () => undefined, facts });
  return { seconds: (performance.now() - start) / 1000, docset };
}
