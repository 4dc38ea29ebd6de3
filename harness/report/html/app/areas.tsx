import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Outcome } from '../../../model/report.ts';
import { counted, grouped } from '../../numbers.ts';
import { Bar } from './chart.tsx';
import { OUTCOMES, SEVERITIES, type Data } from './data.ts';
import { hashOf } from './route.ts';
import { OutcomeMark, SeverityMark, Text } from './words.tsx';

/** How the exchanges of each area fared, or, where none was sent, what was found there: as a picture and in numbers, most to mend first. */
export function Areas({ data }: { readonly data: Data }): JSX.Element | null {
  const [isAll, showAll] = useState(false);
  const isSent = wasSent(data);
  const areas = isSent ? byOutcome(data) : bySeverity(data);
  const shown = isAll ? areas : areas.slice(0, SHOWN);
  const columns = OUTCOMES.filter(({ outcome }) => areas.some(({ counts }) => counts[outcome] > 0));
  if (areas.length === 0) return null;
  const most = Math.max(...areas.map(({ total }) => total));
  return (
    <section aria-labelledby="areas">
      <h2 id="areas">By area</h2>
      <table class="areas">
        <thead>
          <tr>
            <th scope="col">Area</th>
            <th scope="col" class="picture">
              <span class="unseen">Picture</span>
            </th>
            {columns.map(({ outcome }) => (
              <th key={outcome} scope="col" class="number">
                {isSent ? <OutcomeMark of={outcome} /> : <SeverityMark of={SEVERITIES[STANDS_FOR.indexOf(outcome)]!} />}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ area, counts, total }) => (
            <tr key={area}>
              <th scope="row">
                <a href={hashOf({ view: isSent ? 'exchanges' : 'findings', filter: { area } })}>
                  <Text of={area === '' ? '(no name)' : area} />
                </a>
              </th>
              <td class="picture">
                <Bar shares={counts} of={isSent ? total : most} />
              </td>
              {columns.map(({ outcome }) => (
                <td key={outcome} class={counts[outcome] === 0 ? 'number none' : 'number'}>
                  {grouped(counts[outcome])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {areas.length > SHOWN && (
        <button type="button" class="quiet-button" aria-expanded={isAll} onClick={() => showAll(!isAll)}>
          {isAll ? 'Show fewer areas' : `Show ${counted(areas.length - SHOWN, 'more area')}`}
        </button>
      )}
    </section>
  );
}

/** Was anything sent, or meant to be? `check` holds the docs to themselves. */
export function wasSent({ head }: Pick<Data, 'head'>): boolean {
  const { exchanges, skipped } = head.report.summary;
  return exchanges > 0 && skipped < exchanges;
}

const SHOWN = 12;

/** The outcomes whose colours errors, warnings and notes have. */
const STANDS_FOR: readonly Outcome[] = ['differs', 'blocked', 'skipped'];

interface Area {
  readonly area: string;
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly total: number;
}

function byOutcome({ exchanges }: Data): readonly Area[] {
  return tallied(exchanges.map(({ area, result }) => [area, result.outcome]));
}

function bySeverity({ findings }: Data): readonly Area[] {
  return tallied(
    findings
      .filter(({ finding }) => !finding.suppressed)
      .map(({ area, finding }) => [area, STANDS_FOR[SEVERITIES.indexOf(finding.severity)]!]),
  );
}

function tallied(pairs: readonly (readonly [area: string, outcome: Outcome])[]): readonly Area[] {
  const areas = new Map<string, Record<Outcome, number>>();
  for (const [area, outcome] of pairs) {
    let counts = areas.get(area);
    if (!counts) areas.set(area, (counts = { conforms: 0, differs: 0, unanswered: 0, blocked: 0, skipped: 0 }));
    counts[outcome]++;
  }
  return [...areas]
    .map(([area, counts]) => ({ area, counts, total: Object.values(counts).reduce((a, b) => a + b, 0) }))
    .sort((a, b) => wrong(b) - wrong(a) || b.total - a.total || (a.area < b.area ? -1 : 1));
}

function wrong({ counts }: Area): number {
  return counts.differs + counts.unanswered + counts.blocked / 1000;
}
