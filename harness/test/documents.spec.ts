import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { check } from '../check/index.ts';
import { readMultipart, writeMultipart } from '../compile/http/multipart.ts';
import { readOutlines } from '../model/outline.ts';
import { brief, compilePages, exchangePage } from './docs.ts';

const page = async (text: string, tags?: readonly string[]) => {
  const docset = await compilePages({ 'p.md': text }, tags === undefined ? {} : { tags });
  return { docset, page: docset.pages[0]!, findings: brief(docset.findings) };
};

test.describe('page annotations', () => {
  test('one is read wherever it stands, in any case, with every property typed', async () => {
    const { page: read, findings } = await page(
      `<!-- { "Type": "#Page.ANNOTATION", "TITLE": "t", "keywords": ["a", "b"], "tocIndex": "3", "tocBookmarks": { "A/B": "#c" },
  "suppressions": ["Error: x"], "headerAdditions": ["h"], "namespace": "x.y", "mine": { "__proto__": 1 } } -->\n\n# T\n\n<!-- uuid -->\n`,
    );
    expect(findings).toEqual([]);
    expect(read.annotation).toMatchObject({
      title: 't',
      keywords: 'a, b',
      tocIndex: 3,
      tocBookmarks: { 'A/B': '#c' },
      headerAdditions: ['h'],
      namespace: 'x.y',
      suppressions: [{ text: 'Error: x', place: { file: 'p.md', position: { start: { line: 2, column: 20 } } } }],
    });
    expect(Object.keys(read.annotation!.other!)).toEqual(['mine']);
    expect(read.title).toBe('T');
  });

  test('of several the last counts, the others are told, and suppressions of all stay', async () => {
    const one = (title: string): string =>
      `<!-- { "type": "#page.annotation", "title": "${title}", "suppressions": ["${title}"] } -->\n\n`;
    const { page: read, findings } = await page(`# T\n\n${one('a')}${one('b')}`);
    expect(findings).toEqual(['3:1 warning page/annotation']);
    expect(read.annotation!.title).toBe('b');
    expect(read.annotation!.suppressions.map(({ text }) => text)).toEqual(['a', 'b']);
  });

  test('what cannot be read is told at its place; leniencies are notes; inside code it is code', async () => {
    const annotation = (inner: string): string => `# T\n\n<!-- { "type": "#page.annotation", ${inner} } -->\n`;
    expect((await page(annotation('"title": "a" "b": 1'))).findings).toEqual(['3:49 warning page/annotation']);
    expect((await page(annotation('"suppressions": "x"'))).findings).toEqual(['3:52 warning page/annotation']);
    expect((await page(annotation("'title': 'a'"))).findings).toEqual([
      '3:36 note annotation/leniency',
      '3:45 note annotation/leniency',
    ]);
    const { page: read, findings } = await page(`# T\n\n\`\`\`\n${annotation('"x" 1')}\`\`\`\n`);
    expect([read.annotation, findings]).toEqual([undefined, []]);
  });

  test('it parts no annotation from its fence and is counted as none', async () => {
    const text = exchangePage('GET /me', ['HTTP/1.1 204 No Content']).replace(
      '```http\nGET',
      '<!-- { "type": "#page.annotation" } -->\n```http\nGET',
    );
    const { docset, findings } = await page(text);
    expect([docset.exchanges.length, findings]).toEqual([1, []]);
    expect(Object.keys(docset.coverage.annotations)).toEqual(['request', 'response']);
  });

  test('the namespace is that of the annotation, else of its line outside code, else of the first resource', async () => {
    const resource = '<!-- { "blockType": "resource", "@odata.type": "#r.s.thing" } -->\n```json\n{}\n```\n';
    const line = 'Namespace: a.b\n\n';
    const annotation = '<!-- { "type": "#page.annotation", "namespace": "x.y" } -->\n';
    const code = '```\nNamespace: no\n```\n\n';
    const namespace = async (text: string) => (await page(text)).page.namespace;
    expect(await namespace(code + line + resource + annotation)).toBe('x.y');
    expect(await namespace(code + line + resource)).toBe('a.b');
    expect(await namespace(code + resource)).toBe('r.s');
    expect(await namespace(code)).toBeUndefined();
  });
});

test.describe('front matter', () => {
  const fieldsOf = async (yaml: string) => {
    const { page: read, findings } = await page(`---\n${yaml}\n---\n# T\n`);
    return { fields: read.frontMatter?.fields.map(({ name, value }) => [name, value]), findings };
  };

  test('keys and scalars are read, whatever YAML writes them', async () => {
    expect(
      await fieldsOf('title: "A: b"\n# c\nms.date: 2020-01-01\nempty:\nlist:\n- a\n- b\nfolded: >\n  x\n  y'),
    ).toEqual({
      fields: [
        ['title', 'A: b'],
        ['ms.date', '2020-01-01'],
        ['empty', ''],
        ['list', '- a\n- b'],
        ['folded', 'x y\n'],
      ],
      findings: [],
    });
    expect((await page('---\r\ntitle: x\r\n---\r\n')).page.title).toBe('x');
  });

  test('lines read on their own say what the YAML parser says', async () => {
    const value = fc.oneof(
      fc.stringMatching(/^[ -~]{0,12}$/),
      fc.constantFrom(
        'null',
        '~',
        'x: y',
        'x #y',
        "'a''b'",
        '"a\\n"',
        '"a" b',
        '- a',
        '&a b',
        '*a',
        '!t x',
        '| ',
        'é ü',
        '.0',
        '1.0',
        'True',
        '0x1F',
      ),
    );
    await fc.assert(
      fc.asyncProperty(value, async (text) => {
        const alone = await fieldsOf(`key: ${text}`);
        const parsed = await fieldsOf(`key: ${text}\nforced: [1]`);
        if (alone.findings.length === 0)
          expect(parsed.fields?.filter(([name]) => name !== 'forced')).toEqual(alone.fields);
        // Where a text is not closed depends on what follows it.
        expect(parsed.findings).toHaveLength(alone.findings.length);
      }),
      { numRuns: 300 },
    );
  });

  test('what is no YAML is one error at its place, and plain lines are read all the same', async () => {
    const { fields, findings } = await fieldsOf('title: T\nbad: "x\ndoc_type: apiPageType\nx: [');
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(/^[2-6]:\d+ error page\/front-matter$/);
    expect(fields).toEqual([
      ['title', 'T'],
      ['doc_type', 'apiPageType'],
    ]);
    expect((await fieldsOf('a: 1\na: 2')).findings).toEqual(['3:1 error page/front-matter']);
    expect((await fieldsOf('just words')).findings).toEqual(['2:1 error page/front-matter']);
    expect((await fieldsOf(`x: ${'['.repeat(16_000)}`)).findings).toHaveLength(1);
    expect((await fieldsOf(`x: [\n${'y\n'.repeat(40_000)}]`)).findings).toEqual(['1:1 error page/front-matter']);
  });

  test('never closed, or below a blank line, it is told; a rule is none', async () => {
    expect((await page('---\ntitle: x\n# T\n')).findings).toEqual(['1:1 error page/front-matter']);
    expect((await page('\n---\ntitle: x\n---\n# T\n')).findings).toEqual(['2:1 error page/front-matter']);
    expect((await page('---\n\n# T\n')).findings).toEqual([]);
    expect((await page('# T\n\n---\ntitle: x\n')).findings).toEqual([]);
  });

  test('keys the config asks for are missed at the head, empty ones at the key; included files are no pages', async () => {
    const docset = await compilePages({
      'a.md': '---\ntitle:\nauthor: me\n---\n# A\n\n[!INCLUDE [x](inc/x.md)]\n',
      'b.md': '# B\n',
      'inc/x.md': 'text\n',
    });
    expect(brief(check(docset, { requiredFrontMatter: ['title', 'author'] }))).toEqual([
      '2:1 warning page/front-matter-empty',
      '1:1 error page/front-matter-missing',
      '1:1 error page/front-matter-missing',
    ]);
    expect(brief(check(docset))).toEqual([]);
  });
});

test.describe('tags', () => {
  const tagged = (tags: string, inner: string): string => `[TAGS=${tags}]\n\n${inner}\n\n[END]\n`;
  const exchange = exchangePage('GET /me', ['HTTP/1.1 204 No Content']);

  test('a block stays where one of its tags is selected; else its annotations are ignored and a note counts them', async () => {
    const text = `# T\n\n${tagged('a, B', exchange)}`;
    const kept = await page(text, ['b']);
    expect([kept.docset.exchanges.length, kept.findings]).toEqual([1, []]);
    expect(kept.docset.exchanges[0]!.request.block.line).toBe(9);
    const left = await page(text);
    expect([left.docset.exchanges.length, left.findings]).toEqual([0, ['3:1 note page/left-out']]);
    expect(left.docset.findings[0]!.reason).toBe('Unexpected tags `a`, `B`, not selected: 2 annotated blocks left out');
    expect(left.docset.coverage.annotations).toEqual({
      request: { found: 1, compiled: 0, ignored: 1, reported: 0 },
      response: { found: 1, compiled: 0, ignored: 1, reported: 0 },
    });
  });

  test('blocks nest, and what stands in an outer one is gone with it', async () => {
    const text = tagged('a', tagged('b', exchange));
    expect((await page(text)).findings).toEqual(['1:1 note page/left-out']);
    expect((await page(text, ['a'])).findings).toEqual(['3:1 note page/left-out']);
    expect((await page(text, ['A', 'b'])).docset.exchanges).toHaveLength(1);
    expect((await page(text, ['b'])).docset.exchanges).toHaveLength(0);
  });

  test('a mark without its other half is told and leaves nothing out; in code it is code', async () => {
    const { docset, findings } = await page(`[TAGS=a]\n\n${exchange}`);
    expect([docset.exchanges.length, findings]).toEqual([1, ['1:1 warning page/tags']]);
    expect((await page(`${exchange}\n[END]\n`)).findings).toEqual(['13:1 warning page/tags']);
    expect((await page('```\n[TAGS=a]\n```\n\n~~~~\n[END]\n~~~~\n')).findings).toEqual([]);
  });

  test('they hold in included files, and places stay', async () => {
    const docset = await compilePages({
      'p.md': `# T\n\n[!INCLUDE [x](inc.md)]\n\n${exchange}`,
      'inc.md': `---\na: b\n---\n${tagged('v2', exchange)}`,
    });
    expect(docset.exchanges.map(({ request }) => request.block.line)).toEqual([9]);
    expect(docset.findings.map(({ file, line, ruleId }) => `${file}:${line} ${ruleId}`)).toEqual([
      'inc.md:4 page/left-out',
    ]);
  });

  test('lines of authors’ comments (`>>`) part nothing; quotes, and what holds an annotation, are read', async () => {
    const between = (lines: string): string => exchange.replace('```http\nGET', `${lines}\n\`\`\`http\nGET`);
    expect((await page(between('\n>> a word to authors\n'))).docset.exchanges).toHaveLength(1);
    expect((await page(between('\n> a quote\n>> in a quote\n'))).findings).toContain('3:1 error annotation/unbound');
    const quoted = exchange.replaceAll(/^(?=.)/gm, '>> ');
    expect((await page(quoted)).docset.exchanges).toHaveLength(1);
  });

  test('any lines in, as many lines out, and every annotation is accounted for', async () => {
    const line = fc.constantFrom(
      '[TAGS=a]',
      '[TAGS=b,c]',
      '[END]',
      '> [END]',
      '```http',
      '```',
      'GET /me',
      '>> x',
      '> y',
      '',
      '<!-- { "blockType": "ignored" } -->',
      '<!-- { "blockType": "request" } -->',
      'text',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 20 }), async (lines) => {
        const written = lines.filter((each) => each.includes('blockType')).length;
        const { docset } = await page(lines.join('\n'), ['a']);
        const tallies = Object.values(docset.coverage.annotations);
        expect(tallies.reduce((sum, { found }) => sum + found, 0)).toBe(written);
        for (const { line: at } of docset.findings) expect(at).toBeLessThanOrEqual(Math.max(1, lines.length));
      }),
      { numRuns: 300 },
    );
  });
});

test.describe('fences without annotation', () => {
  const notes = async (text: string, docType = '') =>
    brief(check((await page(`---\ndoc_type: ${docType}\n---\n\n${text}`)).docset)).filter((line) =>
      line.includes('fence/unannotated'),
    );

  test('requests and responses in http are told, JSON on pages of an API or a resource', async () => {
    expect(await notes('```HTTP\nGET /me\n```\n\n```http\nHTTP/1.1 200 OK\n```\n')).toEqual([
      '6:1 note fence/unannotated',
      '10:1 note fence/unannotated',
    ]);
    expect(await notes('```http\nno request\n```\n\n```\nGET /me\n```\n\n```json\n{}\n```\n')).toEqual([]);
    expect(await notes('```json\n{}\n```\n', '"resourcePageType"')).toEqual(['6:1 note fence/unannotated']);
  });

  test('not what is borrowed, what stands in a tab of another language, and what a reported annotation is above', async () => {
    expect(
      await notes('```http\nGET /me\n```\n\n<!-- {"blockType":"response"} -->\n```http\nHTTP/1.1 204 X\n```\n'),
    ).toEqual([]);
    const tabs = (id: string): string => `# [X](#tab/${id})\n\n\`\`\`http\nGET /me\n\`\`\`\n\n---\n`;
    expect(await notes(tabs('csharp'))).toEqual([]);
    expect(await notes(tabs('http'))).toEqual(['8:1 note fence/unannotated']);
    expect(await notes('<!-- {"blockType":"request" "name":"m"} -->\n```http\nGET /me\n```\n')).toEqual([]);
  });
});

test.describe('outlines', () => {
  const heading = (level: number, title: string, more: object = {}) => ({ level, title, ...more });
  const outlineOf = (headers: readonly object[]) =>
    readOutlines({ apiPageType: [heading(1, '*', { required: true, headers })] }).outlines;
  const judged = async (headers: readonly object[], lines: string) => {
    const { docset } = await page(`---\ndoc_type: apiPageType\n---\n# T\n${lines}\n`);
    return brief(check(docset, { outline: outlineOf(headers) }));
  };
  const two = [heading(2, 'Permissions', { required: true }), heading(2, 'Request body')];

  test('case, spelling, absence, surplus and order each have their rule, on the words of the heading', async () => {
    expect(await judged(two, '## Permissions\n## Request body')).toEqual([]);
    expect(await judged(two, '## permissions ##')).toEqual(['5:4 error structure/heading-case']);
    expect(await judged(two, 'Permisions\n---')).toEqual(['5:1 error structure/heading-misspelt']);
    expect(await judged(two, '')).toEqual(['4:3 error structure/heading-missing']);
    expect(await judged(two, '## Permissions\n### Free\n## More\n## Permissions')).toEqual([
      '7:4 warning structure/heading-unexpected',
      '8:4 warning structure/heading-unexpected',
    ]);
    expect(await judged(two, '## Request body\n## Permissions')).toEqual(['5:4 warning structure/heading-order']);
  });

  test('stars stand for anything, several may fit one entry, and every alternative of an OR is tried', async () => {
    const examples = {
      condition: 'or',
      arguments: [
        heading(2, 'Example', { required: true }),
        heading(2, 'Examples', {
          required: true,
          headers: [heading(3, 'Example *', { multiple: true, required: true })],
        }),
      ],
    };
    expect(await judged([examples], '## Examples\n### Example 1\n### Example 2: more')).toEqual([]);
    expect(await judged([examples], '## Example\n### Anything')).toEqual([]);
    expect(await judged([examples], '## Exampel')).toEqual(['5:4 error structure/heading-misspelt']);
    expect(await judged([examples], '## Examples\n### example 1')).toEqual(['6:5 error structure/heading-case']);
    expect(await judged([examples], '## Examples')).toEqual(['5:4 error structure/heading-missing']);
    const { docset } = await page('---\ndoc_type: apiPageType\n---\n# T\n');
    expect(check(docset, { outline: outlineOf([examples]) })[0]!.reason).toBe(
      'Missing heading `## Example` or `## Examples`, expected under `T`',
    );
    const both = { condition: 'AND', arguments: two };
    expect(await judged([{ condition: 'OR', arguments: [heading(2, 'Other'), both] }], '## Permissions')).toEqual([]);
  });

  test('any headings in, findings only on lines of the page', async () => {
    const line = fc.constantFrom(
      '# A',
      '## Permissions',
      '## Permision',
      '## request body',
      '### Example 1',
      'text',
      '',
      '---',
      '# [C](#tab/c)',
      '## Example',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 15 }), async (lines) => {
        for (const each of await judged([...two, heading(2, 'Example'), heading(2, '*')], lines.join('\n')))
          expect(Number(each.split(':', 1)[0])).toBeLessThanOrEqual(lines.length + 5);
      }),
    );
  });

  test('what is no outline is told by pointer', () => {
    const faults = (value: unknown) => readOutlines(value).faults.map(({ pointer }) => pointer);
    expect(faults([])).toEqual(['']);
    expect(faults({ $schema: 'x' })).toEqual(['']);
    expect(faults({ a: [{ level: 9, title: 'x' }, { condition: 'XOR' }, { condition: 'OR' }, 1, {}] })).toEqual([
      '/a/0/level',
      '/a/1/condition',
      '/a/2/arguments',
      '/a/3',
      '/a/4',
    ]);
    expect(faults({ a: [{ Title: 'x', Headers: [{ TITLE: 'y' }], AllowMultiple: true }] })).toEqual([]);
  });
});

test.describe('tabs of examples', () => {
  const judged = async (lines: string) => {
    const { docset } = await page(`---\ndoc_type: apiPageType\n---\n# T\n## Examples\n${lines}\n`);
    const { outlines } = readOutlines({ apiPageType: [{ level: 1, title: '*' }] });
    return brief(check(docset, { outline: outlines }));
  };
  const tab = (name: string): string => `# [${name}](#tab/${name.toLowerCase()})\n\n`;

  test('each fault is told once, on a tab', async () => {
    expect(await judged(`${tab('HTTP')}x\n\n${tab('Go')}y\n\n---`)).toEqual([]);
    expect(await judged(`${tab('Go')}${tab('HTTP')}---`)).toEqual(['6:3 error structure/tabs']);
    expect(await judged(`${tab('HTTP')}---`)).toEqual(['6:3 error structure/tabs']);
    expect(await judged(`${tab('HTTP')}${tab('Go')}### Response\n\ntext`)).toEqual(['8:3 error structure/tabs']);
    expect(await judged(`${tab('HTTP')}### In it\n\n${tab('Go')}---`)).toEqual(['8:5 error structure/tabs']);
  });

  test('text right above the closing rule makes no heading of it', async () => {
    expect(await judged(`${tab('HTTP')}${tab('Go')}text\n---\n### Response`)).toEqual([]);
  });
});

test.describe('multipart', () => {
  const text = fc.stringMatching(/^[a-zA-Z0-9 :{}"\n-]{0,40}$/);
  const token = fc.stringMatching(/^[A-Za-z][\w-]{0,10}$/);

  test('what is written is read back, and written again it is the same', () => {
    const part = fc.record({
      headers: fc.array(fc.record({ name: token, value: token }), { maxLength: 3 }),
      body: text,
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.boolean(), (parts, quoted) => {
        const boundary = 'b=1_x';
        const written = writeMultipart({ boundary, parts: parts.map((each) => ({ ...each, at: 0, bodyAt: 0 })) });
        const { multipart, facts } = readMultipart(
          written,
          `multipart/mixed; boundary=${quoted ? `"${boundary}"` : boundary}`,
        );
        expect(facts).toEqual([]);
        expect(multipart!.parts.map(({ headers, body }) => ({ headers, body }))).toEqual(parts);
        expect(writeMultipart(multipart!)).toBe(written);
      }),
    );
  });

  test('any text in, never a crash, and facts stand on its lines', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (body, type) => {
        for (const { on } of readMultipart(body, type).facts)
          if (on !== 'header') expect(on).toBeLessThan(body.split(/\r\n?|\n/).length);
      }),
    );
  });

  test('a missing boundary is taken from the body or told at the header; a missing end is told', async () => {
    const findings = async (type: string, body: string) =>
      (await page(exchangePage(`POST /me\nContent-Type: ${type}\n\n${body}`, ['HTTP/1.1 204 No Content']))).findings;
    expect(await findings('multipart/mixed; boundary=x', '--x\nA: b\n\n1\n--x--')).toEqual([]);
    expect(await findings('multipart/mixed', '--x\nA: b\n\n1\n--x--')).toEqual(['6:1 note http/recovered']);
    expect(await findings('multipart/mixed', 'text')).toEqual(['6:1 error http/unreadable']);
    expect(await findings('multipart/mixed; boundary=x', '--x\nA: b\n\n1')).toEqual(['8:1 note http/recovered']);
    expect(await findings('multipart/mixed; boundary=x', '--y\n1\n--y--')).toEqual(['8:1 error http/unreadable']);
  });
});

test('kinds that carry nothing to replay are understood, and examples are facts of the page', async () => {
  const block = (comment: object, fence = '```\nx\n```'): string => `<!-- ${JSON.stringify(comment)} -->\n${fence}\n\n`;
  const {
    docset,
    page: read,
    findings,
  } = await page(
    [
      block({ blockType: 'simulatedResponse' }, '```http\nHTTP/1.1 200 OK\n```'),
      block({ blockType: 'testParams' }, '```json\n[]\n```'),
      block({ blockType: 'samples' }, '```\nGET /me\n```'),
      '<!-- {"blockType": "permissions", "name": "p", "requestUrls": ["/me"], "mergePermissions": true} -->\n\n| A |\n|---|\n\n',
      block({ blockType: 'example', '@odata.type': 'Collection(a.b)' }, '```\n{ "value": [] }\n```'),
      block({ blockType: 'example' }),
    ].join(''),
  );
  expect([docset.exchanges.length, findings]).toEqual([0, []]);
  expect(Object.values(docset.coverage.annotations).reduce((sum, { ignored }) => sum + ignored, 0)).toBe(6);
  expect(read.examples).toMatchObject([
    { type: 'a.b', isCollection: true, text: '{ "value": [] }', block: { file: 'p.md', line: 23 } },
    { isCollection: false, text: 'x' },
  ]);
});
