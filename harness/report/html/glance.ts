import type { Report, Summary } from '../../model/report.ts';
import { OUTCOMES } from '../words.ts';
import { markup, type Html } from './escape.ts';
import { link, phrase, severityMark, outcomeMark } from './text.ts';
import { counted, grouped } from '../numbers.ts';
import { moment, verdict } from './verdict.ts';

/** The head of the report: its verdict in one sentence, what was held to what, and how the exchanges fared. */
export function masthead(report: Report, at: string | undefined): Html {
  const { tool, command, target, coverage } = report;
  return markup`<div class="masthead">
    <p class="eyebrow">${phrase(tool.name)} report</p>
    <h1>${verdict(report.summary)}</h1>
    <dl class="facts">
      <div>
        <dt>Target</dt>
        <dd>${link(target)}</dd>
      </div>
      <div>
        <dt>Command</dt>
        <dd><code>${phrase(`${tool.name} ${command}`)}</code></dd>
      </div>
      <div>
        <dt>Read</dt>
        <dd>${counted(coverage.files, 'file')}</dd>
      </div>
      ${at === undefined ? undefined : markup`<div><dt>Written</dt><dd>${moment(at)}</dd></div>`}
      <div>
        <dt>Version</dt>
        <dd>${phrase(tool.version)}</dd>
      </div>
    </dl>
  </div>`;
}

/** Outcomes with a proportional bar, and findings by severity. */
export function glance({ summary }: Report): Html {
  const { error, warning, note } = summary.findings;
  return markup`<section aria-labelledby="glance">
    <h2 id="glance">At a glance</h2>
    ${summary.exchanges > 0 ? bar(summary) : undefined}
    <div class="tallies">
      <div>
        <h3>${counted(summary.exchanges, 'exchange')}</h3>
        <ul class="tally">
          ${OUTCOMES.map(({ outcome, count }) => tally(outcomeMark(outcome), summary[count]))}
        </ul>
        ${asides([
          [summary.flaky, `${counted(summary.flaky, 'exchange')} conformed only when tried again.`],
          [summary.unseen, `${counted(summary.unseen, 'documented response')} met no answer.`],
        ])}
      </div>
      <div>
        <h3>${counted(error + warning + note, 'finding')}</h3>
        <ul class="tally">
          ${tally(severityMark('error'), error)}${tally(severityMark('warning'), warning)}${tally(severityMark('note'), note)}
        </ul>
        ${asides([[summary.suppressed, `${counted(summary.suppressed, 'finding')} more, suppressed.`]])}
      </div>
    </div>
  </section>`;
}

/** A thousand units wide; an outcome that occurs is never thinner than a hair. */
function bar(summary: Summary): Html {
  const present = OUTCOMES.filter(({ count }) => summary[count] > 0);
  const hair = 8;
  const scale = (1000 - hair * present.length) / summary.exchanges;
  let x = 0;
  const parts = present.map(({ outcome, count }) => {
    const width = hair + summary[count] * scale;
    const rect = markup`<rect class="${outcome}" x="${x.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="12" />`;
    x += width;
    return rect;
  });
  const words = present.map(({ outcome, count }) => `${grouped(summary[count])} ${outcome}`).join(', ');
  return markup`<svg class="bar" viewBox="0 0 1000 12" preserveAspectRatio="none" role="img" aria-label="${words}">
    ${parts}
  </svg>`;
}

function tally(mark: Html, count: number): Html {
  return markup`<li class="${count === 0 ? 'none' : 'some'}"><b>${grouped(count)}</b> ${mark}</li>`;
}

function asides(lines: readonly (readonly [count: number, words: string])[]): Html {
  return markup`${lines.filter(([count]) => count > 0).map(([, words]) => markup`<p class="aside">${words}</p>`)}`;
}
