import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { SeenType } from '../../../model/report.ts';
import { counted, grouped } from '../../numbers.ts';
import { Share } from './chart.tsx';
import { Parts, Text } from './words.tsx';

/** Which properties of each documented type have ever come in an answer. */
export function Seen({ types, target }: { readonly types: readonly SeenType[]; readonly target: string }): JSX.Element {
  const [isAll, showAll] = useState(false);
  const told = types
    .map((type) => ({ type, own: type.properties.filter(({ isRelationship }) => !isRelationship) }))
    .map(({ type, own }) => ({ type, own, count: own.filter(({ seen }) => seen > 0).length }))
    .sort((a, b) => b.type.objects - a.type.objects || (a.type.name < b.type.name ? -1 : 1));
  const met = told.filter(({ type }) => type.objects > 0);
  const shown = isAll ? told : met.slice(0, SHOWN);
  return (
    <section aria-labelledby="seen">
      <h2 id="seen">Properties seen</h2>
      <p class="lead">
        {grouped(met.length)} of {counted(types.length, 'documented type')} came in answers of <Text of={target} />.
        Relationships are not counted: they come when asked for.
      </p>
      {shown.length > 0 && (
        <table class="meters">
          <thead>
            <tr>
              <th scope="col">Type</th>
              <th scope="col" class="picture">
                <span class="unseen">Share</span>
              </th>
              <th scope="col" class="number">
                seen
              </th>
              <th scope="col" class="number">
                objects
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ type, own, count }) => (
              <tr key={type.name}>
                <th scope="row">
                  <Parts of={type.name} />
                  {count < own.length && type.objects > 0 && (
                    <details>
                      <summary>
                        {counted(own.length - count, 'property').replace('propertys', 'properties')} never seen
                      </summary>
                      <span class="soft">
                        <Text
                          of={own
                            .filter(({ seen }) => seen === 0)
                            .map(({ name }) => name)
                            .join(', ')}
                        />
                      </span>
                    </details>
                  )}
                </th>
                <td class="picture">
                  <Share part={count} of={own.length} kind="conforms" />
                </td>
                <td class="number">
                  {grouped(count)} of {grouped(own.length)}
                </td>
                <td class="number">{grouped(type.objects)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {told.length > Math.min(met.length, SHOWN) && (
        <button type="button" class="quiet-button" aria-expanded={isAll} onClick={() => showAll(!isAll)}>
          {isAll ? 'Show fewer types' : `Show all ${grouped(told.length)} types`}
        </button>
      )}
    </section>
  );
}

const SHOWN = 20;
