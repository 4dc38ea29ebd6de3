import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { counted } from '../../numbers.ts';
import type { ExchangeEntry, PageLines } from '../wire.ts';
import { gravity, type Data, type ExchangeRow, type FindingRow } from './data.ts';
import { FindingCard } from './finding.tsx';
import { Messages } from './messages.tsx';
import { PageSource, PlaceLinks } from './page-source.tsx';
import { SidesView } from './sides-view.tsx';
import { exchangeEntry, linesOf } from './unpack.ts';
import { Code, duration, OutcomeMark, Parts, Request, Text } from './words.tsx';
import type { ViewProps } from './view.ts';

/** One exchange: what was sent, what was promised, what came, and the page that says so. */
export function Exchange({ data, route, isPrinted }: ViewProps): JSX.Element {
  const row = data.byId.get(route.id ?? '');
  const details = useDetails(row);
  if (row === undefined) {
    return (
      <>
        <h1 tabIndex={-1}>No such exchange</h1>
        <p class="calm">
          This report has no exchange <Code of={route.id ?? ''} />.
        </p>
      </>
    );
  }
  const { title, file, line, request } = row.result;
  return (
    <article class="detail">
      <p class="eyebrow">
        <Text of={title} />
      </p>
      <h1 tabIndex={-1} class="request-line">
        <Request {...request} />
      </h1>
      <p class="where">
        <span class="place">
          <Parts of={`${file}:${line}`} />
        </span>{' '}
        <PlaceLinks data={data} file={file} line={line} />
      </p>
      <Facts row={row} entry={details?.entry} />
      {row.findings.length > 0 && (
        <section aria-labelledby="told">
          <h2 id="told">{counted(row.findings.length, 'finding')}</h2>
          {alike(row.findings).map((each) => (
            <FindingCard key={each[0].number} rows={each} data={data} />
          ))}
        </section>
      )}
      {details?.entry && <Compared entry={details.entry} data={data} isPrinted={isPrinted} />}
      {details && details.found.length > 0 && (
        <section aria-labelledby="page">
          <h2 id="page">In the page</h2>
          <PageSource data={data} found={details.found} />
        </section>
      )}
      {details?.entry ? (
        <Messages entry={details.entry} isPrinted={isPrinted} />
      ) : (
        details && (
          <p class="calm">
            {row.result.outcome === 'skipped'
              ? 'It was not sent.'
              : 'The answer kept the promise: the report holds only the answers that did not.'}
          </p>
        )
      )}
    </article>
  );
}

/** Findings that say the same of several places stand together, gravest first. */
function alike(rows: readonly FindingRow[]): readonly (readonly [FindingRow, ...FindingRow[]])[] {
  const groups = new Map<string, [FindingRow, ...FindingRow[]]>();
  for (const row of rows.toSorted((a, b) => gravity(a) - gravity(b))) {
    const { severity, reason, note, fix, suppressed = false } = row.finding;
    const key = JSON.stringify([severity, reason, note, suppressed, row.state, row.about, fix && row.number]);
    const known = groups.get(key);
    if (known) known.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}

interface Details {
  readonly entry: ExchangeEntry | undefined;
  readonly found: readonly { readonly row: FindingRow; readonly lines: PageLines | undefined }[];
}

/** Unpacked when they are looked at. */
function useDetails(row: ExchangeRow | undefined): Details | undefined {
  const [known, setKnown] = useState<{ readonly of: ExchangeRow; readonly details: Details }>();
  useEffect(() => {
    if (row === undefined) return;
    let isWanted = true;
    void (async () => {
      const [entry, ...lines] = await Promise.all([
        row.isDetailed ? exchangeEntry(row.number) : undefined,
        ...row.findings.map(({ number }) => linesOf(number)),
      ]);
      const found = row.findings.map((each, at) => ({ row: each, lines: lines[at] }));
      if (isWanted) setKnown({ of: row, details: { entry, found } });
    })();
    return () => {
      isWanted = false;
    };
  }, [row]);
  return known?.of === row ? known?.details : undefined;
}

function Facts({ row, entry }: { readonly row: ExchangeRow; readonly entry: ExchangeEntry | undefined }): JSX.Element {
  const { outcome, expected, actual, durationMs, flaky, account } = row.result;
  const tries = entry?.attempts;
  return (
    <dl class="facts">
      <div>
        <dt>Outcome</dt>
        <dd>
          <OutcomeMark of={outcome} />
          {flaky && ', when tried again'}
        </dd>
      </div>
      <div>
        <dt>Promised</dt>
        <dd>{expected.statuses.length > 0 ? expected.statuses.join(', ') : expected.status}</dd>
      </div>
      {actual && (
        <div>
          <dt>Answered</dt>
          <dd>{actual.status}</dd>
        </div>
      )}
      {account !== undefined && (
        <div>
          <dt>Asked as</dt>
          <dd>
            <Text of={account} />
          </dd>
        </div>
      )}
      {durationMs !== undefined && (
        <div>
          <dt>Took</dt>
          <dd>{duration(durationMs)}</dd>
        </div>
      )}
      {tries && (
        <div>
          <dt>Earlier tries</dt>
          <dd>
            <Text
              of={tries
                .map(
                  ({ status, code, waitedMs }) =>
                    `${status ?? code ?? 'no answer'}, then ${duration(waitedMs)} of waiting`,
                )
                .join('; ')}
            />
          </dd>
        </div>
      )}
      {row.type !== undefined && (
        <div>
          <dt>Type</dt>
          <dd>
            <code>
              <Parts of={row.type} />
            </code>
          </dd>
        </div>
      )}
    </dl>
  );
}

function Compared({
  entry: { judged },
  data,
  isPrinted,
}: {
  readonly entry: ExchangeEntry;
  readonly data: Data;
  readonly isPrinted: boolean;
}): JSX.Element {
  return (
    <section aria-labelledby="sides">
      <h2 id="sides">{judged.hasAnswer ? 'Promise and answer' : 'Promise'}</h2>
      <SidesView sides={judged} data={data} isPrinted={isPrinted} />
    </section>
  );
}
