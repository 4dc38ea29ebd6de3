import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { corpusMissing, layOutCorpus } from '../bench/corpus.ts';
import { runBuilt } from './built.ts';
import { edits, START } from './docs-edits.ts';
import { contentsOf, inside, same } from './same.ts';
import { workspace } from './workspace.ts';

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
