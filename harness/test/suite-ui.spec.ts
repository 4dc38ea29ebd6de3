import { expect, test, type Page } from '@playwright/test';
import { once } from 'node:events';
import { launchBrowser } from './browser.ts';
import { playwrightSpace, startPlaywright } from './playwright-suite.ts';
import { page } from './workspace.ts';

const PAGES = {
  'docs/users.md': page('Users', { name: 'list_users', url: '/v1.0/users' }),
  'docs/groups.md': `# Groups\n\nOf users.\n\n${page('All of them', { name: 'list_groups', url: '/v1.0/groups' })}`,
};

test.describe('UI mode', () => {
  test.slow();

  test('shows the tests at the lines of their pages, runs one, and shows what was asked and how it ended', async () => {
    const space = playwrightSpace({
      ...PAGES,
      'docs.spec.ts': `import { documented } from 'docwright/playwright';\n\nawait documented();\n`,
      'playwright.config.ts': `export default { testDir: '.', use: { docwright: { target: 'mock' } } };\n`,
    });
    expect((await space.cli(['compile'])).code).toBe(0);
    const runner = startPlaywright(space, ['test', '--ui-host=127.0.0.1', '--ui-port=0']);
    const browser = await launchBrowser();
    try {
      const tab = await browser.newPage();
      tab.setDefaultTimeout(30_000);
      await tab.goto(await runner.said(/http:\/\/127\.0\.0\.1:\d+\S*/));
      const groups = tab.getByRole('treeitem', { name: 'Groups (groups#list_groups)' });
      const users = tab.getByRole('treeitem', { name: 'Users (users#list_users)' });
      await expect(users).toBeVisible({ timeout: 60_000 });
      const line =
        space
          .read('docs/groups.md')
          .split('\n')
          .findIndex((text) => text.startsWith('GET ')) + 1;
      await groups.click();
      await expect
        .poll(() => sourceOf(tab), { timeout: 60_000 })
        .toBe(`groups.md:${line} GET https://api.example.com/v1.0/groups`);
      await groups.hover();
      await groups.getByRole('button', { name: 'Run' }).click();
      await expect(groups.getByLabel('[icon-check]')).toBeVisible({ timeout: 60_000 });
      await expect(users.getByLabel('[icon-check]')).toBeHidden();
      await tab.getByRole('tab', { name: 'Attachments' }).click();
      await tab.getByText('answer', { exact: true }).click();
      await expect(tab.getByText('HTTP/1.1 200 OK').first()).toBeVisible();

      // A worker reads the config anew; what is wrong by it stands on the line of the page.
      space.write('docwright.config.json', '{ "matchers": { "list_users": { "/body/id": "guid" } } }');
      await users.hover();
      await users.getByRole('button', { name: 'Run' }).click();
      await expect(users.getByLabel('[icon-error]')).toBeVisible({ timeout: 60_000 });
      await tab.getByRole('tab', { name: 'Errors' }).click();
      await expect(tab.getByText('expected the format `guid`').first()).toBeVisible();
      const wrong =
        space
          .read('docs/users.md')
          .split('\n')
          .findIndex((text) => text.includes('"id"')) + 1;
      await expect(tab.getByRole('button', { name: `docs/users.md:${wrong}` })).toBeVisible();
    } finally {
      await browser.close();
      runner.child.kill('SIGTERM');
      if (runner.child.exitCode === null) await once(runner.child, 'exit');
      space.remove();
    }
  });
});

/** The file that is shown of a test, and the line that is marked in it, with its text. */
async function sourceOf(tab: Page): Promise<string> {
  await tab.getByRole('tab', { name: 'Source' }).click();
  const name = await tab.locator('.source-tab-file-name').first().innerText();
  const line = await tab.locator('.source-line-running').first().innerText();
  return `${name}:${line.replace(/\s+/g, ' ')}`;
}
