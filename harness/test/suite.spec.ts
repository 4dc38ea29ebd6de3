import { expect, test } from '@playwright/test';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { readSuite } from '../cli/suite.ts';
import { playwright, playwrightSpace } from './playwright-suite.ts';
import { page, workspace, type Workspace } from './workspace.ts';

const ID = 'd4957c9d-869e-4364-830c-d0c95be72738';

/** Pages of one exchange, and what each shows. */
function shows(name: string, url: string, id: string): string {
  return page(name, { name, url }).replace(/\{[^{}]*\}\n```/, `{ "id": "${id}" }\n\`\`\``);
}

async function groups(space: Workspace, options: object = {}): Promise<string[][]> {
  const suite = await readSuite({ cwd: space.folder, fixtures: 'fixtures', ...options });
  return suite.groups().map((group) => group.map(({ name }) => name!));
}

test.describe('groups of a suite', () => {
  let space: Workspace;
  test.beforeEach(async () => {
    space = workspace({
      'docs/a.md': shows('list_things', '/v1.0/things', ID),
      'docs/b.md': shows('get_thing', `/v1.0/things/${ID}`, ID),
      'docs/c.md': shows('get_other', '/v1.0/others', '7'),
    });
    expect((await space.cli(['compile'])).code).toBe(0);
  });
  test.afterEach(() => space.remove());

  test('are kept, and are the same when they are read again, for a part and for all', async () => {
    const all = [['list_things', 'get_thing'], ['get_other']];
    for (let time = 0; time < 3; time++) {
      expect(await groups(space)).toEqual(all);
      expect(await groups(space, { pages: ['docs/b.md', 'docs/c.md'] })).toEqual([['get_thing'], ['get_other']]);
    }
    expect(existsSync(path.join(space.folder, '.docwright/cache'))).toBe(true);
  });

  test('change with the fixtures and with the config', async () => {
    expect(await groups(space)).toHaveLength(2);
    space.write('docs/a.md', shows('list_things', '/v1.0/things', '7'));
    await space.cli(['compile']);
    expect(await groups(space)).toEqual([['list_things'], ['get_thing'], ['get_other']]);
    space.write('docs/a.md', shows('list_things', '/v1.0/things', ID));
    await space.cli(['compile']);
    expect(await groups(space)).toHaveLength(2);
    space.write('docwright.config.json', '{ "links": false }');
    expect(await groups(space)).toHaveLength(3);
  });

  test('are worked out each time where nothing is to be kept', async () => {
    space.write('docwright.config.json', '{ "cache": false }');
    rmSync(path.join(space.folder, '.docwright'), { recursive: true });
    expect(await groups(space)).toHaveLength(2);
    expect(existsSync(path.join(space.folder, '.docwright/cache'))).toBe(false);
  });
});

test.describe('a config in TypeScript', () => {
  const files = {
    'docs/a.md': shows('list_things', '/v1.0/things', ID),
    'docs.spec.mts': `import { documented } from 'docwright/playwright';\nawait documented();\n`,
    'values.ts': 'export enum Folder { name = "kept" }\n',
  };
  const config = (folder: string): string =>
    `import { Folder } from './values.ts';\nexport default { fixtures: ${folder} as string };\n`;

  for (const type of ['module', 'commonjs', undefined])
    for (const [how, folder] of [
      ['as Playwright runs it', 'Folder.name'],
      ['where only docwright can run it', '`${__dirname}/${Folder.name}`'],
    ] as const)
      test(`${how}, in a package of type ${type ?? 'none'}`, async () => {
        test.slow();
        const space = playwrightSpace({
          ...files,
          'package.json': JSON.stringify({ type }),
          'docwright.config.ts': config(folder),
        });
        try {
          expect((await space.cli(['compile'])).stderr).toContain('1 written');
          const { code, stdout } = await playwright(space, ['test', '--list']);
          expect(stdout).toContain('list_things');
          expect(code).toBe(0);
        } finally {
          space.remove();
        }
      });

  test('that is wrong is told as everywhere', async () => {
    const space = playwrightSpace({ ...files, 'docwright.config.ts': 'throw new Error("no such thing");\n' });
    try {
      const { code, stderr } = await playwright(space, ['test', '--list']);
      expect(stderr).toContain('Cannot load the config `docwright.config.ts`: no such thing');
      expect(code).toBe(1);
    } finally {
      space.remove();
    }
  });
});
