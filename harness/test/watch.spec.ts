import { EventEmitter } from 'node:events';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { cli } from '../cli/index.ts';
import { watchFolders } from '../files/watch.ts';
import { PAGES, rewording } from './page-words.ts';
import { workspace, type Workspace } from './workspace.ts';

/** A terminal that somebody types at. */
function terminal() {
  const events = new EventEmitter();
  const modes: boolean[] = [];
  return {
    isTTY: true,
    modes,
    setRawMode: (isRaw: boolean) => modes.push(isRaw),
    on: (event: 'data', hear: (text: string | Uint8Array) => void) => events.on(event, hear),
    off: (event: 'data', hear: (text: string | Uint8Array) => void) => events.off(event, hear),
    resume() {},
    pause() {},
    listeners: () => events.listenerCount('data'),
    type: (key: string) => events.emit('data', Buffer.from(key)),
  };
}

/** Watches a workspace; `until` waits for words that were not said before. */
function watching(space: Workspace, words: readonly string[] = []) {
  const keys = terminal();
  const stop = new AbortController();
  let said = '';
  let heard = 0;
  const streams = {
    stdout: { write: (text: string) => (said += text) },
    stderr: { write: (text: string) => (said += text) },
    signal: stop.signal,
    keys: () => keys,
  };
  const ended = cli(['check', '--watch', ...words], {}, streams, space.folder);
  const until = async (fits: RegExp): Promise<string> => {
    await expect.poll(() => said.slice(heard), { timeout: 20_000, intervals: [10] }).toMatch(fits);
    const fresh = said.slice(heard);
    heard = said.length;
    return fresh;
  };
  return { keys, stop, ended, until, said: () => said };
}

test('a save is told by what it broke and what it mended; keys show all, what is new, check again and quit', async () => {
  const space = workspace({ 'docs/a.md': '# A\n\nSee [x](gone.md).\n', 'docs/b.md': '# B\n\nText.\n' });
  const { keys, ended, until } = watching(space);
  expect(await until(/Watching\./)).toContain('link/dead');
  space.write('docs/b.md', '# B\n\nSee [y](nowhere.md).\n');
  const broken = await until(/2 findings, 1 new; \d+ ms/);
  expect(broken).toMatch(/^\+ docs\/b\.md:3:\d+ warning link\/dead .*nowhere\.md/m);
  expect(broken).not.toContain('gone.md');
  keys.type('n');
  expect(await until(/1 finding new/)).toContain('nowhere.md');
  keys.type('a');
  expect(await until(/2 findings/)).toContain('gone.md');
  space.write('docs/b.md', '# B\n\nText.\n');
  expect(await until(/1 finding, 0 new/)).toMatch(/^- docs\/b\.md:3:\d+ warning link\/dead/m);
  keys.type('r');
  await until(/All pages: 1 finding, 0 new/);
  keys.type('q');
  expect(await ended).toBe(0);
  expect(keys.modes).toEqual([true, false]);
  expect(keys.listeners()).toBe(0);
  space.remove();
});

test('after any saves is told what a run that begins anew tells', async () => {
  test.setTimeout(180_000);
  await fc.assert(
    fc.asyncProperty(fc.array(rewording, { minLength: 2, maxLength: 6 }), async (saves) => {
      const space = workspace(PAGES);
      const texts = (): string => Object.keys(PAGES).map(space.read).join('\0');
      try {
        const { ended, until, stop } = watching(space, ['--reporter', 'json']);
        await until(/Watching\./);
        for (const save of saves) {
          const before = texts();
          save(space);
          if (texts() === before) continue;
          await until(/; \d+ ms/);
          await space.cli(['check', '--no-cache', '--reporter', 'json', '--reports', 'anew']);
          await expect.poll(() => space.read('reports/report.json')).toBe(space.read('anew/report.json'));
        }
        stop.abort('SIGINT');
        await ended;
      } finally {
        space.remove();
      }
    }),
    { numRuns: 6 },
  );
});

test('pages that come, go and are moved over, folders, links and includes', async () => {
  const space = workspace({
    'docs/a.md': '# A\n\nSee [b](b.md), [c](sub/c.md) and ![i](i.png).\n',
    'docs/inc.md': '# A\n\n[!INCLUDE [x](x.md)]\n',
    'docs/x.md': 'Text.\n',
    'elsewhere/real.md': '# R\n\nText.\n',
  });
  const at = (file: string): string => path.join(space.folder, file);
  symlinkSync(at('elsewhere/real.md'), at('docs/link.md'));
  const { ended, until, stop } = watching(space);
  expect(await until(/Watching\./)).toMatch(/\b3 findings/);
  space.write('docs/b.md', '# B\n');
  await until(/2 findings, 0 new/);
  mkdirSync(at('docs/sub'));
  space.write('docs/sub/c.md', '# C\n');
  await until(/1 finding, 0 new/);
  space.write('docs/i.png', '');
  await until(/: 0 findings, 0 new/);
  // As editors save: a new file is moved over the old one.
  writeFileSync(at('docs/.b.md.swp'), '# B\n\nSee [z](z.md).\n');
  renameSync(at('docs/.b.md.swp'), at('docs/b.md'));
  await until(/docs\/b\.md: 1 finding, 1 new/);
  writeFileSync(at('docs/sub/4913'), '');
  writeFileSync(at('docs/sub/c.md~'), '# C\n\nSee [z](z.md).\n');
  renameSync(at('docs/sub/c.md~'), at('docs/sub/c.md'));
  rmSync(at('docs/sub/4913'));
  await until(/docs\/sub\/c\.md: 2 findings, 2 new/);
  space.write('docs/x.md', 'See [w](w.md).\n');
  await until(/docs\/x\.md: 3 findings/);
  space.write('elsewhere/real.md', '# R\n\nSee [v](v.md).\n');
  await until(/docs\/link\.md: 4 findings/);
  rmSync(at('docs/sub'), { recursive: true });
  await until(/: 4 findings/);
  stop.abort('SIGINT');
  expect(await ended).toBe(130);
  space.remove();
});

test('what is suppressed meanwhile is told no more, reports are written anew, and a signal ends it', async () => {
  const space = workspace({ 'docs/a.md': '# A\n\nSee [x](gone.md).\n' });
  const { ended, until, keys } = watching(space, ['--reporter', 'json']);
  await until(/Watching\./);
  expect(space.report().findings).toHaveLength(1);
  await space.cli(['check', '--suppress-all', '--reporter', 'line', '--quiet']);
  await until(/^- docs\/a\.md:3.*\n[^]*0 findings, 0 new/m);
  await expect.poll(() => space.report().summary.suppressed).toBe(1);
  keys.type('\u0003');
  expect(await ended).toBe(130);
  expect((await space.cli(['check', '--watch', '--suppress-all'])).code).toBe(2);
  space.remove();
});

test('a config that is saved is no silence: it says that it counts from the next start on', async () => {
  for (const config of ['docwright.config.json', undefined]) {
    const space = workspace({ 'docs/a.md': '# A\n', ...(config === undefined ? {} : { [config]: '{}' }) });
    const { keys, ended, until } = watching(space);
    await until(/Watching\./);
    space.write('docwright.config.json', '{ "rules": {} }');
    await until(/docwright\.config\.json: saved; what it says counts from the next start on/);
    keys.type('q');
    expect(await ended).toBe(0);
    space.remove();
  }
});

test('a folder under watch that is moved away and comes back is heard again', async () => {
  const space = workspace({ 'docs/sub/a.md': 'a' });
  const at = (file: string): string => path.join(space.folder, file);
  const heard: string[] = [];
  const { close } = watchFolders([at('docs')], (files) =>
    heard.push(...[...files].map((file) => path.relative(space.folder, file))),
  );
  renameSync(at('docs/sub'), at('gone'));
  await expect.poll(() => heard).toContain('docs/sub');
  renameSync(at('gone'), at('docs/sub'));
  await expect
    .poll(async () => {
      heard.length = 0;
      space.write('docs/sub/a.md', String(Math.random()));
      await new Promise((resolve) => setTimeout(resolve, 150));
      return heard;
    })
    .toContain('docs/sub/a.md');
  close();
  heard.length = 0;
  space.write('docs/sub/a.md', 'c');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(heard).toEqual([]);
  space.remove();
});
