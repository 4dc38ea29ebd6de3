import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { layOutCorpus, corpusMissing } from '../bench/corpus.ts';
import type { Fixture } from '../model/fixture.ts';
import type { Report } from '../model/report.ts';
import { runBuilt } from './built.ts';

/** One exchange as the reference system sees it. */
interface Known {
  readonly file: string;
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly status: number;
}

test.describe.configure({ mode: 'serial' });

test.describe('the Microsoft Graph v1.0 docs', () => {
  test.skip(corpusMissing !== undefined, corpusMissing ?? '');

  let folder: string;
  let docs: string;
  let report: Report;

  test.beforeAll(async () => {
    test.setTimeout(180_000);
    folder = mkdtempSync(join(tmpdir(), 'docwright-corpus-'));
    docs = layOutCorpus(folder).folder;
    const { code } = await runBuilt(
      ['compile', '--docs', 'docs', '--fixtures', 'fixtures', '--reports', 'reports', '--reporter', 'json'],
      folder,
    );
    expect(code).toBe(1);
    report = JSON.parse(readFileSync(join(folder, 'reports', 'report.json'), 'utf8'));
  });
  test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('every annotation that a plain-text scan finds is accounted for', () => {
    const found: Record<string, number> = {};
    for (const file of readdirSync(docs, { recursive: true, encoding: 'utf8' })) {
      if (!/\.md$/i.test(file)) continue;
      for (const [comment] of readFileSync(join(docs, file), 'utf8').matchAll(/<!--[^]*?-->/g)) {
        const type = /blockType["']?\s*:\s*["']?(\w+)/i.exec(comment)?.[1]?.toLowerCase();
        if (type !== undefined) found[type] = (found[type] ?? 0) + 1;
      }
    }
    const tallies = report.coverage.annotations;
    expect(Object.fromEntries(Object.entries(tallies).map(([type, tally]) => [type, tally.found]))).toEqual(found);
    expect(found).toEqual({ request: 1474, response: 1606, resource: 1024, ignored: 2501, example: 66, samples: 13 });
    for (const tally of Object.values(tallies))
      expect(tally.compiled + tally.ignored + tally.reported).toBe(tally.found);
    const reported = Object.values(tallies).reduce((sum, tally) => sum + tally.reported, 0);
    expect(reported).toBeLessThan(0.02 * 6684);
  });

  test('every exchange of the reference is there, by file, method, URL and status', () => {
    const known: readonly Known[] = JSON.parse(
      readFileSync(new URL('../../../shared/corpus/graph-v1.0-methods.json', import.meta.url), 'utf8'),
    ).perMethod;
    const ours = new Set<string>();
    let responses = 0;
    for (const file of readdirSync(join(folder, 'fixtures'), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.json') || file.endsWith('.schema.json')) continue;
      const fixture: Fixture = JSON.parse(readFileSync(join(folder, 'fixtures', file), 'utf8'));
      for (const { request, responses: all } of fixture.exchanges)
        for (const { status } of all) {
          responses++;
          ours.add(`${fixture.page.replace(/^.*\/v1\.0(?=\/)/, '')} ${request.method} ${request.url} ${status}`);
        }
    }
    const missing = known.filter(({ file, method, url, status }) => !ours.has(`${file} ${method} ${url} ${status}`));
    expect(missing.map(({ file, id }) => `${file} ${id}`)).toEqual([]);
    // The reference pairs 1,474 of 1,606 documented responses; each response a request shares counts for each.
    expect(report.coverage.annotations.response!.compiled).toBeGreaterThanOrEqual(1604);
    expect(responses).toBeGreaterThanOrEqual(1604);
  });

  test('what was not compiled is told where it is written, in words of the page', () => {
    const unread = report.findings.filter(({ severity }) => severity === 'error');
    const quoted = unread.map(
      ({ file, line, ruleId }) =>
        `${ruleId} ${readFileSync(join(folder, file), 'utf8').split(/\r?\n/)[line - 1]!.slice(0, 40)}`,
    );
    expect(quoted.filter((each) => each.startsWith('http/unreadable'))).toEqual([
      'http/unreadable POST https://graph.microsoft.com/v1.0/te',
      'http/unreadable POST https://graph.microsoft.com/v1.0/me',
    ]);
  });
});
