// What doors to test runners have of the command line: a run of a runner is a run, with the same config, accounts and rules.
export { toMatchDocs } from './match-docs.ts';
export { openSession, type JudgedExchange, type Session } from './session.ts';
export { readSuite, type Suite } from './suite.ts';
export { checkOptions, oneOf, SUITE, type ProjectOptions, type SuiteOptions } from './suite-options.ts';
export {
  readRecord,
  readSkipped,
  recordOf,
  RECORD_NAME,
  RECORD_TYPE,
  skippedText,
  SKIPPED_TYPE,
} from './suite-record.ts';
export { projectFolders } from './suite-folders.ts';
export { suiteReport, type SuiteReportOptions, type Whole } from './suite-report.ts';
