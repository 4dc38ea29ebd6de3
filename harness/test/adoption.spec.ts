import { chmodSync, lstatSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { gitIn, repository, type Repository } from './repository.ts';
import { page, workspace } from './workspace.ts';

const FILE = 'docwright-suppressions.json';

/** What is reported, suppressed findings left out. */
function told(space: Repository): string[] {
  return space
    .report()
    .findings.filter(({ suppressed }) => !suppressed)
    .map(({ ruleId, severity, file }) => `${file} ${severity} ${ruleId}`);
}

function entries(space: Repository): { rule: string; page: string; count: number }[] {
  return (JSON.parse(space.read(FILE)) as { suppressions: { rule: string; page: string; count: number }[] })
    .suppressions;
}

/** A page with five old findings. */
function oldPage(number: number): string {
  const links = [1, 2, 3, 4].map((each) => `See [that](gone-${each}.md).`);
  return `# Page ${number}\n\n${links.join('\n\n')}\n\nTODO: write more.\n`;
}

const RESOURCE = `# thing

<!-- { "blockType": "resource", "@odata.type": "a.thing" } -->
\`\`\`json
{
  "id": "String",
  "size": 1
}
\`\`\`
`;

function useOf(number: number): string {
  return `# Get thing ${number}

<!-- { "blockType": "request", "name": "get_thing_${number}" } -->
\`\`\`http
GET https://api.example.com/v1.0/things/${number}
\`\`\`

<!-- { "blockType": "response", "@odata.type": "a.thing" } -->
\`\`\`http
HTTP/1.1 200 OK
Content-Type: application/json

{
  "id": "${number}",
  "size": 7
}
\`\`\`
`;
}

test('the story of a team that adopts the tool', async () => {
  test.setTimeout(120_000);
  const config = (todo: string) => JSON.stringify({ rules: { 'page/todo': todo } }, null, 2);
  const space = repository({
    ...Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`docs/old/page-${at}.md`, oldPage(at)])),
    ...Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`docs/use-${at}.md`, useOf(at)])),
    'docs/thing.md': RESOURCE,
    'docwright.config.json': config('note'),
  });
  const check = (...words: string[]) => space.cli(['check', '--max-warnings', '0', ...words]);

  await test.step('it has 300 old findings, suppresses them all, and is green', async () => {
    expect((await check()).code).toBe(1);
    expect(told(space)).toHaveLength(300);
    const { code, stderr } = await check('--suppress-all');
    expect(code, stderr.slice(0, 500)).toBe(0);
    expect(stderr).toContain(`Suppressed 300 findings in ${FILE}: 240 link/dead, 60 page/todo`);
    expect(space.report().summary).toMatchObject({ findings: { error: 0, warning: 0, note: 0 }, suppressed: 300 });
    expect((await check()).code).toBe(0);
    space.commit('Adopt docwright');
  });

  await test.step('a writer edits one page: only what that broke is reported', async () => {
    space.git('checkout', '-q', '-b', 'edit');
    space.write('docs/old/page-7.md', `# Seven\n\nReworded, and see [new](nowhere.md).\n\n${oldPage(7)}`);
    expect((await check()).code).toBe(1);
    expect(told(space)).toEqual(['docs/old/page-7.md warning link/dead']);
    expect((await check('--only-changed')).code).toBe(1);
    expect(told(space)).toEqual(['docs/old/page-7.md warning link/dead']);
    space.write('docs/old/page-7.md', `# Seven\n\nReworded.\n\n${oldPage(7)}`);
    expect((await check()).code).toBe(0);
    space.commit('Reword');
  });

  await test.step('a page is moved: still green', async () => {
    space.move('docs/old/page-9.md', 'docs/old/nine.md');
    const { code, stderr } = await check();
    expect(code, stderr).toBe(0);
    expect(told(space)).toEqual([]);
    expect((await check('--only-changed')).code).toBe(0);
    space.commit('Move');
  });

  await test.step('a resource that six pages use is broken: six are reported', async () => {
    space.write('docs/thing.md', RESOURCE.replace('"size": 1', '"size": "String"'));
    expect((await check('--only-changed', 'main')).code).toBe(1);
    const uses = Array.from({ length: 6 }, (_, at) => `docs/use-${at}.md error property/type`);
    expect(told(space)).toEqual(uses);
    expect(space.report().exchanges).toHaveLength(0);
    // The same of answers: the exchanges of that type, and no others, are asked.
    await space.cli(['run', '--only-changed=main']);
    expect(space.report().exchanges.map(({ file }) => file)).toEqual(uses.map((use) => use.split(' ')[0]));
    space.write('docs/thing.md', RESOURCE);
  });

  await test.step('an old fault is mended: the entry for it is named as stale', async () => {
    space.write('docs/old/page-3.md', oldPage(3).replace('See [that](gone-2.md).', 'See nothing.'));
    const { code } = await space.cli(['check']);
    expect(code).toBe(0);
    const stale = space.report().findings.filter(({ suppressed }) => !suppressed);
    expect(stale).toMatchObject([{ ruleId: 'suppression/stale', severity: 'warning', file: FILE }]);
    expect(stale[0]!.reason).toContain('`link/dead` on `old/page-3.md`'.replace('old/', 'docs/old/'));
    const line = space.read(FILE).split('\n')[stale[0]!.line - 1];
    expect(line).toMatch(/^ {4}\{ "page": "docs\/old\/page-3\.md", "rule": "link\/dead", .*\},$/);
  });

  await test.step('it is pruned: nothing else is taken out', async () => {
    const { code, stderr } = await check('--prune-suppressions');
    expect(stderr).toContain(`Pruned 1 entry of ${FILE}`);
    expect(code).toBe(0);
    expect(entries(space).reduce((sum, { count }) => sum + count, 0)).toBe(299);
    expect(entries(space).filter((entry) => entry.page === 'docs/old/nine.md')).toHaveLength(5);
    space.commit('Prune');
  });

  await test.step('a newer tool has a rule more: only its findings are new, as grave as the config says', async () => {
    // As the older tool, which did not know the rule, had left the file.
    const known = JSON.parse(space.read(FILE)) as { suppressions: { rule: string }[] };
    known.suppressions = known.suppressions.filter(({ rule }) => rule !== 'page/todo');
    space.write(FILE, JSON.stringify(known));
    space.write('docwright.config.json', config('warning'));
    expect((await space.cli(['check'])).code).toBe(0);
    expect(new Set(told(space).map((each) => each.replace(/^\S+ /, '')))).toEqual(new Set(['warning page/todo']));
    expect(told(space)).toHaveLength(60);
    const { stderr } = await space.cli(['check', '--suppress-rule', 'page/todo']);
    expect(stderr).toContain(`Suppressed 60 findings in ${FILE}: 60 page/todo`);
    expect((await check()).code).toBe(0);
  });
  space.remove();
});

test('what two branches suppress on two pages is merged without a conflict, and on one in a few lines', async () => {
  const files = Object.fromEntries([1, 2, 3, 4, 5, 6].map((at) => [`docs/page-${at}.md`, oldPage(at)]));
  const space = repository({ ...files, 'docwright.config.json': '{}' });
  await space.cli(['check', '--suppress-all']);
  space.commit('Adopt');
  const edit = async (branch: string, file: string, link: string): Promise<void> => {
    space.git('checkout', '-q', '-b', branch, 'main');
    space.write(file, `${files[file] ?? '# New\n'}\nSee [new](${link}.md).\n`);
    await space.cli(['check', '--suppress-all']);
    space.commit(branch);
  };
  await edit('one', 'docs/page-2.md', 'new-a');
  await edit('two', 'docs/page-5.md', 'new-b');
  space.git('merge', '-q', 'one');
  expect((await space.cli(['check', '--max-warnings', '0'])).code).toBe(0);
  // Two new pages side by side: what each suppresses goes to the same place.
  await edit('three', 'docs/page-2-a.md', 'new-c');
  await edit('four', 'docs/page-2-b.md', 'new-d');
  expect(() => space.git('merge', '-q', 'three')).toThrow();
  const conflict = /<{7}[^]*?>{7}.*\n/.exec(space.read(FILE))?.[0] ?? '';
  expect(conflict.split('\n').length).toBeLessThan(15);
  const broken = await space.cli(['check']);
  expect(broken).toMatchObject({ code: 2 });
  expect(broken.stderr).toMatch(
    new RegExp(`${FILE}:\\d+:1: Unexpected mark of a merge; keep the entries of both sides`),
  );
  space.write(FILE, space.read(FILE).replace(/^[<=>]{7}.*\n/gm, ''));
  expect((await space.cli(['check', '--max-warnings', '0'])).code).toBe(0);
  space.remove();
});

test('a page that is moved keeps its entries where another is written in its place; what is no move is told', async () => {
  const space = repository({ 'docs/a.md': oldPage(1), 'docs/b.md': `# B\n\nSee [that](gone-9.md).\n` });
  await space.cli(['check', '--suppress-all']);
  space.commit('Adopt');
  space.move('docs/a.md', 'docs/new.md');
  space.write('docs/a.md', '# Moved\n\nSee [the page](new.md).\n');
  expect((await space.cli(['check', '--max-warnings', '0'])).stderr).toContain('0 findings; 6 suppressed');
  expect((await space.cli(['check', '--max-warnings', '0', '--only-changed'])).code).toBe(0);
  // The next time the file is written it says where they stand now.
  await space.cli(['check', '--prune-suppressions']);
  expect(entries(space).map(({ page: on }) => on)).toEqual(['docs/b.md', ...Array<string>(5).fill('docs/new.md')]);
  // One fault alone, gone here and there on another page, may be a new one.
  space.write('docs/b.md', '# B\n\nText.\n');
  space.write('docs/c.md', `# C\n\nSee [that](gone-9.md).\n`);
  await space.cli(['check']);
  expect(told(space)).toEqual(['docs/c.md warning link/dead', `${FILE} warning suppression/stale`]);
  space.remove();
});

test('an exchange keeps its entries on whichever page it stands', async () => {
  const broken = (name: string): string =>
    page(name, { name, url: `/v1.0/${name}` }).replace('{\n  "id": "1"\n}', '{\n  "id": "1",\n}');
  const space = repository({ 'docs/a.md': `${broken('one')}\n${broken('two')}`, 'docs/b.md': '# B\n' });
  await space.cli(['check', '--suppress-all']);
  expect(entries(space)).toHaveLength(2);
  space.write('docs/a.md', broken('two'));
  space.write('docs/b.md', broken('one'));
  await space.cli(['check', '--verbose']);
  expect(told(space)).toEqual([]);
  // A copy is another one.
  space.write('docs/a.md', `${broken('one')}\n${broken('two')}`);
  await space.cli(['check']);
  expect(told(space).filter((each) => each.includes('json/'))).toEqual(['docs/b.md note json/leniency']);
  space.remove();
});

test('a note on the docs as a whole stays suppressed on whichever page it stands', async () => {
  const space = repository({ 'docs/b.md': '# B\n\nSee [that](../../other/x.md).\n' });
  await space.cli(['check', '--suppress-all']);
  expect(entries(space).map(({ rule }) => rule)).toEqual(['link/not-judged']);
  space.write('docs/a.md', '# A\n\nSee [that](../../other/y.md).\n');
  await space.cli(['check']);
  expect(told(space)).toEqual([]);
  space.remove();
});

test('stale entries of one page are one thing to do; what others have left stale is told to nobody who changes something else', async () => {
  const space = repository({ 'docs/a.md': oldPage(1), 'docs/b.md': oldPage(2), 'docs/c.md': '# C\n' });
  await space.cli(['check', '--suppress-all']);
  space.write('docs/a.md', '# A\n\n<!-- docwright-disable-next link/dead -->\n\nText.\n');
  const { stderr } = await space.cli(['check']);
  expect(stderr.match(/^ {2}\d+:1 {2}warning {2}Unexpected suppression of/gm)).toHaveLength(1);
  expect(stderr.match(new RegExp(`also ${FILE}:`, 'g'))).toHaveLength(4);
  expect(stderr).toContain('Prune 5 suppressions that are for nothing: docwright check --prune-suppressions');
  const one = await space.cli(['check', '--max-warnings', '0', '--only-changed', 'HEAD']);
  expect(one.code).toBe(1);
  expect(told(space).filter((each) => each.startsWith(FILE))).toHaveLength(5);
  space.commit('Mended, and not pruned');
  space.write('docs/c.md', '# C\n\nText.\n');
  const other = await space.cli(['check', '--max-warnings', '0', '--only-changed', 'HEAD']);
  expect([other.code, told(space)]).toEqual([0, []]);
  // The exit code says why.
  space.write('docs/b.md', oldPage(2).replace('TODO: write more.', 'See [it](nowhere.md).'));
  const last = await space.cli(['check', '--max-warnings', '0', '--only-changed', 'HEAD', '--suppress-rule', 'link/*']);
  expect(last.stderr).toContain('docwright: 1 warning, at most 0 allowed');
  expect(told(space)).toEqual([`${FILE} warning suppression/stale`]);
  space.remove();
});

test('a suppressed answer does not make its exchange differ, and is stale only for its own target', async () => {
  const text = page('A').replace(
    '"blockType": "response"',
    '"blockType": "response", "matchers": { "/body/id": "number" }',
  );
  const space = repository({ 'docs/a.md': text });
  expect((await space.cli(['run'])).code).toBe(1);
  expect((await space.cli(['run', '--suppress-all'])).code).toBe(0);
  expect(space.report().summary).toMatchObject({ conforming: 1, differing: 0, suppressed: 1 });
  expect((await space.cli(['run', '-x'])).code).toBe(0);
  expect((await space.cli(['replay', '--max-warnings', '0'])).code).toBe(0);
  expect((await space.cli(['check', '--max-warnings', '0'])).code).toBe(0);
  space.write('docs/a.md', page('A'));
  expect((await space.cli(['run'])).code).toBe(0);
  expect(told(space)).toEqual([`${FILE} warning suppression/stale`]);
  space.remove();
});

test('never more is taken than was asked for', async () => {
  const space = repository({ 'docs/a.md': oldPage(1), 'docs/b.md': oldPage(2) });
  await space.cli(['check', '--suppress-rule', 'link/*', 'docs/a.md']);
  expect(entries(space).map(({ rule, page: on }) => `${on} ${rule}`)).toEqual(Array(4).fill('docs/a.md link/dead'));
  await space.cli(['check', '--suppress-rule', 'page/todo']);
  expect(entries(space)).toHaveLength(6);
  // The same fault on another page is another one, and so is a second one on the same.
  space.write('docs/b.md', `${oldPage(2)}\nTODO: more.\n`);
  space.write('docs/a.md', `${oldPage(1)}\nSee [that](gone-1.md).\n`);
  await space.cli(['check']);
  expect(told(space).filter((each) => each.includes('a.md'))).toEqual(['docs/a.md warning link/dead']);
  const unknown = await space.cli(['check', '--suppress-rule', 'link/deda']);
  expect(unknown).toMatchObject({ code: 2 });
  expect(unknown.stderr).toContain('did you mean `link/dead`?');
  space.remove();
});

test('a suppressions file that cannot be read is refused with its line and how to mend it', async () => {
  const space = repository({ 'docs/a.md': oldPage(1) });
  await space.cli(['check', '--suppress-all']);
  const good = space.read(FILE);
  for (const [text, said] of [
    [good.replace('"suppressions": [', '"suppressions": ['.slice(0, -1)), /:5:5: .*; mend it/],
    [good.replace('"schemaVersion": 1', '"schemaVersion": 2'), /:2:3: Unexpected version `2`.*a newer docwright/],
    [good.replace('"count": 1', '"count": 0'), /:4:\d+: Unexpected value of `count`, expected a whole number/],
    [good.replace('"rule"', '"rulle"'), /:4:28: Unknown key `rulle`, did you mean `rule`\?/],
    [good.replace(/"fingerprint": "\w+"/, '"fingerprint": "x"'), /:4:\d+: Unexpected value of `fingerprint`/],
    ['[]', /:1:1: Unexpected value, expected an object/],
    ['{ "schemaVersion": 1 }', /Missing `suppressions`/],
    ['{ "suppressions": [] }', /Missing `schemaVersion`, expected `1`; add `"schemaVersion": 1`/],
    [good.replace('"count": 1', '"count": 1, "count": 2'), /:4:\d+: Unexpected second `count`, expected one; /],
    [good.replace('"count": 1', '"count" \n : 1,"count":2'), /:5:\d+: Unexpected second `count`, expected one; /],
    [good.replace('"count": 1', '"count": 1, "reason": ": a", "reason": "b"'), /:4:\d+: Unexpected second `reason`/],
  ] as const) {
    space.write(FILE, text);
    const { code, stderr } = await space.cli(['check']);
    expect({ code, said: said.test(stderr) }, `${stderr}\n${text}`).toEqual({ code: 2, said: true });
    expect(space.read(FILE)).toBe(text);
  }
  space.write(FILE, good.replaceAll('"count": 1', '"count" : 1, "reason": ": \\"count\\": 1"'));
  expect(await space.cli(['check'])).toMatchObject({ code: 0 });
  space.remove();
});

test('a run that looks at a part of the docs leaves the entries of other parts as they are', async () => {
  const space = repository({ 'docs/a/x.md': '[z](zz.md)\n', 'docs/b/y.md': '[y](yy.md)\n\n[w](ww.md)\n' });
  await space.cli(['check', '--suppress-all']);
  space.write('docs/b/n.md', '[z](zz.md)\n');
  const part = ['check', '--docs', 'docs/b'];
  await space.cli(part);
  expect(told(space)).toEqual(['docs/b/n.md warning link/dead']);
  space.write('docs/b/y.md', '[y](yy.md)\n');
  await space.cli(part);
  expect(told(space)).toEqual(['docs/b/n.md warning link/dead', `${FILE} warning suppression/stale`]);
  await space.cli([...part, '--prune-suppressions', '--quiet']);
  expect(entries(space).map(({ page: on }) => on)).toEqual(['docs/a/x.md', 'docs/b/y.md']);
  // Where a page is nowhere any more, what was found on it may have gone along.
  space.move('docs/a/x.md', 'docs/b/x.md');
  space.write('docs/b/n.md', '# N\n');
  await space.cli(part);
  expect(told(space)).toEqual([]);
  space.remove();
});

test('an entry whose rule somebody has changed is for nothing; a link stays one; what is taken is told even quietly', async () => {
  const space = repository({ 'docs/a.md': '[z](zz.md)\n' });
  const taken = await space.cli(['check', '--suppress-all', '--quiet', '--suppressions', 'shared.json']);
  expect(taken.stderr).toContain('Suppressed 1 finding in shared.json: 1 link/dead');
  symlinkSync('shared.json', path.join(space.folder, FILE));
  space.write('docs/b.md', '[y](yy.md)\n');
  await space.cli(['check', '--suppress-all']);
  expect(lstatSync(path.join(space.folder, FILE)).isSymbolicLink()).toBe(true);
  expect(entries(space)).toHaveLength(2);
  space.write('shared.json', space.read(FILE).replace('link/dead', 'link/anchor'));
  await space.cli(['check']);
  expect(told(space)).toEqual(['docs/a.md warning link/dead', `${FILE} warning suppression/stale`]);
  const missing = await space.cli(['check', '--suppressions', 'shraed.json']);
  expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('No file `shraed.json` of suppressions')]);
  const dry = await space.cli(['check', '--fix-dry-run', '--suppress-all']);
  expect([dry.code, dry.stderr]).toEqual([2, expect.stringContaining('--fix-dry-run writes nothing')]);
  space.remove();
});

test('in a folder that cannot be written nothing is half-written', async () => {
  const words = ['check', '--no-cache', '--reporter', 'line', '--suppress-all'];
  // What the command loads as it goes on may lie where only root can read.
  const writable = repository({ 'docs/a.md': oldPage(1) });
  expect((await writable.cli(words)).code).toBe(0);
  writable.remove();
  const space = repository({ 'docs/a.md': oldPage(1) });
  chmodSync(space.folder, 0o555);
  const { code, stderr } = await asNobody(() => space.cli(words));
  chmodSync(space.folder, 0o755);
  expect(code).toBe(2);
  expect(stderr).toContain(`Cannot write \`${FILE}\``);
  expect(() => space.read(FILE)).toThrow();
  space.remove();
});

/** Root may write everywhere: it lays its rights down meanwhile. */
async function asNobody<T>(act: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return act();
  process.seteuid!(65534);
  try {
    return await act();
  } finally {
    process.seteuid!(0);
  }
}

test.describe('--only-changed', () => {
  test('counts committed, uncommitted and new files, follows renames, and knows what a change breaks elsewhere', async () => {
    const space = repository({
      'docs/a.md': `# A\n\nSee [there](b.md#here) and [gone](x.md).\n`,
      'docs/b.md': '# B\n\n## Here\n\nText.\n',
      'docs/c.md': `# C\n\n[!INCLUDE [x](includes/x.md)]\n`,
      'docs/includes/x.md': 'See [old](old.md).\n\nText.\n',
      'docs/d.md': page('D', { name: 'one' }),
      'docs/e.md': page('E', { name: 'two', url: '/v1.0/things/2' }),
    });
    const changed = async (): Promise<string[]> => {
      await space.cli(['check', '--only-changed', 'main', '--verbose']);
      return told(space);
    };
    expect(await changed()).toEqual([]);
    space.git('checkout', '-q', '-b', 'work');
    // A heading that another page links to.
    space.write('docs/b.md', '# B\n\n## There\n\nText.\n');
    expect(await changed()).toEqual(['docs/a.md warning link/anchor']);
    space.git('checkout', '-q', '--', 'docs/b.md');
    // A page that another one links to, gone.
    space.removeFile('docs/b.md');
    expect(await changed()).toEqual(['docs/a.md warning link/dead']);
    space.git('checkout', '-q', '--', 'docs/b.md');
    // The other block of an include.
    space.write('docs/includes/x.md', 'See [old](old.md).\n\nText, and [new](new.md).\n');
    expect(await changed()).toEqual(['docs/includes/x.md warning link/dead']);
    space.git('checkout', '-q', '--', 'docs/includes/x.md');
    // The block with the old fault itself, committed and moved.
    space.move('docs/a.md', 'docs/z.md');
    space.commit('Move');
    expect(await changed()).toEqual([]);
    space.write('docs/z.md', space.read('docs/z.md').replace('See', 'Look up'));
    expect(await changed()).toEqual(['docs/z.md warning link/dead']);
    space.commit('Edit');
    expect(await changed()).toEqual(['docs/z.md warning link/dead']);
    // A name that another page uses, in a new file.
    space.write('docs/new.md', page('New', { name: 'two', url: '/v1.0/others/2' }));
    expect(await changed()).toEqual(['docs/new.md warning pairing/duplicate-name', 'docs/z.md warning link/dead']);
    space.remove();
  });

  test('run and replay ask only exchanges of changed blocks', async () => {
    const space = repository({
      'docs/a.md': `${page('A', { name: 'a' })}\n${page('A2', { name: 'a2', url: '/v1.0/things/2' })}`,
      'docs/b.md': page('B', { name: 'b', url: '/v1.0/things/3' }),
    });
    await space.cli(['compile']);
    expect((await space.cli(['run', '--since', 'HEAD'])).code).toBe(0);
    expect(space.report().exchanges).toEqual([]);
    space.write('docs/a.md', space.read('docs/a.md').replace('/v1.0/things/2', '/v1.0/things/22'));
    expect((await space.cli(['run', '--since', 'HEAD'])).code).toBe(0);
    expect(space.report().exchanges.map(({ id }) => id)).toEqual(['a#a2']);
    expect((await space.cli(['replay', '--since', 'HEAD'])).code).toBe(0);
    expect(space.report().exchanges.map(({ id }) => id)).toEqual(['a#a2']);
    space.remove();
  });

  test('paths with blanks, quotes, line ends and other scripts, from a folder below the root', async () => {
    const name = 'sub/docs/né w"\n\t名.md';
    const space = repository({ 'sub/docs/a.md': '# A\n', [name]: '# B\n\nText.\n' });
    space.write(name, '# B\n\nSee [x](x.md).\n');
    space.write('sub/docs/ü.md', '# C\n\nSee [y](y.md).\n');
    const { code, stderr } = await space.cli(['check', '--only-changed=main', '--max-warnings', '0'], {
      cwd: path.join(space.folder, 'sub'),
    });
    expect(code, stderr).toBe(1);
    expect(space.report('sub/reports').findings.map(({ ruleId }) => ruleId)).toEqual(['link/dead', 'link/dead']);
    space.remove();
  });

  test('files that are no pages count: scenarios, and what links lead to; so does what is gone', async () => {
    const scenarios = 'scenarios:\n  - name: one\n    steps:\n      - { exchange: nobody }\n';
    const space = repository({
      'docs/a.md': '# A\n\n[x](media/x.png)\n',
      'docs/b.md': '# B\n',
      'docs/media/x.png': 'x',
      'docs/old.scenarios.yaml': scenarios,
      'docs/new.scenarios.yaml': 'scenarios: []\n',
    });
    const changed = async (): Promise<string[]> => {
      const { stderr } = await space.cli(['check', '--only-changed', 'HEAD']);
      return [/(\d+ files?) changed/.exec(stderr)![1]!, ...told(space)];
    };
    expect(await changed()).toEqual(['0 files']);
    space.write('docs/b.md', '# B\n\nText.\n');
    expect(await changed()).toEqual(['1 file']);
    space.write('docs/new.scenarios.yaml', 'scenarios: [ {');
    expect(await changed()).toEqual(['2 files', 'docs/new.scenarios.yaml error scenario/unreadable']);
    space.git('checkout', '-q', '--', 'docs');
    space.removeFile('docs/media/x.png');
    for (const time of ['first', 'again'])
      expect(await changed(), time).toEqual(['1 file', 'docs/a.md warning link/dead']);
    space.remove();
  });

  test('whatever git is told to do with paths, and where it keeps no page, nothing passes in silence', async () => {
    const space = repository({ 'docs/a.md': '# A\n', '.gitignore': '.docwright/\nreports/\nhidden/\n' });
    space.git('config', 'diff.relative', 'true');
    space.write('docs/a.md', '# A\n\n[x](gone.md)\n');
    await space.cli(['check', '--docs', '.', '--only-changed', 'HEAD'], { cwd: path.join(space.folder, 'docs') });
    expect(space.report('docs/reports').findings.map(({ ruleId }) => ruleId)).toEqual(['link/dead']);
    space.write('hidden/b.md', '# B\n\n[x](gone.md)\n');
    symlinkSync('docs', path.join(space.folder, 'linked'));
    for (const docs of ['hidden', 'linked']) {
      const { code, stderr } = await space.cli(['check', '--docs', docs, '--only-changed', 'HEAD']);
      expect([code, stderr]).toEqual([2, expect.stringContaining(`git keeps no page of \`${docs}\` here`)]);
    }
    space.remove();
  });

  test('without a ref, what a clone calls its default branch is compared with', async () => {
    const origin = repository({ 'docs/a.md': '# A\n', 'docs/b.md': '# B\n\n[x](gone.md)\n' });
    origin.git('branch', '-q', '-m', 'main', 'trunk');
    const base = origin.git('rev-parse', 'HEAD').slice(0, 12);
    const clone = workspace();
    const at = path.join(clone.folder, 'clone');
    gitIn(clone.folder, 'clone', '-q', `file://${origin.folder}`, at);
    gitIn(at, 'checkout', '-q', '-b', 'main');
    clone.write('clone/docs/a.md', '# A\n\n[y](lost.md)\n');
    gitIn(at, 'commit', '-q', '-a', '-m', 'On a branch');
    const { stderr } = await clone.cli(['check', '--docs', 'docs', '--only-changed'], { cwd: at });
    expect(stderr).toContain(`Since ${base}: 1 file changed`);
    expect(stderr.match(/ {2}link\/dead$/gm)).toHaveLength(1);
    // Where a clone calls none so, one of the usual names is it: here the branch itself.
    gitIn(at, 'remote', 'set-head', 'origin', '--delete');
    const other = await clone.cli(['check', '--docs', 'docs', '--only-changed'], { cwd: at });
    expect(other.stderr).toContain('0 files changed');
    for (const space of [origin, clone]) space.remove();
  });

  test('whatever keeps git from knowing is said, with exit code 2', async () => {
    const space = repository({ 'docs/a.md': '# A\n' });
    space.commit('More');
    const refused = async (said: RegExp, words: readonly string[], cwd = space.folder, environment = {}) => {
      const { code, stderr } = await space.cli(['check', '--docs', 'docs', ...words], { cwd, environment });
      expect({ code, said: said.test(stderr) }, stderr).toEqual({ code: 2, said: true });
    };
    await refused(/No commit `nowhere` in this repository/, ['--only-changed', 'nowhere']);
    await refused(/`--upload-pack=x` of --only-changed is no ref/, ['--only-changed=--upload-pack=x']);
    await refused(/none on this machine/, ['--only-changed'], space.folder, { PATH: '/nowhere' });
    // A detached head in a clone that knows no default branch.
    space.git('checkout', '-q', '--detach');
    space.git('branch', '-q', '-m', 'main', 'trunk');
    await refused(/default branch is not known here.*--only-changed=REF/, ['--only-changed']);
    expect((await space.cli(['check', '--only-changed=trunk'])).code).toBe(0);
    const lone = path.join(space.folder, 'lone');
    gitIn(space.folder, 'clone', '-q', '--depth', '1', '--branch', 'trunk', `file://${space.folder}`, lone);
    gitIn(lone, 'checkout', '-q', '--detach');
    gitIn(lone, 'branch', '-q', '-D', 'trunk');
    gitIn(lone, 'remote', 'remove', 'origin');
    await refused(
      /default branch is not known here.*this clone is shallow: .*fetch-depth: 0/,
      ['--only-changed'],
      lone,
    );
    // A shallow clone in which the branches have no commit in common.
    space.git('checkout', '-q', '-b', 'side', 'HEAD~1');
    space.commit('Aside');
    const clone = path.join(space.folder, 'clone');
    gitIn(space.folder, 'clone', '-q', '--depth', '1', '--no-single-branch', `file://${space.folder}`, clone);
    await refused(
      /No commit that both HEAD and `origin\/trunk` come from; this clone is shallow: .*fetch-depth: 0/,
      ['--only-changed', 'origin/trunk'],
      clone,
    );
    // A container whose user is another than the owner of the checkout.
    const say = `#!/bin/sh\necho "fatal: detected dubious ownership in repository at '/x'" >&2\nexit 128\n`;
    space.write('bin/git', say);
    chmodSync(path.join(space.folder, 'bin/git'), 0o755);
    const PATH = `${path.join(space.folder, 'bin')}:/usr/bin:/bin`;
    await refused(
      /belongs to another user; allow it with `git config.*safe\.directory/,
      ['--only-changed'],
      space.folder,
      { PATH },
    );
    const bare = workspace({ 'docs/a.md': '# A\n' });
    await refused(/needs a git repository/, ['--only-changed'], bare.folder);
    gitIn(bare.folder, 'init', '-q');
    await refused(/needs a commit to compare with/, ['--only-changed'], bare.folder);
    bare.remove();
    space.remove();
  });
});
