import { expect, test } from '@playwright/test';
import { workspace } from './workspace.ts';

const PAGE = `# Page

![there](images/there.png) and ![gone](images/gone.png), [data](data/all.json), [outside](../outside.png).
`;

const FILES = {
  'docs/page.md': PAGE,
  'docs/images/there.png': 'x',
  'docs/data/all.json': '{}',
  'outside.png': 'x',
};

test('a link to a file of the docs that is no page is alive where the file is there, and dead where it is not', async () => {
  const space = workspace(FILES);
  await space.cli(['check', '--reporter', 'json', '--quiet']);
  const links = (): string[] =>
    space
      .report()
      .findings.filter(({ ruleId }) => ruleId.startsWith('link/'))
      .map(({ ruleId, line, column }) => `${ruleId} ${line}:${column}`);
  expect(links()).toEqual(['link/dead 3:40', 'link/not-judged 3:91']);

  // The next run looks anew.
  space.write('docs/images/gone.png', 'x');
  await space.cli(['check', '--reporter', 'json', '--quiet']);
  expect(links()).toEqual(['link/not-judged 3:91']);
  space.remove();
});

test('where single pages are given, other files are not judged', async () => {
  const space = workspace(FILES);
  await space.cli(['check', '--docs', 'docs/page.md', '--reporter', 'json', '--quiet']);
  expect(space.report().findings.filter(({ ruleId }) => ruleId === 'link/dead')).toEqual([]);
  space.remove();
});

test('of several roots each has its files', async () => {
  const space = workspace({
    'a/page.md': '# A\n\n![one](one.png)\n',
    'a/one.png': 'x',
    'b/page.md': '# B\n\n![one](one.png)\n',
  });
  await space.cli(['check', '--docs', 'a', '--docs', 'b', '--reporter', 'json', '--quiet']);
  const dead = space.report().findings.filter(({ ruleId }) => ruleId === 'link/dead');
  expect(dead.map(({ file, line }) => `${file}:${line}`)).toEqual(['b/page.md:3']);
  space.remove();
});
