import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { counted, grouped } from '../../numbers.ts';
import { gravity, shortUrl, type Data, type ExchangeRow } from './data.ts';
import { Filters } from './filters.tsx';
import { List } from './list.tsx';
import { hashOf, type Filter } from './route.ts';
import { selectExchanges } from './select.ts';
import { duration, OutcomeMark, Parts, Request, SeverityMark, ShortProse, Text } from './words.tsx';
import type { ViewProps } from './view.ts';

/** Every exchange, one a row. */
export function Exchanges({ data, route, change, isPrinted, control }: ViewProps): JSX.Element {
  const { filter } = route;
  const { items, rows } = useMemo(() => selectExchanges(data, filter), [data, filter]);
  const all = data.exchanges.length;
  return (
    <>
      <div class="list-head">
        <h1>Exchanges</h1>
        <p class="count" role="status">
          {rows.length === all ? counted(all, 'exchange') : `${grouped(rows.length)} of ${counted(all, 'exchange')}`}
        </p>
        {data.origin !== '' && (
          <p class="count">
            paths below <Text of={data.origin} />
          </p>
        )}
      </div>
      <Filters list="exchanges" data={data} filter={filter} change={change} />
      {rows.length === 0 && <p class="calm">{all === 0 ? 'No exchange was found.' : 'No exchange is like that.'}</p>}
      <List
        items={items}
        label="Exchanges"
        isWhole={isPrinted}
        control={control}
        render={(item, number) =>
          item.kind === 'heading' ? (
            <h2>
              <Text of={item.text} /> <b>{grouped(item.count)}</b>
            </h2>
          ) : (
            <Row row={item.row} number={number} filter={filter} data={data} />
          )
        }
      />
    </>
  );
}

function Row({
  row,
  number,
  filter,
  data,
}: {
  readonly row: ExchangeRow;
  readonly number: number;
  readonly filter: Filter;
  readonly data: Data;
}): JSX.Element {
  const { id, title, file, line, request, outcome, expected, actual, durationMs, flaky } = row.result;
  const promised = expected.statuses.length > 0 ? expected.statuses.join(', ') : String(expected.status);
  const worst = row.findings.toSorted((a, b) => gravity(a) - gravity(b))[0];
  return (
    <a class="row exchange" data-row={number} href={hashOf({ view: 'exchange', id, filter: { ...filter, from: '' } })}>
      <span class="what">
        <OutcomeMark of={outcome} />
        {flaky && <span class="mark flaky">flaky</span>}
      </span>
      <span class="request">
        <code>
          <Request method={request.method} url={shortUrl(request.url, data)} />
        </code>
        <span class="soft">
          <Text of={title} />{' '}
          <span class="place">{filter.group === 'page' ? `line ${line}` : <Parts of={`${file}:${line}`} />}</span>
        </span>
        {worst && (
          <span class="soft">
            {counted(row.findings.length, 'finding')}: <SeverityMark of={worst.finding.severity} />{' '}
            <ShortProse text={worst.finding.reason} />
          </span>
        )}
      </span>
      <span class="numbers">
        <span>
          {actual && actual.status !== expected.status ? (
            <>
              <span class="soft">promised</span> {promised} <span class="soft">came</span> {actual.status}
            </>
          ) : (
            (actual?.status ?? promised)
          )}
        </span>
        <span class="soft time">{durationMs === undefined ? '' : duration(durationMs)}</span>
      </span>
    </a>
  );
}
