import type { Report, ReportContext } from '../../model/report.ts';
import { exchangeEntry } from './entry.ts';
import type { Html } from './escape.ts';
import { packed } from './pack.ts';
import { pageLines } from './page-lines.ts';
import type { Numbered } from './sides.ts';
import { CHUNK, chunkId, type Chunk, type ExchangeEntry, type PageLines } from './wire.ts';

/** The details of exchanges and findings, packed a hundred together, so that only those looked at are unpacked. */
export function* details(report: Report, context: ReportContext): Iterable<Html> {
  const findings = new Map<string, Numbered[]>();
  for (const [number, finding] of report.findings.entries()) {
    const { exchangeId } = finding;
    if (exchangeId === undefined) continue;
    const same = findings.get(exchangeId);
    if (same) same.push({ number, finding });
    else findings.set(exchangeId, [{ number, finding }]);
  }
  const { exchanges } = report;
  yield* chunks<ExchangeEntry>('exchange', exchanges.length, context, (number) => {
    const result = exchanges[number]!;
    const detail = context.detail(result.id);
    return detail && exchangeEntry(result, detail, findings.get(result.id) ?? []);
  });
  yield* chunks<PageLines>('finding', report.findings.length, context, (number) =>
    pageLines(report.findings[number]!, context),
  );
}

function* chunks<T>(
  kind: 'exchange' | 'finding',
  count: number,
  context: ReportContext,
  entryOf: (number: number) => T | undefined,
): Iterable<Html> {
  const redacted = (text: string): string => context.redacted?.(text) ?? text;
  for (let start = 0; start < count; start += CHUNK) {
    const chunk: Record<string, T> = {};
    for (let number = start; number < Math.min(count, start + CHUNK); number++) {
      const entry = entryOf(number);
      if (entry !== undefined) chunk[number] = entry;
    }
    if (Object.keys(chunk).length > 0) yield packed(chunkId(kind, start), chunk satisfies Chunk<T>, redacted);
  }
}
