import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { annotate } from '../compile/annotate/index.ts';
import { compile } from '../compile/index.ts';
import { inserted, unifiedDiff } from '../compile/annotate/patch.ts';
import { page, workspace, type Workspace } from './workspace.ts';

const PLAIN = `# Notes

## Get a note

\`\`\`http
GET https://api.example.com/notes/1
\`\`\`

\`\`\`http
HTTP/1.1 200 OK
Content-Type: application/json

{ "id": "1" }
\`\`\`
`;

let space: Workspace;
test.beforeEach(() => {
  space = workspace();
});
test.afterEach(() => space.remove());

const run = (...words: string[]) => space.cli(['init', ...words]);
const has = (file: string) => existsSync(path.join(space.folder, file));

test.describe('init', () => {
  test('finds the docs, writes a config that loads, and says what comes next', async () => {
    space.write('api/reference/a.md', page('A'));
    space.write('api/reference/b.md', '# B\n');
    space.write('README.md', '# Readme\n');
    space.write('test/x.md', page('X'));
    const { code, stdout, stderr } = await run();
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('Written: docwright.config.mjs');
    expect(stderr).toContain('Docs: api/reference (2 pages, 1 with annotations or examples)');
    expect(stderr).toContain('Next: docwright run');
    expect(space.read('docwright.config.mjs')).toContain("docs: 'api/reference'");
    expect(await space.cli(['run'])).toMatchObject({ code: 0 });
    expect(has('fixtures/a.json')).toBe(true);
  });

  test('writes TypeScript where TypeScript is about', async () => {
    space.write('tsconfig.json', '{}');
    space.write('docs/a.md', page('A'));
    expect((await run()).stderr).toContain('docwright.config.ts');
    expect(space.read('docwright.config.ts')).toContain('satisfies Config');
    expect(await space.cli(['check'])).toMatchObject({ code: 0 });
  });

  test('imports defineConfig where docwright is installed', async () => {
    space.write('docs/a.md', page('A'));
    space.write('node_modules/docwright/package.json', '{ "name": "docwright", "exports": "./index.mjs" }');
    space.write('node_modules/docwright/index.mjs', 'export const defineConfig = (config) => config;');
    await run();
    expect(space.read('docwright.config.mjs')).toContain("import { defineConfig } from 'docwright';");
    expect(await space.cli(['check'])).toMatchObject({ code: 0 });
  });

  test('leaves a config alone, whatever its ending, and names it', async () => {
    space.write('docwright.config.json', '{ "docs": "docs" }');
    const { code, stderr } = await run();
    expect(code).toBe(2);
    expect(stderr).toContain('docwright.config.json');
    expect(has('docwright.config.mjs')).toBe(false);
  });

  test('does not take folders that belong to others', async () => {
    space.write('docs/a.md', page('A'));
    space.write('fixtures/people.json', '[]');
    await space.cli(['compile', '--fixtures', 'kept']);
    await run();
    expect(space.read('docwright.config.mjs')).toContain("fixtures: 'fixtures/docwright'");
    expect(space.read('docwright.config.mjs')).toContain("reports: 'reports'");
  });

  test('takes folders with hostile names as they are', async () => {
    const name = `it's "docs" [x]`;
    space.write(`${name}/a.md`, page('A'));
    await run();
    expect(await space.cli(['compile'])).toMatchObject({ code: 0 });
    expect(has('fixtures/a.json')).toBe(true);
  });

  test('refuses what makes no sense', async () => {
    expect(await run('--write')).toMatchObject({ code: 2, stderr: expect.stringContaining('--annotate') });
    expect(await run('a.md')).toMatchObject({ code: 2, stderr: expect.stringContaining('--annotate') });
    expect(await space.cli(['run', '--annotate'])).toMatchObject({ code: 2 });
  });
});

test.describe('init --annotate', () => {
  test('prints a patch and leaves the pages alone; --write edits them; then nothing is left to do', async () => {
    space.write('docs/notes.md', PLAIN);
    const { code, stdout } = await run('--annotate');
    expect(code).toBe(0);
    expect(stdout).toContain('+<!-- { "blockType": "request", "name": "get_a_note" } -->\n');
    expect(stdout).toContain('+<!-- { "blockType": "response", "name": "get_a_note" } -->\n');
    expect(space.read('docs/notes.md')).toBe(PLAIN);
    expect(await run('--annotate', '--write')).toMatchObject({ code: 0, stdout: '' });
    await space.cli(['compile']);
    expect(space.report().exchanges).toMatchObject([{ id: 'notes#get_a_note', expected: { status: 200 } }]);
    expect(space.report().coverage.annotations).toMatchObject({
      request: { found: 1, compiled: 1 },
      response: { found: 1, compiled: 1 },
    });
    const again = await run('--annotate', '--write');
    expect(again).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('Nothing to annotate') });
  });

  test('`git apply` and `patch -p1` take the patch, whatever the names and line ends', async () => {
    test.skip(spawnSync('patch', ['--version']).status !== 0, 'not on a machine without `patch`');
    const quoted = PLAIN.replaceAll('\n', '\n> ').trim();
    const pages: Record<string, string> = {
      'docs/with blanks.md': PLAIN,
      'docs/crlf.md': PLAIN.replaceAll('\n', '\r\n'),
      'docs/no-final.md': PLAIN.trimEnd(),
      'docs/mark.md': `\ufeff${PLAIN.replaceAll('\n', '\r\n')}`,
      'docs/mark-first.md': `\ufeff${PLAIN.slice(PLAIN.indexOf('```'))}`,
      'docs/quoted.md': quoted,
      'docs/list.md': '1. ```\n   GET /a\n   ```\n2. ```http\n   HTTP/1.1 204 No Content\n   ```\n',
      'docs/tab\tquote".md': PLAIN,
      'docs/ümlaut 漢字 🙂.md': PLAIN,
      'docs/two.md': `${PLAIN}${'\nText.\n'.repeat(3)}${PLAIN.replaceAll('Get a', 'Get another')}`,
    };
    for (const [file, text] of Object.entries(pages)) space.write(file, text);
    const { stdout, stderr } = await run('--annotate');
    expect(stderr).toContain('The patch annotates 11 exchanges in 10 pages');
    const outcomes = new Map<string, string[]>();
    for (const [tool, ...words] of [
      ['git', 'apply'],
      ['patch', '-p1'],
    ]) {
      const folder = path.join(space.folder, tool!);
      mkdirSync(path.join(folder, 'docs'), { recursive: true });
      for (const file of Object.keys(pages)) copyFileSync(path.join(space.folder, file), path.join(folder, file));
      const applied = spawnSync(tool!, words, { cwd: folder, input: stdout, encoding: 'utf8' });
      expect(applied.status, `${applied.stdout}${applied.stderr}`).toBe(0);
      outcomes.set(
        tool!,
        Object.keys(pages).map((file) => readFileSync(path.join(folder, file), 'utf8')),
      );
    }
    await run('--annotate', '--write');
    const written = Object.keys(pages).map((file) => space.read(file));
    expect(outcomes.get('git')).toEqual(written);
    expect(outcomes.get('patch')).toEqual(written);
    for (const [at, text] of Object.values(pages).entries()) {
      // Without the comments and what was put before the fences again, all is as it was.
      expect(written[at]!.replace(/<!-- [^\r\n]* -->[\r\n]+[> ]*/g, '')).toBe(text);
    }
  });

  test('keeps permissions, and reaches nothing through a link or outside the working directory', async () => {
    const outside = workspace({ 'far.md': PLAIN });
    try {
      space.write('docs/a.md', PLAIN);
      chmodSync(path.join(space.folder, 'docs/a.md'), 0o640);
      symlinkSync(path.join(outside.folder, 'far.md'), path.join(space.folder, 'docs/link.md'));
      const { stderr } = await run('--annotate', '--write');
      expect(stderr).toContain('the page is reached by a link');
      expect(statSync(path.join(space.folder, 'docs/a.md')).mode & 0o777).toBe(0o640);
      expect(outside.read('far.md')).toBe(PLAIN);
      const far = await run('--annotate', '--write', '--docs', outside.folder);
      expect(far.stderr).toContain('does not lie below the working directory');
      expect(outside.read('far.md')).toBe(PLAIN);
    } finally {
      outside.remove();
    }
  });

  test('pages can be chosen', async () => {
    space.write('docs/a.md', PLAIN);
    space.write('docs/b.md', PLAIN);
    const { stdout } = await run('--annotate', 'docs/b.md');
    expect(stdout).toContain('+++ b/docs/b.md');
    expect(stdout).not.toContain('docs/a.md');
  });

  test('names are unique in the docs, also against those that are there', async () => {
    space.write('docs/a.md', page('A', { name: 'get_a_note' }));
    space.write('docs/b.md', PLAIN);
    space.write('docs/c.md', PLAIN);
    await run('--annotate', '--write');
    await space.cli(['compile']);
    const names = space.report().exchanges.map(({ id }) => id.split('#')[1]);
    expect(names).toEqual(['get_a_note', 'get_a_note_2', 'get_a_note_3']);
    expect(space.report().findings.filter(({ ruleId }) => ruleId === 'pairing/duplicate-name')).toEqual([]);
  });

  test('the hint of a run names it', async () => {
    space.write('docs/a.md', PLAIN);
    expect((await space.cli(['run'])).stderr).toContain('docwright init --annotate');
  });
});

const fence = (text: string, language = 'http') => `\`\`\`${language}\n${text}\n\`\`\`\n\n`;
const GET = fence('GET /notes/1');
const OK = fence('HTTP/1.1 200 OK');

for (const [what, text, reasons] of [
  ['a request without an answer', `# T\n\n${GET}`, ['no response follows before the next request']],
  ['an answer in JSON alone', `# T\n\n${GET}${fence('{}', 'json')}`, ['only a `json` fence without a status line']],
  ['an answer to nothing', `# T\n\n${OK}`, ['no request stands before it']],
  [
    'an answer under a heading of its own',
    `# T\n\n## Get\n\n${GET}## Delete\n\n${OK}`,
    ['is not sure', 'under another heading'],
  ],
  ['several requests in one fence', `# T\n\n${fence('GET /a\nGET /b')}${OK}`, ['', 'pairing']],
  [
    'request and response in one fence',
    `# T\n\n${fence('GET /a\n\nHTTP/1.1 200 OK')}`,
    ['it holds a request and a response'],
  ],
  ['what cannot be read', `# T\n\n${fence('GET /a\nno header')}${OK}`, ['expected a header', 'pairing']],
  ['indented code', `# T\n\n    GET /a\n\nText\n\n${OK}`, ['it is indented', 'pairing']],
  ['a fence that is never closed', `# T\n\n${GET}\`\`\`http\nHTTP/1.1 200 OK\n`, ['is not sure', 'never closed']],
  ['another language', `# T\n\n${fence('GET /a', 'python')}${OK}`, ['the fence is `python`', 'pairing']],
  [
    'an annotation that cannot be read',
    `# T\n\n<!-- { "blockType": "request", -->\n${GET}${OK}`,
    ['cannot be read', 'pairing'],
  ],
  ['an ignored request', `# T\n\n<!-- { "blockType": "ignored" } -->\n${GET}${OK}`, ['ignored or answered already']],
  ['a second answer to an annotated exchange', `${page('T')}\n${OK}`, ['ignored or answered already']],
] as const) {
  test(`is not sure of ${what}`, async () => {
    space.write('docs/a.md', text);
    const { code, stdout, stderr } = await run('--annotate');
    expect([code, stdout]).toEqual([0, '']);
    const told = stderr.split('\n').filter((line) => line.includes('not annotated'));
    expect(told).toHaveLength(reasons.length);
    for (const [at, reason] of reasons.entries()) expect(told[at]).toContain(reason);
    expect(stderr).toMatch(/^docs\/a\.md:\d+ {2}/m);
  });
}

test('is not sure of pages that others include', async () => {
  space.write('docs/a.md', '# A\n\n[!INCLUDE [x](part.md)]\n');
  space.write('docs/part.md', PLAIN);
  const { stdout, stderr } = await run('--annotate');
  expect(stdout).toBe('');
  expect(stderr).toContain('`docs/a.md` includes this page');
});

test('a request that is annotated gets the answer it lacks', async () => {
  space.write('docs/a.md', `# T\n\n<!-- { "blockType": "request", "name": "one" } -->\n${GET}${OK}`);
  const { stdout } = await run('--annotate');
  expect(stdout.match(/^\+<.*$/gm)).toEqual(['+<!-- { "blockType": "response", "name": "one" } -->']);
});

test('any page of fences is annotated by insertions alone, reads as meant, and is done then', async () => {
  const prefix = fc.constantFrom('', '', '> ', '- ', '1. ', '  ', '> - ');
  const block = fc.record({
    prefix,
    text: fc.constantFrom('GET /a', 'POST /b\n\n{"a": 1}', 'HTTP/1.1 200 OK', 'HTTP/1.1 204', '{}', 'GET /a\nGET /b'),
    mark: fc.constantFrom('```http', '~~~', '```json'),
    before: fc.constantFrom('', 'Text\n\n', '## Get it\n\n', '<!-- { "blockType": "ignored" } -->\n'),
  });
  const pages = fc.tuple(
    fc.array(block, { maxLength: 8 }),
    fc.constantFrom('\n', '\r\n', '\r'),
    fc.constantFrom('', '\ufeff'),
  );
  await fc.assert(
    fc.asyncProperty(pages, async ([blocks, end, mark]) => {
      const text = blocks.map((each) => {
        const rest = each.prefix.replace(/[-\d.]/g, ' ');
        const lines = [each.mark, ...each.text.split('\n'), each.mark.slice(0, 3)];
        return each.before + lines.map((line, at) => (at === 0 ? each.prefix : rest) + line).join('\n');
      });
      const written = mark + `# T\n\n${text.join('\n\n')}`.replaceAll('\n', end);
      const read = async (content: string) => {
        const sources = [{ file: 'a.md', page: 'a.md', content: new TextEncoder().encode(content) }];
        const docset = await compile(sources, { readFile: () => undefined });
        return { docset, ...(await annotate(sources, docset, { readFile: () => undefined })) };
      };
      const first = await read(written);
      const [edit] = first.edits;
      if (!edit) return;
      expect(edit.text).toBe(written);
      const after = inserted(written, edit.insertions);
      const second = await read(after);
      expect(second.docset.exchanges).toHaveLength(first.docset.exchanges.length + edit.exchanges);
      expect(second.edits).toEqual([]);
      expect(second.docset.annotations.get('a.md')!.request!.reported).toBe(0);
    }),
    { numRuns: 150 },
  );
});

test('any insertions make a patch that git takes', () => {
  const folder = path.join(space.folder, 'tree');
  mkdirSync(folder);
  const line = fc.constantFrom('', 'a', 'b\r', '-- x', '@@', '\\ No newline', '\ufeff');
  const texts = fc.array(line, { minLength: 1, maxLength: 30 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(texts, fc.array(fc.nat(100), { minLength: 1, maxLength: 4 }), (text, offsets) => {
      fc.pre(text !== '');
      const insertions = [...new Set(offsets.map((offset) => offset % text.length))].map((offset) => ({
        offset,
        text: 'new\n',
      }));
      space.write('tree/x.md', text);
      const input = unifiedDiff('x.md', text, insertions);
      const { status, stderr } = spawnSync('git', ['apply'], { cwd: folder, input, encoding: 'utf8' });
      expect(status, `${stderr}\n${input}`).toBe(0);
      expect(space.read('tree/x.md')).toBe(inserted(text, insertions));
    }),
    { numRuns: 60 },
  );
});
