import type { JSX } from 'preact';
import type { Summary } from '../../../model/report.ts';
import { counted, grouped } from '../../numbers.ts';
import { verdict } from '../verdict.ts';
import { Areas, wasSent } from './areas.tsx';
import { Changes } from './changes.tsx';
import { Bar, Share, shareInWords, sharesInWords, type Shares } from './chart.tsx';
import { append, gravity, OUTCOMES, SEVERITIES, type Cause, type Data, type FindingRow } from './data.ts';
import { Abouts } from './findings.tsx';
import { hashOf } from './route.ts';
import { Moment, OutcomeMark, Parts, Prose, SeverityMark, ShortProse, Text, WebLink } from './words.tsx';
import type { ViewProps } from './view.ts';

/** The report at a glance: the verdict, shares of outcomes, what to mend first, why exchanges were not sent, and each area. */
export function Overview({ data, isPrinted }: ViewProps): JSX.Element {
  const { report, at } = data.head;
  const { summary, tool, command, target, coverage } = report;
  return (
    <>
      <p class="eyebrow">
        <Text of={tool.name} /> report
      </p>
      <h1 class="verdict">{verdict(summary)}</h1>
      <dl class="facts">
        {target !== 'none' && (
          <Fact name="Target">
            <WebLink url={target} />
          </Fact>
        )}
        <Fact name="Command">
          <code>
            <Text of={`${tool.name} ${command}`} />
          </code>
        </Fact>
        <Fact name="Read">{counted(coverage.files, 'file')}</Fact>
        {at !== undefined && (
          <Fact name="Written">
            <Moment at={at} />
          </Fact>
        )}
        <Fact name="Version">
          <Text of={tool.version} />
        </Fact>
      </dl>
      {wasSent(data) ? (
        <Outcomes summary={summary} />
      ) : (
        <p class="calm">Nothing was sent: the docs were held to themselves.</p>
      )}
      <Severities summary={summary} />
      <Changes data={data} isPrinted={isPrinted} />
      <div class="columns">
        <First data={data} />
        <Blocked data={data} />
      </div>
      <Areas data={data} />
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: JSX.Element | string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Outcomes({ summary }: { readonly summary: Summary }): JSX.Element {
  const { exchanges, conforming, differing, unanswered, blocked, skipped, flaky, unseen } = summary;
  const shares: Shares = { conforms: conforming, differs: differing, unanswered, blocked, skipped };
  return (
    <section aria-label="Outcomes" class="outcomes">
      <Bar shares={shares} of={exchanges} label={sharesInWords(shares)} />
      <ul class="tally">
        {OUTCOMES.filter(({ outcome }) => outcome !== 'skipped' || skipped > 0).map(({ outcome, words }) => {
          const count = shares[outcome]!;
          return (
            <li key={outcome} class={count === 0 ? 'none' : ''}>
              <a href={hashOf({ view: 'exchanges', filter: { outcome } })} title={words}>
                <b>{grouped(count)}</b> <OutcomeMark of={outcome} />
                <span class="soft"> {shareInWords(count, exchanges)}</span>
              </a>
            </li>
          );
        })}
      </ul>
      {flaky > 0 && (
        <p class="aside">
          <a href={hashOf({ view: 'exchanges', filter: { outcome: 'flaky' } })}>{counted(flaky, 'exchange')}</a>{' '}
          conformed only when tried again.
        </p>
      )}
      {unseen > 0 && <p class="aside">{counted(unseen, 'documented response')} met no answer.</p>}
    </section>
  );
}

function Severities({ summary }: { readonly summary: Summary }): JSX.Element | null {
  const total = summary.findings.error + summary.findings.warning + summary.findings.note + summary.suppressed;
  if (total === 0) return <p class="calm">Nothing to report.</p>;
  return (
    <p class="severities">
      {SEVERITIES.map((severity) => (
        <a key={severity} href={hashOf({ view: 'findings', filter: { severity } })}>
          <b>{grouped(summary.findings[severity])}</b> <SeverityMark of={severity} />
          {summary.findings[severity] === 1 ? '' : <span class={`mark ${severity} plural`}>s</span>}
        </a>
      ))}
      {summary.suppressed > 0 && (
        <a href={hashOf({ view: 'findings', filter: { severity: 'suppressed' } })}>
          <b>{grouped(summary.suppressed)}</b> suppressed
        </a>
      )}
    </p>
  );
}

/** The causes that are worth most: errors before warnings, and what shows at many places before what shows at one. */
function First({ data }: { readonly data: Data }): JSX.Element | null {
  const causes = data.causes.filter(
    ({ face }) => face.finding.severity !== 'note' && !face.finding.suppressed && !UNSENT.has(face.finding.ruleId),
  );
  if (causes.length === 0) return null;
  // Of two as grave, what makes an exchange differ goes first.
  const about = ({ face }: Cause): number =>
    face.about === 'answer' || face.finding.ruleId === 'replay/unanswered' ? 0 : 1;
  const shown = causes.toSorted((a, b) => gravity(a.face) - gravity(b.face) || about(a) - about(b)).slice(0, SHOWN);
  return (
    <section aria-labelledby="first">
      <h2 id="first">What to mend first</h2>
      <ol class="causes">
        {shown.map(({ key, face, all }) => (
          <li key={key}>
            <a
              href={
                all.length > 1
                  ? hashOf({ view: 'findings', filter: { cause: key } })
                  : hashOf({ view: 'finding', id: String(face.number), filter: {} })
              }
            >
              <ShortProse text={face.finding.reason} />
            </a>
            <span class="soft">
              <SeverityMark of={face.finding.severity} />{' '}
              {all.length > 1 ? (
                <>
                  {counted(all.length, 'place')} on {counted(new Set(all.map((row) => row.finding.file)).size, 'page')}
                </>
              ) : (
                <span class="place">
                  <Parts of={`${face.finding.file}:${face.finding.line}`} />
                </span>
              )}
              <Abouts rows={all} />
            </span>
          </li>
        ))}
      </ol>
      {causes.length > SHOWN && (
        <p class="more">
          <a href={hashOf({ view: 'findings', filter: {} })}>{counted(causes.length - SHOWN, 'more cause')}</a>
        </p>
      )}
    </section>
  );
}

const SHOWN = 6;

const NOT_RECORDED = 'answer in the recording';

/** What keeps exchanges from being sent: told for itself, not among what is to be mended. */
const UNSENT: ReadonlySet<string> = new Set(['replay/blocked', 'replay/not-recorded']);

/** A comma that is not part of what stands in parentheses. */
const SEPARATOR = /, (?![^()]*\))/;

/** What is missing for the exchanges that were not sent; one of them may miss several things. */
function Blocked({ data }: { readonly data: Data }): JSX.Element | null {
  const reasons = new Map<string, FindingRow[]>();
  for (const row of data.findings) {
    if (row.finding.ruleId === 'replay/not-recorded') append(reasons, NOT_RECORDED, row);
    if (row.finding.ruleId !== 'replay/blocked') continue;
    const [, list] = /^Missing (.*), expected /s.exec(row.finding.reason) ?? [undefined, row.finding.reason];
    for (const missing of new Set(list!.split(SEPARATOR))) append(reasons, missing, row);
  }
  const sorted = [...reasons].sort(([, a], [, b]) => b.length - a.length);
  if (sorted.length === 0) return null;
  const most = sorted[0]![1].length;
  return (
    <section aria-labelledby="blocked">
      <h2 id="blocked">Why exchanges were not sent</h2>
      <ol class="causes">
        {sorted.slice(0, SHOWN).map(([missing, rows]) => (
          <li key={missing}>
            <a
              href={hashOf({
                view: 'exchanges',
                filter: {
                  outcome: 'blocked',
                  ...(missing === NOT_RECORDED ? { rule: 'replay/not-recorded' } : { q: missing.replaceAll('`', '') }),
                },
              })}
            >
              Missing <Prose text={missing} />
            </a>
            <span class="soft">{counted(rows.length, 'exchange')}</span>
            <Share part={rows.length} of={most} kind="blocked" />
          </li>
        ))}
      </ol>
      {sorted.length > SHOWN && (
        <p class="more">
          <a href={hashOf({ view: 'exchanges', filter: { outcome: 'blocked' } })}>
            {counted(sorted.length - SHOWN, 'more reason')}
          </a>
        </p>
      )}
    </section>
  );
}
