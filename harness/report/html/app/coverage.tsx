import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Operation, SeenType } from '../../../model/report.ts';
import { counted, grouped } from '../verdict.ts';
import { Share } from './chart.tsx';
import type { Data } from './data.ts';
import { hashOf } from './route.ts';
import { OutcomeMark, Text } from './words.tsx';
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

function Operations({
  operations,
  data,
}: {
  readonly operations: readonly Operation[];
  readonly data: Data;
}): JSX.Element {
  const [isAll, showAll] = useState(false);
  const isAnswered = (id: string): boolean => data.byId.get(id)?.result.actual !== undefined;
  const told = operations.map((operation) => ({
    operation,
    ran: operation.exchangeIds.filter(isAnswered).length,
  }));
  const withExample = told.filter(({ operation }) => operation.exchangeIds.length > 0);
  const ran = told.filter((each) => each.ran > 0).length;
  const lacking = told.filter(({ operation }) => operation.exchangeIds.length === 0);
  const idle = withExample.filter((each) => each.ran === 0);
  const shown = isAll ? told : [...lacking, ...idle].slice(0, SHOWN);
  return (
    <section aria-labelledby="operations">
      <h2 id="operations">Operations</h2>
      <table class="meters">
        <thead>
          <tr>
            <th scope="col">Of {counted(operations.length, 'documented operation')}</th>
            <th scope="col" class="picture">
              <span class="unseen">Share</span>
            </th>
            <th scope="col" class="number">
              count
            </th>
          </tr>
        </thead>
        <tbody>
          {(
            [
              ['have an example', withExample.length],
              ['got an answer', ran],
            ] as const
          ).map(([name, count]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="picture">
                <Share part={count} of={operations.length} kind="conforms" />
              </td>
              <td class="number">{grouped(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length > 0 && (
        <>
          <h3>{isAll ? 'Every operation' : 'Without an example or an answer'}</h3>
          <table class="operations">
            <thead>
              <tr>
                <th scope="col">Operation</th>
                <th scope="col">Documented at</th>
                <th scope="col">Examples</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ operation: { method, path, file, line, exchangeIds } }, index) => (
                <tr key={index}>
                  <th scope="row">
                    <code>
                      <b>
                        <Text of={method} />
                      </b>{' '}
                      <Text of={path} />
                    </code>
                  </th>
                  <td class="place">
                    <Text of={`${file}:${line}`} />
                  </td>
                  <td>
                    {exchangeIds.length === 0 && <span class="soft">none</span>}
                    {exchangeIds.map((id) => {
                      const outcome = data.byId.get(id)?.result.outcome;
                      return outcome === undefined ? (
                        <span key={id} class="soft">
                          not in this report{' '}
                        </span>
                      ) : (
                        <a key={id} href={hashOf({ view: 'exchange', id, filter: {} })}>
                          <OutcomeMark of={outcome} />{' '}
                        </a>
                      );
                    })}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {operations.length > shown.length || isAll ? (
        <button type="button" class="quiet-button" aria-expanded={isAll} onClick={() => showAll(!isAll)}>
          {isAll ? 'Show only those that lack something' : `Show all ${grouped(operations.length)}`}
        </button>
      ) : null}
    </section>
  );
}

const SHOWN = 20;

function Seen({ types, target }: { readonly types: readonly SeenType[]; readonly target: string }): JSX.Element {
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
                  <Text of={type.name} />
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
                <span class="unseen">Share compiled</span>
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
                  <Share part={tally.compiled} of={tally.found} kind="conforms" />
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
        Every annotation found is compiled, of a kind that carries nothing to replay, or reported as a finding.
      </p>
    </section>
  );
}

const FATES = ['found', 'compiled', 'ignored', 'reported'] as const;
