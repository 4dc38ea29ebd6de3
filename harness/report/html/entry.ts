import type { PromisedResponse } from '../../model/fixture.ts';
import type { ExchangeDetail, ExchangeResult, ValueOrigin } from '../../model/report.ts';
import { curl } from './curl.ts';
import { concealed, decoded, messageLines, pair, statusLine, written } from './message.ts';
import { sides, type Numbered } from './sides.ts';
import type { ExchangeEntry, Lines } from './wire.ts';

/** All that is told of one exchange: what was sent, promise and answer side by side, and what else is documented. */
export function exchangeEntry(
  result: ExchangeResult,
  { exchange, sent, actual, origins }: ExchangeDetail,
  findings: readonly Numbered[],
): ExchangeEntry {
  const judged = judgedBy(result, exchange.responses, findings);
  const { request } = exchange;
  const [url, headers, body] = sent
    ? [sent.url, sent.headers, decoded(sent.body)]
    : [request.url, request.headers.map(pair), written(request.body)];
  return {
    request: messageLines(`${request.method} ${url}`, concealed(headers), body),
    isSent: sent !== undefined,
    curl: curl(request.method, url, headers, body),
    judged: sides(judged, actual, findings),
    others: exchange.responses
      .filter((response) => response !== judged)
      .map((response) => ({ line: response.block.line + response.at, lines: responseLines(response) })),
    ...(actual?.attempts === undefined ? {} : { attempts: actual.attempts }),
    ...(origins === undefined || origins.length === 0 ? {} : { origins: once(origins) }),
  };
}

/** One value may stand in several places. */
function once(origins: readonly ValueOrigin[]): readonly ValueOrigin[] {
  return [...new Map(origins.map((origin) => [JSON.stringify(origin), origin])).values()];
}

/** The response that the answer was held against: of several with its status the one that findings stand in. */
function judgedBy(
  { expected }: ExchangeResult,
  responses: readonly PromisedResponse[],
  findings: readonly Numbered[],
): PromisedResponse | undefined {
  const same = responses.filter(({ status }) => status === expected.status);
  const holds = ({ block, at, body }: PromisedResponse, line: number): boolean => {
    const length = body.kind === 'empty' ? 10 : body.at + body.text.split('\n').length;
    return line >= block.line + at && line < block.line + at + length;
  };
  const named = same.length > 1 && same.find((each) => findings.some(({ finding }) => holds(each, finding.line)));
  return named || same[0] || responses[0];
}

function responseLines({ status, headers, body }: PromisedResponse): Lines {
  return messageLines(statusLine(status), headers.map(pair), written(body));
}
