import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { globFits } from '../model/glob.ts';
import { rules } from '../model/rules.ts';
import { levelsOf } from '../model/severities.ts';
import { page, workspace, type Workspace } from './workspace.ts';

const LINK = 'See [the list](gone.md).\n';

function told(space: Workspace): string[] {
  return space
    .report()
    .findings.map(({ ruleId, severity, file, line, suppressed }) =>
      [`${file}:${line}`, severity, ruleId, ...(suppressed ? ['suppressed'] : [])].join(' '),
    );
}

test.describe('severities', () => {
  test('rules and overrides say how grave a breach is; the last that fits counts, and off is not told', async () => {
    const space = workspace({
      'docs/a.md': `# A\n\n${LINK}`,
      'docs/beta/b.md': `# B\n\n${LINK}`,
      'docs/beta/c.md': `# C\n\nSee [there](#gone).\n`,
      'docwright.config.json': JSON.stringify({
        rules: { '*': 'note', 'link/*': 'error', 'link/anchor': 'warning' },
        overrides: [
          { files: 'beta/**', rules: { 'link/dead': 'note' } },
          { files: ['docs/beta/c.md'], rules: { 'link/anchor': 'off' } },
        ],
      }),
    });
    expect((await space.cli(['check'])).code).toBe(1);
    expect(told(space)).toEqual(['docs/a.md:3 error link/dead', 'docs/beta/b.md:3 note link/dead']);
    expect(space.report().summary).toMatchObject({ findings: { error: 1, warning: 0, note: 1 }, suppressed: 0 });
    space.write('docwright.config.json', JSON.stringify({ rules: { 'link/dead': 'off', 'link/anchor': 'off' } }));
    expect((await space.cli(['check', '--max-warnings', '0'])).code).toBe(0);
    expect(told(space)).toEqual([]);
    space.remove();
  });

  test('an unknown rule or level is a fault of the config that names the nearest', async () => {
    const space = workspace({ 'docs/a.md': '# A\n' });
    for (const [config, said] of [
      [{ rules: { 'link/ded': 'off' } }, 'Unknown rule `link/ded` of `rules`, did you mean `link/dead`?'],
      [
        { overrides: [{ files: '*', rules: { 'lnk/*': 'off' } }] },
        'Unknown rule `lnk/*` of `overrides[0].rules`, did you mean `link/*`?',
      ],
      [{ rules: { 'link/dead': 'warn' } }, '"link/dead"'.slice(1, -1)],
      [{ overrides: [{ file: '*', rules: {} }] }, 'Unknown key `file`, did you mean `files`?'],
    ] as const) {
      space.write('docwright.config.json', JSON.stringify(config));
      const { code, stderr } = await space.cli(['check']);
      expect({ code, said: stderr.includes(said) }, stderr).toEqual({ code: 2, said: true });
    }
    space.remove();
  });

  test('severities hold for answers: what is no error does not make an exchange differ, and what is one does', async () => {
    const space = workspace({
      // The mock gives what the docs show, an example that breaks its own matcher.
      'docs/a.md': page('A').replace(
        '"blockType": "response"',
        '"blockType": "response", "matchers": { "/body/id": "number" }',
      ),
    });
    expect((await space.cli(['run'])).code).toBe(1);
    const [error] = space.report().findings;
    expect(space.report().summary).toMatchObject({ differing: 1 });
    space.write('docwright.config.json', JSON.stringify({ rules: { [error!.ruleId]: 'warning' } }));
    expect((await space.cli(['run'])).code).toBe(0);
    expect(space.report().summary).toMatchObject({ differing: 0, conforming: 1, findings: { error: 0, warning: 1 } });
    space.remove();
  });

  test('globs: what fits a path segment by segment fits it', () => {
    for (const [glob, fits, misses] of [
      ['beta/**', ['beta/a.md', 'beta/x/y.md'], ['beta', 'alpha/beta/a.md', 'betamax/a.md']],
      ['**/beta/*.md', ['beta/a.md', 'x/y/beta/a.md'], ['beta/x/a.md']],
      ['*.{md,MD}', ['a.md', 'a.MD'], ['x/a.md', 'a.mdx']],
      ['./docs/', ['docs/a.md'], ['docs']],
      ['a?c/**/z', ['abc/z', 'abc/1/2/z'], ['ac/z', 'abc/1/2/zz']],
    ] as const) {
      expect(
        fits.filter((path) => !globFits(glob)(path)),
        glob,
      ).toEqual([]);
      expect(
        misses.filter((path) => globFits(glob)(path)),
        glob,
      ).toEqual([]);
    }
    const part = fc.stringMatching(/^[a-c*?]{1,6}$/);
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 5 }),
        fc.array(fc.stringMatching(/^[a-c]{1,5}$/), { minLength: 1, maxLength: 5 }),
        (glob, names) => {
          const source = glob
            .map((each, at) =>
              each === '**'
                ? at === glob.length - 1
                  ? '[^/]+(/[^/]+)*'
                  : '([^/]+/)*'
                : `${each.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}${at === glob.length - 1 ? '' : '/'}`,
            )
            .join('');
          expect(globFits(glob.join('/'))(names.join('/'))).toBe(new RegExp(`^${source}$`).test(names.join('/')));
        },
      ),
    );
  });

  test('of any list of levels the last that means a rule counts', () => {
    const ids = Object.keys(rules);
    const word = fc.constantFrom('*', 'link/*', 'property/*', ...ids.slice(0, 10));
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.constantFrom('off', 'note', 'error')), { maxLength: 8 }), (levels) => {
        const levelOf = levelsOf(
          {},
          levels.map(([rule, level]) => ({ files: '**', rules: { [rule]: level } })),
          (file) => [file],
        );
        const last = levels.findLast(([rule]) => rule === '*' || rule === 'link/*' || rule === 'link/dead');
        expect(levelOf({ ruleId: 'link/dead', file: 'a.md' })).toBe(last?.[1]);
      }),
    );
  });
});

test.describe('comments that disable', () => {
  const check = async (text: string, files: Record<string, string> = {}): Promise<string[]> => {
    const space = workspace({ 'docs/a.md': text, ...files });
    await space.cli(['check', '--no-cache']);
    const found = told(space).map((each) => each.replace('docs/a.md:', ''));
    space.remove();
    return found;
  };

  test('disable-next covers the next block with all its lines, and nothing after it', async () => {
    expect(
      await check(`# A\n\n<!-- docwright-disable-next link/dead -- moved soon -->\nSome text.\n${LINK}\n${LINK}`),
    ).toEqual(['5 warning link/dead suppressed', '7 warning link/dead']);
    expect(await check(`# A\n\n<!-- docwright-disable-next -->\n\n- item\n- ${LINK}\n`)).toEqual([
      '3 note disable/unused',
      '6 warning link/dead',
    ]);
    expect(await check(`# A\n\n<!-- docwright-disable-next -->\n\n| a |\n|---|\n| [x](gone.md) |\n\n${LINK}`)).toEqual([
      '7 warning link/dead suppressed',
      '9 warning link/dead',
    ]);
  });

  test('an annotation and its fence are one block', async () => {
    const text = page('A').replace('{\n  "id": "1"\n}', '{\n  "id": "1",\n}');
    const found = await check(text);
    expect(found).toHaveLength(1);
    for (const before of ['<!-- {', '<!-- { "blockType": "response"'])
      expect(await check(text.replace(before, `<!-- docwright-disable-next json/* -->\n${before}`))).toEqual(
        before === '<!-- {'
          ? ['3 note disable/unused', found[0]!.replace(/^\d+/, (line) => String(Number(line) + 1))]
          : [`${found[0]!.replace(/^\d+/, (line) => String(Number(line) + 1))} suppressed`],
      );
  });

  test('a stretch goes from disable to enable, or to the end; of all rules some may be taken out again', async () => {
    const both = `${LINK.trim()} And [this](#gone).\n`;
    expect(
      await check(
        `# A\n\n<!-- docwright-disable link/dead, link/anchor -->\n\n${both}\n<!-- docwright-enable link/anchor -->\n\n${both}\n<!-- docwright-enable -->\n\n${both}`,
      ),
    ).toEqual([
      '5 warning link/dead suppressed',
      '5 warning link/anchor suppressed',
      '9 warning link/dead suppressed',
      '9 warning link/anchor',
      '13 warning link/dead',
      '13 warning link/anchor',
    ]);
    expect(
      await check(`# A\n\n<!-- docwright-disable -->\n\n${both}\n<!-- docwright-enable link/dead -->\n\n${both}`),
    ).toEqual([
      '5 warning link/dead suppressed',
      '5 warning link/anchor suppressed',
      '9 warning link/dead',
      '9 warning link/anchor suppressed',
    ]);
  });

  test('in code they are text, and in an include they count for the include', async () => {
    expect(
      await check(
        `# A\n\n\`\`\`text\n<!-- docwright-disable -->\n\`\`\`\n\nAs in \`<!-- docwright-disable -->\`.\n\n${LINK}`,
      ),
    ).toEqual(['9 warning link/dead']);
    expect(
      await check(`# A\n\n[!INCLUDE [x](includes/x.md)]\n\n${LINK}`, {
        'docs/includes/x.md': `<!-- docwright-disable-next link/dead -->\n${LINK}`,
      }),
    ).toEqual(['5 warning link/dead', 'docs/includes/x.md:2 warning link/dead suppressed']);
  });

  test('what is misspelt is told where it stands', async () => {
    const found = async (comment: string) => {
      const space = workspace({ 'docs/a.md': `# A\n\n${comment}\n\n${LINK}` });
      await space.cli(['check']);
      const { findings } = space.report();
      space.remove();
      return findings
        .filter(({ ruleId }) => ruleId !== 'link/dead')
        .map(({ ruleId, column, reason }) => `${column} ${ruleId} ${reason}`);
    };
    expect(await found('<!-- docwright-disable-next link/deda -->')).toEqual([
      '29 disable/unknown-rule Unexpected rule `link/deda`, expected one that `docwright rules` lists, did you mean `link/dead`?',
    ]);
    expect((await found('<!-- docwright-disabel link/dead -->'))[0]).toMatch(
      /^1 disable\/malformed .*did you mean `docwright-disable`\?$/,
    );
    expect((await found('<!-- docwright-disable-next link/dead known since May -->'))[0]).toMatch(
      /^38 disable\/malformed Unexpected `known since May`/,
    );
    expect((await found('<!-- docwright-enable link/dead -->'))[0]).toMatch(
      /^1?\d* ?disable\/unused|^23 disable\/unused/,
    );
    expect((await found('<!-- docwright-disable link/dead'))[0]).toMatch(/^1 disable\/malformed/);
  });

  test('they hold for answers, from the docs and from fixtures alone', async () => {
    const matched = '"blockType": "response", "matchers": { "/body/id": "number" }';
    const text = page('A')
      .replace('"blockType": "response"', matched)
      .replace(
        '<!-- { "blockType": "response"',
        '<!-- docwright-disable-next property/* -- as it is -->\n<!-- { "blockType": "response"',
      );
    const space = workspace({ 'docs/a.md': text });
    expect((await space.cli(['run'])).code).toBe(0);
    expect(space.report().summary).toMatchObject({ conforming: 1, differing: 0, suppressed: 1 });
    expect((await space.cli(['run', '-x', '--retries', '2'])).code).toBe(0);
    expect(space.report().exchanges).toMatchObject([{ outcome: 'conforms' }]);
    expect(await space.cli(['run', '--last-failed'])).toMatchObject({ code: 2 });
    space.write('docs/a.md', 'gone');
    expect((await space.cli(['replay'])).code).toBe(0);
    expect(space.report().summary).toMatchObject({ conforming: 1, differing: 0, suppressed: 1 });
    space.remove();
  });

  test('property: whatever comments stand in a page, it is read, and without them says the same', async () => {
    const comment = fc
      .tuple(fc.constantFrom('disable', 'disable-next', 'enable', 'disabel', ''), fc.string({ maxLength: 20 }))
      .map(([word, rest]) => `<!-- docwright-${word} ${rest.replaceAll('-->', '')} -->`);
    await fc.assert(
      fc.asyncProperty(fc.array(comment, { maxLength: 5 }), async (comments) => {
        const found = await check(`# A\n\n${comments.join('\n\n')}\n\nEnd.\n\n<!-- docwright-enable -->\n\n${LINK}`);
        expect(found.filter((each) => each.endsWith(' warning link/dead'))).toHaveLength(1);
      }),
      { numRuns: 30 },
    );
  });
});
