import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { finding, type Finding } from '../model/finding.ts';
import type { Report, ReportContext } from '../model/report.ts';
import { gather, reporters } from '../report/index.ts';
import { launchBrowser } from './browser.ts';
import { sampleContext, sampleReport } from './sample.ts';

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

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [name, make] of Object.entries({ sample: sampleReport, hostile, empty })) {
    test(`has no axe violation, everything unfolded (${name}, ${colorScheme})`, async () => {
      const { page, quiet } = await open(make(), { colorScheme });
      await unfoldAll(page);
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
      quiet();
      await page.context().close();
    });
  }
}

for (const width of [320, 768, 2560]) {
  test(`does not scroll sideways at ${width} pixels`, async () => {
    for (const report of [sampleReport(), hostile()]) {
      const { page } = await open(report, { viewport: { width, height: 900 } });
      await unfoldAll(page);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await page.context().close();
    }
  });
}

test('shows outcomes, findings with their lines, and what was promised and answered', async () => {
  const { page, quiet } = await open(sampleReport());
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'Of 6 exchanges, 1 differs, 1 unanswered, 1 not sent',
  );
  await expect(page.getByRole('img')).toHaveAccessibleName('2 conforms, 1 differs, 1 unanswered, 1 blocked, 1 skipped');
  const weight = page.locator('article', { hasText: 'Missing property weight' }).first();
  await expect(weight.locator('mark')).toHaveText('"weight"');
  await expect(weight).toContainText('docs/api/insights/create-shared.md:29:30');
  await expect(weight).toContainText('Have the service send weight');

  const folded = page.locator('article', { hasText: 'usedInsight' });
  await expect(folded).toHaveCount(1);
  await expect(folded.locator('li')).toHaveCount(2);

  const differing = page.locator('.exchanges details').first();
  await differing.locator('summary').click();
  await expect(differing.locator('.message h4')).toHaveText(['Request sent', 'Promised response', 'Actual answer']);
  await expect(differing).toContainText('"colour":"teal"');
  await expect(page.getByRole('row', { name: /response/ })).toHaveText(/response\s*7\s*6\s*0\s*1/);
  quiet();
});

test('keeps credentials to itself', () => {
  const text = render(sampleReport());
  expect(text).not.toContain('not-for-the-report');
  expect(text).toContain('Authorization: (not shown, 25 characters)');
});

test('a link to a folded exchange unfolds it', async () => {
  const { page } = await open(sampleReport());
  await page.locator('article', { hasText: 'Missing property weight' }).first().getByRole('link').click();
  await expect(page.locator('.exchanges details').first()).toHaveAttribute('open', '');
});

test('hostile text is shown as text: nothing runs, nothing is asked for', async () => {
  const { page, quiet } = await open(hostile());
  await unfoldAll(page);
  expect(await page.evaluate(() => (globalThis as { pwned?: boolean }).pwned)).toBeUndefined();
  expect(
    await page.locator('script, img, iframe, form, base, object, link, [onerror], [onclick], [style]').count(),
  ).toBe(0);
  expect(await page.locator('style').count()).toBe(1);
  const hrefs = await page.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  expect(hrefs.filter((href) => !href?.startsWith('#'))).toEqual([]);
  const text = await page.locator('body').textContent();
  expect(text).toContain('<script>pwned=true</script>');
  expect(text).toContain('</style><img src=x onerror=pwned=true>');
  expect(text).toContain('␛[31m');
  expect(text).toContain('\\u{202e}');

  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  quiet();
});

test('bodies and lines of a megabyte are cut, and it says by how much', () => {
  const long = new TextEncoder().encode('x'.repeat(1_000_000));
  const text = render(sampleReport(), {
    lines: () => Array<string>(70).fill('y'.repeat(1_000_000)),
    detail: (id) => {
      const detail = sampleContext().detail(id);
      return detail?.actual && { ...detail, actual: { ...detail.actual, body: long } };
    },
  });
  expect(text).toContain('980,000 more characters are left out.');
  expect(text.length).toBeLessThan(100_000);
});

test('only web addresses become links', () => {
  const withUrl = (url: string): Report => {
    const report = sampleReport();
    return { ...report, target: 'mock', findings: report.findings.map((one) => ({ ...one, url })) };
  };
  expect(render(withUrl('https://example.com/a"b'))).toContain('href="https://example.com/a&#34;b"');
  for (const url of [
    'javascript:alert(1)',
    ' https://x.example',
    'data:text/html,x',
    '//x.example',
    'file:///etc/passwd',
  ]) {
    expect(render(withUrl(url))).not.toMatch(/href="(?!#)/);
  }
});

test('ten thousand exchanges are written in a few seconds', () => {
  const report = sampleReport();
  const exchanges = Array.from({ length: 10_000 }, (_, index) => {
    return { ...report.exchanges[index % 6]!, id: `page${index % 100}#${index}`, file: `docs/page${index % 100}.md` };
  });
  const one = sampleContext().detail('insights/create-shared#create_shared');
  const start = performance.now();
  const text = render(gather({ ...report, exchanges, unseen: 0 }), { detail: () => one });
  expect(performance.now() - start).toBeLessThan(5000);
  expect(text.match(/class="outcome"/g)).toHaveLength(10_000);
});

async function open(report: Report, options: Parameters<Browser['newContext']>[0] = {}) {
  const file = join(folder, `${test.info().testId}-${(opened += 1)}.html`);
  writeFileSync(file, render(report, { lines: (path) => sampleContext().lines(path) ?? [NASTY, NASTY] }));
  const page = await (await browser.newContext(options)).newPage();
  const heard: string[] = [];
  page.on('console', (message) => heard.push(message.text()));
  page.on('pageerror', (error) => heard.push(error.message));
  page.on('dialog', (dialog) => heard.push(dialog.message()));
  page.on('request', (request) => heard.push(request.url()));
  const url = pathToFileURL(file).href;
  await page.goto(url);
  return { page, quiet: () => expect(heard).toEqual([url]) };
}

async function unfoldAll(page: Page): Promise<void> {
  await page.locator('details').evaluateAll((all) => {
    for (const details of all) details.setAttribute('open', '');
  });
}

function render(report: Report, change: Partial<ReportContext> = {}): string {
  return [...reporters.html!.render(report, sampleContext(change))].join('');
}

const NASTY = [
  '<script>pwned=true</script>',
  '</style><img src=x onerror=pwned=true>',
  '"><a href="javascript:pwned=true" onclick=\'pwned=true\' style="color:red">`x`</a>',
  '--></title><!--&lt;&#x3c;',
  '\u001b[31m\u001b]0;t\u0007\u0000\u009b\u202e\u2066\ufeff\ud800',
  'w'.repeat(400),
].join(' ');

/** A report with hostile text in every field that docs, answers and names can fill. */
function hostile(): Report {
  const { coverage, exchanges } = sampleReport();
  const place = { file: NASTY, position: { start: { line: 1, column: 9 }, end: { line: 2, column: 4 } } };
  const findings: readonly Finding[] = (['error', 'warning', 'note', 'note'] as const).map((severity, index) => ({
    ...finding({ ruleId: 'property/type', reason: NASTY, place }, severity),
    group: index > 1 ? 'one' : NASTY + index,
    exchangeId: exchanges[0]!.id,
    pointer: NASTY,
    expected: NASTY + 'z'.repeat(1_000_000),
    actual: NASTY,
    note: NASTY,
    url: `javascript:${NASTY}`,
  }));
  return gather({
    command: 'run',
    target: `javascript:${NASTY}`,
    tool: { name: NASTY, version: NASTY },
    coverage: {
      ...coverage,
      annotations: Object.fromEntries([NASTY, '__proto__'].map((type) => [type, coverage.annotations.request!])),
    },
    exchanges: exchanges.map((exchange) => ({
      ...exchange,
      file: NASTY,
      title: NASTY,
      request: { method: NASTY, url: NASTY },
    })),
    findings,
    unseen: 0,
  });
}

function empty(): Report {
  const tool = { name: 'docwright', version: '0.1.0' };
  const coverage = { files: 0, annotations: {} };
  return gather({ command: 'check', target: 'none', tool, coverage, exchanges: [], findings: [], unseen: 0 });
}
