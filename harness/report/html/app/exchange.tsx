import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { visible } from '../../visible.ts';
import { counted, grouped } from '../verdict.ts';
import type { ExchangeEntry, Lines, PageLines } from '../wire.ts';
import { Copy } from './copy.tsx';
import type { Data, ExchangeRow, FindingRow } from './data.ts';
import { FindingCard } from './finding.tsx';
import { PageSource, PlaceLinks } from './page-source.tsx';
import { SidesView } from './sides-view.tsx';
import { exchangeEntry, linesOf } from './unpack.ts';
import { Code, duration, OutcomeMark, Text } from './words.tsx';
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
        <span class="method">
          <Text of={request.method} />
        </span>{' '}
        <Text of={request.url} />
      </h1>
      <p class="where">
        <span class="place">
          <Text of={`${file}:${line}`} />
        </span>{' '}
        <PlaceLinks data={data} file={file} line={line} />
      </p>
      <Facts row={row} entry={details?.entry} />
      {row.findings.length > 0 && (
        <section aria-labelledby="told">
          <h2 id="told">{counted(row.findings.length, 'finding')}</h2>
          {row.findings.map((each) => (
            <FindingCard key={each.number} row={each} data={data} />
          ))}
        </section>
      )}
      {details && details.found.length > 0 && (
        <section aria-labelledby="page">
          <h2 id="page">In the page</h2>
          <PageSource data={data} found={details.found} />
        </section>
      )}
      {details?.entry ? (
        <Messages entry={details.entry} data={data} isPrinted={isPrinted} />
      ) : (
        details && <p class="calm">Promise and answer are kept only of exchanges that something is to be told of.</p>
      )}
    </article>
  );
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
  const { outcome, expected, actual, durationMs, flaky } = row.result;
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
            {tries
              .map(
                ({ status, code, waitedMs }) =>
                  `${status ?? code ?? 'no answer'}, then ${duration(waitedMs)} of waiting`,
              )
              .join('; ')}
          </dd>
        </div>
      )}
      {row.type !== undefined && (
        <div>
          <dt>Type</dt>
          <dd>
            <Code of={row.type} />
          </dd>
        </div>
      )}
    </dl>
  );
}

function Messages({
  entry,
  data,
  isPrinted,
}: {
  readonly entry: ExchangeEntry;
  readonly data: Data;
  readonly isPrinted: boolean;
}): JSX.Element {
  const { request, isSent, curl, judged, others, origins } = entry;
  return (
    <>
      <section aria-labelledby="sides">
        <h2 id="sides">{judged.hasAnswer ? 'Promise and answer' : 'Promise'}</h2>
        <SidesView sides={judged} data={data} isPrinted={isPrinted} />
      </section>
      <section aria-labelledby="sent">
        <h2 id="sent">{isSent ? 'Request sent' : 'Request, as documented'}</h2>
        <Message lines={request} />
        {origins && (
          <table class="origins">
            <caption>Where its values came from</caption>
            <thead>
              <tr>
                <th scope="col">In the docs</th>
                <th scope="col">Came from</th>
              </tr>
            </thead>
            <tbody>
              {origins.map((origin, index) => (
                <tr key={index}>
                  <th scope="row">
                    <Code of={origin.for} />
                  </th>
                  <td>
                    <Text of={`${KINDS[origin.kind]}${origin.from === undefined ? '' : ` ${origin.from}`}`} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <h3>Send it again</h3>
        <div class="copyable">
          <pre>
            <code>{visible(curl)}</code>
          </pre>
          <Copy text={curl} label="Copy curl" />
        </div>
      </section>
      {others.length > 0 && (
        <section aria-labelledby="others">
          <h2 id="others">Documented besides</h2>
          {others.map(({ line, lines }, index) => (
            <details key={index} open={isPrinted}>
              <summary>
                <Text of={lines.lines[0] ?? ''} /> <span class="soft">line {line}</span>
              </summary>
              <Message lines={lines} />
            </details>
          ))}
        </section>
      )}
    </>
  );
}

const KINDS = {
  config: 'the config',
  environment: 'the environment,',
  generated: 'generated,',
  capture: 'captured,',
  link: 'an answer,',
  literal: 'the docs',
} as const;

function Message({ lines: { lines, left } }: { readonly lines: Lines }): JSX.Element {
  return (
    <>
      <pre class="message">
        <code>{visible(lines.join('\n'))}</code>
      </pre>
      {left !== undefined && <p class="aside">{grouped(left)} more characters are left out of the report.</p>}
    </>
  );
}
