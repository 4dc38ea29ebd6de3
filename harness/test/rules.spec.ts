import { expect, test } from '@playwright/test';
import { check } from '../check/index.ts';
import { rules, ruleUrl, type Rule, type RuleId } from '../model/rules.ts';
import { brief, compilePages } from './docs.ts';
import { findingsOf, readRulePage, rulePages, rulePageText } from './rule-pages.ts';
import { workspace } from './workspace.ts';

const ids = Object.keys(rules) as RuleId[];

/** Rules that cannot be broken alone. An annotation is swallowed only by a fence that is not closed, which is told as well. */
const COMPANY: Partial<Readonly<Record<RuleId, readonly RuleId[]>>> = {
  'annotation/in-open-fence': ['fence/unclosed'],
  // It says what came of another fault.
  'pairing/unread': ['annotation/block-type'],
};

test('every rule has a page, and every page a rule', () => {
  expect(rulePages().toSorted()).toEqual(ids.toSorted());
});

for (const id of ids) {
  test(`${id}: its page says what the table says; its example breaks it and no other; mended it breaks none`, async () => {
    const { severity, summary }: Rule = rules[id];
    const page = readRulePage(id);
    expect(page.title).toBe(`\`${id}\``);
    expect(page.promise).toBe(`**${severity[0]!.toUpperCase()}${severity.slice(1)}.** ${summary}`);
    expect(page.sections).toEqual(['Breaks it', 'Mended']);

    const broken = await findingsOf(page.breaks);
    const own = broken.filter(({ ruleId }) => !COMPANY[id]?.includes(ruleId));
    expect([...new Set(own.map(({ ruleId }) => ruleId))], JSON.stringify(brief(broken))).toEqual([id]);
    for (const finding of own) expect(finding).toMatchObject({ severity, url: ruleUrl(id) });

    expect(page.mended.length).toBeGreaterThan(0);
    expect(brief(await findingsOf(page.mended))).toEqual([]);
  });
}

test('the pages of the rules keep the rules themselves', async () => {
  const docset = await compilePages(Object.fromEntries(ids.map((id) => [ruleUrl(id), rulePageText(id)])));
  const found = [...docset.findings, ...check(docset)];
  // What stands in a fence is there to be wrong.
  const inFence = (file: string, line: number): boolean =>
    rulePageText(file.slice('docs/rules/'.length, -'.md'.length))
      .split('\n')
      .slice(0, line)
      .filter((text) => /^````/.test(text)).length %
      2 ===
    1;
  const outside = found.filter(({ file, line }) => !inFence(file, line));
  expect(brief(outside, { notes: false })).toEqual([]);
});

test('docwright rules lists every rule, for people and for scripts', async () => {
  const space = workspace();
  const people = await space.cli(['rules']);
  expect(people.code).toBe(0);
  const lines = people.stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.split(/\s+/, 1)[0])).toEqual(ids);
  const columns = ids.map((id, at) => lines[at]!.indexOf(rules[id].summary));
  expect(new Set(columns).size).toBe(1);

  const scripts = await space.cli(['rules', '--json']);
  const { schemaVersion, rules: list } = JSON.parse(scripts.stdout) as { schemaVersion: number; rules: unknown };
  expect(schemaVersion).toBe(1);
  expect(list).toEqual(ids.map((id) => ({ id, ...rules[id], url: `docs/rules/${id}.md` })));
  space.remove();
});

test('docwright explain prints the page of a rule, in colour the same text', async () => {
  const space = workspace();
  for (const id of ids) {
    expect(await space.cli(['explain', id])).toEqual({ code: 0, stdout: rulePageText(id), stderr: '' });
    const { stdout } = await space.cli(['explain', id, '--color']);
    expect(stdout.replace(/\u001b\[\d+m/g, '')).toBe(rulePageText(id));
    expect(stdout).not.toBe(rulePageText(id));
  }
  const two = await space.cli(['explain', 'page/todo', 'PAGE/TAGS']);
  expect(two.stdout).toBe(`${rulePageText('page/todo')}\n${rulePageText('page/tags')}`);
  space.remove();
});

test('docwright explain of no rule, or one nobody knows, is a fault of usage that names the nearest', async () => {
  const space = workspace();
  for (const [words, said] of [
    [['explain'], 'Missing rule, expected its id; `docwright rules` lists them'],
    [['explain', 'property/mising'], 'Unknown rule `property/mising`, did you mean `property/missing`?'],
    [['explain', 'link'], 'did you mean `link/dead`, `link/anchor`, `link/case`, `link/undefined`, `link/not-judged`?'],
    [['explain', 'in-code'], 'did you mean `annotation/in-code`?'],
    [['explain', '../../package.json'], 'Unknown rule `../../package.json`; `docwright rules` lists them'],
    [['rules', 'page/todo'], 'Unexpected word `page/todo`; `docwright explain page/todo` tells of one rule'],
    [['explain', 'page/todo', '--json'], '`--json` belongs to `docwright print` and `docwright rules`'],
  ] as const) {
    const { code, stdout, stderr } = await space.cli(words);
    expect({ code, stdout, said: stderr.includes(said) }, stderr).toEqual({ code: 2, stdout: '', said: true });
  }
  space.remove();
});
