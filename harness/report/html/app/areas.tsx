import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Outcome } from '../../../model/report.ts';
import { counted, grouped } from '../verdict.ts';
import { Bar } from './chart.tsx';
import { OUTCOMES, type Data } from './data.ts';
import { hashOf } from './route.ts';
import { OutcomeMark, Text } from './words.tsx';

/** How the exchanges of each area fared, as a picture and in numbers; areas with most to mend first. */
export function Areas({ data }: { readonly data: Data }): JSX.Element {
  const [isAll, showAll] = useState(false);
  const areas = countsOf(data);
  const shown = isAll ? areas : areas.slice(0, SHOWN);
  const outcomes = OUTCOMES.filter(({ outcome }) => areas.some(({ counts }) => counts[outcome] > 0));
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
            {outcomes.map(({ outcome }) => (
              <th key={outcome} scope="col" class="number">
                <OutcomeMark of={outcome} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ area, counts, total }) => (
            <tr key={area}>
              <th scope="row">
                <a href={hashOf({ view: 'exchanges', filter: { area } })}>
                  <Text of={area === '' ? '(no name)' : area} />
                </a>
              </th>
              <td class="picture">
                <Bar shares={counts} of={total} />
              </td>
              {outcomes.map(({ outcome }) => (
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

const SHOWN = 12;

interface Area {
  readonly area: string;
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly total: number;
}

function countsOf({ exchanges }: Data): readonly Area[] {
  const areas = new Map<string, Record<Outcome, number>>();
  for (const { area, result } of exchanges) {
    let counts = areas.get(area);
    if (!counts) areas.set(area, (counts = { conforms: 0, differs: 0, unanswered: 0, blocked: 0, skipped: 0 }));
    counts[result.outcome]++;
  }
  return [...areas]
    .map(([area, counts]) => ({ area, counts, total: Object.values(counts).reduce((a, b) => a + b, 0) }))
    .sort((a, b) => wrong(b) - wrong(a) || b.total - a.total || (a.area < b.area ? -1 : 1));
}

function wrong({ counts }: Area): number {
  return counts.differs + counts.unanswered + counts.blocked / 1000;
}
