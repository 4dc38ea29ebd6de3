import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { corpusMissing, layOutCorpus } from '../bench/corpus.ts';
import { runBuilt } from './built.ts';
import { page, workspace, type Run, type Workspace } from './workspace.ts';

test('after any edits a run with the cache leaves and says what a run without leaves and says', async () => {
  test.setTimeout(180_000);
  await fc.assert(
    fc.asyncProperty(fc.array(edits, { minLength: 1, maxLength: 7 }), async (sequence) => {
      const [kept, fresh] = [workspace(START), workspace(START)];
      try {
        await same(kept, fresh, 'compile');
        for (const edit of sequence) {
          for (const space of [kept, fresh]) edit(space);
          await same(kept, fresh, 'compile');
          await same(kept, fresh, 'check');
          // Nothing has changed since.
          await same(kept, fresh, 'compile');
        }
      } finally {
        for (const space of [kept, fresh]) space.remove();
      }
    }),
    { numRuns: 8 },
  );
});

test('a fixture or schema that somebody changed or removed is written anew, though no page changed', async () => {
  const space = workspace(START);
  try {
    await space.cli(['compile']);
    for (const file of ['fixtures/a.json', 'fixtures/schemas/x.thing.schema.json']) {
      const before = space.read(file);
      for (const change of [
        () => space.write(file, before.replace('thing', 'thong')),
        () => rmSync(inside(space, file)),
      ]) {
        change();
        space.write('docs/b.md', `${space.read('docs/b.md')}More.\n`);
        expect((await space.cli(['compile', '--check'])).code).toBe(1);
        await space.cli(['compile']);
        expect(space.read(file)).toBe(before);
      }
    }
  } finally {
    space.remove();
  }
});

test.describe('the Microsoft Graph v1.0 docs', () => {
  test.skip(corpusMissing !== undefined, corpusMissing ?? '');

  test('pages and a type changed, added and removed: with the cache as without', async () => {
    test.setTimeout(300_000);
    const folder = mkdtempSync(path.join(tmpdir(), 'docwright-edits-'));
    try {
      const docs = layOutCorpus(folder).folder;
      const compile = (reports: string, ...flags: string[]): ReturnType<typeof runBuilt> =>
        runBuilt(
          ['compile', '--docs', 'docs', '--fixtures', `${reports}/fixtures`, '--reports', reports, ...flags],
          folder,
        );
      await compile('kept');
      const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.md'))
        .sort()
        .map((file) => path.join(docs, file));
      const [first, second] = pages;
      const type = pages.find((file) => /resources[/\\]user\.md$/.test(file))!;
      appendFileSync(first!, '\nOne more sentence.\n');
      cpSync(second!, second!.replace(/\.md$/, '-copy.md'));
      writeFileSync(type, readFileSync(type, 'utf8').replace('"aboutMe": "string"', '"aboutMe": "boolean"'));
      rmSync(pages.at(-1)!);
      const [kept, fresh] = [await compile('kept'), await compile('fresh', '--no-cache')];
      expect(kept.code).toBe(fresh.code);
      const [mine, theirs] = ['kept', 'fresh'].map((name) => contentsOf(path.join(folder, name)));
      expect([...mine!.keys()]).toEqual([...theirs!.keys()]);
      expect([...mine!].filter(([file, text]) => theirs!.get(file) !== text).map(([file]) => file)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** Runs a command with the cache, and without it where the same was done to the same docs, and holds one to the other. */
async function same(kept: Workspace, fresh: Workspace, command: 'compile' | 'check'): Promise<void> {
  const run = (space: Workspace, ...flags: string[]): Promise<Run> =>
    // Where it runs for somebody else, a report does not say in which folder; of an hour of its own it says that one.
    space.cli([command, '--pass-with-no-tests', ...flags], { environment: { CI: 'true', SOURCE_DATE_EPOCH: '0' } });
  const said = ({ code, stdout, stderr }: Run): unknown => ({
    code,
    stdout,
    // How far it is is told on a slow machine, by the clock.
    stderr: stderr.replace(/^Fixtures in .*\n|^(?:Reading|Checking): .*\n/gm, ''),
  });
  expect(said(await run(kept))).toEqual(said(await run(fresh, '--no-cache')));
  for (const folder of ['fixtures', 'reports'])
    expect(contentsOf(inside(kept, folder))).toEqual(contentsOf(inside(fresh, folder)));
}

function inside({ folder }: Workspace, file: string): string {
  return path.join(folder, file);
}

function contentsOf(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).sort();
  return new Map(names.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
}

const typePage = (property: string, kind: string): string =>
  `# thing\n\n<!-- { "blockType": "resource", "@odata.type": "x.thing" } -->\n\`\`\`json\n{ "${property}": "${kind}" }\n\`\`\`\n`;

const derivedPage = (base: string): string =>
  `# derived\n\n<!-- { "blockType": "resource", ${base}"@odata.type": "x.derived", "keyProperty": "id" } -->\n\`\`\`json\n{ "size": "Int32", "kind": "kinds" }\n\`\`\`\n\n## Properties\n\n|Property|Type|Description|\n|:---|:---|:---|\n|size|String|Its size.|\n|color|x.thing|Its color.|\n\n### kinds values\n\n|Member|\n|:---|\n|one|\n`;

const postPage = (before: string, type: string): string =>
  `---\ndoc_type: apiPageType\n---\n\n# Post\n\n${before}## Permissions\n\nOne of them.\n\n## HTTP request\n\n\`\`\`http\nPOST /things\n\`\`\`\n\n## Request body\n\nIn the request body, supply a JSON representation of a [thing](derived.md) object.\n\n## Response\n\nIf successful, this method returns a \`201 Created\` response code and a [thing](thing.md) object in the response body.\n\n## Example\n\n<!-- { "blockType": "request", "name": "post" } -->\n\`\`\`http\nPOST https://api.example.com/v1.0/things\nContent-Type: application/json\n\n{ "size": "large", "kind": "two", "@odata.type": "#x.derived" }\n\`\`\`\n\n<!-- { "blockType": "response", "@odata.type": "${type}" } -->\n\`\`\`http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{ "id": 7, "name": "x", "size": "large" }\n\`\`\`\n`;

const START: Readonly<Record<string, string>> = {
  'docs/a.md': page('A', { name: 'a' }).replace('"response",', '"response", "@odata.type": "x.thing",'),
  'docs/b.md': `${page('B', { name: 'b', url: '/v1.0/things/2' })}\n[!INCLUDE [more](inc/more.md)]\n[!INCLUDE [gone](inc/gone.md)]\n[a](a.md#a) [pic](pic.png)\n`,
  'docs/c.md': `# C\n\n[!INCLUDE [more](inc/more.md)]\n`,
  'docs/inc/more.md': page('More', { name: 'more', url: '/v1.0/things/3' }),
  'docs/thing.md': typePage('id', 'String'),
  'docs/derived.md': derivedPage('"baseType": "x.thing", '),
  'docs/post.md': postPage('', 'x.derived'),
  'docs/near.md': '# Near\n\n[far](far/target.md#same)\n',
  'docs/far/target.md': '# Target\n\n## Same\n',
};

const PAGES = [
  'docs/a.md',
  'docs/a.MD',
  'docs/b.md',
  'docs/d.md',
  'docs/e.md',
  'docs/inc/more.md',
  'docs/inc/gone.md',
  'docs/pic.png',
] as const;

type Edit = (space: Workspace) => void;

/** What writers, and those who set docs up, do between two runs. */
const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ file: fc.constantFrom(...PAGES), name: fc.constantFrom('a', 'b', 'z'), id: fc.nat(3) }).map(
    ({ file, name, id }): Edit =>
      (space) =>
        space.write(file, `${page(name, { name, url: `/v1.0/things/${id}` })}\n[!INCLUDE [more](inc/more.md)]\n`),
  ),
  fc.constantFrom('Prose.\n', '<!-- { "blockType": "response" } -->\n', '<!-- { blockType: "ignored" } -->\n').map(
    (text): Edit =>
      (space) =>
        space.write('docs/c.md', `# C\n\n${text}\n[!INCLUDE [more](inc/more.md)]\n`),
  ),
  fc.constantFrom(...PAGES, 'docs/thing.md').map(
    (file): Edit =>
      (space) =>
        rmSync(inside(space, file), { force: true }),
  ),
  fc.record({ property: fc.constantFrom('id', 'name'), kind: fc.constantFrom('String', 'Int32', 'x.other') }).map(
    ({ property, kind }): Edit =>
      (space) =>
        space.write('docs/thing.md', typePage(property, kind)),
  ),
  fc.constantFrom('x.thing', 'X.Thing', 'x.other').map(
    (name): Edit =>
      (space) =>
        space.write('docs/other.md', typePage('a', 'Boolean').replace('x.thing', name)),
  ),
  // What one page says others are held to: headings, base types, forms of requests, hosts, permissions, members, names.
  fc.record({ heading: fc.constantFrom('Same', 'Other'), before: fc.constantFrom('', 'Prose.\n\n') }).map(
    ({ heading, before }): Edit =>
      (space) =>
        space.write('docs/far/target.md', `# Target\n\n${before}## ${heading}\n\n[back](../near.md#near)\n`),
  ),
  fc.constantFrom('Near', 'Nearer', 'near').map(
    (heading): Edit =>
      (space) =>
        space.write(
          'docs/near.md',
          `# ${heading}\n\n[far](far/target.md#same) [out](../../out.md) [c](C.md) [e](E.md)\n`,
        ),
  ),
  fc.constantFrom('', '"baseType": "x.thing", ', '"baseType": "x.thong", ').map(
    (base): Edit =>
      (space) =>
        space.write('docs/derived.md', derivedPage(base)),
  ),
  fc.record({ before: fc.constantFrom('', 'Prose.\n\n'), type: fc.constantFrom('x.derived', 'x.thing') }).map(
    ({ before, type }): Edit =>
      (space) =>
        space.write('docs/post.md', postPage(before, type)),
  ),
  fc.constantFrom('{}', '\n{}', '{ "requiredFrontMatter": ["title"] }', '{ "tags": ["beta"] }').map(
    (config): Edit =>
      (space) =>
        space.write('docwright.config.json', config),
  ),
);
