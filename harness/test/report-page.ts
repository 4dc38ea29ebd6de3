import { expect, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import type { Report, ReportContext } from '../model/report.ts';
import { reporters } from '../report/index.ts';
import { sampleContext } from './sample.ts';

/** The HTML report of a report, as it would be written. */
export function renderPage(report: Report, change: Partial<ReportContext> = {}): string {
  return [...reporters.html!.render(report, sampleContext(change))].join('');
}

/** What is packed in a page, by the id of its element. */
export function unpackPage(page: string): Readonly<Record<string, unknown>> {
  const parts = page.matchAll(/<script type="application\/octet-stream" id="([\w-]+)">([\w+/=]+)<\/script>/g);
  return Object.fromEntries(
    [...parts].map(([, id, packed]) => [
      id!,
      JSON.parse(inflateRawSync(Buffer.from(packed!, 'base64')).toString()) as unknown,
    ]),
  );
}

/** A page of the report in a browser, and what it said and asked for meanwhile. */
export interface Opened {
  readonly page: Page;
  /** Expects that it said nothing, and asked for nothing but itself. */
  readonly quiet: () => void;
  /** Goes to a view and waits until it is drawn. */
  readonly go: (hash: string) => Promise<void>;
}

/** Opens a report from disk, or from a URL. */
export async function openPage(
  browser: Browser,
  content: string,
  file: string,
  options: BrowserContextOptions & { readonly url?: string; readonly hash?: string } = {},
): Promise<Opened> {
  const { url: from, hash = '', ...rest } = options;
  writeFileSync(file, content);
  const page = await (await browser.newContext(rest)).newPage();
  const heard: string[] = [];
  page.on('console', (message) => heard.push(message.text()));
  page.on('pageerror', (error) => heard.push(error.message));
  page.on('dialog', (dialog) => heard.push(dialog.message()));
  page.on('request', (request) => heard.push(request.url()));
  const url = from ?? pathToFileURL(file).href;
  await page.goto(url + hash);
  if (rest.javaScriptEnabled !== false) await page.locator('html[data-ready]').waitFor();
  const go = async (to: string): Promise<void> => {
    await page.evaluate((there) => {
      (globalThis as unknown as { location: { hash: string } }).location.hash = there;
    }, to);
    await page.waitForFunction(DRAWN);
  };
  return { page, go, quiet: () => expect(heard.map((each) => each.split('#')[0])).toEqual([url]) };
}

/** Two frames, and whatever was to be unpacked is there. */
const DRAWN = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(true), 60))))`;

/** Opens all that is folded in a view. */
export async function unfoldAll(page: Page): Promise<void> {
  await page.locator('details').evaluateAll((all) => {
    for (const details of all) details.setAttribute('open', '');
  });
}

/** What goes beyond the page, is cut off, or is too small to be hit: each as words, none where all is well. */
export function measureLayout(page: Page): Promise<readonly string[]> {
  return page.evaluate(MEASURE);
}

/** Runs in the page. Text may scroll in a box of its own only where it says so; a link inside a sentence may be as low as its line. */
const MEASURE = `(() => {
  const wrong = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) wrong.push('page is ' + document.documentElement.scrollWidth + ' wide');
  const name = (element) => element.tagName + '.' + element.className + ' ' + (element.textContent || '').slice(0, 60);
  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest('svg, script, .unseen, .skip, dialog:not([open]), select, [hidden]')) continue;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0 || style.visibility === 'hidden' || style.clipPath !== 'none') continue;
    if (box.right > width + 1 || box.left < -1) wrong.push('beyond the page: ' + name(element));
    const cuts = style.overflowX !== 'visible' || style.textOverflow === 'ellipsis';
    if (cuts && element.tagName !== 'INPUT' && element.scrollWidth > element.clientWidth + 1) wrong.push('cut: ' + name(element));
    if (style.overflowY === 'hidden' && element.scrollHeight > element.clientHeight + 1) wrong.push('cut below: ' + name(element));
    if (element.matches('a, button, input, select, summary') && (box.height < 24 || box.width < 24) && style.display !== 'inline')
      wrong.push('too small: ' + Math.round(box.width) + 'x' + Math.round(box.height) + ' ' + name(element));
  }
  return wrong;
})()`;
