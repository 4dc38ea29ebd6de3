import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { chmodSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { edits, START } from './docs-edits.ts';
import { isThere, pageOf, PAGES, rewording } from './page-words.ts';
import { gitIn, repository, type Repository } from './repository.ts';
import { inside, same } from './same.ts';
import { page, workspace } from './workspace.ts';

const CHANGED = ['check', '--only-changed', 'HEAD'];

test('after any edits --only-changed says with the cache what it says without', async () => {
  test.setTimeout(240_000);
  await fc.assert(
    fc.asyncProperty(fc.array(anything, { minLength: 2, maxLength: 9 }), async (sequence) => {
      const space = repository({ ...PAGES, ...START });
      try {
        await same(space, space, ...CHANGED);
        for (const edit of sequence) {
          edit(space);
          await same(space, space, ...CHANGED);
          // What was looked at is not looked at again.
          await same(space, space, ...CHANGED);
        }
      } finally {
        space.remove();
      }
    }),
    { numRuns: 8 },
  );
});

test('after any edits it does so where findings are suppressed', async () => {
  test.setTimeout(240_000);
  await fc.assert(
    fc.asyncProperty(fc.array(suppressing, { minLength: 3, maxLength: 10 }), async (sequence) => {
      const space = repository({ ...PAGES, 'docs/page-2.md': `${pageOf(2)}\n[gone](gone.md)\n[away](away.md)\n` });
      try {
        await space.cli(['check', '--suppress-all']);
        space.commit('Suppressed');
        await same(space, space, ...CHANGED);
        for (const edit of sequence) {
          await edit(space);
          await same(space, space, ...CHANGED);
        }
      } finally {
        space.remove();
      }
    }),
    { numRuns: 12 },
  );
});

for (const format of ['sha1', 'sha256']) {
  test(`what a page said before is asked of git once, and again where it was lost (${format})`, async () => {
    test.skip(process.platform === 'win32', 'not on Windows, where no script stands in for git');
    const space = workspace({ 'docs/a.md': `${page('A')}\nÄ before.\n\nSee [this](gone.md).\n` });
    gitIn(space.folder, 'init', '-q', `--object-format=${format}`);
    gitIn(space.folder, 'add', '-A');
    gitIn(space.folder, 'commit', '-q', '-m', 'Docs');
    space.write('bin/git', '#!/bin/sh\necho "$@" >> "$ASKED"\nPATH="${PATH#*:}" exec git "$@"\n');
    chmodSync(path.join(space.folder, 'bin/git'), 0o755);
    const environment = {
      PATH: `${path.join(space.folder, 'bin')}:${process.env.PATH}`,
      ASKED: path.join(space.folder, 'asked'),
    };
    const looked = async (...words: readonly string[]) => {
      space.write('asked', '');
      const { code, stderr } = await space.cli([...CHANGED, '--reporter', 'list', ...words], { environment });
      return { code, stderr, asks: /cat-file/.test(space.read('asked')) };
    };
    const first = await looked();
    space.write('docs/a.md', `${page('A')}\nÄ after.\n\nSee [this](gone.md) and [that](lost.md).\n`);
    const wanted = await looked('--no-cache');
    expect(wanted.asks).toBe(true);
    expect(wanted.stderr).not.toBe(first.stderr);
    expect(await looked()).toEqual(wanted);
    expect(await looked()).toEqual({ ...wanted, asks: false });
    const cache = path.join(space.folder, '.docwright/cache');
    for (const pack of readdirSync(cache).filter((name) => name.endsWith('.pack'))) {
      const bytes = readFileSync(path.join(cache, pack));
      const at = bytes.indexOf('before.');
      if (at > 0) writeFileSync(path.join(cache, pack), bytes.fill('x', at, at + 1));
    }
    expect(await looked()).toEqual(wanted);
    expect(await looked()).toEqual({ ...wanted, asks: false });
    // What git is told to take for it is not what was committed.
    space.write('other', `${space.read('docs/a.md')}\nAnother.\n`);
    const other = gitIn(space.folder, 'hash-object', '-w', 'other').trim();
    gitIn(space.folder, 'replace', gitIn(space.folder, 'rev-parse', 'HEAD:docs/a.md').trim(), other);
    expect(await looked('--no-cache')).toEqual(wanted);
    expect(await looked()).toEqual({ ...wanted, asks: false });
    space.remove();
  });
}

test('where a page changes nothing for others, no other page is looked at', async () => {
  const space = repository(PAGES);
  const warning = (number: number): string =>
    `docs/page-${number}.md:${space.read(`docs/page-${number}.md`).split('\n').length - 1}`;
  append(space, 1, 'See [this](gone.md).');
  await space.cli(CHANGED);
  for (const edit of [
    () => append(space, 2, 'See [that](gone.md).'),
    () => space.write('docs/page-1.md', `${space.read('docs/page-1.md').replace('Text.', 'Text.\n\nAnd more.')}`),
  ]) {
    edit();
    forget(space, 'sheets ');
    await space.cli(CHANGED);
    expect(space.report().findings.map(({ file, line }) => `${file}:${line}`)).toEqual([warning(1), warning(2)]);
    // Who looks at all pages keeps what was found on each.
    expect(packsWith(space, 'sheets ')).toEqual([]);
  }
  // What a type is stays, wherever its page says so, and however it is described.
  const replaced = (file: string, from: string, to: string) => (): void =>
    space.write(file, space.read(file).replace(from, to));
  for (const edit of [
    replaced('docs/kind.md', '# kind\n', '# kind\n\nWords.\n'),
    replaced('docs/sort.md', 'Its size', 'The size of it'),
    replaced('docs/odd.md', 'Text.', 'Words.'),
  ]) {
    edit();
    forget(space, 'sheets ');
    await space.cli(CHANGED);
    expect(space.report().findings.map(({ file, line }) => `${file}:${line}`)).toEqual([warning(1), warning(2)]);
    expect(packsWith(space, 'sheets ')).toEqual([]);
  }
  // Another page leads to this heading.
  space.write('docs/page-2.md', space.read('docs/page-2.md').replace('## Part', '## Parts'));
  await space.cli(CHANGED);
  expect(space.report().findings.map(({ file, ruleId }) => `${file} ${ruleId}`)).toEqual([
    'docs/page-1.md link/anchor',
    'docs/page-1.md link/dead',
    'docs/page-2.md link/dead',
  ]);
  expect(packsWith(space, 'sheets ')).toHaveLength(1);
  space.remove();
});

/** Removes what is kept under a key that begins so. */
const UNWATCHED: readonly (readonly [what: string, begin: (space: Repository) => void])[] = [
  ['is ignored', (space) => space.write('.gitignore', 'docs/page-9.md\n')],
  [
    'is taken as unchanged',
    (space) => {
      space.commit('More');
      space.git('update-index', '--assume-unchanged', 'docs/page-9.md');
    },
  ],
  [
    'is a link',
    (space) => {
      space.write('away/page-9.md', pageOf(9));
      rmSync(inside(space, 'docs/page-9.md'));
      symlinkSync('../away/page-9.md', inside(space, 'docs/page-9.md'));
      space.commit('More');
    },
  ],
];
for (const [what, begin] of UNWATCHED)
  test(`a page of which git would not tell that it was changed, since it ${what}, is held by its bytes`, async () => {
    const space = repository(PAGES);
    space.write('docs/page-9.md', pageOf(9));
    space.write('docs/page-1.md', `${space.read('docs/page-1.md')}\nSee [nine](page-9.md#part).\n`);
    begin(space);
    append(space, 2, 'See [this](gone.md).');
    const told = async (): Promise<string[]> => {
      await space.cli(CHANGED);
      return space.report().findings.map(({ file, ruleId }) => `${file} ${ruleId}`);
    };
    const before = await told();
    expect(before).toContain('docs/page-2.md link/dead');
    const file = what === 'is a link' ? 'away/page-9.md' : 'docs/page-9.md';
    space.write(file, space.read(file).replace('## Part', '## Parts'));
    expect(await told()).toEqual(['docs/page-1.md link/anchor', ...before]);
    space.remove();
  });

test('what is suppressed on other pages is not asked for, and what is found no more on one is told', async () => {
  const space = repository({ ...PAGES, 'docs/page-2.md': `${pageOf(2)}\n[gone](gone.md)\n[away](away.md)\n` });
  append(space, 4, 'See [this](gone.md).');
  await space.cli(['check', '--suppress-all']);
  space.commit('Suppressed');
  await space.cli(CHANGED);
  append(space, 1, 'See [that](gone.md).');
  forget(space, 'sheets ');
  await space.cli(CHANGED);
  const told = (): string[] =>
    space
      .report()
      .findings.filter(({ suppressed }) => !suppressed)
      .map(({ file, ruleId }) => `${file} ${ruleId}`);
  expect(told()).toEqual(['docs/page-1.md link/dead']);
  space.write('docs/page-2.md', space.read('docs/page-2.md').replace('[away](away.md)', ''));
  await space.cli(CHANGED);
  expect(told()).toEqual(['docs/page-1.md link/dead', 'docwright-suppressions.json suppression/stale']);
  expect(packsWith(space, 'sheets ')).toEqual([]);
  space.remove();
});

function forget(space: Repository, key: string): void {
  for (const file of packsWith(space, key)) rmSync(file);
}

function packsWith(space: Repository, key: string): string[] {
  const folder = inside(space, '.docwright/cache');
  const packs = readdirSync(folder).filter((name) => name.endsWith('.pack'));
  return packs
    .map((name) => path.join(folder, name))
    .filter((file) => readFileSync(file, 'latin1').includes(`\n"${key}`));
}

function append(space: Repository, number: number, text: string): void {
  const file = `docs/page-${number}.md`;
  space.write(file, `${space.read(file)}\n${text}\n`);
}

/** What is done to whole pages. */
const moves = fc.constantFrom<(space: Repository) => void>(
  (space) => space.commit('More'),
  (space) => space.git('checkout', '-q', '--', '.'),
  (space) => space.git('stash', '-q', '--include-untracked'),
  (space) => space.write('docs/page-6.md', pageOf(6)),
  (space) => rmSync(inside(space, 'docs/page-5.md'), { force: true }),
  (space) => {
    if (isThere(space, 'docs/page-4.md')) space.move('docs/page-4.md', 'docs/page-44.md');
  },
);

/** What is done to what is suppressed. */
const taking = fc.constantFrom<(space: Repository) => unknown>(
  (space) => space.cli(['check', '--suppress-all']),
  (space) => space.cli(['check', '--suppress-rule', 'link/*']),
  (space) => space.cli(['check', '--prune-suppressions']),
  (space) => rmSync(inside(space, 'docwright-suppressions.json'), { force: true }),
  (space) => space.write('docwright.config.json', '{ "rules": { "link/dead": "off" } }'),
  (space) => {
    const [one, two] = [1, 2].map((number) => `docs/page-${number}.md`) as [string, string];
    if (!isThere(space, one) || !isThere(space, two)) return;
    const text = space.read(one);
    space.write(one, space.read(two));
    space.write(two, text);
  },
);

const suppressing = fc.oneof(
  { weight: 4, arbitrary: rewording },
  { weight: 1, arbitrary: moves },
  { weight: 2, arbitrary: taking },
);

const anything = fc.oneof(
  { weight: 6, arbitrary: rewording },
  { weight: 1, arbitrary: moves },
  { weight: 1, arbitrary: edits },
);
