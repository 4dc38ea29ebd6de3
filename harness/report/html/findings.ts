import type { Finding } from '../../model/finding.ts';
import type { Report, ReportContext } from '../../model/report.ts';
import { excerptOf } from '../excerpt.ts';
import { foldByFile, type Fold } from '../fold.ts';
import { capped } from '../visible.ts';
import { counted, placeOf } from '../words.ts';
import { markup, type Html } from './escape.ts';
import { link, phrase, prose, severityMark } from './text.ts';

/** The anchors of findings and exchanges; ids from the docs would not be fit for one. */
export interface Anchors {
  /** By a finding itself: its article, or that of the fold it is told in. */
  readonly findings: ReadonlyMap<Finding, string>;
  /** By exchange id. */
  readonly exchanges: ReadonlyMap<string, string>;
}

/** Every finding by page: errors and warnings open, notes and suppressed ones folded away. */
export function* findingsSection(report: Report, context: ReportContext, anchors: Anchors): Iterable<Html> {
  yield markup`<section aria-labelledby="findings"><h2 id="findings">Findings</h2>`;
  if (report.findings.length === 0) yield markup`<p class="calm">Nothing to report.</p>`;
  for (const [file, folds] of foldByFile(report.findings)) {
    const quiet = folds.filter(({ face }) => isQuiet(face));
    yield markup`<section class="page"><h3>${phrase(file)}</h3>`;
    for (const fold of folds) if (!isQuiet(fold.face)) yield article(fold, context, anchors);
    if (quiet.length > 0) {
      yield markup`<details class="quiet"><summary>${quietWords(quiet)}</summary>`;
      for (const fold of quiet) yield article(fold, context, anchors);
      yield markup`</details>`;
    }
    yield markup`</section>`;
  }
  yield markup`</section>`;
}

/** Numbers the findings as they are told, and the exchanges in their order. */
export function anchorsOf(report: Report): Anchors {
  const findings = new Map<Finding, string>();
  let number = 0;
  for (const folds of foldByFile(report.findings).values()) {
    for (const { all } of folds) {
      number += 1;
      for (const finding of all) findings.set(finding, `f${number}`);
    }
  }
  return { findings, exchanges: new Map(report.exchanges.map(({ id }, index) => [id, `x${index + 1}`])) };
}

function isQuiet({ severity, suppressed }: Finding): boolean {
  return severity === 'note' || suppressed === true;
}

function quietWords(folds: readonly Fold[]): string {
  const suppressed = folds.filter(({ face }) => face.suppressed).length;
  const notes = folds.length - suppressed;
  return [
    ...(notes > 0 ? [counted(notes, 'note')] : []),
    ...(suppressed > 0 ? [`${suppressed.toLocaleString('en')} suppressed`] : []),
  ].join(', ');
}

function article({ face, all }: Fold, context: ReportContext, anchors: Anchors): Html {
  const exchange = face.exchangeId === undefined ? undefined : anchors.exchanges.get(face.exchangeId);
  const { severity, reason, ruleId, suppressed, note, url } = face;
  return markup`<article class="finding ${severity}" id="${anchors.findings.get(face)}">
    <p class="meta">
      ${severityMark(severity)} <code class="place">${phrase(placeOf(face))}</code> <code>${phrase(ruleId)}</code>
      ${suppressed ? 'suppressed' : ''} ${exchange && markup`<a href="#${exchange}">its exchange</a>`}
    </p>
    <h4>${prose(reason)}</h4>
    ${sourceLine(face, context)}
    ${fields(face)}
    ${note === undefined ? undefined : markup`<p class="todo">${prose(note)}</p>`}
    ${url === undefined ? undefined : markup`<p class="more">${link(url)}</p>`}
    ${places(face, all)}
  </article>\n`;
}

function sourceLine(finding: Finding, context: ReportContext): Html | undefined {
  const parts = excerptOf(finding, context, 180);
  if (!parts) return undefined;
  const { before, marked, after } = parts;
  return markup`<pre class="source"><code><span class="number">${finding.line}</span>${before}<mark>${
    marked || ' '
  }</mark>${after}</code></pre>`;
}

function fields({ expected, actual, pointer }: Finding): Html | undefined {
  const rows = [
    ['Expected', expected],
    ['Actual', actual],
    ['At', pointer],
  ] as const;
  const told = rows.filter(([, value]) => value !== undefined);
  if (told.length === 0) return undefined;
  return markup`<dl class="fields">
    ${told.map(
      ([name, value]) =>
        markup`<div>
          <dt>${name}</dt>
          <dd><code>${capped(value!, 2000)}</code></dd>
        </div>`,
    )}
  </dl>`;
}

/** Every place of a fold; a long list is folded away. */
function places(face: Finding, all: readonly Finding[]): Html | undefined {
  if (all.length === 1) return undefined;
  const others = all.filter((finding) => finding !== face);
  const list = markup`<ul>
    ${others.map(
      (finding) =>
        markup`<li>
          <code>${phrase(placeOf(finding))}</code>${
            finding.reason === face.reason ? undefined : markup` ${prose(finding.reason)}`
          }
        </li>`,
    )}
  </ul>`;
  const words = `The same at ${counted(others.length, 'other place')}`;
  return others.length > 6
    ? markup`<details class="places">
        <summary>${words}</summary>
        ${list}
      </details>`
    : markup`<div class="places">
        <p>${words}</p>
        ${list}
      </div>`;
}
