import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { corpusMissing, layOutCorpus } from '../bench/corpus.ts';
import { unifiedDiff } from '../files/diff.ts';
import { replaceBytes } from '../files/edit.ts';
import { edited } from '../files/edited.ts';
import { editOf } from '../model/fix.ts';
import { readJson } from '../model/json.ts';
import { rules, type RuleId } from '../model/rules.ts';
import { runBuilt } from './built.ts';
import { brief } from './docs.ts';
import { findingsIn, mendedPages } from './mended.ts';
import { PAGES, type Faults } from './planted-edit.ts';
import { MESSAGE_FAULTS } from './planted-messages.ts';
import { PAGE_FAULTS } from './planted-pages.ts';
import { RESOURCE_FAULTS } from './planted-resources.ts';
import { readRulePage, rulePageText } from './rule-pages.ts';
import { repository } from './repository.ts';
import { workspace, type Workspace } from './workspace.ts';

/** A page with one of each that can be fixed, and the same page fixed. */
const BROKEN = `# Notes

See [the note](Note.md), [its parts](note.md#the-parts_), [the old one](gone/moved-note.md).

<!-- {
  blockType: 'request',
  "name": "get_note",
} -->

\`\`\`http
POST https://api.example.com/notes
Content-Type: application/json
Content-Length: 7
{
  "text": 'it\\'s "odd"',\u00a0
  "tags": ["a",],
}
\`\`\`

<!-- { "blockType": "respose" } -->

\`\`\`http
HTTP/1.1 201 Created
Content-Type: application/json

{
  "id": "7"
}
\`\`\`
`;
const FIXED = `# Notes

See [the note](note.md), [its parts](note.md#the-parts), [the old one](new/moved-note.md).

<!-- {
  "blockType": "request",
  "name": "get_note"
} -->

\`\`\`http
POST https://api.example.com/notes
Content-Type: application/json
Content-Length: 46

{
  "text": "it's \\"odd\\"", 
  "tags": ["a"]
}
\`\`\`

<!-- { "blockType": "response" } -->

\`\`\`http
HTTP/1.1 201 Created
Content-Type: application/json

{
  "id": "7"
}
\`\`\`
`;
const BESIDE = { 'docs/note.md': '# Note\n\n## The parts\n', 'docs/new/moved-note.md': '# Moved\n' };

const quoted = (text: string): string => text.replace(/^.*\n/gm, (line) => (line === '\n' ? '>\n' : `> ${line}`));
const mixed = (text: string): string => text.replace(/\n/g, (_, at: number) => (at % 2 === 0 ? '\r\n' : '\n'));

/** How the same page may be saved; each keeps the lines that a fix adds apart from those that were there. */
const SAVED: Readonly<Record<string, (text: string) => string | Uint8Array>> = {
  LF: (text) => text,
  'CR LF': (text) => text.replaceAll('\n', '\r\n'),
  CR: (text) => text.replaceAll('\n', '\r'),
  'a byte order mark': (text) => `\ufeff${text}`,
  'no line end at the end': (text) => text.trimEnd(),
  'in a quote': quoted,
  'in a list': (text) => text.replace(/^(?=.)/gm, '  ').replace(/^ {2}# Notes\n/, '- # Notes\n'),
  'in a list, CR LF': (text) =>
    text
      .replace(/^(?=.)/gm, '  ')
      .replace(/^ {2}# Notes\n/, '- # Notes\n')
      .replaceAll('\n', '\r\n'),
  'UTF-16LE': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'UTF-16BE': (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
};

for (const [how, save] of Object.entries(SAVED))
  test(`--fix mends what can be mended and leaves every other byte alone: ${how}`, async () => {
    const space = workspace({ ...BESIDE, 'docs/page.md': save(BROKEN) });
    const { code, stderr } = await space.cli(['check', '--fix', '--reporter', 'json']);
    expect(stderr).toContain('Fixed 13 findings in 1 file');
    const bytes = readFileSync(path.join(space.folder, 'docs/page.md'));
    const decoded = how.startsWith('UTF-16') ? bytes : bytes.toString('utf8');
    expect(decoded).toEqual(save(FIXED));
    expect(fixes(space)).toEqual([]);
    expect(code).toBe(how.startsWith('UTF-16') ? 1 : 0);

    const again = await space.cli(['check', '--fix', '--reporter', 'json']);
    expect(again.stderr).toContain('Nothing to fix');
    expect(readFileSync(path.join(space.folder, 'docs/page.md')).equals(bytes)).toBe(true);
    space.remove();
  });

test('a link follows a file that was renamed: as git was told, or as it can see', async () => {
  const space = repository({
    'docs/a.md': '# A\n\n[b](b.md#one) [old](sub/old.md) [c](c.md) [x](x.png) [gone](d.md)\n',
    'docs/b.md': '# B\n\n## One\n\nText that is long enough to be known again.\n',
    'docs/sub/old.md': '# Old\n\nText that is long enough, too.\n',
    'docs/c.md': '# C\n\nText.\n',
    'docs/d.md': '# D\n',
    'docs/x.png': 'x',
  });
  space.git('checkout', '-q', '-b', 'topic');
  space.git('mv', 'docs/b.md', 'docs/bee.md');
  space.commit('Renamed');
  space.git('mv', 'docs/sub/old.md', 'docs/new.md');
  space.git('mv', 'docs/x.png', 'docs/y.png');
  space.move('docs/c.md', 'docs/sea.md');
  space.removeFile('docs/d.md');
  const { stderr } = await space.cli(['check', '--fix']);
  expect(stderr).toContain('Fixed 4 findings in 1 file');
  expect(space.read('docs/a.md')).toBe('# A\n\n[b](bee.md#one) [old](new.md) [c](sea.md) [x](y.png) [gone](d.md)\n');
  space.remove();
});

test('a line that a fix adds ends as the line it stands before, in a file of mixed line ends', async () => {
  const space = workspace({ ...BESIDE, 'docs/page.md': mixed(BROKEN) });
  await space.cli(['check', '--fix']);
  const after = space.read('docs/page.md');
  expect(after.replaceAll('\r\n', '\n')).toBe(FIXED);
  const ends = (text: string): number => text.split('\r\n').length;
  expect(ends(after) - ends(mixed(BROKEN))).toBeLessThanOrEqual(1);
  space.remove();
});

for (const [how, end] of [
  ['LF', '\n'],
  ['CR LF', '\r\n'],
  ['CR', '\r'],
] as const)
  test(`SARIF has what a fix puts in with the line ends of the page: ${how}`, async () => {
    const space = workspace({ ...BESIDE, 'docs/page.md': SAVED[how]!(BROKEN) });
    await space.cli(['check', '--reporter', 'sarif']);
    const added = insertedIn(space.read('reports/results.sarif')).filter((text) => /[\r\n]/.test(text));
    expect(added).not.toEqual([]);
    for (const text of added) expect(text.split(/\r\n|\r|\n/).join(end)).toBe(text);
    space.remove();
  });

test('--fix-dry-run prints a patch that git applies to the same end, and changes nothing', async () => {
  for (const how of ['LF', 'CR LF', 'a byte order mark', 'no line end at the end', 'in a quote']) {
    const space = workspace({ ...BESIDE, 'docs/page.md': SAVED[how]!(BROKEN) });
    const { stdout, stderr, code } = await space.cli(['check', '--fix-dry-run']);
    expect(space.read('docs/page.md')).toBe(SAVED[how]!(BROKEN));
    expect(stderr).toContain('The patch fixes 13 findings in 1 file');
    expect(code).toBe(1);
    expect(stderr).toContain('can be fixed with --fix');
    apply(space, stdout);
    expect(space.read('docs/page.md'), how).toBe(SAVED[how]!(FIXED));
    space.remove();
  }
});

test('--fix-dry-run leaves UTF-16 out of the patch and says so, and shares standard output with nobody', async () => {
  const space = workspace({ ...BESIDE, 'docs/page.md': SAVED['UTF-16LE']!(BROKEN) });
  const { stdout, stderr } = await space.cli(['check', '--fix-dry-run']);
  expect(stdout).toBe('');
  expect(stderr).toContain('Not in the patch: docs/page.md: it is UTF-16LE; --fix mends it');
  const both = await space.cli(['check', '--fix-dry-run', '--reporter', 'json=-']);
  expect([both.code, both.stdout]).toEqual([2, '']);
  expect(both.stderr).toContain('`--fix-dry-run` prints its patch on standard output');
  space.remove();
});

test('threads that read what was mended change nothing of what comes of it', async () => {
  const many = Array.from({ length: 450 }, (_, at) => [`docs/page-${at}.md`, mendable(at)] as const);
  const files = {
    ...BESIDE,
    ...Object.fromEntries(many),
    'docs/shown.md': '# Shown\n\n[note](Note.md)\n\n[!INCLUDE [part](part.md)]\n',
    'docs/part.md': '# Part\n\n[note](Note.md)\n',
    'docwright.config.json': JSON.stringify({ rules: { 'annotation/leniency': 'off' } }),
  };
  // Where this code is no JavaScript, no thread is started.
  const [alone, threads] = [workspace(files), workspace(files)];
  const said = await alone.cli(['check', '--no-cache', '--fix', '--reporter', 'json']);
  const { code, stderr } = await runBuilt(['check', '--no-cache', '--fix', '--reporter', 'json'], threads.folder);
  expect(stderr).toContain(/Fixed \d+ findings in \d+ files/.exec(said.stderr)![0]);
  expect(code).toBe(said.code);
  for (const file of [...Object.keys(files), 'reports/report.json']) expect(threads.read(file)).toBe(alone.read(file));
  expect(alone.read('docs/page-0.md')).toContain('Content-Length: 10\n');
  for (const space of [alone, threads]) space.remove();
});

/** Pages with fixes, and such of which one is switched off, or makes room for another, or is for what they include. */
function mendable(at: number): string {
  const name = at % 3 === 0 ? `blockType: 'request'` : '"blockType": "request"';
  const body = at % 2 === 0 ? '{ "a": 1, }' : '{ "a": 12 }';
  return `# Page ${at}

${at % 5 === 0 ? '[!INCLUDE [part](part.md)]' : `[note](${at % 7 === 0 ? 'Note' : 'note'}.md)`}

<!-- { ${name}, "name": "post_${at}" } -->

\`\`\`http
POST https://api.example.com/notes/${at}
Content-Type: application/json
Content-Length: 7

${body}
\`\`\`

<!-- { "blockType": "response" } -->

\`\`\`http
HTTP/1.1 204 No Content
\`\`\`
`;
}

const PART = '<!-- { "blockType": "ignored", } -->\n\n```json\n{}\n```\n';

test('what several pages include is mended once, in its own file', async () => {
  const page = (name: string): string => `# ${name}\n\n[!INCLUDE [part](../parts/part.md)]\n`;
  const space = workspace({ 'docs/a.md': page('A'), 'docs/b.md': page('B'), 'parts/part.md': PART });
  const { stderr } = await space.cli(['check', '--fix']);
  expect(stderr).toContain('Fixed 1 finding in 1 file');
  expect(space.read('parts/part.md')).toBe(PART.replace(', }', ' }'));
  expect(space.read('docs/a.md')).toBe(page('A'));
  space.remove();
});

test('only the pages that are named are mended, and nothing that is switched off', async () => {
  const space = workspace({ 'docs/a.md': PART, 'docs/b.md': PART });
  await space.cli(['check', 'docs/b.md', '--fix']);
  expect([space.read('docs/a.md'), space.read('docs/b.md')]).toEqual([PART, PART.replace(', }', ' }')]);
  space.write('docwright.config.json', JSON.stringify({ rules: { 'annotation/leniency': 'off' } }));
  const { stderr } = await space.cli(['check', '--fix']);
  expect(stderr).toContain('Nothing to fix');
  expect(space.read('docs/a.md')).toBe(PART);
  space.remove();
});

test('run --fix replays the mended docs', async () => {
  const space = workspace({ ...BESIDE, 'docs/page.md': BROKEN });
  const { code } = await space.cli(['run', '--fix', '--reporter', 'json']);
  expect(space.read('docs/page.md')).toBe(FIXED);
  expect(code).toBe(0);
  expect(space.report().summary).toMatchObject({ exchanges: 1, conforming: 1 });
  space.remove();
});

test('a file that is read-only stops it before anything is written', async () => {
  const space = workspace({ 'docs/a.md': PART, 'docs/b.md': PART });
  chmodSync(path.join(space.folder, 'docs/b.md'), 0o444);
  const { code, stderr } = await space.cli(['check', '--fix']);
  expect(code).toBe(2);
  expect(stderr).toContain('Cannot write `docs/b.md`: it is read-only; nothing was written');
  expect(space.read('docs/a.md')).toBe(PART);
  const dry = await space.cli(['check', '--fix-dry-run']);
  expect(dry.stdout).toContain('+++ b/docs/b.md');
  space.remove();
});

test('the mode of a file stays, and a link to it stays a link; one that leads out of the docs is not followed', async () => {
  const space = workspace({ 'docs/a.md': PART, 'outside/c.md': PART, 'work/docs/index.md': '# Index\n' });
  chmodSync(path.join(space.folder, 'docs/a.md'), 0o640);
  symlinkSync('../../docs/a.md', path.join(space.folder, 'work/docs/linked.md'));
  const away = await space.cli(['check', '--fix'], { cwd: path.join(space.folder, 'work') });
  expect(away.stderr).toContain('Not fixed: docs/linked.md: a link leads out of the docs');
  expect(space.read('docs/a.md')).toBe(PART);

  mkdirSync(path.join(space.folder, 'pages'));
  symlinkSync('../docs/a.md', path.join(space.folder, 'pages/linked.md'));
  await space.cli(['check', '--docs', 'pages', '--fix']);
  expect(space.read('docs/a.md')).toBe(PART.replace(', }', ' }'));
  expect(lstatSync(path.join(space.folder, 'pages/linked.md')).isSymbolicLink()).toBe(true);
  expect(statSync(path.join(space.folder, 'docs/a.md')).mode & 0o777).toBe(0o640);
  expect(readdirSync(path.join(space.folder, 'docs'))).toEqual(['a.md']);
  space.remove();
});

test('a page that has changed on disk since it was read is not written, and no draft is left', () => {
  const space = workspace({ 'a.md': 'theirs' });
  const file = path.join(space.folder, 'a.md');
  expect(() => replaceBytes(file, Buffer.from('as read'), Buffer.from('ours'))).toThrow('it has changed meanwhile');
  expect(readFileSync(file, 'utf8')).toBe('theirs');
  expect(readdirSync(space.folder)).toEqual(['a.md']);
  space.remove();
});

test('bytes that are not UTF-8 are left alone, and it is said', async () => {
  const bytes = Buffer.concat([Buffer.from(PART), Buffer.from([0x0a, 0xff, 0x0a])]);
  const space = workspace({ 'docs/a.md': bytes });
  const { stderr } = await space.cli(['check', '--fix']);
  expect(stderr).toContain('Not fixed: docs/a.md: it is not UTF-8');
  expect(readFileSync(path.join(space.folder, 'docs/a.md')).equals(bytes)).toBe(true);
  space.remove();
});

test('two edits never overlap: the later waits, the same is made once, those at one point keep their order', () => {
  const at = (from: number, to: number, was: string, text: string) => ({
    title: text,
    edits: [
      editOf({ file: 'a', position: { start: { line: 1, column: from }, end: { line: 1, column: to } } }, was, text),
    ],
  });
  const { texts, verdicts } = edited(
    [
      at(1, 3, 'ab', 'X'),
      at(2, 4, 'bc', 'Y'),
      at(3, 3, '', '1'),
      at(3, 3, '', '2'),
      at(1, 3, 'ab', 'X'),
      at(4, 5, 'x', 'Z'),
    ],
    () => 'abcd',
  );
  expect(verdicts).toEqual(['done', 'waiting', 'done', 'done', 'done', 'astray']);
  expect(texts.get('a')).toBe('X12cd');
});

for (const [style, table, row] of [
  [
    'wide',
    '| Property | Type    | Description |\n|:---------|:--------|:------------|\n| id       | String  | The id.     |',
    '| text     | String  |             |',
  ],
  ['narrow', '|Property|Type|Description|\n|:--|--:|---|\n|id|String|The id.|', '|text|String||'],
  ['right', '| Property | Type    |\n|----------|--------:|\n| id       |  String |', '| text     |  String |'],
  ['open', 'Property | Type | Description\n--- | --- | ---\nid | String | The id.', 'text | String |'],
  ['emphasis', '| Type | **Name** |\n| --- | --- |\n| String | **id** |', '| String | **text** |'],
] as const)
  test(`a row is put into the table in its style: ${style}`, async () => {
    const page = `# note resource type\n\n## Properties\n\n${table}\n\n## JSON representation\n\n<!-- { "blockType": "resource", "@odata.type": "garden.note" } -->\n\n\`\`\`json\n{\n  "id": "String",\n  "text": "String"\n}\n\`\`\`\n`;
    const { pages, findings } = await mendedPages({ 'page.md': page });
    expect(pages['page.md']).toBe(page.replace(`${table}\n`, `${table}\n${row}\n`));
    expect(brief(findings)).toEqual([]);
  });

const strict = fc.jsonValue({ maxDepth: 3, noUnicodeString: false });

test('leniencies of JSON are mended to strict JSON of the same value, each by its own edit', async () => {
  await fc.assert(
    fc.asyncProperty(strict, fc.infiniteStream(fc.nat(5)), async (value, dice) => {
      const roll = (): number => dice.next().value as number;
      const written = `{\n  "value": ${leniently(value, roll)}${roll() < 3 ? ',' : ''}\n}`;
      const read = readJson(written, { elisions: false });
      expect(read.error).toBeUndefined();
      const fixes = read.leniencies.map(({ mending }) => ({
        title: mending!.title,
        edits: mending!.edits.map(({ start, end, text }) =>
          editOf(
            { file: 'a', position: { start: pointIn(written, start), end: pointIn(written, end) } },
            written.slice(start, end),
            text,
          ),
        ),
      }));
      const { texts, verdicts } = edited(fixes, () => written);
      expect(verdicts.every((verdict) => verdict === 'done')).toBe(true);
      expect(JSON.parse(texts.get('a') ?? written)).toEqual(read.value);
    }),
    { numRuns: 300 },
  );
});

test('a patch of any two texts gives the second', () => {
  const line = fc.constantFrom(
    'a\n',
    'b\n',
    'c\r\n',
    '\n',
    '-- x\n',
    '\\ No newline at end of file\n',
    'é\ufeff\n',
    'z',
  );
  const text = fc.array(line, { maxLength: 30 }).map((lines) => lines.join(''));
  const names = ['a.md', 'with blank.md', 'ümlaut.md', 'tab\tname.md', 'quote".md'];
  const space = workspace();
  execFileSync('git', ['init', '-q'], { cwd: space.folder });
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { minLength: 5, maxLength: 5 }), (pairs) => {
      const files = pairs.map(([before, after], at) => ({
        name: names[at]!,
        before: `head\n${before}`,
        after: `head\n${after}`,
      }));
      for (const { name, before } of files) writeFileSync(path.join(space.folder, name), before);
      apply(space, files.map(({ name, before, after }) => unifiedDiff(name, before, after)).join(''));
      for (const { name, after } of files) expect(space.read(name)).toBe(after);
    }),
    { numRuns: 40 },
  );
  space.remove();
});

const FAULTS: Faults = { ...MESSAGE_FAULTS, ...PAGE_FAULTS, ...RESOURCE_FAULTS };

test('planted faults: what has a fix is gone after it, what has none is as it was, and nothing is new', async () => {
  test.slow();
  let count = 0;
  for (const [rule, plant] of Object.entries(FAULTS))
    for (const each of [...plant()]
      .filter((_, at) => at % (isFixable(rule) ? 1 : 7) === 0)
      .slice(0, isFixable(rule) ? 30 : 5)) {
      if (typeof each.text !== 'string') continue;
      const pages = { ...PAGES, ...each.beside, [each.file]: each.text };
      const before = await findingsIn(pages, each.options);
      const { findings, pages: now } = await mendedPages(pages, each.options);
      count += before.filter(({ fix }) => fix !== undefined).length;
      const left = before.filter(({ fix }) => fix === undefined);
      // What came of a fault that is mended is gone with it.
      const kept = new Set(findings.map(identity));
      const standing = left.filter((found) => kept.has(identity(found)) || !/^pairing\//.test(found.ruleId));
      expect.soft(findings.map(identity), each.what).toEqual(standing.map(identity));
      if (left.length === before.length) expect(now).toEqual(pages);
    }
  console.log(`${count} fixes of planted faults`);
  expect(count).toBeGreaterThan(20);
});

/** How a page is damaged so that only one mending is possible: the page as it was. */
const DAMAGES: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  [/([\w"\]}])(\n\s*[}\]])/g, (_, before, after) => `${before},${after}`],
  [/^( +)"(\w+)"(?=:)/gm, (_, blanks, name) => `${blanks}${name}`],
  [/(?<=": )"([\w ]+)"(?=,?\n)/g, (_, word) => `'${word}'`],
  [/^([\w-]+: \S+)\n\n(?=[{[])/gm, (_, header) => `${header}\n`],
  [/("blockType": ")response"/g, (_, before) => `${before}Responce"`],
];

test('a page that was damaged is mended to what it was, however it is saved', async () => {
  test.slow();
  const files = Object.keys(PAGES);
  const forms = [(text: string) => text, (text: string) => text.replaceAll('\n', '\r\n'), quoted];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.constantFrom(...forms),
      fc.infiniteStream(fc.nat(2)),
      async (file, form, dice) => {
        const original = PAGES[file]!;
        const damaged = DAMAGES.reduce(
          (text, [pattern, damage]) =>
            text.replace(pattern, (...parts: string[]) => (dice.next().value === 0 ? damage(...parts) : parts[0]!)),
          original,
        );
        const pages = { ...PAGES, [file]: form(damaged) };
        const { pages: mended, findings } = await mendedPages(pages);
        expect(mended[file]).toBe(form(original));
        expect(brief(findings)).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});

test('rules say whether they can be fixed, and their pages say so, too', async () => {
  for (const id of Object.keys(rules) as RuleId[]) {
    const head = rulePageText(id).split('## Breaks it', 1)[0]!;
    expect(/`--fix`/.test(head), id).toBe(isFixable(id));
    const fences = readRulePage(id).breaks;
    if (!isFixable(id) || fences.some(({ language }) => language !== 'markdown')) continue;
    const pages = Object.fromEntries(fences.map(({ words, text }) => [words.get('file') ?? 'page.md', text]));
    const found = await findingsIn(pages);
    const { findings } = await mendedPages(pages);
    const isShown = found.some(({ fix }) => fix !== undefined);
    if (isShown) expect(brief(findings), id).toEqual([]);
  }
  const space = workspace();
  expect((await space.cli(['rules'])).stdout).toMatch(/^link\/case .*\(--fix\)$/m);
  space.remove();
});

test('the corpus: the patch applies; after --fix all that has a fix is gone, and all else is as it was', async () => {
  test.skip(corpusMissing !== undefined, corpusMissing);
  test.setTimeout(240_000);
  const space = workspace();
  layOutCorpus(space.folder);
  const dry = await space.cli(['check', '--fix-dry-run', '--reporter', 'json', '--quiet']);
  const before = space.report().findings;
  await space.cli(['check', '--fix', '--reporter', 'json', '--quiet']);
  const after = space.report().findings;
  console.log(`${before.filter(({ fix }) => fix !== undefined).length} fixes`);
  expect(before.filter(({ fix }) => fix !== undefined).length).toBeGreaterThan(100);
  expect(after.filter(({ fix }) => fix !== undefined)).toEqual([]);
  const left = before.filter(({ fix }) => fix === undefined);
  expect(after.map(identity).sort()).toEqual(left.map(identity).sort());
  execFileSync('git', ['init', '-q'], { cwd: space.folder });
  execFileSync('git', ['apply', '--check', '--reverse', '--whitespace=nowarn', '-'], {
    cwd: space.folder,
    input: dry.stdout,
  });
  const again = await space.cli(['check', '--fix-dry-run', '--reporter', 'json']);
  expect([again.stdout, again.stderr]).toEqual(['', expect.stringContaining('Nothing to fix')]);
  space.remove();
});

/** A finding without its lines, which a fix above it moves. */
function identity({
  ruleId,
  file,
  fingerprint,
  reason,
  column,
}: Readonly<Record<'ruleId' | 'file' | 'fingerprint' | 'reason', string>> & { column: number }): string {
  return [ruleId, file, fingerprint, reason.replace(/(line |:)\d+/g, '$1'), column].join(' ');
}

function isFixable(rule: string): boolean {
  return 'fixable' in rules[rule as RuleId];
}

function fixes(space: Workspace): unknown[] {
  return space.report().findings.flatMap(({ fix }) => fix ?? []);
}

function apply(space: Workspace, patch: string): void {
  if (patch === '') return;
  if (!existsSync(path.join(space.folder, '.git'))) execFileSync('git', ['init', '-q'], { cwd: space.folder });
  execFileSync('git', ['apply', '--whitespace=nowarn', '-'], {
    cwd: space.folder,
    input: patch,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

function pointIn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/** A value as people write it: single quotes, bare names, commas at the end, odd blanks, hexadecimal numbers, tabs in strings. */
function leniently(value: unknown, roll: () => number): string {
  const gap = (): string => ['', ' ', '\u00a0', '\u200b', '\n', ''][roll()]!;
  const comma = (items: readonly unknown[]): string => (items.length > 0 && roll() < 2 ? `${gap()},` : '');
  if (typeof value === 'string') return text(value, roll);
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 1e6 && roll() < 2)
    return `0x${value.toString(16)}`;
  if (Array.isArray(value))
    return `[${value.map((item) => gap() + leniently(item, roll)).join(',')}${comma(value)}${gap()}]`;
  if (typeof value !== 'object' || value === null)
    return value === null && roll() < 2 ? 'undefined' : JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => {
    const key = /^\w+$/.test(name) && roll() < 3 ? name : text(name, roll);
    return `${gap()}${key}${gap()}:${gap()}${leniently(member, roll)}`;
  });
  return `{${members.join(',')}${comma(members)}${gap()}}`;
}

function text(value: string, roll: () => number): string {
  const plain = JSON.stringify(value);
  const written = roll() < 3 ? plain : `'${plain.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
  return roll() < 2 ? `${written.slice(0, 1)}\t${written.slice(1)}` : written;
}

/** What the fixes of a SARIF report put in. */
function insertedIn(text: string): string[] {
  const { runs } = JSON.parse(text) as {
    readonly runs: readonly {
      readonly results: readonly {
        readonly fixes?: readonly {
          readonly artifactChanges: readonly {
            readonly replacements: readonly { readonly insertedContent: { readonly text: string } }[];
          }[];
        }[];
      }[];
    }[];
  };
  return runs
    .flatMap(({ results }) => results)
    .flatMap(({ fixes = [] }) => fixes)
    .flatMap(({ artifactChanges }) => artifactChanges)
    .flatMap(({ replacements }) => replacements)
    .map(({ insertedContent }) => insertedContent.text);
}
