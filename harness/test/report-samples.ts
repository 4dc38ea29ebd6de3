import { finding, type Finding } from '../model/finding.ts';
import type { Report, ReportContext, Summary } from '../model/report.ts';
import { gather } from '../report/index.ts';
import { sampleReport } from './sample.ts';

/** Text that would run, leave, or reach beyond its line, if anything took it for more than text. */
export const NASTY = [
  '<script>pwned=true</script>',
  '</style><img src=x onerror=pwned=true>',
  '"><a href="javascript:pwned=true" onclick=\'pwned=true\' style="color:red">`x`</a>',
  '--></title><!--&lt;&#x3c;',
  '\u001b[31m\u001b]0;t\u0007\u0000\u009b\u202e\u2066\ufeff\ud800',
  'w'.repeat(400),
].join(' ');

/** A report with hostile text in every field that docs, answers and names can fill. */
export function hostileReport(): Report {
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

/** A report of docs without anything in them. */
export function emptyReport(): Report {
  const tool = { name: 'docwright', version: '0.1.0' };
  const coverage = { files: 0, annotations: {} };
  return gather({ command: 'check', target: 'none', tool, coverage, exchanges: [], findings: [], unseen: 0 });
}

/** All that a context may hold beyond the sample's: a baseline, three runs, operations, and what was seen. */
export function fullContext(report: Report): Partial<ReportContext> {
  const { summary, findings, exchanges } = report;
  const run = (error: number): Summary => ({ ...summary, findings: { ...summary.findings, error } });
  const appeared = [...new Set(findings.map(({ fingerprint }) => fingerprint))].slice(0, 2);
  return {
    baseline: { name: 'reports/before.json', summary: run(9), appeared, vanished: [findings.at(-1)!] },
    history: [9, 6, 4].map((error, day) => ({ at: `2026-11-1${day}T08:00:00Z`, summary: run(error) })),
    operations: () => [
      {
        method: 'POST',
        path: '/me/insights/shared',
        file: exchanges[0]!.file,
        line: 9,
        exchangeIds: [exchanges[0]!.id],
      },
      { method: 'DELETE', path: '/me/insights/shared/{id}', file: exchanges[0]!.file, line: 10, exchangeIds: [] },
    ],
    seen: [
      {
        name: 'microsoft.graph.sharedInsight',
        page: exchanges[0]!.file,
        objects: 3,
        properties: [
          { name: 'id', seen: 3 },
          { name: 'weight', seen: 0 },
          { name: 'resource', seen: 0, isRelationship: true },
        ],
      },
    ],
  };
}
