import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Fix } from '../../../model/fix.ts';
import { visible } from '../../visible.ts';
import { counted } from '../../numbers.ts';
import type { PageLines } from '../wire.ts';
import { Copy } from './copy.tsx';
import { causeKey, type Data, type FindingRow } from './data.ts';
import { PageSource } from './page-source.tsx';
import { hashOf } from './route.ts';
import { linesOf } from './unpack.ts';
import { placeOf, Prose, Request, SeverityMark, Text } from './words.tsx';
import type { ViewProps } from './view.ts';

/** One finding with its lines of the page, and where else its cause shows. */
export function FindingView({ data, route }: ViewProps): JSX.Element {
  const row = data.findings[Number(route.id)];
  const [known, setKnown] = useState<{ readonly of: FindingRow; readonly lines: PageLines | undefined }>();
  useEffect(() => {
    let isWanted = true;
    if (row) void linesOf(row.number).then((lines) => isWanted && setKnown({ of: row, lines }));
    return () => {
      isWanted = false;
    };
  }, [row]);
  if (row === undefined) {
    return (
      <>
        <h1 tabIndex={-1}>No such finding</h1>
        <p class="calm">This report has no finding of that number.</p>
      </>
    );
  }
  const { finding, exchange } = row;
  const others = data.findings.filter((each) => causeKey(each) === causeKey(row) && each !== row).length;
  return (
    <article class="detail">
      <p class="eyebrow">
        <Text of={placeOf(finding)} />
      </p>
      <h1 tabIndex={-1} class="reason">
        <Prose text={finding.reason} />
      </h1>
      <FindingCard rows={[row]} data={data} isAlone />
      {others > 0 && (
        <p class="more">
          <a href={hashOf({ view: 'findings', filter: { cause: causeKey(row) } })}>
            The same cause at {counted(others, 'other place')}
          </a>
        </p>
      )}
      {exchange && (
        <p class="more">
          <a href={hashOf({ view: 'exchange', id: exchange.id, filter: { ...route.filter, from: 'findings' } })}>
            Its exchange: <Request {...exchange.request} />
          </a>
        </p>
      )}
      {known?.of === row && (
        <section aria-labelledby="page">
          <h2 id="page">In the page</h2>
          <PageSource data={data} found={[{ row, lines: known.lines }]} />
        </section>
      )}
    </article>
  );
}

/** What is said of a finding, or of several of one cause: what is wrong, the values, the rule, what to do. */
export function FindingCard({
  rows,
  data,
  isAlone = false,
}: {
  readonly rows: readonly [FindingRow, ...FindingRow[]];
  readonly data: Data;
  /** Does its reason stand above already? */
  readonly isAlone?: boolean;
}): JSX.Element {
  const [{ finding, state, about }] = rows;
  const { ruleId, severity, reason, expected, note, suppressed, fix } = finding;
  const promise = Object.hasOwn(data.head.rules, ruleId) ? data.head.rules[ruleId]?.summary : undefined;
  return (
    <div class={`card ${severity}`}>
      <div class="said">
        <div>
          <p class="meta">
            <SeverityMark of={severity} />
            {about && <span class="soft">{about === 'answer' ? 'in the answer' : 'in the docs'}</span>}
            {rows.length > 1 && <span class="soft">{counted(rows.length, 'place')}</span>}
            {state === 'new' && <span class="mark new">new</span>}
            {suppressed && <span class="soft">suppressed</span>}
          </p>
          {!isAlone && (
            <h3 class="reason">
              <Prose text={reason} />
            </h3>
          )}
          {note !== undefined && (
            <p class="todo">
              <Prose text={note} />
            </p>
          )}
        </div>
        <dl class="fields">
          <Field name="Expected" values={[expected]} />
          <Field name="Actual" values={rows.map(({ finding: { actual } }) => actual)} />
          <Field name="At" values={rows.map(({ finding: { pointer } }) => pointer)} />
          <div>
            <dt>Rule</dt>
            <dd>
              <a href={hashOf({ view: 'findings', filter: { rule: ruleId } })}>
                <Text of={ruleId} />
              </a>{' '}
              {promise !== undefined && <span class="soft">{promise}</span>}
            </dd>
          </div>
        </dl>
      </div>
      {fix !== undefined && <FixOf fix={fix} />}
    </div>
  );
}

/** A value and its name; of several those that are not the same, the first few. */
function Field({
  name,
  values,
}: {
  readonly name: string;
  readonly values: readonly (string | undefined)[];
}): JSX.Element | null {
  const told = [...new Set(values)].filter((value) => value !== undefined);
  if (told.length === 0) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {told.slice(0, MOST).map((value) => (
          <span key={value} class="value">
            {/^one of `/.test(value) ? <Prose text={value} /> : <code>{visible(value)}</code>}
          </span>
        ))}
        {told.length > MOST && <span class="soft">and {told.length - MOST} more</span>}
      </dd>
    </div>
  );
}

const MOST = 5;

/** How it is mended by rote: each edit with its place, and what to write there. */
function FixOf({ fix: { title, edits } }: { readonly fix: Fix }): JSX.Element {
  return (
    <div class="fix">
      <p>
        <b>Fix:</b> <Prose text={title} />
      </p>
      {edits.map(({ file, line, column, text }, index) => (
        <div key={index} class="copyable">
          <p class="soft">
            <span class="place">
              <Text of={`${file}:${line}:${column}`} />
            </span>
            {text === '' && ' is taken out.'}
          </p>
          {text !== '' && (
            <>
              <pre>
                <code>{visible(text)}</code>
              </pre>
              <Copy text={text} label="Copy fix" />
            </>
          )}
        </div>
      ))}
    </div>
  );
}
