import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { visible } from '../../visible.ts';
import { counted, grouped } from '../verdict.ts';
import type { Cause, Data } from './data.ts';
import { Copy } from './copy.tsx';
import { Filters } from './filters.tsx';
import { List } from './list.tsx';
import { hashOf, type Filter } from './route.ts';
import { selectFindings } from './select.ts';
import { placeOf, SeverityMark, ShortProse, Text } from './words.tsx';
import type { ViewProps } from './view.ts';

/** Every finding; those of one cause are one row. */
export function Findings({ data, route, change, isPrinted, control }: ViewProps): JSX.Element {
  const { filter } = route;
  const { items, rows } = useMemo(() => selectFindings(data, filter), [data, filter]);
  const all = data.findings.length;
  const places = rows.reduce((sum, { all: members }) => sum + members.length, 0);
  const folded = places === rows.length ? '' : `, ${counted(rows.length, 'root cause')}`;
  return (
    <>
      <h1>Findings</h1>
      <Filters list="findings" data={data} filter={filter} change={change} />
      {filter.rule !== undefined && <Rule id={filter.rule} data={data} />}
      {filter.cause !== undefined && (
        <p class="notice">
          Every place of one root cause.{' '}
          <a href={hashOf({ view: 'findings', filter: { ...filter, cause: '' } })}>All findings</a>
        </p>
      )}
      <p class="count" role="status">
        {places === all ? counted(all, 'finding') : `${grouped(places)} of ${counted(all, 'finding')}`}
        {folded}
      </p>
      {rows.length === 0 && <p class="calm">{all === 0 ? 'Nothing to report.' : 'No finding is like that.'}</p>}
      <List
        items={items}
        label="Findings"
        isWhole={isPrinted}
        control={control}
        render={(item, number) =>
          item.kind === 'heading' ? (
            <h2>
              <Text of={item.text} /> <b>{grouped(item.count)}</b>
            </h2>
          ) : (
            <Row cause={item.row} number={number} filter={filter} isPrinted={isPrinted} />
          )
        }
      />
    </>
  );
}

/** What a rule promises, and where to read on. */
function Rule({ id, data }: { readonly id: string; readonly data: Data }): JSX.Element | null {
  const { rules } = data.head;
  const rule = Object.hasOwn(rules, id) ? rules[id] : undefined;
  if (rule === undefined) return null;
  const command = `docwright explain ${id}`;
  return (
    <div class="notice">
      <p>
        <code>{id}</code> {rule.summary}
      </p>
      <p class="soft">
        With an example and its mending: <code>{command}</code> <Copy text={command} label="Copy" />
      </p>
      {rule.page !== undefined && (
        <details>
          <summary>The page of the rule</summary>
          <pre class="message">
            <code>{visible(rule.page)}</code>
          </pre>
        </details>
      )}
    </div>
  );
}

function Row({
  cause,
  number,
  filter,
  isPrinted,
}: {
  readonly cause: Cause;
  readonly number: number;
  readonly filter: Filter;
  readonly isPrinted: boolean;
}): JSX.Element {
  const { face, all } = cause;
  const { finding } = face;
  const pages = new Set(all.map((row) => row.finding.file)).size;
  const href =
    all.length > 1
      ? hashOf({ view: 'findings', filter: { ...filter, cause: cause.key } })
      : hashOf({ view: 'finding', id: String(face.number), filter });
  return (
    <a class="row finding" data-row={number} href={href}>
      <span class="what">
        <SeverityMark of={finding.severity} />
        {face.state === 'new' && <span class="mark new">new</span>}
        {finding.suppressed && <span class="soft">suppressed</span>}
      </span>
      <span class="request">
        <span class="reason">
          <ShortProse text={finding.reason} />
        </span>
        <span class="soft">
          <code>{finding.ruleId}</code>{' '}
          {all.length > 1 ? (
            `${counted(all.length, 'place')} on ${counted(pages, 'page')}`
          ) : (
            <span class="place">
              <Text of={placeOf(finding)} />
            </span>
          )}
        </span>
        {isPrinted &&
          all.length > 1 &&
          all.map((row) => (
            <span key={row.number} class="soft place">
              <Text of={placeOf(row.finding)} />
            </span>
          ))}
      </span>
      <span class="numbers">
        {all.length > 1 ? <b class="big">{grouped(all.length)}</b> : <span class="soft">{finding.pointer && ''}</span>}
      </span>
    </a>
  );
}
