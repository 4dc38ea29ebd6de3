import type { Finding } from '../../model/finding.ts';
import type { ExchangeDetail, ExchangeResult, Report, ReportContext } from '../../model/report.ts';
import { append } from '../fold.ts';
import { markup, type Html } from './escape.ts';
import type { Anchors } from './findings.ts';
import { actualMessage, allowance, promisedRequest, promisedResponse, sentMessage, type Allowance } from './message.ts';
import { outcomeMark, phrase, prose, severityMark } from './text.ts';

/** Every exchange by page; one that does not conform unfolds to what was sent, promised and answered. */
export function* exchangesSection(report: Report, context: ReportContext, anchors: Anchors): Iterable<Html> {
  const pages = new Map<string, ExchangeResult[]>();
  for (const exchange of report.exchanges) append(pages, exchange.file, exchange);
  const findings = new Map<string, Finding[]>();
  for (const finding of report.findings) {
    if (finding.exchangeId !== undefined) append(findings, finding.exchangeId, finding);
  }
  const allowed = allowance();

  yield markup`<section aria-labelledby="exchanges"><h2 id="exchanges">Exchanges</h2>`;
  if (pages.size === 0) yield markup`<p class="calm">None.</p>`;
  for (const [file, exchanges] of pages) {
    yield markup`<section class="page">
<h3>${phrase(file)}</h3>
<ul class="exchanges">
`;
    for (const exchange of exchanges) {
      const told = findings.get(exchange.id) ?? [];
      yield item(exchange, context.detail(exchange.id), told, anchors, allowed);
    }
    yield markup`</ul></section>`;
  }
  yield markup`</section>`;
}

function item(
  exchange: ExchangeResult,
  detail: ExchangeDetail | undefined,
  findings: readonly Finding[],
  anchors: Anchors,
  allowed: Allowance,
): Html {
  const anchor = anchors.exchanges.get(exchange.id);
  if (exchange.outcome === 'conforms' || (!detail && findings.length === 0)) {
    return markup`<li id="${anchor}"><div class="row">${row(exchange)}</div></li>\n`;
  }
  // The anchor stands inside: a browser that jumps to it unfolds what it stands in.
  return markup`<li><details><summary class="row">${row(exchange)}</summary>
<div class="inside" id="${anchor}">
${findingList(findings, anchors)}${detail ? messages(exchange, detail, allowed) : undefined}
</div></details></li>\n`;
}

function row(exchange: ExchangeResult): Html {
  const { title, line, request, outcome, flaky, durationMs } = exchange;
  const time = durationMs === undefined ? '' : duration(durationMs);
  return markup`<span class="outcome">${outcomeMark(outcome)}</span>
<span class="request"><code><b>${phrase(request.method)}</b> ${phrase(request.url)}</code>
<span class="title">${phrase(title)}, line ${line}${flaky ? ', flaky' : ''}</span></span>
<span class="status">${statuses(exchange)}</span> <span class="time">${time}</span>`;
}

function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

function statuses({ expected, actual }: ExchangeResult): Html {
  const promised = expected.statuses.length > 0 ? expected.statuses.join(', ') : String(expected.status);
  if (!actual) return markup`<span class="label">promised</span> ${promised}`;
  return markup`<span class="label">promised</span> ${promised} <span class="label">actual</span> ${actual.status}`;
}

function findingList(findings: readonly Finding[], anchors: Anchors): Html | undefined {
  if (findings.length === 0) return undefined;
  return markup`<ul class="reasons">
    ${findings.map(
      (finding) =>
        markup`<li>
          ${severityMark(finding.severity)} <a href="#${anchors.findings.get(finding)}">${prose(finding.reason)}</a>${finding.suppressed ? ' (suppressed)' : ''}
        </li>`,
    )}
  </ul>`;
}

function messages({ expected }: ExchangeResult, detail: ExchangeDetail, allowed: Allowance): Html {
  const { exchange, sent, actual } = detail;
  const judged = exchange.responses.filter(({ status }) => status === expected.status);
  return markup`<div class="messages">
    ${sent ? sentMessage(sent, allowed) : promisedRequest(exchange.request, allowed)}
    ${judged.map((response) => promisedResponse(response, allowed))}
    ${actual ? actualMessage(actual, allowed) : undefined}
  </div>`;
}
