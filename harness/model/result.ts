import { requestLine, type PagedExchange } from './fixture.ts';
import type { ExchangeResult, Outcome } from './report.ts';

/** What became of an exchange, by the response it is judged by; by the first where there is none. */
export function result(
  exchange: PagedExchange,
  outcome: Outcome,
  status = exchange.responses[0]!.status,
): ExchangeResult {
  const { id, title, request, responses } = exchange;
  const { file, position } = requestLine(exchange);
  return {
    id,
    title,
    file,
    line: position.start.line,
    request: { method: request.method, url: request.url },
    outcome,
    expected: once({ status, statuses: responses.map((response) => response.status) }),
  };
}

/** The results of exchanges that were not asked for. */
export function skipped(exchanges: readonly PagedExchange[]): ExchangeResult[] {
  return exchanges.map((exchange) => result(exchange, 'skipped'));
}

/** The same of one that was answered, written out; durations in milliseconds. */
export function answeredResult(
  exchange: PagedExchange,
  outcome: Outcome,
  by: number | undefined,
  actual: number,
  durationMs: number,
): ExchangeResult {
  const { id, title, file, line, request, expected } = result(exchange, outcome, by);
  return { id, title, file, line, request, outcome, expected, actual: once({ status: actual }), durationMs };
}

/** Milliseconds, to a tenth. */
export function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

/** The same value for equal ones: there may be a hundred thousand results. */
function once<Value extends object>(value: Value): Value {
  const text = JSON.stringify(value);
  const known = ONCE.get(text);
  if (known !== undefined) return known as Value;
  if (ONCE.size < MOST_KINDS) ONCE.set(text, value);
  return value;
}

const ONCE = new Map<string, object>();
const MOST_KINDS = 1000;
