import type { JSX } from 'preact';
import type { Finding } from '../../../model/finding.ts';
import type { Baseline, Trend } from '../../../model/report.ts';
import { counted, grouped } from '../../numbers.ts';
import type { Data } from './data.ts';
import { hashOf } from './route.ts';
import type { ViewProps } from './view.ts';
import { Moment, placeOf, SeverityMark, ShortProse, Text } from './words.tsx';

/** What changed since the baseline, and how the last runs went. */
export function Changes({ data, isPrinted }: Pick<ViewProps, 'data' | 'isPrinted'>): JSX.Element | null {
  const { baseline, history } = data.head;
  if (!baseline && (history?.length ?? 0) < 2) return null;
  return (
    <section aria-labelledby="changes">
      <h2 id="changes">What changed</h2>
      {baseline && <Since baseline={baseline} data={data} most={isPrinted ? 20 : 200} />}
      {history && history.length > 1 && <Trends history={history} />}
    </section>
  );
}

function Since({
  baseline,
  data,
  most,
}: {
  readonly baseline: Baseline;
  readonly data: Data;
  /** So many of what vanished are shown. */
  readonly most: number;
}): JSX.Element {
  const appeared = data.findings.filter(({ state }) => state === 'new').map(({ finding }) => finding);
  const { vanished } = baseline;
  return (
    <>
      <p class="lead">
        Against{' '}
        <code>
          <Text of={baseline.name} />
        </code>
        :{' '}
        <a href={hashOf({ view: 'findings', filter: { state: 'new', sort: 'severity' } })}>
          {grouped(appeared.length)} appeared
        </a>
        {errorsAmong(appeared)}, {grouped(vanished.length)} vanished{errorsAmong(vanished)},{' '}
        <a href={hashOf({ view: 'findings', filter: { state: 'known' } })}>
          {grouped(data.findings.length - appeared.length)} stayed
        </a>
        .
      </p>
      {vanished.length > 0 && (
        <details>
          <summary>{counted(vanished.length, 'finding')} vanished</summary>
          <ul class="plain-list">
            {vanished.slice(0, most).map((finding, index) => (
              <li key={index}>
                <SeverityMark of={finding.severity} /> <ShortProse text={finding.reason} />{' '}
                <span class="soft place">
                  <Text of={placeOf(finding)} />
                </span>
              </li>
            ))}
          </ul>
          {vanished.length > most && <p class="aside">{grouped(vanished.length - most)} more are in the baseline.</p>}
        </details>
      )}
    </>
  );
}

function errorsAmong(findings: readonly Finding[]): string {
  const { length } = findings.filter(({ severity, suppressed }) => severity === 'error' && !suppressed);
  return length === 0 ? '' : ` (${counted(length, 'error')})`;
}

/** Exchanges that conform and errors, run by run, as a picture and a table. */
function Trends({ history }: { readonly history: readonly Trend[] }): JSX.Element {
  const runs = history.slice(-40);
  const most = Math.max(1, ...runs.map(({ summary }) => summary.exchanges));
  const worst = Math.max(1, ...runs.map(({ summary }) => summary.findings.error));
  // A few runs are not drawn as walls.
  const step = 1000 / Math.max(runs.length, 16);
  const points = runs
    .map(
      ({ summary }, at) =>
        `${((at + 0.5) * step).toFixed(1)},${(140 - (120 * summary.findings.error) / worst).toFixed(1)}`,
    )
    .join(' ');
  const last = runs.at(-1)!.summary;
  return (
    <figure class="trend">
      <svg viewBox="0 0 1000 150" preserveAspectRatio="none" role="img" aria-label={`The last ${runs.length} runs`}>
        {runs.map(({ summary }, at) => {
          const height = (140 * summary.conforming) / most;
          return (
            <rect
              key={at}
              class="conforms faint"
              x={(at * step + step * 0.12).toFixed(1)}
              y={(140 - height).toFixed(1)}
              width={(step * 0.76).toFixed(1)}
              height={height.toFixed(1)}
            />
          );
        })}
        <polyline class="errors" points={points} vector-effect="non-scaling-stroke" />
      </svg>
      <figcaption class="soft">
        The last {runs.length} runs, since <Moment at={runs[0]!.at} />: columns are exchanges that conform (
        {grouped(last.conforming)} now), the line is errors ({grouped(last.findings.error)} now).
      </figcaption>
      <details>
        <summary>The same in numbers</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col" class="number">
                exchanges
              </th>
              <th scope="col" class="number">
                conform
              </th>
              <th scope="col" class="number">
                errors
              </th>
            </tr>
          </thead>
          <tbody>
            {runs.map(({ at, summary }, index) => (
              <tr key={index}>
                <th scope="row">
                  <Moment at={at} />
                </th>
                <td class="number">{grouped(summary.exchanges)}</td>
                <td class="number">{grouped(summary.conforming)}</td>
                <td class="number">{grouped(summary.findings.error)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
