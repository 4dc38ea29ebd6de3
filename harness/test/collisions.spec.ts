import { expect, test } from '@playwright/test';
import { brief, compilePages } from './docs.ts';
import { page } from './workspace.ts';

test('of two pages that would give one fixture none is lost: both are kept apart, and it is told', async () => {
  const { fixtures, exchanges, findings } = await compilePages({
    'x.MD': page('Loud', { url: '/loud' }),
    'x.md': page('Quiet', { url: '/quiet' }),
    'X.md': page('Another', { name: 'other' }),
  });
  expect([...fixtures.keys()].sort()).toEqual(['X.json', 'x.MD.json', 'x.json']);
  expect(fixtures.get('x.json')!.page).toBe('x.md');
  expect(exchanges.map(({ id, file }) => `${file} ${id}`)).toEqual([
    'x.MD x.MD#get_thing',
    'x.md x#get_thing',
    'X.md X#other',
  ]);
  const told = findings.filter(({ ruleId }) => ruleId === 'page/collision');
  expect(brief(told)).toEqual(['1:1 warning page/collision']);
  expect(told[0]).toMatchObject({ file: 'x.MD', reason: expect.stringContaining('`x.md`') });
});

test('a page that promises nothing takes nothing', async () => {
  const { fixtures, findings } = await compilePages({ 'x.MD': page('Loud'), 'x.md': '# Quiet\n' });
  expect([...fixtures.keys()]).toEqual(['x.json']);
  expect(findings.filter(({ ruleId }) => ruleId === 'page/collision')).toEqual([]);
});
