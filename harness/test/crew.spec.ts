import { expect, test } from '@playwright/test';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { readToText, readingFrom } from '../compile/cached.ts';
import { MANY, queueOf } from '../compile/crew/index.ts';
import { foreseen } from '../compile/crew/foreseen.ts';
import { pageReader } from '../compile/reader.ts';
import { cli } from '../cli/index.ts';
import type { Source } from '../model/docset.ts';
import { runBuilt } from './built.ts';
import { page, workspace } from './workspace.ts';

test('threads and one thread write the same bytes: fixtures, report and words', async () => {
  test.setTimeout(120_000);
  const pages = Array.from({ length: MANY + 100 }, (_, index) => {
    const include = `\n[!INCLUDE [note](../includes/${index % 7 === 0 ? 'missing' : 'note'}.md)]\n`;
    return [`docs/p${index}.md`, page(`Page ${index}`, { name: `p${index % 450}` }) + include] as const;
  });
  const space = workspace({ ...Object.fromEntries(pages), 'includes/note.md': 'See [this](other.md).\n' });
  try {
    for (const command of ['compile', 'check']) {
      const built = await runBuilt([command, '--no-cache', '--reporter', 'list,json'], space.folder);
      const threads = stateOf(space.folder);
      clear(space.folder);
      // Where the code is TypeScript there are no threads.
      let said = '';
      const streams = { stdout: { write: () => true }, stderr: { write: (text: string) => Boolean((said += text)) } };
      const code = await cli([command, '--no-cache', '--reporter', 'list,json'], {}, streams, space.folder);
      expect(stateOf(space.folder)).toEqual(threads);
      // How far it is, is said where it takes long.
      const words = (text: string): string => text.replace(/^(?:Reading|Checking): .*\n/gm, '');
      expect([code, words(said)]).toEqual([built.code, words(built.stderr)]);
      clear(space.folder);
    }
  } finally {
    space.remove();
  }
});

test('what --fix has changed is read again by the threads that wait, to the same pages and words', async () => {
  test.setTimeout(120_000);
  const pages = Array.from({ length: MANY + 100 }, (_, index) => {
    const text = page(`Page ${index}`, { name: `p${index}`, url: `/v1.0/things/${index}` });
    return [`docs/p${index}.md`, index % 3 === 0 ? text.replace('"id": "1"', '"id": "1",') : text] as const;
  });
  const space = workspace(Object.fromEntries(pages));
  try {
    const words = ['check', '--fix', '--no-cache', '--reporter', 'json'];
    const built = await runBuilt(words, space.folder);
    const after = pages.map(([file]) => space.read(file));
    const report = space.read('reports/report.json');
    expect([built.code, built.stderr]).toEqual([0, expect.stringContaining('Fixed 167 findings in 167 files')]);
    for (const [file, text] of pages) space.write(file, text);
    const { code } = await space.cli(words);
    expect(code).toBe(0);
    expect(pages.map(([file]) => space.read(file))).toEqual(after);
    expect(space.read('reports/report.json')).toBe(report);
  } finally {
    space.remove();
  }
});

test('a queue gives every page once, from both ends', () => {
  const sources = Array.from({ length: 10 }, (_, index) => source(`p${index}.md`, ''));
  const queue = queueOf(sources);
  const taken = [...queue.first(4), queue.last(), queue.last(), ...queue.first(9)];
  expect([queue.first(1), queue.last()]).toEqual([[], undefined]);
  expect(new Set(taken)).toEqual(new Set(sources));
  expect(taken).toHaveLength(sources.length);
});

test('what a page may include is foreseen at any depth, in circles and where nothing is', () => {
  const files: Record<string, string> = {
    'a.md': '[!INCLUDE [b](b)] [!include[c](/c.md)]',
    'b.md': '[!INCLUDE [a](a.md)]',
  };
  const found = foreseen([source('p.md', 'x\n[!INCLUDE [a](a.md)]\n')], (file) => files[file]);
  expect([...found].map(([file, text]) => [file, text !== undefined]).sort()).toEqual([
    ['a.md', true],
    ['b.md', true],
    ['c.md', false],
  ]);
});

test('a reading is the same before and after it is a text', async () => {
  const read = pageReader({ facts: 'all', tags: [], tables: undefined });
  const recovered = page('Page').replace('"id": "1"', '"id": "1",\n  // more');
  const { page: before, text } = await readToText(read, source('p.md', recovered), () => undefined);
  expect(before.findings).not.toEqual([]);
  expect({ ...readingFrom(text).page }).toEqual(JSON.parse(JSON.stringify(before)));
});

test('the reading of this page changes only together with the number of the format of readings', async () => {
  const written = `---\ntitle: x\n---\n${page('Page')}\n| Property | Type |\n|:--|:--|\n| a | [b](c.md#d) |\n\n- *one* \`two\`\n\n> [!NOTE]\n> three\n`;
  const read = pageReader({ facts: 'all', tags: [], tables: undefined });
  const { page: reading } = await readToText(read, source('p.md', written), () => undefined);
  const { links, anchors, title } = reading.page;
  // What remark has a say in; where it reads this otherwise, raise READING in compile/cached.ts.
  const told = JSON.stringify({ links, anchors, title, fates: reading.fates });
  expect(createHash('sha1').update(told).digest('hex')).toBe('ba877376b54967449b9c67d9b7470d78fe2c2252');
});

function source(file: string, text: string): Source {
  return { file, page: file, content: Buffer.from(text) };
}

function clear(folder: string): void {
  for (const name of ['fixtures', 'reports']) rmSync(path.join(folder, name), { recursive: true, force: true });
}

function stateOf(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /^(fixtures|reports).*\.json$/.test(file))
    .sort();
  return Object.fromEntries(files.map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]));
}
