import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { brief, compilePages, exchangeOf, exchangePage } from './docs.ts';

const PAIR = exchangePage('GET /me', ['HTTP/1.1 204 No Content']);

test.describe('annotations bind to the code block that follows', () => {
  const page = (between: string, open = '```http', close = '```'): string =>
    `# T\n\n<!-- { "blockType": "request", "name": "m" } -->${between}${open}\nGET /me\n${close}\n\n<!-- { "blockType": "response" } -->\n\`\`\`http\nHTTP/1.1 204 No Content\n\`\`\`\n`;
  for (const [what, text] of [
    ['on the next line', page('\n')],
    ['after blank lines', page('\n\n\n\n')],
    ['with another comment in between', page('\n<!-- markdownlint-disable -->\n')],
    ['with a tab heading in between', page('\n# [HTTP](#tab/http)\n')],
    ['with an alert mark in between', page('\n> [!NOTE]\n')],
    ['that opens on the line of the comment', page(' ')],
    ['of tildes', page('\n', '~~~http', '~~~')],
    ['closed by more marks', page('\n', '```http', '`````')],
    ['of another language', page('\n', '```msgraph-interactive')],
    ['without a language', page('\n', '```')],
    ['after text without a blank line', `text\n${page('\n').slice(5)}`],
    [
      'in a list',
      page('\n')
        .split('\n')
        .map((line, index) => (index === 0 ? line : index === 2 ? `1. ${line}` : line && `   ${line}`))
        .join('\n'),
    ],
    [
      'in a quote',
      page('\n')
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n'),
    ],
    [
      'in a quote, over several lines',
      page('\n')
        .replace('{ "blockType": "request", ', '{\n  "blockType": "request",\n  ')
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n'),
    ],
    ['with CRLF line ends', page('\n').replaceAll('\n', '\r\n')],
  ] as const)
    test(what, async () => {
      const { exchanges, findings } = await compilePages({ 't.md': text });
      expect(
        exchanges.map(({ id, request, responses }) => [id, request.method, request.url, responses[0]?.status]),
      ).toEqual([['t#m', 'GET', '/me', 204]]);
      // Of the fence itself a rule of its own speaks.
      expect(brief(findings.filter(({ ruleId }) => ruleId !== 'fence/language'))).toEqual([]);
    });

  for (const [what, text] of [
    ['text', page('\n\nSome text.\n\n')],
    ['a heading', page('\n\n## Heading\n\n')],
    ['a table', page('\n\n|a|\n|-|\n|b|\n\n')],
    ['text after the comment', page(' trailing\n')],
    ['another annotation', page('\n<!-- { "blockType": "request", "name": "n" } -->\n')],
  ] as const)
    test(`not across ${what}: reported at the comment`, async () => {
      const { findings, coverage } = await compilePages({ 't.md': text });
      expect(brief(findings)).toContain('3:1 error annotation/unbound');
      expect(coverage.annotations.request!.reported).toBe(1);
    });
});

test('an annotation in code is a note, one that an open fence swallows a warning', async () => {
  const inCode = await compilePages({ 't.md': '```md\n<!-- { "blockType": "request" } -->\n```\n' });
  expect(brief(inCode.findings)).toEqual(['2:1 note annotation/in-code']);
  const open = await compilePages({ 't.md': `\`\`\`md\n\n${PAIR.replaceAll('```', '~~~')}` });
  expect(brief(open.findings)).toEqual([
    '1:1 warning fence/unclosed',
    '5:1 warning annotation/in-open-fence',
    '10:1 warning annotation/in-open-fence',
  ]);
  expect(open.coverage.annotations).toEqual({
    request: { found: 1, compiled: 0, ignored: 0, reported: 1 },
    response: { found: 1, compiled: 0, ignored: 0, reported: 1 },
  });
});

test('an annotation shown in a fence of more marks, or in `code`, is a note; one in a fence that another opens in, a warning', async () => {
  const shown = await compilePages({
    't.md': `\`\`\`\`md\n${PAIR}\`\`\`\`\n\nWrite \`<!-- { "blockType": "reqest" } -->\` above it.\n`,
  });
  expect(brief(shown.findings)).toEqual([
    '4:1 note annotation/in-code',
    '9:1 note annotation/in-code',
    '15:8 note annotation/in-code',
  ]);
  const swallowed = await compilePages({ 't.md': `\`\`\`text\nnever closed\n\n${PAIR.slice(PAIR.indexOf('<!--'))}` });
  expect(brief(swallowed.findings)[0]).toBe('4:1 warning annotation/in-open-fence');
  const old = await compilePages({ 't.md': PAIR.replaceAll('\n', '\r') });
  expect([brief(old.findings), old.exchanges.length]).toEqual([[], 1]);
});

test('an annotation that is not JSON is an error at the spot, and the next page goes through', async () => {
  const { findings, exchanges, coverage } = await compilePages({
    'a.md': '<!-- { "blockType": "request" "name": "m" } -->\n```http\nGET /\n```\n',
    'b.md': PAIR,
  });
  expect(findings.map(({ file, line, column, ruleId, reason }) => [file, line, column, ruleId, reason])).toEqual([
    ['a.md', 1, 31, 'annotation/unreadable', 'Unexpected `"`, expected `,` or `}`'],
  ]);
  expect(exchanges.map(({ id }) => id)).toEqual(['b#one']);
  expect(coverage.annotations.request).toEqual({ found: 2, compiled: 1, ignored: 0, reported: 1 });
});

test('an unknown blockType is an error that guesses', async () => {
  const { findings } = await compilePages({ 't.md': '<!-- { "blockType": "reqest" } -->\n```http\nGET /\n```\n' });
  expect(brief(findings)).toEqual(['1:21 error annotation/block-type']);
  expect(findings[0]!.note).toBe('Did you mean `request`?');
});

test('pages that are not UTF-8 are read as far as they go', async () => {
  const bytes = new TextEncoder().encode(PAIR.replace('# Page', '# Pag?'));
  bytes[5] = 0xe9;
  const latin = await compilePages({ 't.md': bytes });
  expect(brief(latin.findings)).toEqual(['1:6 error page/encoding']);
  expect(latin.exchanges).toHaveLength(1);
  const utf16 = new Uint8Array([0xff, 0xfe, ...[...PAIR].flatMap((char) => [char.charCodeAt(0), 0])]);
  const wide = await compilePages({ 't.md': utf16 });
  expect(brief(wide.findings)).toEqual(['1:1 error page/encoding']);
  expect(wide.exchanges).toHaveLength(1);
});

test.describe('pairing', () => {
  const request = (name?: string, url = '/me'): string =>
    `<!-- ${JSON.stringify({ blockType: 'request', name })} -->\n\`\`\`http\nGET ${url}\n\`\`\`\n`;
  const response = (status: number, name?: string): string =>
    `<!-- ${JSON.stringify({ blockType: 'response', name })} -->\n\`\`\`http\nHTTP/1.1 ${status} Phrase\n\`\`\`\n`;
  const ignored = (url: string): string => `<!-- { "blockType": "ignored" } -->\n\`\`\`http\nGET ${url}\n\`\`\`\n`;
  const pairs = async (...blocks: string[]): Promise<unknown> => {
    const { exchanges, findings } = await compilePages({ 't.md': blocks.join('\n') });
    return {
      pairs: exchanges.map(
        ({ id, request: { url }, responses }) => `${id} ${url} ${responses.map(({ status }) => status).join()}`,
      ),
      findings: brief(findings),
    };
  };

  test('by name, in any order', async () => {
    expect(await pairs(request('a'), request('b', '/b'), response(202, 'b'), response(204, 'a'))).toEqual({
      pairs: ['t#a /me 204', 't#b /b 202'],
      findings: [],
    });
    expect(await pairs(response(204, 'a'), request('a'))).toEqual({ pairs: ['t#a /me 204'], findings: [] });
  });
  test('without a name, the nearest request before', async () => {
    expect(await pairs(request(), response(204), request(undefined, '/you'), response(200))).toEqual({
      pairs: ['t#1 /me 204', 't#2 /you 200'],
      findings: [],
    });
  });
  test('several responses to one request', async () => {
    expect(await pairs(request('a'), response(200, 'a'), response(404, 'a'))).toEqual({
      pairs: ['t#a /me 200,404'],
      findings: [],
    });
  });
  test('twin requests with one answer', async () => {
    expect(await pairs(request('a', '/a'), request('b', '/b'), response(200))).toEqual({
      pairs: ['t#a /a 200', 't#b /b 200'],
      findings: [],
    });
  });
  test('an ignored request is not jumped over, and annotated twins before it share its answer', async () => {
    expect(await pairs(request('a', '/a'), response(204), ignored('/b'), response(418))).toEqual({
      pairs: ['t#a /a 204', 't#2 /b 418'],
      findings: ['16:1 note pairing/borrowed-request'],
    });
    expect(await pairs(request('a', '/a'), ignored('/b'), response(418))).toEqual({
      pairs: ['t#a /a 418', 't#2 /b 418'],
      findings: ['11:1 note pairing/borrowed-request'],
    });
  });
  test('nothing without a partner is silent', async () => {
    expect(await pairs(response(200))).toEqual({ pairs: [], findings: ['1:1 warning pairing/no-request'] });
    expect(await pairs(request('a'))).toEqual({ pairs: [], findings: ['1:36 warning pairing/no-response'] });
  });
  test('a name used again is told at each later place', async () => {
    const { findings, exchanges } = await compilePages({ 'a.md': PAIR, 'b.md': PAIR });
    expect(findings.map(({ file, line, reason }) => [file, line, reason])).toEqual([
      ['b.md', 3, 'Unexpected name `one`, used first at a.md:3'],
    ]);
    expect(exchanges.map(({ id }) => id)).toEqual(['a#one', 'b#one']);
  });
});

test.describe('HTTP text', () => {
  test('a version after or before the URL, blanks in the URL, none at all', async () => {
    for (const [line, url] of [
      ['GET /me HTTP/2', '/me'],
      ['GET https://a.b/c?$select=id, name HTTP/1.1', 'https://a.b/c?$select=id, name'],
      ['GET /users/{id | name}', '/users/{id | name}'],
    ] as const)
      expect((await exchangeOf(line, ['HTTP/2 200'])).request.url).toBe(url);
  });
  test('a missing blank line, `Name:value`, a backslash: read, with a note where they stand', async () => {
    const { exchanges, findings } = await compilePages({
      't.md': exchangePage('POST /a\\b\nContent-Type:application/json\n{ "a": 1 }', ['204 No Content']),
    });
    expect(exchanges[0]!.request).toMatchObject({
      url: '/a\\b',
      readAs: '/a/b',
      headers: [{ name: 'Content-Type', value: 'application/json', at: 1 }],
      body: { kind: 'json', at: 2, text: '{ "a": 1 }' },
    });
    expect(brief(findings)).toEqual([
      '5:8 note http/recovered',
      '6:13 note http/recovered',
      '7:1 note http/recovered',
      '12:1 note http/recovered',
    ]);
  });
  test('what is no request or response is an error at its line', async () => {
    for (const text of ['hello world', '{ "a": 1 }', 'GET', 'GET HTTP/1.1'])
      expect(brief((await compilePages({ 't.md': exchangePage(text, ['HTTP/1.1 200 OK']) })).findings)).toContain(
        '5:1 error http/unreadable',
      );
    expect(brief((await compilePages({ 't.md': exchangePage('GET /', ['HTTP/1.1 2xx OK']) })).findings)).toContain(
      '10:1 error http/unreadable',
    );
  });
  test('what kind of body a block holds', async () => {
    for (const [text, kind] of [
      ['Content-Type: application/json\n\n{}', 'json'],
      ['\n{ "a": 1 }', 'json'],
      ['Content-Type: text/plain\n\nhi', 'text'],
      ['Content-Type: application/octet-stream\n\n<bytes 0-25 of the file>', 'placeholder'],
      ['Content-Type: multipart/related; boundary=x\n\n--x\n\n--x--', 'multipart'],
      ['\n\n', 'empty'],
    ] as const)
      expect((await exchangeOf(`POST /\n${text}`, ['HTTP/1.1 200 OK'])).request.body.kind, text).toBe(kind);
  });
});

test('a prose edit moves the lines of a fixture and nothing else', async () => {
  const { fixtures: before } = await compilePages({ 't.md': PAIR });
  const { fixtures: after } = await compilePages({ 't.md': PAIR.replace('# Page', '# Page\n\nMore prose.') });
  const lineless = (fixture: unknown): string =>
    JSON.stringify(fixture, (key, value: unknown) => (key === 'line' ? 0 : value));
  expect(lineless([...after])).toBe(lineless([...before]));
  expect(JSON.stringify([...after])).not.toBe(JSON.stringify([...before]));
});

test('includes are expanded at any depth; missing and cyclic ones are told', async () => {
  const block = PAIR.slice(PAIR.indexOf('<!--'));
  const { exchanges, findings } = await compilePages({
    'a/page.md': '# T\n\n[!INCLUDE [x](../inc/one.md)]\n',
    'inc/one.md': '---\ntitle: x\n---\n[!INCLUDE [y](two)]\n',
    'inc/two.md': block,
  });
  expect(exchanges.map(({ id, request }) => [id, request.block])).toEqual([
    ['a/page#one', { file: 'inc/two.md', line: 3 - 1 + 1, indent: 0 }].map((part) =>
      typeof part === 'string' ? part : { ...part, line: 3 },
    ),
    ['inc/one#one', { file: 'inc/two.md', line: 3, indent: 0 }],
    ['inc/two#one', { line: 3, indent: 0 }],
  ]);
  expect(brief(findings)).toEqual([]);
  const bad = await compilePages({
    'a.md': '[!INCLUDE [x](b.md)]\n\n[!INCLUDE [y](c.md)]\n',
    'b.md': '[!INCLUDE [x](a.md)]\n',
  });
  expect(bad.findings.map(({ file, line, ruleId }) => [file, line, ruleId])).toEqual([
    ['a.md', 1, 'include/cycle'],
    ['a.md', 3, 'include/missing'],
    ['b.md', 1, 'include/cycle'],
  ]);
});

test('any text compiles, each annotation accounted for, findings inside the page', async () => {
  const pieces = fc.array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          '<!-- { "blockType": "request", "name": "m" } -->',
          '<!-- { "blockType": "response" } -->',
          '<!-- { "blockType": "resource", "@odata.type": "a.b" } -->',
          '<!-- { "blockType" -->',
          '<!--',
          '-->',
        ),
      },
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          '```http',
          '```',
          '~~~',
          'GET /me',
          'HTTP/1.1 200 OK',
          '{ "a": 1 }',
          '| a | b |',
          '|--|--|',
          '# H',
          '> ',
          '- ',
          '1. ',
          '    ',
          '---',
          '[!INCLUDE [x](t.md)]',
          '[a](b.md#c)',
        ),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    ),
    { maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(pieces, fc.constantFrom('\n', '\r\n', '\r'), async (parts, end) => {
      const text = parts.join(end);
      const { findings, coverage } = await compilePages({ 't.md': text });
      const lines = text.split(/\r\n?|\n/);
      for (const { line, column } of findings) {
        expect(line >= 1 && line <= lines.length, `line ${line}`).toBe(true);
        expect(column >= 1 && column <= lines[line - 1]!.length + 1, `column ${column} of line ${line}`).toBe(true);
      }
      for (const { found, compiled, ignored, reported } of Object.values(coverage.annotations))
        expect(compiled + ignored + reported).toBe(found);
    }),
    { numRuns: 300 },
  );
});

test('what a file says of itself is told once, whoever includes it and however often', async () => {
  const twice = '[!INCLUDE [a](a.md)]\n\n[!INCLUDE [a](a.md)]\n';
  const own = '[!INCLUDE [x](gone.md)]\n';
  const { findings } = await compilePages({ 'a.md': own, 'b.md': twice, 'c.md': twice, 'd.md': own });
  expect(findings.map(({ file, line, ruleId }) => `${file}:${line} ${ruleId}`)).toEqual([
    'a.md:1 include/missing',
    'd.md:1 include/missing',
  ]);
});
