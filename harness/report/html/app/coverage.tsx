import type { JSX } from 'preact';
import { grouped } from '../../numbers.ts';
import { Stack } from './chart.tsx';
import type { Data } from './data.ts';
import { Operations } from './operations.tsx';
import { Seen } from './seen.tsx';
import { Text } from './words.tsx';
import type { ViewProps } from './view.ts';

/** What of the docs was held to anything: operations with examples, properties seen, annotations read. */
export function Coverage({ data }: ViewProps): JSX.Element {
  const { operations, seen } = data.head;
  return (
    <>
      <h1>Coverage</h1>
      {operations && operations.length > 0 && <Operations operations={operations} data={data} />}
      {seen && seen.length > 0 && <Seen types={seen} target={data.head.report.target} />}
      <Annotations data={data} />
    </>
  );
}

function Annotations({ data }: { readonly data: Data }): JSX.Element {
  const rows = Object.entries(data.head.report.coverage.annotations);
  return (
    <section aria-labelledby="annotations">
      <h2 id="annotations">Annotations</h2>
      {rows.length === 0 ? (
        <p class="calm">None.</p>
      ) : (
        <table class="meters">
          <thead>
            <tr>
              <th scope="col">blockType</th>
              <th scope="col" class="picture">
                <span class="unseen">Shares</span>
              </th>
              {FATES.map((fate) => (
                <th key={fate} scope="col" class="number">
                  {fate}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([type, tally]) => (
              <tr key={type}>
                <th scope="row">
                  <code>
                    <Text of={type} />
                  </code>
                </th>
                <td class="picture">
                  <Stack
                    parts={[
                      ['conforms', tally.compiled],
                      ['skipped', tally.ignored],
                      ['blocked', tally.reported],
                    ]}
                    of={tally.found}
                  />
                </td>
                {FATES.map((fate) => (
                  <td key={fate} class={tally[fate] === 0 ? 'number none' : 'number'}>
                    {grouped(tally[fate])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p class="aside">
        Every annotation found is compiled (green), of a kind that carries nothing to replay (grey), or reported as a
        finding (amber).
      </p>
    </section>
  );
}

const FATES = ['found', 'compiled', 'ignored', 'reported'] as const;
