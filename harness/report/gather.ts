import { byPlace, type Finding, type Severity } from '../model/finding.ts';
import {
  REPORT_VERSION,
  type Coverage,
  type ExchangeResult,
  type Outcome,
  type Report,
  type Shard,
  type Summary,
} from '../model/report.ts';

/** What a report is made of; findings in any order. */
export interface ReportParts {
  readonly command: string;
  readonly target: string;
  readonly tool: { readonly name: string; readonly version: string };
  /** Which part of a run it is, where the run was parted. */
  readonly shard?: Shard;
  readonly coverage: Coverage;
  readonly exchanges: readonly ExchangeResult[];
  readonly findings: readonly Finding[];
  /** Documented responses that no answer met. */
  readonly unseen: number;
}

/** Makes a report of its parts: findings in reading order, and the summary counted from what is there. */
export function gather(parts: ReportParts): Report {
  const { command, target, tool, shard, coverage, exchanges } = parts;
  return {
    schemaVersion: REPORT_VERSION,
    tool: { name: tool.name, version: tool.version },
    command,
    target,
    ...(shard === undefined ? {} : { shard }),
    summary: summarise(parts),
    coverage,
    exchanges,
    findings: parts.findings.toSorted(byPlace),
  };
}

function summarise({ exchanges, findings, unseen }: ReportParts): Summary {
  const outcomes = (outcome: Outcome) => exchanges.filter((exchange) => exchange.outcome === outcome).length;
  const counted = findings.filter(({ suppressed }) => !suppressed);
  const severities = (severity: Severity) => counted.filter((finding) => finding.severity === severity).length;
  return {
    exchanges: exchanges.length,
    conforming: outcomes('conforms'),
    differing: outcomes('differs'),
    unanswered: outcomes('unanswered'),
    blocked: outcomes('blocked'),
    skipped: outcomes('skipped'),
    flaky: exchanges.filter(({ flaky }) => flaky).length,
    unseen,
    findings: { error: severities('error'), warning: severities('warning'), note: severities('note') },
    suppressed: findings.length - counted.length,
  };
}
