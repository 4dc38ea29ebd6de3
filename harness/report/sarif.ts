import type { Finding } from '../model/finding.ts';
import type { Report, ReportContext, Reporter } from '../model/report.ts';
import { rules, type RuleId } from '../model/rules.ts';
import { gravity } from './fold.ts';
import { sarifFix } from './sarif-fix.ts';
import { tameJson } from './tame.ts';
import { capped, visible } from './visible.ts';
import { counted } from './numbers.ts';
import { rootPath } from './words.ts';

/** `results.sarif`: SARIF 2.1.0 (OASIS), as code scanning takes it: every finding a result on its very key, suppressed ones marked so. */
export const sarif: Reporter = {
  name: 'sarif',
  file: 'results.sarif',
  *render(report, context) {
    const ordered = report.findings.toSorted((a, b) => order(a) - order(b));
    const kept = new Set(ordered.slice(0, MOST));
    // In reading order again, whatever had to go.
    const findings = report.findings.filter((finding) => kept.has(finding));
    const ids = [...new Set(findings.map(({ ruleId }) => ruleId))].sort();
    const indices = new Map(ids.map((id, index) => [id, index]));
    const { baseline } = context;
    const appeared = new Set(baseline?.appeared);
    const isNew = (finding: Finding): boolean => baseline?.news?.has(finding) ?? appeared.has(finding.fingerprint);
    const run = {
      tool: { driver: driver(report, ids, context) },
      columnKind: 'utf16CodeUnits',
      originalUriBaseIds: { [ROOT]: { description: { text: 'The root of the repository.' } } },
      invocations: [invocation(report.findings.length - findings.length, context.exitCode)],
      results: findings.map((finding) => ({
        ...result(finding, indices.get(finding.ruleId)!, context),
        ...(baseline && { baselineState: isNew(finding) ? 'new' : 'unchanged' }),
      })),
    };
    yield `${tameJson({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, 1)}\n`;
  },
};

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

const ROOT = '%SRCROOT%';

/** GitHub refuses a file with more results; of these it shows the gravest 5,000. */
const MOST = 25_000;

/** What has to go goes from the end: suppressed ones first, then notes. */
function order(finding: Finding): number {
  return gravity(finding) + (finding.suppressed ? 10 : 0);
}

function driver({ tool }: Report, ids: readonly RuleId[], context: ReportContext) {
  return {
    name: tool.name,
    version: tool.version,
    rules: ids.map((id) => {
      const { severity, summary } = rules[id];
      const page = context.rulePage?.(id);
      return {
        id,
        name: id
          .split(/\W+/)
          .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
          .join(''),
        shortDescription: { text: summary },
        fullDescription: { text: summary },
        help: page === undefined ? { text: summary } : { text: page, markdown: page },
        helpUri: `pkg:npm/${tool.name}@${tool.version}#docs/rules/${id}.md`,
        defaultConfiguration: { level: severity },
        properties: { tags: [id.split('/')[0]] },
      };
    }),
  };
}

function invocation(left: number, exitCode: number | undefined) {
  return {
    // Findings are what it is for; 2 and the codes of signals are not.
    executionSuccessful: exitCode === undefined || exitCode < 2,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(left === 0
      ? {}
      : {
          toolExecutionNotifications: [
            {
              level: 'warning',
              message: { text: `${counted(left, 'finding')} left out: no more than ${MOST} are taken.` },
            },
          ],
        }),
  };
}

function result(finding: Finding, ruleIndex: number, context: ReportContext) {
  const { ruleId, severity, reason, line, column, endLine, endColumn, fingerprint, suppressed } = finding;
  const { exchangeId, pointer, expected, actual, note, group, fix } = finding;
  return {
    ruleId,
    ruleIndex,
    level: severity,
    message: { text: message(note === undefined ? reason : `${reason}\n${note}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifact(finding.file, context),
          region: { startLine: line, startColumn: column, endLine, endColumn },
        },
        ...(exchangeId === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: shown(exchangeId) }] }),
      },
    ],
    partialFingerprints: { 'docwright/v1': fingerprint },
    ...(fix === undefined ? {} : { fixes: [sarifFix(fix, (file) => artifact(file, context), context)] }),
    ...(suppressed ? { suppressions: [{ kind: 'external' }] } : {}),
    properties: defined({ pointer, expected, actual, group }),
  };
}

function artifact(file: string, context: ReportContext) {
  return { uri: uriOf(rootPath({ file }, context)), uriBaseId: ROOT };
}

function defined(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, shown(value)]])),
  );
}

function shown(text: string): string {
  return visible(capped(text, 1000));
}

/** Text in which a reader finds neither a placeholder (SARIF 3.11.5) nor an embedded link (3.11.6). */
function message(text: string): string {
  return shown(text)
    .replace(/\{(\d+)\}/g, '{{$1}}')
    .replaceAll('](', '] (');
}

/** A path as a relative reference (RFC 3986, 4.2); half a surrogate pair, which has no UTF-8, becomes U+FFFD. */
function uriOf(path: string): string {
  return path
    .replace(/\p{Cs}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
}
