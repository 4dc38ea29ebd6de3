import { expect, test, type Browser, type BrowserContextOptions } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report, ReportContext } from '../model/report.ts';
import { launchBrowser } from './browser.ts';
import { measureLayout, openPage, renderPage, unfoldAll, unpackPage } from './report-page.ts';
import { fullContext, hostileReport, NASTY } from './report-samples.ts';
import { manyExchanges, sampleContext, sampleReport } from './sample.ts';

let browser: Browser;
let folder: string;
let opened = 0;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'docwright-report-'));
  browser = await launchBrowser();
});
test.afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const SHARED = '#/exchange?id=insights%2Fcreate-shared%23create_shared';

/** Every view; the exchange is the first of each report, which has findings. */
const VIEWS = {
  overview: '#/overview',
  exchanges: '#/exchanges',
  'exchanges by page': '#/exchanges?group=page&sort=outcome',
  findings: '#/findings',
  'findings of a rule': '#/findings?rule=property%2Ftype&group=type',
  exchange: SHARED,
  finding: '#/finding?id=0',
  coverage: '#/coverage',
  'no such exchange': '#/exchange?id=gone',
};

test('the overview says what became of the exchanges, by area, what to mend first and why some were not sent', async () => {
  const { page, quiet } = await open(sampleReport());
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'Of 6 exchanges, 1 differs, 1 unanswered, 1 not sent',
  );
  const outcomes = page.getByRole('region', { name: 'Outcomes' });
  await expect(outcomes.getByRole('img')).toHaveAccessibleName(
    '2 conforms, 1 differs, 1 unanswered, 1 blocked, 1 skipped',
  );
  await expect(page.getByRole('region', { name: 'What to mend first' }).getByRole('listitem').first()).toContainText(
    'error',
  );
  await expect(page.getByRole('region', { name: 'Why exchanges were not sent' })).toContainText(
    'value for {id}1 exchange',
  );
  const cells = (name: string) => page.getByRole('row', { name }).getByRole('cell').allTextContents();
  expect(await cells('me')).toEqual(['', '2', '1', '0', '0', '0']);
  expect(await cells('users')).toEqual(['', '0', '0', '1', '1', '1']);
  await outcomes.getByRole('link', { name: /blocked/ }).click();
  await expect(page.getByRole('status')).toHaveText('1 of 6 exchanges');
  expect(new URL(page.url()).hash).toBe('#/exchanges?outcome=blocked');
  quiet();
});

test('what changed since a baseline and over the last runs is told and drawn', async () => {
  const report = sampleReport();
  const { page, go } = await open(report, {}, fullContext(report));
  const changes = page.getByRole('region', { name: 'What changed' });
  await expect(changes).toContainText('Against reports/before.json: 2 appeared, 1 vanished (1 error), 9 stayed.');
  await expect(changes.getByRole('img')).toHaveAccessibleName('The last 3 runs');
  await changes.getByRole('link', { name: '2 appeared' }).click();
  await expect(page.getByRole('status')).toHaveText('2 of 11 findings');
  await expect(page.locator('.mark.new')).toHaveCount(2);
  await go('#/coverage');
  await expect(page.getByRole('region', { name: 'Operations' })).toContainText('have an example1');
  await expect(page.getByRole('row', { name: /sharedInsight/ })).toContainText('1 of 2');
});

test('lists are filtered, ordered and grouped, and every state is in the address', async () => {
  const { page, quiet } = await open(sampleReport());
  await page.keyboard.press('2');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Exchanges');
  await page.keyboard.press('/');
  await page.keyboard.type('used insight delete');
  await expect(page.getByRole('status')).toHaveText('1 of 6 exchanges');
  await page.getByRole('combobox', { name: 'Group by', exact: true }).selectOption('page');
  await page.getByRole('combobox', { name: 'Order', exact: true }).selectOption('slow');
  await expect.poll(() => new URL(page.url()).hash).toBe('#/exchanges?q=used+insight+delete&sort=slow&group=page');
  await page.reload();
  await expect(page.getByRole('searchbox', { name: 'Filter' })).toHaveValue('used insight delete');
  await expect(page.getByRole('status')).toHaveText('1 of 6 exchanges');
  await expect(page.locator('.rows h2')).toHaveText(['docs/api/insights/create-used.md 1']);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page.getByRole('status')).toHaveText('6 exchanges');
  await page.getByRole('combobox', { name: 'Rule', exact: true }).selectOption('property/type');
  await expect(page.getByRole('status')).toHaveText('1 of 6 exchanges');
  await page.getByRole('link', { name: 'Findings' }).first().click();
  // Three places of one cause are one row.
  await expect(page.getByRole('status')).toHaveText('11 findings, 9 root causes');
  await page.getByRole('link', { name: /usedInsight/ }).click();
  await expect(page.getByRole('status')).toHaveText('3 of 11 findings');
  await page.getByRole('combobox', { name: 'Severity', exact: true }).selectOption('suppressed');
  await expect(page.getByRole('status')).toHaveText('0 of 11 findings');
  expect(await page.evaluate('document.documentElement.dataset.ready')).toBe('');
  // Loading it again is one more request for itself.
  expect(quiet).toThrow();
});

test('an exchange shows promise and answer by key, the page with the findings drawn on it, and a command that sends it again', async () => {
  const { page, quiet } = await open(
    sampleReport(),
    {},
    { root: '/home/a b', repository: 'https://git.example.com/o/r/blob/main' },
    SHARED,
  );
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'POST https://api.example.com/v1.0/me/insights/shared',
  );
  await expect(page.locator('h1')).toBeVisible();
  const sides = page.getByRole('table', { name: 'Promise and answer' });
  const row = (text: string) => sides.getByRole('row').filter({ hasText: text }).first();
  await expect(row('"资源"').getByRole('cell')).toHaveText(['≠differs', '29 "资源": "文档",', '"资源": 7,']);
  await expect(row('"weight"').getByRole('cell')).toHaveText(['−missing', '29 "weight": 0.5', '']);
  await expect(row('"colour"').getByRole('cell')).toHaveText(['+not promised', '', '"colour": "teal"']);
  await expect(row('Content-Type').getByRole('cell').first()).toHaveText('≈another value');
  const source = page.getByRole('group', { name: 'Lines of the page' });
  await expect(source.locator('mark')).toHaveText(['{', '"资源"', '"weight"', /.+/]);
  await expect(source).toContainText('error Missing property weight, expected a number');
  const [editor, web] = [
    page.getByRole('link', { name: 'Open in editor' }),
    page.getByRole('link', { name: 'On the web' }),
  ];
  await expect(editor.first()).toHaveAttribute(
    'href',
    'vscode://file/home/a%20b/docs/api/insights/create-shared.md:14:1',
  );
  await expect(web.first()).toHaveAttribute(
    'href',
    'https://git.example.com/o/r/blob/main/docs/api/insights/create-shared.md?plain=1#L14',
  );
  await expect(page.getByText(`--header 'Authorization: Bearer '"$TOKEN"`)).toBeVisible();
  await expect(page.getByText('Authorization: (not shown, 25 characters)')).toBeVisible();
  await page.getByRole('button', { name: 'Copy curl' }).click();
  await expect(page.getByRole('button', { name: /Copied|Select it by hand/ })).toBeVisible();
  await page.getByRole('link', { name: 'property/type' }).click();
  await expect(page.getByText('A property has the documented JSON type.')).toBeVisible();
  quiet();
});

test('without a folder or a repository nothing leads to either', async () => {
  const { page } = await open(sampleReport(), {}, {}, SHARED);
  await expect(page.getByRole('button', { name: 'Copy place' }).first()).toBeVisible();
  expect(await page.locator('a[href^="vscode:"], a[href^="http"]').count()).toBe(0);
});

test('everything can be done by keyboard, and the focus comes back to where it was', async () => {
  const { page, quiet } = await open(manyExchanges(300));
  await page.keyboard.press('2');
  await expect(page.locator('[data-row="0"]')).toBeVisible();
  for (let time = 0; time < 40; time++) await page.keyboard.press('j');
  await expect(page.locator('[data-row="39"]')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('k');
  await expect(page.locator('[data-row="39"]')).toBeFocused();
  const text = await page.locator('[data-row="39"]').textContent();
  await page.keyboard.press('Enter');
  await expect(page.locator('h1')).toBeFocused();
  await page.keyboard.press('j');
  await expect.poll(() => page.url()).toContain('%2340');
  await page.keyboard.press('k');
  await expect.poll(() => page.url()).toContain('%2339');
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-row="39"]')).toBeFocused();
  expect(await page.locator('[data-row="39"]').textContent()).toBe(text);
  expect(
    await page
      .locator('[data-row="39"]')
      .evaluate(
        (row) =>
          (globalThis as unknown as { getComputedStyle(of: unknown): { outlineStyle: string } }).getComputedStyle(row)
            .outlineStyle,
      ),
  ).toBe('solid');
  await page.goBack();
  await expect(page.locator('h1')).toBeFocused();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.getByLabel('Keys of one character').uncheck();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('1');
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(/Of 300/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: /Theme/ }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  quiet();
});

test('of ten thousand rows those in sight are in the page; on paper all of a list are', async () => {
  const { page } = await open(manyExchanges(2000), {}, {}, '#/exchanges');
  expect(await page.locator('.rows > li').count()).toBeLessThan(60);
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
  await expect(page.locator('[data-row="1999"]')).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.rows > li')).toHaveCount(2000);
  await expect(page.getByRole('search')).toBeHidden();
  await page.emulateMedia({ media: 'screen' });
  await expect.poll(() => page.locator('.rows > li').count()).toBeLessThan(60);
});

test('on paper an exchange is unfolded', async () => {
  const { page } = await open(long(), {}, longContext(), SHARED);
  await expect(page.getByRole('button', { name: /lines without a difference/ }).first()).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('button', { name: /lines without a difference/ })).toHaveCount(0);
});

test('hostile text is shown as text: nothing runs, nothing is asked for', async () => {
  for (const url of [undefined, 'http'] as const) {
    await served(renderPage(hostileReport(), hostileContext), async (address) => {
      const { page, go, quiet } = await openPage(
        browser,
        renderPage(hostileReport(), hostileContext),
        fileOf(),
        url ? { url: address } : {},
      );
      for (const [view, hash] of Object.entries(VIEWS)) {
        await go(hash);
        await unfoldAll(page);
        expect(await page.evaluate('globalThis.pwned'), view).toBeUndefined();
        const planted =
          'img, iframe, form:not([role=search], [method=dialog]), base, object, link, [onerror], [onclick]';
        expect(await page.locator(planted).count(), view).toBe(0);
        const hrefs = await page.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
        expect(hrefs.filter((href) => !/^#(\/|main$)/.test(href ?? ''))).toEqual([]);
        const text = await page.locator('#app').innerText();
        expect(text, view).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        expect(await page.title()).not.toContain('pwned=true</title>');
      }
      await go('#/exchanges');
      const text = await page.locator('#app').textContent();
      for (const shown of [
        '<script>pwned=true</script>',
        '</style><img src=x onerror=pwned=true>',
        '␛[31m',
        '\\u{202e}',
      ])
        expect(text).toContain(shown);
      await go(
        `#/exchanges?${new URLSearchParams({ q: NASTY }).toString()}&sort=__proto__&group=constructor&outcome=%00`,
      );
      await go(`#/findings?rule=__proto__&group=toString&sort=valueOf`);
      await go('#/<img src=x onerror=pwned=true>');
      expect(await page.evaluate('globalThis.pwned')).toBeUndefined();
      quiet();
      await page.context().close();
    });
  }
});

test('a page holds itself to one script and one style, and data that nothing runs', () => {
  const page = renderPage(hostileReport(), hostileContext);
  const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page) ?? [];
  expect(policy.replace(/sha256-[\w+/=]+/g, '#')).toBe(
    "default-src 'none'; script-src '#'; style-src '#'; base-uri 'none'; form-action 'none'",
  );
  expect(page.match(/<script>/g)).toHaveLength(1);
  expect(page.match(/<style>/g)).toHaveLength(1);
  const markup = page
    .replace(/<(script|style)[^>]*>[^<]*<\/\1>|<(script)>[^]*?<\/script>/g, '')
    .replace(/<style>[^]*?<\/style>/, '');
  expect(markup.match(/<[^>]* (on\w+|style|src|href)=[^>]*>/g)).toBeNull();
  expect(page).toBe(renderPage(hostileReport(), hostileContext));
});

test('with scripts off, without a way to unpack, or cut short, it says so and tells the summary', async () => {
  const off = await open(sampleReport(), { javaScriptEnabled: false });
  // What stands in noscript is no element to a locator by text.
  expect(await off.page.locator('main').innerText()).toContain('Scripts are off');
  await expect(off.page.getByRole('heading', { level: 1 })).toContainText('Of 6 exchanges');
  expect(await measureLayout((await open(sampleReport(), {})).page)).toEqual([]);

  for (const [content, script, words] of [
    [renderPage(sampleReport()), 'delete globalThis.DecompressionStream', 'This browser cannot unpack the report'],
    [renderPage(sampleReport()).replace(/(id="head">.{40})[^<]*/, '$1'), '', 'The data of this report cannot be read'],
  ] as const) {
    await served(content, async (url) => {
      const page = await browser.newPage();
      await page.addInitScript(script);
      await page.goto(url);
      await expect(page.getByText(words)).toBeVisible();
      await expect(page.getByRole('heading', { level: 1 })).toContainText('Of 6 exchanges');
      await page.close();
    });
  }
});

test('keeps credentials to itself, and what the last net finds in what is packed', () => {
  const page = renderPage(sampleReport(), { redacted: (text) => text.replaceAll('ACdd-1', '[redacted: id]') });
  const text = JSON.stringify(unpackPage(page));
  expect(text).not.toContain('not-for-the-report');
  expect(text).toContain('Authorization: (not shown, 25 characters)');
  expect(text).not.toContain('ACdd-1');
  expect(text).toContain('[redacted: id]');
});

test('bodies, lines and lists of a megabyte are cut around what differs, and it says by how much', async () => {
  const content = renderPage(long(), longContext());
  expect(content.length).toBeLessThan(250_000);
  const { page, quiet } = await openPage(browser, content, fileOf(), { hash: SHARED });
  const sides = page.getByRole('table', { name: 'Promise and answer' });
  await expect(sides).toContainText(/[\d,]+ lines without a difference are left out of the report\./);
  await expect(sides).toContainText('(999,511 more characters)');
  await expect(sides).toContainText('"weight": "heavy"');
  expect(await measureLayout(page)).toEqual([]);
  quiet();
});

test('only web addresses become links', async () => {
  for (const target of [
    'javascript:alert(1)',
    ' https://x.example',
    'data:text/html,x',
    '//x.example',
    'file:///etc/passwd',
  ]) {
    const { page } = await open({ ...sampleReport(), target });
    await expect(page.getByText(target.trim())).toBeVisible();
    expect(await page.locator('a:not([href^="#"])').count(), target).toBe(0);
    await page.context().close();
  }
});

function open(report: Report, options: BrowserContextOptions = {}, change: Partial<ReportContext> = {}, hash = '') {
  const context = { lines: (path: string) => sampleContext().lines(path) ?? [NASTY, NASTY], ...change };
  return openPage(browser, renderPage(report, context), fileOf(), { ...options, hash });
}

const hostileContext: Partial<ReportContext> = {
  lines: (path) => (path === NASTY ? [NASTY, 'x'.repeat(1_000_000)] : sampleContext().lines(path)),
  repository: 'javascript:pwned=true//',
};

function fileOf(): string {
  return join(folder, `${test.info().testId}-${(opened += 1)}.html`);
}

/** Serves one page over HTTP meanwhile. */
async function served(content: string, use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(content);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** The sample, its first answer thousands of lines long, one of them a megabyte. */
function long(): Report {
  return sampleReport();
}

function longContext(): Partial<ReportContext> {
  const items = Array.from({ length: 12_000 }, (_, index) => ({ index, text: 'x' }));
  const body = { id: 'y'.repeat(1_000_000), before: items, weight: 'heavy', after: items };
  const whole = new TextEncoder().encode(JSON.stringify(body));
  return {
    lines: () => Array<string>(70).fill('z'.repeat(1_000_000)),
    detail: (id) => {
      const detail = sampleContext().detail(id);
      return detail?.actual && { ...detail, actual: { ...detail.actual, body: whole } };
    },
  };
}
