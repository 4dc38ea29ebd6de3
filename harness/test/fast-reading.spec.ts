import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { Root } from 'mdast';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { corpusMissing, layOutCorpus } from '../bench/corpus.ts';
import { leavesOf, readLeaves } from '../compile/markdown/blocks.ts';
import { findAnchors, findLinks } from '../compile/markdown/links.ts';
import type { Leaf } from '../compile/markdown/leaf.ts';
import { remark } from '../compile/markdown/remark.ts';
import { scan } from '../compile/markdown/scan.ts';

const pipeline = remark();

test('the fast way and remark read every page of the sample set alike, node for node', () => {
  test.skip(corpusMissing !== undefined, corpusMissing ?? '');
  test.setTimeout(300_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'docwright-pages-'));
  try {
    const corpus = layOutCorpus(folder);
    const files = readdirSync(corpus.folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.md'),
    );
    let whole = 0;
    const different = files.filter((file) => {
      const text = readFileSync(path.join(corpus.folder, file), 'utf8').replace(/^\ufeff/, '');
      if (scan(text, pipeline) === undefined) whole++;
      return isReadApart(text);
    });
    expect(different).toEqual([]);
    // If the scan gave up on pages, they would be read alike by the same way.
    expect(whole).toBeLessThan(files.length / 100);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('whatever a page holds, the fast way and remark read it alike', () => {
  test.setTimeout(120_000);
  fc.assert(
    fc.property(page, (text) => {
      const [fast, root] = [readLeaves(text, pipeline), pipeline.parse(text)];
      expect(known(fast)).toEqual(known(leavesOf(root)));
      expect(linked(text, fast)).toBe(linked(text, root));
    }),
    { numRuns: 2000, examples: [['- `\n   ``` a`b\n']] },
  );
});

test('one line below another is read alike', () => {
  test.setTimeout(120_000);
  const different: string[] = [];
  for (const [row, first] of LINES.entries())
    for (const [column, second] of LINES.entries()) {
      const ends = ['\n', '\n\n', '\r\n', '\n'];
      const text = `${first}${ends[(row + column) % ends.length]}${second}\n`;
      if ((row + column) % 2 === 0) if (isReadApart(text)) different.push(text);
    }
  expect(different).toEqual([]);
});

function isReadApart(text: string): boolean {
  const [fast, root] = [readLeaves(text, pipeline), pipeline.parse(text)];
  return !isDeepStrictEqual(known(fast), known(leavesOf(root))) || linked(text, fast) !== linked(text, root);
}

const LINES = [
  '# heading',
  '#',
  '## a # b',
  '### closed ###',
  '# *em* `code` [link](x.md)',
  '#### # [tab](#tab/http)',
  '#hash',
  '####### seven',
  'text',
  'text with *marks* and `code`',
  '[!NOTE]',
  '[!INCLUDE [a](b.md)]',
  '[!INCLUDE[a](b.md)] ',
  '[!INCLUDE [a@b.cd](b.md)]',
  'see [a](b.md#c) and ![d](e.png)',
  '[a [b] c](d)',
  '<http://example.com> <a name="x"></a>',
  '`code](x)` [a](b)',
  'open ` [a](b)',
  '| [a](b.md) | <a id="y"></a> |',
  '[text](url "title")',
  '[reference]',
  'see [a][] and [a] and [b][a] and [c][b]',
  '[a][b](c)',
  '| [a][] | [x][a] | [b] |',
  '[a]: ',
  '[a]: /b "title"',
  '[A]: https://example.com/c',
  '[b]: d.md',
  '"title"',
  '[a',
  'b]: /c',
  '**Note:** see [x](y.md)',
  '**Note:**[x](y.md) *(a)* **a.**b',
  '*a.* **b**, [**c** d](e.md) [`f` g](h.md) [i *j](k.md)*',
  '_a_ __b__, (_c_) d_e_ _f_g [h](i.md)',
  'a & b &copy; T&C &#35; &amp [x](y?a=b&c=d)',
  '1 <= 2 < 3 <4 [x](y.md)</br><ul><li>a</li> <br/>',
  '@odata.type (@b.c) a@b [x](y.md) a+@b.c',
  '[a]: /b',
  '[^1]',
  '[^1]: note',
  '```http',
  '```',
  '~~~',
  '````',
  '``` a`b',
  '```js {1}',
  '   ```',
  '    ```',
  '``` &amp; \\a',
  '<!-- comment -->',
  '<!-- open',
  '-->',
  '<!-->',
  '<!-- a --> b',
  ' <!-- c -->',
  '<div>',
  '</div>',
  '<br>',
  '<a href="x">',
  '<?php',
  '<![CDATA[',
  '<script>',
  '> quote',
  '>',
  '> # heading',
  '> ```',
  '>quote',
  '> [!NOTE]',
  '> > deep',
  '> - list',
  '>     code',
  '- item',
  '-',
  '* item',
  '+ item',
  '1. item',
  '2) item',
  '10. item',
  '-  item',
  '-     code',
  '- [x](y.md)',
  '- [a]',
  '- **b:** text',
  '2. other',
  '> a | b',
  '> --- | ---',
  '  --- | ---',
  '> text [x](y.md)',
  '> [a]: /b',
  '- ```',
  '- # heading',
  '-\titem',
  '  - item',
  '   text',
  '    code',
  '\tcode',
  '---',
  '***',
  '___',
  '- - -',
  '===',
  '--',
  '=',
  '-----  ',
  '***bold***',
  '**bold**',
  '__bold__',
  '| a | b |',
  '|---|---|',
  '|:-:|--',
  'a | b',
  '--- | ---',
  '|a|',
  '|-|',
  '| a \\| b | `c|d` |',
  '|[a](b)|**c**|',
  '|',
  '||',
  ': - |',
  '|&lt;|a_b_c|',
  '|www.a.b|x@y.z|',
  '$math$',
  'a  ',
  'a\\',
  '&amp;',
  'www.example.com',
  'a@b.cd',
  '\\# no',
  '    ',
  '\t',
  ' ',
  'a\u00a0',
  '\u00a0',
  '+++',
  'title: x',
];

/** Lines and ends of lines as pages have them and as they should not, in any order. */
const page = fc
  .array(
    fc.tuple(
      fc.constantFrom('', '', '', '', '', ' ', '  ', '    ', '> ', '- ', '   '),
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...LINES, '', '', '', '') },
        {
          weight: 1,
          arbitrary: fc
            .array(fc.constantFrom(...'`*_[]()<>!#-+=|~&\\:;@ \tabc1.'), { maxLength: 12 })
            .map((all) => all.join('')),
        },
      ),
      fc.constantFrom('\n', '\n', '\n', '\n\n', '\n\n', '\r\n', '\r', ' \n'),
    ),
    { maxLength: 14 },
  )
  .map((lines) => lines.map((parts) => parts.join('')).join(''));

/** Links with their places, and anchors. */
function linked(text: string, read: readonly Leaf[] | Root): string {
  const page = { file: 'p.md', page: 'p.md', text, lines: text.split(/\r\n|\r|\n/), report: () => {} };
  // One leaf that holds everything: no leaf is then looked at in its own way.
  const leaves: readonly Leaf[] =
    'type' in read ? [{ type: 'other', position: read.position!, content: () => read }] : read;
  return JSON.stringify([findLinks(page, leaves), findAnchors(leaves)], undefined, 1);
}

/** All that anyone can know of leaf blocks, as plain data; rows of tables and texts of paragraphs read. */
function known(leaves: readonly Leaf[]): unknown {
  return JSON.parse(JSON.stringify(leaves.map(read)));
}

function read(leaf: Leaf): unknown {
  if (leaf.type === 'paragraph') return { ...leaf, text: leaf.text() };
  return leaf.type === 'table' ? { ...leaf, table: leaf.table() } : leaf;
}
