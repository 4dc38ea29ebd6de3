import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openCache } from '../files/cache.ts';
import type { Report } from '../model/report.ts';
import { page, workspace, type Workspace } from './workspace.ts';

let folder: string;
test.beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'docwright-cache-'))));
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what was set is there the next time; what nobody asked for since is dropped', () => {
  fill({ a: 'first\nsecond\n', b: 'Ä 😀', c: '' });
  const second = openCache(folder, ['docs']);
  expect([second.get('a'), second.get('b'), second.get('d')]).toEqual(['first\nsecond\n', 'Ä 😀', undefined]);
  second.save();
  const third = openCache(folder, ['docs']);
  expect([third.get('a'), third.get('c')]).toEqual(['first\nsecond\n', undefined]);
  expect(openCache(folder, ['other docs']).get('a')).toBeUndefined();
});

test('a text is given by its lines, too', () => {
  fill({ a: 'first\nÄ 😀\n\nlast', b: '' });
  const lines = openCache(folder, ['docs']).lines('a')!;
  expect([3, 1, 0, 2].map(lines)).toEqual(['last', 'Ä 😀', 'first', '']);
  expect(openCache(folder, ['docs']).lines('b')!(0)).toBe('');
  expect(openCache(folder, ['docs']).lines('c')).toBeUndefined();
});

test('a large pack is not written anew for a little, and what it holds stays', () => {
  const many = Object.fromEntries(
    Array.from({ length: 300 }, (_, at) => [`k${at}`, `head ${at}\n${'x'.repeat(10_000)}`]),
  );
  fill(many);
  const [name] = readdirSync(folder).filter((each) => each.endsWith('.pack'));
  const inode = (): number => statSync(path.join(folder, name!)).ino;
  const asked = (changed: number): void => {
    const cache = openCache(folder, ['docs']);
    for (const [at, key] of Object.keys(many).entries())
      if (at < changed) cache.set(`${key} new`, 'y'.repeat(10_000));
      else expect(cache.lines(key)!(0)).toBe(`head ${at}`);
    cache.save();
  };
  const before = inode();
  asked(1);
  expect(inode()).toBe(before);
  expect(openCache(folder, ['docs']).get('k0')).toBe(many.k0);
  asked(30);
  expect(inode()).not.toBe(before);
  expect(openCache(folder, ['docs']).get('k0')).toBeUndefined();
  expect(openCache(folder, ['docs']).get('k0 new')).toBe('y'.repeat(10_000));
});

test('a line is given of the pack as it was opened, though another has taken its place', () => {
  fill({ a: `first\n${'second '.repeat(1000)}` });
  const cache = openCache(folder, ['docs']);
  const lines = cache.lines('a')!;
  fill({ a: 'other\ntext' });
  expect([lines(0), lines(1)]).toEqual(['first', 'second '.repeat(1000)]);
  expect(openCache(folder, ['docs']).lines('a')!(1)).toBe('text');
});

test('whatever is asked for and set from run to run, a pack holds that and no more', () => {
  const key = fc.constantFrom('a', 'b', 'line\nend', 'd', 'e', '__proto__');
  const run = fc.array(fc.tuple(key, fc.option(fc.string(), { nil: undefined })), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(run, { maxLength: 6 }), (runs) => {
      rmSync(folder, { recursive: true, force: true });
      let before = new Map<string, string>();
      for (const asked of runs) {
        const cache = openCache(folder, ['docs']);
        const now = new Map<string, string>();
        for (const [name, text] of asked) {
          if (text !== undefined) cache.set(name, text);
          const wanted = text ?? now.get(name) ?? before.get(name);
          expect(cache.get(name)).toBe(wanted);
          if (wanted !== undefined) now.set(name, wanted);
        }
        cache.save();
        before = now;
      }
    }),
  );
});

test('a pack damaged at any byte gives what is whole, and nothing else', () => {
  const entries = { a: 'one', b: '{"two": 2}', c: 'three\nlines\n' };
  fill(entries);
  const [file] = packs();
  const whole = readFileSync(file!);
  for (let at = 0; at < whole.length; at++)
    for (const damaged of [Buffer.from(whole).fill(whole[at]! ^ 1, at, at + 1), whole.subarray(0, at)]) {
      writeFileSync(file!, damaged);
      const cache = openCache(folder, ['docs']);
      for (const [key, text] of Object.entries(entries)) expect([text, undefined]).toContain(cache.get(key));
    }
});

test('of a thousand texts each is found, be it alone or after many; damage to some places of the index takes those away alone', () => {
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`"key" ${at} Ä`, `text ${at}`]));
  fill(many);
  for (const key of Object.keys(many).filter((_, at) => at % 100 === 7))
    expect(openCache(folder, ['docs']).get(key)).toBe(many[key]);
  const opened = openCache(folder, ['docs']);
  for (const [key, text] of Object.entries(many)) expect(opened.get(key)).toBe(text);
  for (const key of ['', '"key"', '"key" 7', ' 1 2 3', 'Ä'])
    expect([opened.get(key), openCache(folder, ['docs']).get(key)]).toEqual([undefined, undefined]);
  const [file] = packs();
  const whole = readFileSync(file!);
  writeFileSync(file!, whole.fill(0x20, 5_000, 5_010));
  const damaged = openCache(folder, ['docs']);
  const left = Object.entries(many).filter(([key, text]) => {
    const found = damaged.get(key);
    expect([text, undefined]).toContain(found);
    return found !== undefined;
  });
  expect(left.length).toBeGreaterThan(900);
  expect(left.length).toBeLessThan(1000);
});

test('what was not asked for before a cache was closed is as if it were not there', () => {
  fill(Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`k${at}`, `text ${at}`])));
  const cache = openCache(folder, ['docs']);
  expect(cache.get('k3')).toBe('text 3');
  cache.close();
  expect([cache.get('k500'), cache.lines('k500'), cache.keep('k500')]).toEqual([undefined, undefined, false]);
});

test('the folder ignores itself and holds at most 32 packs, the latest', () => {
  for (let number = 0; number < 40; number++) {
    const cache = openCache(folder, ['docs', String(number)]);
    cache.set('key', String(number));
    cache.save();
    for (const file of packs()) utimesSync(file, number, number - (statSync(file).mtimeMs > 1e6 ? 0 : 1));
  }
  expect(packs()).toHaveLength(32);
  expect(readFileSync(path.join(folder, '.gitignore'), 'utf8')).toBe('*\n');
  expect(openCache(folder, ['docs', '39']).get('key')).toBe('39');
});

test('a folder that cannot be written is no fault', () => {
  const file = path.join(folder, 'file');
  writeFileSync(file, '');
  const cache = openCache(path.join(file, 'below'), ['docs']);
  cache.set('key', 'text');
  expect(() => cache.save()).not.toThrow();
});

test.describe('the command line', () => {
  let space: Workspace;
  test.beforeEach(() => {
    space = workspace({
      'docs/a.md': page('A'),
      'docs/b.md': `${page('B', { name: 'b' })}\n[!INCLUDE [more](c.md)]\n`,
    });
  });
  test.afterEach(() => space.remove());

  test('what is written again at once, at the same length, is seen', async () => {
    for (let number = 0; number < 20; number++) {
      const url = `/v1.0/things/${number % 10}`;
      space.write('docs/a.md', page('A', { url }));
      await space.cli(['compile']);
      const fixture = space.read('fixtures/a.json');
      expect(fixture).toContain(`${url}"`);
      space.write('fixtures/a.json', fixture.replace(url, '/v1.0/things/x'));
      await space.cli(['compile']);
      expect(space.read('fixtures/a.json')).toBe(fixture);
    }
  });

  test('a second run says, writes and ends as the first did', async () => {
    const first = await space.cli(['compile']);
    const second = await space.cli(['compile']);
    expect(second).toEqual({ ...first, stderr: first.stderr.replace(/^Fixtures in .*\n/m, '') });
    expect(space.report()).toEqual(await reportWithout());
    expect(readFileSync(path.join(space.folder, '.docwright/cache/.gitignore'), 'utf8')).toBe('*\n');
  });

  test('a change of a page, of a file it includes, of a fixture or of a setting is seen', async () => {
    await space.cli(['compile']);
    for (const change of [
      () => space.write('docs/a.md', page('A', { url: '/v1.0/things/2' })),
      () => space.write('docs/c.md', page('C', { name: 'c' })),
      () => space.write('docs/c.md', page('C', { name: 'd' })),
      () => rmSync(path.join(space.folder, 'docs/c.md')),
    ]) {
      change();
      await space.cli(['compile']);
      expect(space.report()).toEqual(await reportWithout());
    }
    const fixture = space.read('fixtures/a.json');
    space.write('fixtures/a.json', fixture.replace('things/2', 'things/3'));
    expect((await space.cli(['compile', '--check'])).code).toBe(1);
    await space.cli(['compile']);
    expect(space.read('fixtures/a.json')).toBe(fixture);
    rmSync(path.join(space.folder, 'reports/report.json'));
    await space.cli(['compile']);
    expect(space.report().exchanges).toHaveLength(2);
    await space.cli(['compile', 'a.md']);
    expect(space.report().exchanges).toHaveLength(1);
  });

  test('damaged packs are as if they were not there', async () => {
    const clean = await space.cli(['compile']);
    const files = path.join(space.folder, '.docwright/cache');
    for (const name of readdirSync(files)) {
      const bytes = readFileSync(path.join(files, name));
      writeFileSync(path.join(files, name), bytes.fill(0x20, bytes.length >> 1));
    }
    const { code } = await space.cli(['compile']);
    expect(code).toBe(clean.code);
    expect(space.report()).toEqual(await reportWithout());
  });

  test('a pack of which any byte is damaged makes no difference to what is found', async () => {
    const clean = await space.cli(['check']);
    const wanted = space.report();
    const files = path.join(space.folder, '.docwright/cache');
    const kept = readdirSync(files).map(
      (name) => [path.join(files, name), readFileSync(path.join(files, name))] as const,
    );
    for (const [file, whole] of kept)
      for (let at = 7; at < whole.length; at += Math.ceil(whole.length / 12)) {
        // Pages are as they were, so that what is kept of them is used; the report is not.
        for (const [each, bytes] of kept) writeFileSync(each, bytes);
        writeFileSync(file, Buffer.from(whole).fill(whole[at]! ^ 1, at, at + 1));
        rmSync(path.join(space.folder, 'reports'), { recursive: true });
        const { code, stderr } = await space.cli(['check']);
        expect([code, stderr]).toEqual([clean.code, clean.stderr]);
        expect(space.report()).toEqual(wanted);
      }
  });

  test('a second check says what the first did; a report that was changed is written anew', async () => {
    const first = await space.cli(['check']);
    const report = space.read('reports/report.json');
    expect(await space.cli(['check'])).toEqual(first);
    space.write('reports/report.json', '{}');
    expect(await space.cli(['check'])).toEqual(first);
    expect(space.read('reports/report.json')).toBe(report);
    space.write('docwright.config.json', '{ "requiredFrontMatter": ["title"] }');
    await space.cli(['check']);
    expect(space.report().findings).not.toEqual((JSON.parse(report) as Report).findings);
  });

  test('`--no-cache` leaves nothing behind', async () => {
    await space.cli(['compile', '--no-cache']);
    expect(readdirSync(space.folder).sort()).toEqual(['docs', 'fixtures', 'reports']);
  });

  test('`cache: false` in the config is `--no-cache`; `--cache` beats it', async () => {
    space.write('docwright.config.json', '{ "cache": false }');
    await space.cli(['compile']);
    expect(readdirSync(space.folder)).not.toContain('.docwright');
    await space.cli(['compile', '--cache']);
    expect(readdirSync(space.folder)).toContain('.docwright');
  });

  test('runs at the same time do not disturb each other', async () => {
    const codes = await Promise.all(Array.from({ length: 4 }, () => space.cli(['compile'])));
    expect(new Set(codes.map(({ code }) => code)).size).toBe(1);
    expect(space.report()).toEqual(await reportWithout());
  });

  /** What a run without a cache reports of the same docs. */
  async function reportWithout(): Promise<unknown> {
    mkdirSync(path.join(space.folder, 'apart'), { recursive: true });
    await space.cli(['compile', '--no-cache', '--fixtures', 'apart/fixtures', '--reports', 'apart/reports']);
    return space.report('apart/reports');
  }
});

function fill(entries: Readonly<Record<string, string>>): void {
  const cache = openCache(folder, ['docs']);
  for (const [key, text] of Object.entries(entries)) cache.set(key, text);
  cache.save();
}

function packs(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.pack'))
    .map((name) => path.join(folder, name));
}
