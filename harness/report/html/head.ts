import type { Finding } from '../../model/finding.ts';
import { rules } from '../../model/rules.ts';
import type { Baseline, ExchangeResult, Report, ReportContext } from '../../model/report.ts';
import { capped } from '../visible.ts';
import type { Head } from './wire.ts';

/** What the app needs before anything is looked at closely. Texts that nobody reads to their end are cut, and say so. */
export function headOf(report: Report, context: ReportContext): Head {
  const { at, root, repository, baseline, history, seen, operations, written } = context;
  const types: Record<string, string> = {};
  const detailed: number[] = [];
  for (const [number, result] of report.exchanges.entries()) {
    const type = typeOf(result, context);
    if (type !== undefined) types[result.id] = type;
    if (context.detail(result.id) !== undefined) detailed.push(number);
  }
  return {
    report: {
      ...report,
      exchanges: report.exchanges.map(shortExchange),
      findings: report.findings.map(shortFinding),
    },
    rules: Object.fromEntries(
      [...new Set(report.findings.map(({ ruleId }) => ruleId))]
        .filter((id) => Object.hasOwn(rules, id))
        .map((id) => {
          const page = context.rulePage?.(id);
          return [id, { summary: rules[id].summary, ...(page === undefined ? {} : { page }) }];
        }),
    ),
    types,
    detailed,
    written,
    ...(at === undefined ? {} : { at }),
    ...(root === undefined ? {} : { root }),
    ...(repository === undefined ? {} : { repository }),
    ...(baseline === undefined ? {} : { baseline: baselineOf(baseline) }),
    ...(history === undefined ? {} : { history }),
    ...(seen === undefined ? {} : { seen }),
    ...(operations === undefined ? {} : { operations: operations() }),
  };
}

/** The type of what was promised, else of what is sent. */
function typeOf({ id, expected }: ExchangeResult, context: ReportContext): string | undefined {
  const exchange = context.detail(id)?.exchange;
  const judged = exchange?.responses.find(({ status, type }) => status === expected.status && type !== undefined);
  return judged?.type ?? exchange?.request.type;
}

function shortExchange(result: ExchangeResult): ExchangeResult {
  const { title, request } = result;
  return {
    ...result,
    title: capped(title, MOST),
    request: { method: capped(request.method, 40), url: capped(request.url, MOST) },
  };
}

function shortFinding(finding: Finding): Finding {
  const { expected, actual, note, pointer, reason } = finding;
  return {
    ...finding,
    reason: capped(reason, MOST),
    ...(pointer === undefined ? {} : { pointer: capped(pointer, MOST) }),
    ...(expected === undefined ? {} : { expected: capped(expected, MOST) }),
    ...(actual === undefined ? {} : { actual: capped(actual, MOST) }),
    ...(note === undefined ? {} : { note: capped(note, MOST) }),
  };
}

const MOST = 2_000;

function baselineOf({ name, summary, appeared, vanished }: Baseline) {
  return { name, summary, appeared, vanished: vanished.map(shortFinding) };
}
