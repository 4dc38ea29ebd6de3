// count.mjs RESULTS FAILED: prints how many tests passed, writes the names of those that did not to FAILED, one a line,
// and names on stderr what was skipped. A skip is a failure unless its reason is one that this machine cannot mend.
import { readFileSync, writeFileSync } from 'node:fs';

const [results, failed] = process.argv.slice(2);
const NO_FAULT = /^(no sample set|not as root|not on )/;

const report = JSON.parse(readFileSync(results, 'utf8'));
const tests = report.suites.flatMap((suite) => testsOf(suite, []));
const skipped = tests.filter(({ status }) => status === 'skipped');
for (const { name, reason } of skipped) console.error(`skipped: ${name}: ${reason || 'no reason given'}`);
const bad = [
  ...tests.filter(({ status }) => status === 'unexpected').map(({ name }) => name),
  ...skipped.filter(({ reason }) => !NO_FAULT.test(reason)).map(({ name, reason }) => `${name} (skipped: ${reason})`),
  ...report.errors.map(({ message }) => `error outside of any test: ${message}`),
];
writeFileSync(failed, bad.map((name) => `${name.replace(/\s+/g, ' ')}\n`).join(''));
console.log(tests.filter(({ status }) => status === 'expected' || status === 'flaky').length);

function testsOf(suite, above) {
  const path = [...above, suite.title];
  return [
    ...(suite.specs ?? []).flatMap((spec) =>
      spec.tests.map(({ status, annotations }) => ({
        name: [...path, spec.title].join(' › '),
        status,
        reason: annotations.find(({ type }) => type === 'skip')?.description ?? '',
      })),
    ),
    ...(suite.suites ?? []).flatMap((inner) => testsOf(inner, path)),
  ];
}
