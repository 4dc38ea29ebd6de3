import type { FullConfig, FullResult, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';
import { readRecord, RECORD_NAME, RECORD_TYPE, suiteReport, type SuiteReportOptions } from '../cli/door.ts';

/**
 * A reporter for Playwright: writes `report.json` and the HTML report of what `documented` tests told, whole runs and merged ones alike.
 * A merge that lacks a shard fails, and says which.
 */
export function docwrightReporter(options: SuiteReportOptions = {}): Reporter {
  const tried = new Map<TestCase, TestResult>();
  let config: FullConfig | undefined;
  let all: Suite | undefined;
  return {
    printsToStdio: () => false,
    onBegin(full, suite) {
      [config, all] = [full, suite];
    },
    onTestEnd: (test, result) => void tried.set(test, result),
    async onEnd(): Promise<{ status?: FullResult['status'] } | undefined> {
      const report = suiteReport(options);
      let untold = 0;
      for (const test of all?.allTests() ?? []) {
        const result = tried.get(test);
        const record = result && recordIn(result);
        const hasFailed = test.results.some(
          ({ status, retry }) => retry < (result?.retry ?? 0) && status !== 'skipped',
        );
        if (record) report.add(test.parent.project()?.name ?? '', record, hasFailed);
        else untold += test.annotations.filter(({ type }) => type === 'exchange').length;
      }
      // A run of one shard is not asked for the others.
      const isWhole = await report.write(config?.shard == null, untold);
      // Only what a reporter throws fails a merge.
      if (!isWhole) throw new Error('docwright: the report is not that of the whole run');
      return undefined;
    },
  };
}

export { docwrightReporter as default };

function recordIn({ attachments }: TestResult): ReturnType<typeof readRecord> {
  const found = attachments.find(({ name, contentType }) => name === RECORD_NAME && contentType === RECORD_TYPE);
  return found?.body === undefined ? undefined : readRecord(found.body.toString('utf8'));
}
