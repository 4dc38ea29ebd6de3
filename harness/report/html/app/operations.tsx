import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Operation } from '../../../model/report.ts';
import { counted, grouped } from '../../numbers.ts';
import { Share, shareInWords } from './chart.tsx';
import type { Data } from './data.ts';
import { hashOf } from './route.ts';
import { OutcomeMark, Parts, Request } from './words.tsx';

/** Which documented operations have examples, and which got an answer. */
export function Operations({
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
              <td class="number">
                {grouped(count)} <span class="soft">{shareInWords(count, operations.length)}</span>
              </td>
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
                      <Request method={method} url={path} />
                    </code>
                  </th>
                  <td class="place">
                    <Parts of={`${file}:${line}`} />
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
