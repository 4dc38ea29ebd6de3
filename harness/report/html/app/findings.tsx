import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { visible } from '../../visible.ts';
import { counted, grouped } from '../../numbers.ts';
import type { Cause, Data, FindingRow } from './data.ts';
import { Copy } from './copy.tsx';
import { Filters } from './filters.tsx';
import { List } from './list.tsx';
import { hashOf, type Filter } from './route.ts';
import { selectFindings } from './select.ts';
import { Parts, placeOf, Prose, SeverityMark, ShortProse, Text } from './words.tsx';
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
      <div class="list-head">
        <h1>Findings</h1>
        <p class="count" role="status">
          {places === all ? counted(all, 'finding') : `${grouped(places)} of ${counted(all, 'finding')}`}
          {folded}
        </p>
      </div>
      <Filters list="findings" data={data} filter={filter} change={change} />
      {filter.rule !== undefined && <Rule id={filter.rule} data={data} />}
      {filter.cause !== undefined && (
        <p class="notice">
          {rows[0] && (
            <>
              <SeverityMark of={rows[0].face.finding.severity} /> <Prose text={rows[0].face.finding.reason} />
              <br />
            </>
          )}
          <span class="soft">Every place of this root cause.</span>{' '}
          <a href={hashOf({ view: 'findings', filter: { ...filter, cause: '' } })}>All findings</a>
        </p>
      )}
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
            <Row
              cause={item.row}
              number={number}
              filter={filter}
              isPrinted={isPrinted}
              isPlace={filter.cause !== undefined}
            />
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
  isPlace,
}: {
  readonly cause: Cause;
  readonly number: number;
  readonly filter: Filter;
  readonly isPrinted: boolean;
  /** Does its reason stand above the list already? */
  readonly isPlace: boolean;
}): JSX.Element {
  const { face, all } = cause;
  const { finding } = face;
  const appeared = all.filter(({ state }) => state === 'new').length;
  const pages = new Set(all.map((row) => row.finding.file)).size;
  const href =
    all.length > 1
      ? hashOf({ view: 'findings', filter: { ...filter, cause: cause.key } })
      : hashOf({ view: 'finding', id: String(face.number), filter });
  return (
    <a class="row finding" data-row={number} href={href}>
      <span class="what">
        <SeverityMark of={finding.severity} />
        {appeared > 0 && <span class="mark new">{appeared === all.length ? 'new' : `${grouped(appeared)} new`}</span>}
        {finding.suppressed && <span class="soft">suppressed</span>}
      </span>
      <span class="request">
        {isPlace ? (
          <>
            <span class="reason">
              <code>
                <Parts of={placeOf(finding)} />
              </code>
            </span>
            <span class="soft">
              <ShortProse text={finding.reason} />
            </span>
          </>
        ) : (
          <>
            <span class="reason">
              <ShortProse text={finding.reason} />
            </span>
            <span class="soft">
              <code>{finding.ruleId}</code>{' '}
              {all.length > 1 ? (
                `${counted(all.length, 'place')} on ${counted(pages, 'page')}`
              ) : (
                <span class="place">
                  <Parts of={placeOf(finding)} />
                </span>
              )}
              <Abouts rows={all} />
            </span>
          </>
        )}
        {isPrinted &&
          all.length > 1 &&
          all.map((row) => (
            <span key={row.number} class="soft place">
              <Text of={placeOf(row.finding)} />
            </span>
          ))}
      </span>
      <span class="numbers">{all.length > 1 && <b class="big">{grouped(all.length)}</b>}</span>
    </a>
  );
}

/** In what it was found, where both docs and answers were looked at. */
export function Abouts({ rows }: { readonly rows: readonly FindingRow[] }): JSX.Element | null {
  const all = new Set(rows.map(({ about }) => about));
  const words = [...(all.has('answer') ? ['answers'] : []), ...(all.has('docs') ? ['the docs'] : [])];
  return words.length === 0 ? null : <span class="about">in {words.join(' and ')}</span>;
}
