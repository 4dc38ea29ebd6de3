import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { openCache } from '../files/cache.ts';
import { discover } from '../files/discover.ts';
import { listingIn } from '../files/listing.ts';
import { findUpwards, includeReader, lineReader } from '../files/read.ts';
import { writeWithin } from '../files/write.ts';
import { workspace, type Workspace } from './workspace.ts';

let space: Workspace;
test.beforeEach(() => {
  space = workspace();
});
test.afterEach(() => space.remove());

const found = async (roots: string[], cwd = space.folder) => {
  const { sources } = await discover(roots, cwd);
  return sources.map(({ file, page, content }) => [file, page, content instanceof Error ? 'error' : content.length]);
};

test.describe('discover', () => {
  test('finds every page in code-unit order, whatever the case of its ending', async () => {
    for (const file of ['b.md', 'B.MD', 'a/z.Md', 'a-b.md', 'a.txt', 'ä.md']) space.write(`docs/${file}`, 'x');
    expect(await found(['docs'])).toEqual([
      ['docs/B.MD', 'B.MD', 1],
      ['docs/a-b.md', 'a-b.md', 1],
      ['docs/a/z.Md', 'a/z.Md', 1],
      ['docs/b.md', 'b.md', 1],
      ['docs/ä.md', 'ä.md', 1],
    ]);
  });

  test('passes over node_modules, dot-folders and folders called x.md', async () => {
    for (const file of ['node_modules/a.md', '.git/a.md', 'x.md/in.md', 'a.md']) space.write(`docs/${file}`, 'x');
    expect(await found(['docs'])).toEqual([
      ['docs/a.md', 'a.md', 1],
      ['docs/x.md/in.md', 'x.md/in.md', 1],
    ]);
  });

  test('finds pages under any name: blanks, marks, a line end, an emoji', async () => {
    const names = ['a b.md', 'c#d%20.md', 'e\nf.md', 'g\nh/i.md', '[j]*.md', '😀.md'];
    for (const name of names) space.write(`docs/${name}`, 'x');
    expect((await found(['docs'])).map(([, page]) => page).toSorted()).toEqual(names.toSorted());
  });

  test('survives links that go round, and reads a file once under its own name', async () => {
    space.write('docs/z/page.md', 'x');
    symlinkSync('..', path.join(space.folder, 'docs/z/up'));
    symlinkSync('z/page.md', path.join(space.folder, 'docs/a.md'));
    symlinkSync('z', path.join(space.folder, 'docs/b'));
    expect(await found(['docs'])).toEqual([['docs/z/page.md', 'z/page.md', 1]]);
  });

  test('follows a link out of the docs', async () => {
    space.write('shared/page.md', 'x');
    mkdirSync(path.join(space.folder, 'docs'));
    symlinkSync('../shared', path.join(space.folder, 'docs/s'));
    expect(await found(['docs'])).toEqual([['docs/s/page.md', 's/page.md', 1]]);
  });

  test('gives what cannot be read as an error, not as nothing', async () => {
    space.write('docs/a.md', 'x');
    symlinkSync('nowhere', path.join(space.folder, 'docs/dangling.md'));
    execFileSync('mkfifo', [path.join(space.folder, 'pipe')]);
    symlinkSync('../pipe', path.join(space.folder, 'docs/pipe.md'));
    const expected = [
      ['docs/a.md', 'a.md', 1],
      ['docs/dangling.md', 'dangling.md', 'error'],
      ['docs/pipe.md', 'pipe.md', 'error'],
    ];
    expect(await found(['docs'])).toEqual(expected);
    expect(await found(['docs/*.md'])).toEqual(expected);
  });

  test('counts page paths from the fixed part of a glob', async () => {
    for (const file of ['api/v1/a.md', 'api/v2/a.md', 'api/v1/b.txt', 'guide/c.md']) space.write(`docs/${file}`, 'x');
    expect(await found(['docs/api/*/a.md'])).toEqual([
      ['docs/api/v1/a.md', 'v1/a.md', 1],
      ['docs/api/v2/a.md', 'v2/a.md', 1],
    ]);
    expect(await found(['docs/{api,guide}/**'])).toHaveLength(3);
  });

  test('takes an existing folder for what it is, though its name looks like a glob', async () => {
    space.write('docs [old]/a.md', 'x');
    expect(await found(['docs [old]'])).toEqual([['docs [old]/a.md', 'a.md', 1]]);
  });

  test('puts the name of the root before page paths where there are several, and keeps equal names apart', async () => {
    for (const file of ['one/docs/a.md', 'two/docs/a.md']) space.write(file, 'x');
    expect(await found(['one/docs', 'two/docs'])).toEqual([
      ['two/docs/a.md', 'docs-2/a.md', 1],
      ['one/docs/a.md', 'docs/a.md', 1],
    ]);
  });

  test('takes pages that a shell has found as one root', async () => {
    for (const file of ['a.md', 'b.md', 'c.md']) space.write(`docs/${file}`, 'x');
    expect(await found(['docs/a.md', 'docs/c.md'])).toEqual([
      ['docs/a.md', 'a.md', 1],
      ['docs/c.md', 'c.md', 1],
    ]);
  });

  test('names files relative to the working directory, also outside of it', async () => {
    space.write('docs/a.md', 'x');
    space.write('work/x', '');
    expect(await found(['../docs'], path.join(space.folder, 'work'))).toEqual([['../docs/a.md', 'a.md', 1]]);
  });

  test('reads a page once where roots lie in one another', async () => {
    space.write('docs/api/a.md', 'x');
    expect(await found(['docs', 'docs/api'])).toEqual([['docs/api/a.md', 'docs/api/a.md', 1]]);
  });

  test('names a root that is not there, and the one that may be meant', async () => {
    space.write('docs/a.md', 'x');
    await expect(found(['dosc'])).rejects.toThrow('there is no `dosc`, did you mean `docs`?');
    await expect(found(['quite/else'])).rejects.toThrow('there is no `quite/else`; name the folder with --docs');
    space.write('notes.txt', '');
    await expect(found(['notes.txt'])).rejects.toThrow('`notes.txt` is neither a folder nor');
  });

  test('says which roots hold no page', async () => {
    space.write('docs/a.txt', 'x');
    expect((await discover(['docs', 'docs/*.md'], space.folder)).missing).toEqual(['docs', 'docs/*.md']);
  });
});

test.describe('listing', () => {
  test.skip(
    process.platform === 'win32',
    'listings are not kept where a folder may stay as it is whatever comes into it',
  );

  const kept = () => listingIn(openCache(path.join(space.folder, '.cache'), ['listing']));
  const listed = async () => {
    const { sources, files } = await discover(['docs'], space.folder, { listing: kept() });
    return { pages: sources.map(({ file, page }) => `${file} ${page}`), files: [...files!].sort() };
  };
  const settled = () => new Promise((resolve) => setTimeout(resolve, 200));
  const at = (file: string): string => path.join(space.folder, file);

  const CHANGES: readonly (readonly [what: string, change: () => void])[] = [
    ['a page comes', () => space.write('docs/sub/deep/c.md', 'x')],
    ['a file comes', () => space.write('docs/sub/new.png', 'x')],
    ['a folder comes', () => space.write('docs/other/e.md', 'x')],
    ['a page goes', () => rmSync(at('docs/sub/b.md'))],
    ['a page is called otherwise', () => renameSync(at('docs/a.md'), at('docs/z.md'))],
    [
      'a folder takes the place of another',
      () => {
        space.write('aside/y.md', 'x');
        renameSync(at('docs/sub'), at('gone'));
        renameSync(at('aside'), at('docs/sub'));
      },
    ],
    [
      'a page becomes a folder',
      () => {
        rmSync(at('docs/a.md'));
        space.write('docs/a.md/in.md', 'x');
      },
    ],
  ];
  for (const [what, change] of CHANGES)
    test(`is made anew where ${what}`, async () => {
      for (const file of ['a.md', 'Ä b\nc.md', 'pic.png', 'sub/b.md', 'sub/deep/d.md'])
        space.write(`docs/${file}`, 'x');
      await settled();
      const before = await listed();
      expect(kept().find()).toBeDefined();
      expect(await listed()).toEqual(before);
      change();
      expect(kept().find()).toBeUndefined();
      const { sources, files } = await discover(['docs'], space.folder);
      const now = { pages: sources.map(({ file, page }) => `${file} ${page}`), files: [...files!].sort() };
      expect(now).not.toEqual(before);
      expect(await listed()).toEqual(now);
    });

  test('is not kept of what was changed just now, nor where links lead', async () => {
    space.write('docs/a.md', 'x');
    await listed();
    expect(kept().find()).toBeUndefined();
    space.write('elsewhere/b.md', 'x');
    symlinkSync('../elsewhere', at('docs/link'));
    await settled();
    await listed();
    expect(kept().find()).toBeUndefined();
    rmSync(at('docs/link'));
    symlinkSync('../elsewhere/b.md', at('docs/link.md'));
    await settled();
    await listed();
    expect(kept().find()).toBeUndefined();
  });
});

test.describe('write', () => {
  test('writes folders and all, and leaves a file with this content untouched', async () => {
    expect(await writeWithin(space.folder, 'a/b.txt', 'ö\n')).toBe('written');
    utimesSync(path.join(space.folder, 'a/b.txt'), 1, 1);
    expect(await writeWithin(space.folder, 'a/b.txt', 'ö\n')).toBe('unchanged');
    expect(statSync(path.join(space.folder, 'a/b.txt')).mtimeMs).toBe(1000);
    expect(await writeWithin(space.folder, 'a/b.txt', 'u\n')).toBe('written');
    expect(space.read('a/b.txt')).toBe('u\n');
    expect(readdirSync(path.join(space.folder, 'a'))).toEqual(['b.txt']);
  });

  test('leaves nothing behind where it cannot write', async () => {
    mkdirSync(path.join(space.folder, 'a/taken'), { recursive: true });
    await expect(writeWithin(space.folder, 'a/taken', 'x')).rejects.toThrow();
    expect(readdirSync(path.join(space.folder, 'a'))).toEqual(['taken']);
  });

  test('never leaves its root, neither by its name nor through a link', async () => {
    mkdirSync(path.join(space.folder, 'root'));
    mkdirSync(path.join(space.folder, 'outside'));
    space.write('outside/file', 'kept');
    symlinkSync('../outside', path.join(space.folder, 'root/link'));
    symlinkSync('../outside/file', path.join(space.folder, 'root/file'));
    const root = path.join(space.folder, 'root');
    for (const name of ['../x', '..', '.', '', 'a/../../x', '/etc/x', 'link/x', 'link/new/x', 'a\0b']) {
      await expect(writeWithin(root, name, 'x'), name).rejects.toThrow(/does not lie below|leads out of/);
    }
    expect(await writeWithin(root, '..x', 'x')).toBe('written');
    // A link in the place of the file is replaced; what it led to is not touched.
    expect(await writeWithin(root, 'file', 'new')).toBe('written');
    expect(space.read('outside/file')).toBe('kept');
    expect(readdirSync(path.join(space.folder, 'outside'))).toEqual(['file']);
  });

  test('whatever the name, it writes below its root or not at all', async () => {
    const root = path.join(space.folder, 'root');
    mkdirSync(root);
    const segment = fc.oneof(fc.constantFrom('..', '.', '', 'a', '~', ' ', '\\', 'C:'), fc.string({ maxLength: 8 }));
    await fc.assert(
      fc.asyncProperty(fc.array(segment, { minLength: 1, maxLength: 5 }), async (segments) => {
        await writeWithin(root, segments.join('/'), 'x').catch(() => {});
        expect(readdirSync(space.folder)).toEqual(['root']);
      }),
      { numRuns: 100 },
    );
  });
});

test.describe('read', () => {
  test('reads pages alone for includes, however the link is called', () => {
    space.write('a.md', '\uFEFFtext');
    space.write('secret.txt', 'secret');
    symlinkSync('secret.txt', path.join(space.folder, 'link.md'));
    mkdirSync(path.join(space.folder, 'folder.md'));
    const read = includeReader(space.folder);
    expect(read('a.md')).toBe('text');
    for (const file of ['secret.txt', 'link.md', 'folder.md', 'none.md', '/dev/zero'])
      expect(read(file)).toBeUndefined();
  });

  test('gives the lines of a file without their ends', () => {
    space.write('a.md', 'one\r\ntwo\nthree');
    expect(lineReader(space.folder)('a.md')).toEqual(['one', 'two', 'three']);
    expect(lineReader(space.folder)('b.md')).toBeUndefined();
  });

  test('looks for a config up to the root of the repository and no further', async () => {
    space.write('x.json', '');
    space.write('repo/.git/HEAD', '');
    space.write('repo/a/b/file', '');
    const inner = path.join(space.folder, 'repo/a/b');
    expect(findUpwards(inner, ['x.json'])).toBeUndefined();
    space.write('repo/x.json', '');
    expect(findUpwards(inner, ['x.ts', 'x.json'])).toBe(path.join(space.folder, 'repo/x.json'));
    space.write('repo/a/b/x.ts', '');
    space.write('repo/a/b/x.json', '');
    expect(findUpwards(inner, ['x.ts', 'x.json'])).toBe(path.join(inner, 'x.ts'));
  });

  test('without a repository looks in the working directory alone', async () => {
    space.write('x.json', '');
    space.write('a/file', '');
    expect(findUpwards(path.join(space.folder, 'a'), ['x.json'])).toBeUndefined();
    expect(findUpwards(space.folder, ['x.json'])).toBe(path.join(space.folder, 'x.json'));
  });
});
