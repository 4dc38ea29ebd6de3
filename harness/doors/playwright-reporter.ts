import type { FullConfig, FullResult, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';
import {
  readRecord,
  readSkipped,
  RECORD_NAME,
  RECORD_TYPE,
  SKIPPED_TYPE,
  suiteReport,
  type SuiteReportOptions,
  type Whole,
} from '../cli/door.ts';

/**
 * A reporter for Playwright: writes `report.json` and the HTML report of what `documented` tests told, whole runs and merged ones alike.
 * A merge that lacks a shard fails, and says which.
 */
export function docwrightReporter(options: SuiteReportOptions = {}): SuiteReporter {
  const report = suiteReport(ownOf(options));
  const tried = new Map<TestCase, TestResult>();
  let present: Whole['present'];
  let config: FullConfig | undefined;
  let all: Suite | undefined;
  return {
    version: () => 'v2',
    printsToStdio: () => false,
    preprocess: () => report.check(),
    onConfigure: (full) => void (config = full),
    onBegin(first: FullConfig | Suite, second?: Suite) {
      if ('allTests' in first) all = first;
      else [config, all] = [first, second];
    },
    onReportConfigure(of) {
      const { shard, tags } = of.config;
      present = [...(present ?? []), ...(shard ? [{ ...shard, tags }] : [])];
    },
    onTestEnd: (test, result) => void tried.set(test, result),
    async onEnd(): Promise<{ status?: FullResult['status'] } | undefined> {
      let untold = 0;
      for (const test of all?.allTests() ?? []) {
        const result = tried.get(test);
        const project = test.parent.project()?.name ?? '';
        const record = result && recordIn(result);
        const hasFailed = test.results.some(
          ({ status, retry }) => retry < (result?.retry ?? 0) && status !== 'skipped',
        );
        if (record) report.add(project, record, hasFailed);
        // Those whose turn never came are skipped, too; only this tells that somebody wants it.
        else if (test.expectedStatus === 'skipped') report.skip(project, skippedIn(test));
        else untold += test.annotations.filter(({ type }) => type === 'exchange').length;
      }
      const isWhole = await report.write({
        // Merged reports name theirs each.
        projects: [...new Set(config?.projects.map(({ name }) => name))],
        // A run of one shard is not asked for the others.
        isMerged: config?.shard == null,
        ...(present === undefined ? {} : { present }),
        untold,
      });
      // Only what a reporter throws fails a merge.
      if (!isWhole) throw new Error('docwright: the report is not that of the whole run');
      return undefined;
    },
  };
}

export { docwrightReporter as default };

/**
 * Playwright tells those that call themselves `v2` of the config first and then of the tests, and in a merge of each report: a shard
 * without tests is known by that alone. Where it tells of no report, a shard is known by its tests.
 */
interface SuiteReporter extends Omit<Reporter, 'onBegin'> {
  version(): 'v2';
  /** Waited for before the first test. */
  preprocess(): Promise<void>;
  onConfigure(config: FullConfig): void;
  onBegin(suite: Suite): void;
  onBegin(config: FullConfig, suite: Suite): void;
  onReportConfigure(of: { readonly config: FullConfig }): void;
}

/** Without what Playwright adds. */
function ownOf(options: SuiteReportOptions): SuiteReportOptions {
  return Object.fromEntries(
    Object.entries(options).filter(
      ([name]) => name !== 'configDir' && name !== 'onlyFailures' && !name.startsWith('_'),
    ),
  );
}

function recordIn({ attachments }: TestResult): ReturnType<typeof readRecord> {
  const found = attachments.find(({ name, contentType }) => name === RECORD_NAME && contentType === RECORD_TYPE);
  return found?.body === undefined ? undefined : readRecord(found.body.toString('utf8'));
}

function skippedIn({ annotations }: TestCase): ReturnType<typeof readSkipped> {
  const told = annotations.find(({ type }) => type === SKIPPED_TYPE)?.description;
  return told === undefined ? [] : readSkipped(told);
}
