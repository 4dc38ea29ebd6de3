import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Browser, type BrowserContextOptions } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../model/finding.ts';
import type { Report, ReportContext } from '../model/report.ts';
import { launchBrowser } from './browser.ts';
import { measureLayout, openPage, renderPage, unfoldAll } from './report-page.ts';
import { emptyReport, fullContext, hostileReport, NASTY } from './report-samples.ts';
import { manyExchanges, sampleContext, sampleReport } from './sample.ts';
import { page as docPage, workspace } from './workspace.ts';

let browser: Browser;
let folder: string;
let opened = 0;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'docwright-views-'));
  browser = await launchBrowser();
});
test.afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const SHARED = '#/exchange?id=insights%2Fcreate-shared%23create_shared';

/** Every view with all that it can hold. */
const VIEWS = {
  overview: '#/overview',
  exchanges: '#/exchanges?page=docs%2Fapi%2Finsights%2Fcreate-used.md&group=type',
  'exchanges by page': '#/exchanges?group=page&sort=outcome',
  findings: '#/findings',
  'findings in answers': '#/findings?about=answer&group=rule',
  'a rule': '#/findings?rule=property%2Ftype&group=type',
  'a cause': '#/findings?cause=one',
  exchange: SHARED,
  'no such exchange': '#/exchange?id=gone',
  finding: '#/finding?id=1',
  coverage: '#/coverage',
};

const REPORTS = { 'all there can be': whole, 'all of it hostile': poisoned, nothing: () => made(emptyReport(), {}) };

for (const [name, make] of Object.entries(REPORTS)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`no view has an axe violation with ${name} (${colorScheme})`, async () => {
      test.setTimeout(120_000);
      const { page, go, quiet } = await make()({ colorScheme });
      for (const [view, hash] of Object.entries({ ...VIEWS, keys: '#/overview' })) {
        await go(hash);
        if (view === 'keys') await page.keyboard.press('?');
        await unfoldAll(page);
        // There are no frames to look into, which it does in a page of its own otherwise.
        const axe = new AxeBuilder({ page }).setLegacyMode();
        // Of all its rules one looks at colours.
        if (colorScheme === 'dark') axe.withRules('color-contrast');
        else axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);
        const { violations } = await axe.analyze();
        expect
          .soft(
            violations.map(({ id, nodes }) => [id, nodes[0]?.html, nodes[0]?.failureSummary]),
            view,
          )
          .toEqual([]);
      }
      quiet();
      await page.context().close();
    });
  }
}

for (const [width, colorScheme] of [
  [320, 'light'],
  [768, 'dark'],
  [1280, 'light'],
  [2560, 'dark'],
] as const) {
  test(`nothing overflows, is cut or too small at ${width} pixels, with all there can be, hostile or not`, async ({}, info) => {
    test.setTimeout(120_000);
    for (const [name, make] of Object.entries(REPORTS)) {
      const { page, go } = await make()({ colorScheme, viewport: { width, height: 900 } });
      for (const [view, hash] of Object.entries(VIEWS)) {
        await go(hash);
        await unfoldAll(page);
        const more = page.getByRole('button', { name: /^More/ });
        if (await more.isVisible()) await more.click();
        const wrong = await measureLayout(page);
        expect.soft(wrong, `${name}, ${view}`).toEqual([]);
        if (wrong.length > 0)
          await page.screenshot({ path: info.outputPath(`${name}, ${view}.png`.replaceAll(/\W+(?!png)/g, '-')) });
      }
      await page.context().close();
    }
  });
}

test('text may be set wider apart, as WCAG 1.4.12 has it, and nothing is cut', async () => {
  for (const width of [320, 1280]) {
    const { page, go } = await whole()({ viewport: { width, height: 900 } });
    // Where a style is put in by script the policy of the page has no say.
    await page.evaluate(SPACED);
    for (const [view, hash] of Object.entries(VIEWS)) {
      await go(hash);
      await unfoldAll(page);
      expect.soft(await measureLayout(page), `${width}, ${view}`).toEqual([]);
    }
    await page.context().close();
  }
});

test('the focus goes in the order of reading, is always seen, and comes round', async () => {
  test.setTimeout(120_000);
  const open = whole();
  for (const [view, hash] of Object.entries(VIEWS)) {
    const { page, go } = await open({ viewport: { width: 1280, height: 700 } }, hash);
    await go(hash);
    const all = (await page.evaluate(FOCUSABLE)) as number;
    const order: number[] = [];
    for (let at = 0; at < all; at++) {
      await page.keyboard.press('Tab');
      const { number, fault } = (await page.evaluate(FOCUSED)) as { number: number; fault: string };
      order.push(number);
      expect.soft(fault, view).toBe('');
    }
    expect.soft(order, view).toEqual(Array.from({ length: all }, (_, at) => at));
    await page.context().close();
  }
});

test('the first stop skips what stands above every view', async () => {
  const { page } = await whole()({});
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test('nothing moves where motion is unwanted', async () => {
  const { page, go } = await whole()({ reducedMotion: 'reduce' });
  for (const hash of Object.values(VIEWS)) {
    await go(hash);
    expect(await page.evaluate(MOVING)).toEqual([]);
  }
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`what can be worked, and the focus, stand out three to one (${colorScheme})`, async () => {
    const { page } = await whole()({ colorScheme }, '#/exchanges');
    await page.keyboard.press('/');
    const ratios = (await page.evaluate(STANDS_OUT)) as Readonly<Record<string, number>>;
    expect(Object.keys(ratios)).toEqual(['field', 'select', 'focus']);
    for (const [what, ratio] of Object.entries(ratios)) expect.soft(ratio, what).toBeGreaterThanOrEqual(3);
  });
}

test('on paper every view stands within the sheet, and nothing that is only to be clicked', async () => {
  const { page, go } = await whole()({ viewport: { width: 794, height: 1123 } });
  for (const [view, hash] of Object.entries(VIEWS)) {
    await go(hash);
    await page.emulateMedia({ media: 'print' });
    const wrong = (await measureLayout(page)).filter((each) => !each.startsWith('too small'));
    expect.soft(wrong, view).toEqual([]);
    await expect.soft(page.getByRole('button').filter({ visible: true }), view).toHaveCount(0);
    await expect.soft(page.getByRole('heading', { level: 1 }), view).toBeVisible();
    const pdf = await page.pdf({ format: 'A4' });
    expect.soft(pdf.subarray(0, 5).toString(), view).toBe('%PDF-');
    expect.soft(pdf.length, view).toBeGreaterThan(10_000);
    await page.emulateMedia({ media: 'screen' });
  }
});

test('every state of a list can be sent: the address alone leads to it, from disk and over HTTP', async () => {
  test.setTimeout(120_000);
  const content = whole().content;
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(content));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    for (const from of [undefined, url]) {
      for (const [hash, status, first] of [
        ['#/exchanges?outcome=flaky', '1 of 6 exchanges', /shared\?\$top=5/],
        ['#/exchanges?severity=error&method=POST', '2 of 6 exchanges', /insights\/shared/],
        ['#/exchanges?q=delete&sort=url', '1 of 6 exchanges', /DELETE/],
        ['#/exchanges?sort=slow', '6 exchanges', /30\.0 s/],
        ['#/findings?severity=suppressed', '1 of 11 findings', /suppressed/],
        ['#/findings?about=docs', /of 11 findings/, /in the docs/],
        ['#/findings?about=answer', '4 of 11 findings', /in answers/],
        ['#/findings?state=new&sort=place', '2 of 11 findings', /new/],
        ['#/findings?rule=no-such-rule', '0 of 11 findings', undefined],
      ] as const) {
        const { page, quiet } = await openPage(browser, content, fileOf(), { hash, ...(from ? { url: from } : {}) });
        await expect(page.getByRole('status'), hash).toHaveText(status);
        if (first) await expect(page.locator('[data-row="0"]'), hash).toContainText(first);
        else await expect(page.getByRole('combobox', { name: 'Rule' })).toHaveValue('no-such-rule');
        quiet();
        await page.context().close();
      }
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('hostile text in rule pages, baselines, histories, types, operations and origins is text as well', async () => {
  const { page, go, quiet } = await poisoned()({});
  for (const [view, hash] of Object.entries(VIEWS)) {
    await go(hash);
    await unfoldAll(page);
    for (const button of await page.getByRole('button', { name: /^Show / }).all()) await button.click();
    expect(await page.evaluate('globalThis.pwned'), view).toBeUndefined();
    const planted = 'img, iframe, form:not([role=search], [method=dialog]), base, object, link, [onerror], [onclick]';
    expect(await page.locator(planted).count(), view).toBe(0);
    const hrefs = await page.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    expect(hrefs.filter((href) => !/^(#(\/|main$)|vscode:\/\/file\/)/.test(href ?? ''))).toEqual([]);
    const text = await page.locator('#app').innerText();
    expect(text, view).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  }
  quiet();
});

test('a detail says which of the list it is, and leads to the next', async () => {
  const { page } = await openPage(browser, renderPage(manyExchanges(60)), fileOf(), {
    hash: '#/exchanges?outcome=differs',
  });
  await page.locator('[data-row="3"]').click();
  const steps = page.getByRole('navigation', { name: 'In the list' });
  await expect(steps).toContainText('4 of 10');
  await steps.getByRole('link', { name: 'Next' }).click();
  await expect(steps).toContainText('5 of 10');
  await steps.getByRole('link', { name: '← Exchanges' }).click();
  await expect(page.getByRole('status')).toHaveText('10 of 60 exchanges');
});

test('a detail says who asked, where a target has several accounts, and nothing of it else', async () => {
  const report = sampleReport();
  const asked = (account?: string): Report => ({
    ...report,
    exchanges: report.exchanges.map((each) => ({ ...each, ...(account === undefined ? {} : { account }) })),
  });
  const named = await openPage(browser, renderPage(asked('<b>reader</b>')), fileOf(), { hash: SHARED });
  await expect(named.page.locator('dl.facts')).toContainText('Asked as<b>reader</b>');
  const alone = await openPage(browser, renderPage(asked()), fileOf(), { hash: SHARED });
  await expect(alone.page.locator('dl.facts')).toContainText('Promised');
  await expect(alone.page.locator('dl.facts')).not.toContainText('Asked as');
});

test('what is missing as a whole is marked to its end, and folded where it is long', async () => {
  const inner = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`p${at}`, at]));
  const text = JSON.stringify({ id: '1', weight: inner }, null, 2);
  const detail = sampleContext().detail('insights/create-shared#create_shared')!;
  const { exchange, actual } = detail;
  const responses = exchange.responses.map((response) => ({
    ...response,
    body: { kind: 'json', at: 3, text } as const,
  }));
  const answer = { ...actual!, body: new TextEncoder().encode('{"id": "2"}') };
  const context = { detail: () => ({ ...detail, exchange: { ...exchange, responses }, actual: answer }) };
  const { page } = await openPage(browser, renderPage(sampleReport(), context), fileOf(), { hash: SHARED });
  const sides = page.getByRole('table', { name: 'Promise and answer' });
  await expect(sides.getByRole('row').filter({ hasText: '"p0"' })).toContainText('missing');
  await expect(sides.getByRole('row').filter({ hasText: '"p20"' })).toHaveCount(0);
  await sides.getByRole('button', { name: /^Show \d+ more missing lines$/ }).click();
  await expect(sides.getByRole('row').filter({ hasText: '"p20"' })).toContainText('missing');
});

test('a run against a service says what was found in answers and what in the docs; unanswered ones of one cause are one', async () => {
  const names = ['a', 'b', 'c', 'd'];
  const pages = names.map((name) => [`docs/${name}.md`, docPage(name, { name, url: `/v1.0/${name}` })] as const);
  const space = workspace({ ...Object.fromEntries(pages), 'docs/e.md': '# e\n\n[gone](gone.md)\n' });
  const server = createServer((asked, response) => {
    if (asked.url !== '/v1.0/a') return asked.socket.destroy();
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"id": 1}');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await space.cli(['run', '--target', url, '--reporter', 'html,json,list'])).code).toBe(1);
    const { findings } = space.report();
    const told = ({ ruleId, about }: Finding) => `${ruleId} ${about ?? '-'}`;
    expect([...new Set(findings.map(told))].sort()).toEqual([
      'link/dead -',
      'property/type answer',
      'replay/unanswered -',
    ]);
    expect(new Set(findings.flatMap(({ ruleId, group }) => (ruleId === 'replay/unanswered' ? [group] : []))).size).toBe(
      1,
    );
    const { page, quiet } = await openPage(browser, space.read('reports/index.html'), fileOf());
    const first = page.getByRole('region', { name: 'What to mend first' }).getByRole('listitem').first();
    await expect(first).toContainText('3 places on 3 pages');
    await expect(page.getByText(/^\d{4}-\d\d-\d\d \d\d:\d\d UTC$/)).toBeVisible();
    await page.keyboard.press('3');
    await page.getByRole('combobox', { name: 'Found in' }).selectOption('answers');
    await expect(page.getByRole('status')).toHaveText('1 of 5 findings');
    await expect(page.locator('[data-row="0"]')).toContainText('in answers');
    quiet();
    // Nothing was sent: then findings are what areas are told by.
    await space.cli(['check', '--reporter', 'html']);
    const checked = await openPage(browser, space.read('reports/index.html'), fileOf());
    await expect(checked.page.getByText('Nothing was sent')).toBeVisible();
    const area = checked.page.getByRole('region', { name: 'By area' });
    await expect(area.getByRole('columnheader', { name: 'warning' })).toBeVisible();
    await area.getByRole('link', { name: 'e' }).click();
    await expect(checked.page.getByRole('status')).toHaveText(/1 of|1 finding/);
  } finally {
    server.closeAllConnections();
    server.close();
    space.remove();
  }
});

interface Made {
  (options: BrowserContextOptions, hash?: string): ReturnType<typeof openPage>;
  readonly content: string;
}

function made(report: Report, context: Partial<ReportContext>): Made {
  const content = renderPage(report, context);
  const open = (options: BrowserContextOptions, hash = '') =>
    openPage(browser, content, fileOf(), { ...options, hash });
  return Object.assign(open, { content });
}

/** The sample with all that a report can hold: findings in answers, one that can be mended by rote, origins, tries, a baseline, a history. */
function whole(): Made {
  const report = sampleReport();
  const told = { ...report, findings: report.findings.map(more) };
  return made(told, {
    ...fullContext(told),
    at: '2026-11-28T21:03:00Z',
    root: '/home/a b',
    rulePage: () => '# A rule\n\nWhat it means, and how to mend it.',
    detail: (id) => {
      const detail = sampleContext().detail(id);
      return detail && enriched(detail, 'userId', 'zone');
    },
  });
}

function more(found: Finding, at: number): Finding {
  const { file, line, column, endLine, endColumn } = found;
  const edit = { file, line, column, endLine, endColumn, text: '"weight": 0.5' };
  return {
    ...found,
    ...(found.exchangeId && at < 5 ? { about: 'answer' as const } : {}),
    ...(at === 1 ? { fix: { title: 'Write `weight`', edits: [edit, { ...edit, text: '' }] } } : {}),
    ...(at > 6 ? { group: 'one' } : {}),
  } as Finding;
}

function enriched(detail: NonNullable<ReturnType<ReportContext['detail']>>, name: string, from: string) {
  return {
    ...detail,
    origins: [{ for: name, kind: 'link', from } as const, { for: `${name}2`, kind: 'generated' } as const],
    ...(detail.actual && {
      actual: {
        ...detail.actual,
        attempts: [
          { status: 503, waitedMs: 1000 },
          { code: from, waitedMs: 10 },
        ],
      },
    }),
  };
}

/** A report whose every text is hostile, what stands beside it too. */
function poisoned(): Made {
  const report = hostileReport();
  const base = fullContext(report);
  return made(report, {
    lines: () => [NASTY, 'x'.repeat(1_000_000)],
    at: NASTY,
    root: `/${NASTY}`,
    repository: `javascript:pwned=true//${NASTY}`,
    written: { html: NASTY },
    rulePage: () => `${NASTY}\n${'y'.repeat(1_000_000)}`,
    baseline: { ...base.baseline!, name: NASTY },
    history: base.history!.map((trend) => ({ ...trend, at: NASTY })),
    operations: () => base.operations!().map((each) => ({ ...each, method: NASTY, path: NASTY, file: NASTY })),
    seen: base.seen!.map((type) => ({
      ...type,
      name: NASTY,
      properties: [
        { name: NASTY, seen: 0 },
        { name: '__proto__', seen: 1 },
      ],
    })),
    detail: (id) => {
      const detail = sampleContext().detail(id);
      return detail && enriched(detail, NASTY, NASTY);
    },
  });
}

function fileOf(): string {
  return join(folder, `${test.info().testId}-${(opened += 1)}.html`);
}

const SPACED = `(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }');
  document.adoptedStyleSheets = [sheet];
})()`;

/** Runs in the page: numbers all that can have the focus, as the document has it, and gives how many there are. */
const FOCUSABLE = `(() => {
  const all = [...document.querySelectorAll('a[href], button, input, select, summary')].filter((element) =>
    !element.closest('dialog:not([open])') && getComputedStyle(element).visibility !== 'hidden' && element.getClientRects().length > 0);
  all.forEach((element, number) => (element.dataset.number = number));
  return all.length;
})()`;

/** Runs in the page: which one has the focus, and what keeps it from being seen. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const bar = document.querySelector('.top').getBoundingClientRect();
  const isCovered = !element.closest('.top, .skip') && getComputedStyle(document.querySelector('.top')).position === 'sticky' && box.bottom <= bar.bottom;
  const fault = style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2 ? 'no outline: ' + element.outerHTML.slice(0, 100)
    : box.bottom <= 0 || box.top >= innerHeight ? 'out of sight: ' + element.outerHTML.slice(0, 100)
    : isCovered ? 'covered: ' + element.outerHTML.slice(0, 100) : '';
  return { number: Number(element.dataset.number ?? -1), fault };
})()`;

const MOVING = `[...document.querySelectorAll('*')].filter((element) => {
  const style = getComputedStyle(element);
  return /[1-9]/.test(style.transitionDuration + style.animationDuration) || style.scrollBehavior === 'smooth';
}).map((element) => element.outerHTML.slice(0, 100))`;

/** Runs in the page: the contrast of borders and of the focus with what lies behind them (WCAG 2.2, 1.4.11). */
const STANDS_OUT = `(() => {
  const parts = (color) => color.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = (color) => {
    const [r, g, b] = parts(color).map((value) => value / 255).map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((m, n) => n - m); return (x + 0.05) / (y + 0.05); };
  const paper = getComputedStyle(document.body).backgroundColor;
  const field = getComputedStyle(document.getElementById('filter'));
  return {
    field: ratio(field.borderTopColor, paper),
    select: ratio(getComputedStyle(document.querySelector('select')).borderTopColor, paper),
    focus: ratio(field.outlineColor, paper),
  };
})()`;
