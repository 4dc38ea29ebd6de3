import { expect, test } from '@playwright/test';
import { page, workspace, type Workspace } from './workspace.ts';

let space: Workspace;
test.beforeEach(() => {
  space = workspace();
});
test.afterEach(() => space.remove());

const check = async (...words: string[]) => {
  const { code, stderr } = await space.cli(['check', ...words]);
  const findings =
    code === 2 ? [] : space.report().findings.map(({ ruleId, file, line }) => `${file}:${line} ${ruleId}`);
  return { code, stderr, findings };
};
const config = (value: object): void => space.write('docwright.config.json', JSON.stringify(value));

test('tags are selected by flag, environment and config', async () => {
  space.write('docs/a.md', `[TAGS=new,other]\n\n${page('A')}\n[END]\n`);
  const exchanges = async (words: string[] = [], environment = {}) => {
    await space.cli(['check', ...words], { environment });
    return space.report().summary.exchanges;
  };
  expect(await exchanges()).toBe(0);
  expect((await check()).findings).toEqual(['docs/a.md:1 page/left-out']);
  expect(await exchanges(['--tags', 'x,NEW'])).toBe(1);
  expect(await exchanges([], { DOCWRIGHT_TAGS: 'new' })).toBe(1);
  config({ tags: 'x, new' });
  expect(await exchanges()).toBe(1);
  expect(await exchanges(['--tags', 'x'])).toBe(0);
  config({ tags: ['other'] });
  expect(await exchanges()).toBe(1);
});

test('an outline is read from its file beside the config, or from the config itself', async () => {
  const outline = {
    apiPageType: [{ level: 1, title: '*', headers: [{ level: 2, title: 'Permissions', required: true }] }],
  };
  space.write('docs/a.md', '---\ndoc_type: apiPageType\n---\n# A\n');
  space.write('docs/b.md', '# B\n');
  expect(await check()).toMatchObject({ code: 0, findings: [] });
  config({ outline });
  expect(await check()).toMatchObject({ code: 1, findings: ['docs/a.md:4 structure/heading-missing'] });
  space.write('config/outline.json', `${JSON.stringify(outline).replace('}]}]}', '}],}]}')} // as API Doctor reads it`);
  space.write('config/c.json', '{"outline": "outline.json", "docs": "../docs"}');
  expect(await check('-c', 'config/c.json')).toMatchObject({
    code: 1,
    findings: ['docs/a.md:4 structure/heading-missing'],
  });
});

test('an outline that cannot be read is a fault of the caller, told at its place', async () => {
  space.write('docs/a.md', '# A\n');
  config({ outline: 'gone.json' });
  expect(await check()).toMatchObject({ code: 2, stderr: expect.stringContaining('No outline file `gone.json`') });
  config({ outline: 'o.json' });
  space.write('o.json', '{ "a": ');
  expect(await check()).toMatchObject({ code: 2, stderr: expect.stringContaining('o.json:1:') });
  space.write('o.json', '{\n  "a": [{ "level": 7, "title": "x" }]\n}');
  expect(await check()).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('o.json:2:11: `/a/0/level` of the outline must be a whole number from 1 to 6'),
  });
  config({ outline: { x: 1 } });
  expect(await check()).toMatchObject({ code: 2, stderr: expect.stringContaining('The outline must have a list') });
});

test('keys of front matter that the config asks for are missed', async () => {
  space.write('docs/a.md', '---\ntitle: A\n---\n# A\n');
  config({ requiredFrontMatter: ['title', 'author'] });
  expect(await check()).toMatchObject({ code: 1, findings: ['docs/a.md:1 page/front-matter-missing'] });
});
